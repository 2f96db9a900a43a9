"""A pod as the API server sends it: one template for each workload and stage of life."""

import zlib
from functools import cache
from typing import Any

from eksview_demo.cluster import pod_spec, pod_status
from eksview_demo.cluster.pod_state import WITHOUT_IP, PodState, Stage
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import Template, managed, rfc3339


def draft(pod: PodState, nodes: int = 0) -> Draft:
    """Return the pod as stored; `nodes` is how many the scheduler would have tried."""
    workload = pod.workload
    shape = _shape(workload, pod.stage, bool(pod.deleted), pod.restarts > 0)
    created, since = rfc3339(pod.created), rfc3339(pod.since)
    ip = "" if pod.stage in WITHOUT_IP else pod.ip
    mark = f"{zlib.crc32(pod.uid.encode()):08x}" * 8
    tail = shape.render(
        {
            "name": pod.name,
            "uid": pod.uid,
            "owner_uid": pod.owner_uid,
            "node": pod.node,
            "host_ip": pod.host_ip,
            "ip": ip,
            "created": created,
            "since": since,
            "restarts": pod.restarts,
            "restarted": rfc3339(pod.restarted) if pod.restarted else since,
            "deleted": rfc3339(pod.deleted) if pod.deleted else "",
            "container": mark,
            "volume": pod.uid[:5],
            "nodes": nodes,
        }
    )
    labels = _labels(workload)
    if workload.kind == "StatefulSet":
        labels = labels | _ordinal(pod.name)
    fields = (
        pod.node,
        pod.phase,
        ip,
        workload.service_account,
        pod_spec.restart_policy(workload),
        "default-scheduler",
        "true" if workload.host_network else "false",
        "",
    )
    return Draft(workload.namespace, pod.name, tail, labels, fields)


@cache
def _labels(workload: Workload) -> dict[str, str]:
    labels = {"app.kubernetes.io/name": workload.name, "app": workload.name}
    match workload.kind:
        case "Deployment":
            labels["pod-template-hash"] = workload.hash
        case "Job":
            labels["batch.kubernetes.io/job-name"] = workload.name
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


@cache
def _shape(workload: Workload, stage: Stage, terminating: bool, restarted: bool) -> Template:
    spec = pod_spec.spec(workload, stage)
    status = pod_status.status(workload, stage, restarted)
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
    owner = {
        "apiVersion": "batch/v1" if workload.kind == "Job" else "apps/v1",
        "kind": workload.owner_kind,
        "name": workload.owner_name,
        "uid": "@@owner_uid@@",
        "controller": True,
        "blockOwnerDeletion": True,
    }
    owned = {
        "metadata": {"labels": labels, "ownerReferences": [owner]},
        "spec": pod_spec.by_author(spec),
    }
    metadata: dict[str, Any] = {
        "name": "@@name@@",
        "generateName": f"{workload.owner_name}-",
        "namespace": workload.namespace,
        "uid": "@@uid@@",
        "generation": 1,
        "creationTimestamp": "@@created@@",
    }
    if workload.kind == "StatefulSet":
        del metadata["generateName"]
    if terminating:
        metadata |= {"deletionTimestamp": "@@deleted@@", "deletionGracePeriodSeconds": 30}
    return metadata | {
        "labels": labels,
        "ownerReferences": [owner],
        "managedFields": [
            managed("kube-controller-manager", "v1", "@@created@@", owned),
            managed("kubelet", "v1", "@@since@@", {"status": status}, "status"),
        ],
    }
