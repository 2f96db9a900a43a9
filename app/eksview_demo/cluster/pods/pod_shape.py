"""A pod as the API server sends it: one template for each workload and stage of life."""

import zlib
from functools import cache
from typing import Any

from eksview_demo.cluster.pods import pod_spec, pod_status
from eksview_demo.cluster.pods.containers import duration
from eksview_demo.cluster.pods.pod_state import WITHOUT_IP, PodState, Stage
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import Template, managed, rfc3339


def draft(pod: PodState) -> Draft:
    """Return the pod as stored."""
    workload = pod.workload
    failure = pod.failure if pod.restarts else None
    shape = _shape(workload, pod.stage, bool(pod.deleted), failure, pod.reboots > 0)
    since = rfc3339(pod.since)
    ip = "" if pod.stage in WITHOUT_IP else pod.ip
    tail = shape.render(_values(pod, ip, since))
    labels = _labels(workload)
    if workload.kind == "StatefulSet":
        labels = labels | _ordinal(pod.name)
    if pod.job:
        labels = labels | _job_labels(pod.job, pod.owner_uid)
    fields = (
        pod.node,
        pod.phase,
        ip,
        workload.service_account,
        pod_spec.restart_policy(workload),
        pod_spec.scheduler(workload),
        "true" if workload.host_network else "false",
        "",
    )
    return Draft(workload.namespace, pod.name, tail, labels, fields)


def _values(pod: PodState, ip: str, since: str) -> dict[str, object]:
    """Return what fills the holes of its shape. Most times are alike in most pods."""
    created = rfc3339(pod.created)
    bound = created if pod.bound in (pod.created, 0.0) else rfc3339(pod.bound)
    up = rfc3339(pod.up) if pod.up else since
    again = pod.restarts > 0
    # While the kubelet waits, the container shown is the one that has ended.
    last_run = pod.restarts - (pod.stage is not Stage.CRASH_LOOP)
    return {
        "name": pod.name,
        "namespace": pod.workload.namespace,
        "uid": pod.uid,
        "owner_uid": pod.owner_uid,
        "owner": pod.owner_name,
        "node": pod.node,
        "host_ip": pod.host_ip,
        "ip": ip,
        "created": created,
        "since": since,
        "bound": bound,
        "up": up,
        "started": up if pod.started == pod.up else rfc3339(pod.started),
        "turned": since if pod.turned == pod.since else rfc3339(pod.turned or pod.bound),
        "restarts": pod.restarts,
        "reboots": pod.reboots,
        "ran": rfc3339(pod.ran) if again else "",
        "restarted": rfc3339(pod.restarted) if again else "",
        "was_up": rfc3339(pod.was_up) if pod.reboots else "",
        "stopped": rfc3339(pod.stopped) if pod.reboots else "",
        "backoff": duration(pod.backoff),
        "deleted": rfc3339(pod.deleted) if pod.deleted else "",
        "container": _mark(pod.uid, pod.restarts),
        "ended": _mark(pod.uid, last_run) if again else "",
        "other": _mark(pod.uid, pod.reboots),
        "other_ended": _mark(pod.uid, pod.reboots - 1) if pod.reboots else "",
        "volume": pod.uid[:5],
        "tried": pod.tried,
    }


def _mark(uid: str, run: int) -> str:
    """Return all but the last two digits of a container's id."""
    return (f"{zlib.crc32(uid.encode(), run):08x}" * 8)[:62]


@cache
def _labels(workload: Workload) -> dict[str, str]:
    labels = {"app.kubernetes.io/name": workload.name, "app": workload.name}
    match workload.kind:
        case "Deployment":
            labels["pod-template-hash"] = workload.hash
        case "Job" | "Pod":
            pass
        case _:
            labels["controller-revision-hash"] = f"{workload.name}-{workload.hash}"
    if workload.fargate:
        labels["eks.amazonaws.com/fargate-profile"] = "serverless"
    return labels


def _ordinal(name: str) -> dict[str, str]:
    return {
        "apps.kubernetes.io/pod-index": name.rsplit("-", 1)[-1],
        "statefulset.kubernetes.io/pod-name": name,
    }


def _job_labels(name: str, uid: str) -> dict[str, str]:
    """Return the labels that the Job controller adds; those without a prefix are older."""
    job = {"job-name": name, "controller-uid": uid}
    return job | {f"batch.kubernetes.io/{key}": value for key, value in job.items()}


@cache
def _shape(
    workload: Workload, stage: Stage, terminating: bool, failure: Stage | None, rebooted: bool
) -> Template:
    spec = pod_spec.spec(workload, stage)
    status = pod_status.status(workload, stage, failure, rebooted)
    return Template(
        {"metadata": _metadata(workload, spec, status, terminating)}
        | {
            "spec": spec,
            "status": status,
        }
    )


def _metadata(
    workload: Workload, spec: dict[str, Any], status: dict[str, Any], terminating: bool
) -> dict[str, Any]:
    labels = dict(_labels(workload))
    if workload.kind == "StatefulSet":
        labels |= {"statefulset.kubernetes.io/pod-name": "@@name@@"}
    if workload.kind == "Job":
        labels |= _job_labels("@@owner@@", "@@owner_uid@@")
    owner = {
        "apiVersion": "batch/v1" if workload.kind == "Job" else "apps/v1",
        "kind": workload.owner_kind,
        "name": "@@owner@@",
        "uid": "@@owner_uid@@",
        "controller": True,
        "blockOwnerDeletion": True,
    }
    owned = {
        "metadata": {"labels": labels},
        "spec": pod_spec.by_author(spec),
    }
    metadata: dict[str, Any] = {
        "name": "@@name@@",
        "generateName": "@@owner@@-",
        "namespace": workload.namespace,
        "uid": "@@uid@@",
        "generation": 1,
        "creationTimestamp": "@@created@@",
    }
    if workload.kind in ("StatefulSet", "Pod"):
        del metadata["generateName"]
    if terminating:
        metadata |= {"deletionTimestamp": "@@deleted@@", "deletionGracePeriodSeconds": 30}
    if workload.restarted_at:
        metadata["annotations"] = {"kubectl.kubernetes.io/restartedAt": workload.restarted_at}
    return metadata | {
        "labels": labels,
        **({} if workload.kind == "Pod" else {"ownerReferences": [owner]}),
        "managedFields": [
            managed("kube-controller-manager", "v1", "@@created@@", owned),
            managed("kubelet", "v1", "@@since@@", {"status": status}, "status"),
        ],
    }
