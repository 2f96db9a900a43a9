"""A pod as the API server sends it: one template for each workload and stage of life."""

import zlib
from enum import StrEnum
from functools import cache
from typing import Any

from msgspec import Struct

from eksview.demo.storage import Draft
from eksview.demo.template import Template, managed, rfc3339
from eksview.demo.workloads import Box, Workload


class Stage(StrEnum):
    """Where a pod is in its life."""

    UNSCHEDULABLE = "Unschedulable"
    CREATING = "Creating"
    INIT = "Init"
    STARTING = "Starting"
    RUNNING = "Running"
    LOST = "Lost"  # its node went silent: it runs, as far as anyone knows, but isn't Ready
    ERROR = "Error"
    CRASH_LOOP = "CrashLoop"
    OOM = "OOM"
    IMAGE_PULL = "ImagePull"
    COMPLETED = "Completed"
    EVICTED = "Evicted"


_PHASES = {
    Stage.UNSCHEDULABLE: "Pending",
    Stage.CREATING: "Pending",
    Stage.INIT: "Pending",
    Stage.IMAGE_PULL: "Pending",
    Stage.COMPLETED: "Succeeded",
    Stage.EVICTED: "Failed",
}
_UP = {Stage.RUNNING, Stage.LOST, Stage.STARTING}
_BROKEN = {Stage.ERROR, Stage.CRASH_LOOP, Stage.OOM}
_UNSCHEDULABLE = (
    "0/@@nodes@@ nodes are available: @@nodes@@ Insufficient cpu, @@nodes@@ Insufficient memory. "
    "preemption: 0/@@nodes@@ nodes are available: @@nodes@@ No preemption victims found for "
    "incoming pod."
)
_WITHOUT_IP = {Stage.UNSCHEDULABLE, Stage.CREATING, Stage.EVICTED}


class PodState(Struct, gc=False):
    """What the demo knows of a pod; the rest follows from its workload."""

    uid: str
    name: str
    workload: Workload
    created: float
    stage: Stage
    since: float  # when it entered its stage
    node: str = ""
    host_ip: str = ""
    ip: str = ""
    restarts: int = 0
    restarted: float = 0.0
    deleted: float = 0.0
    owner_uid: str = ""

    @property
    def key(self) -> str:
        return f"{self.workload.namespace}/{self.name}"

    @property
    def phase(self) -> str:
        return _PHASES.get(self.stage, "Running")

    @property
    def counts(self) -> bool:
        """Whether it still holds what it asked for."""
        return self.stage not in (Stage.COMPLETED, Stage.EVICTED)


def draft(pod: PodState, nodes: int = 0) -> Draft:
    """The pod as it is stored; `nodes`: how many the scheduler would have looked at."""
    workload = pod.workload
    shape = _shape(workload, pod.stage, bool(pod.deleted), pod.restarts > 0)
    created, since = rfc3339(pod.created), rfc3339(pod.since)
    ip = "" if pod.stage in _WITHOUT_IP else pod.ip
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
            "started": since,
            "restarts": pod.restarts,
            "restarted": rfc3339(pod.restarted or pod.since),
            "deleted": rfc3339(pod.deleted),
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
        _restart_policy(workload),
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


def _restart_policy(workload: Workload) -> str:
    return "Never" if workload.kind == "Job" else "Always"


@cache
def _shape(workload: Workload, stage: Stage, terminating: bool, restarted: bool) -> Template:
    spec = _spec(workload, stage)
    status = _status(workload, stage, restarted)
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
    owned = {"metadata": {"labels": labels, "ownerReferences": [owner]}, "spec": _by_author(spec)}
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


def _by_author(spec: dict[str, Any]) -> dict[str, Any]:
    """The part of a spec its controller wrote, not the scheduler or admission."""
    kept = {key: spec[key] for key in spec if key not in ("nodeName", "tolerations", "volumes")}
    kept["containers"] = [
        {key: box[key] for key in box if key != "volumeMounts"} for box in spec["containers"]
    ]
    kept.pop("initContainers", None)
    return kept


def _spec(workload: Workload, stage: Stage) -> dict[str, Any]:
    spec: dict[str, Any] = {"volumes": [_token_volume()]}
    if workload.init is not None:
        spec["initContainers"] = [_container(workload.init)]
    spec |= {
        "containers": [_container(box) for box in workload.boxes],
        "restartPolicy": _restart_policy(workload),
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": workload.service_account,
        "serviceAccount": workload.service_account,
    }
    if stage is not Stage.UNSCHEDULABLE:
        spec["nodeName"] = "@@node@@"
    if workload.host_network:
        spec["hostNetwork"] = True
    if workload.priority_class:
        spec |= {"priorityClassName": workload.priority_class, "priority": 2_000_000_000}
    return spec | {
        "securityContext": {},
        "schedulerName": "default-scheduler",
        "tolerations": [_toleration(key) for key in ("not-ready", "unreachable")],
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
    }


def _container(box: Box) -> dict[str, Any]:
    asked = _amounts(box.cpu, box.memory)
    allowed = _amounts(box.cpu_limit, box.memory_limit)
    resources = ({"limits": allowed} if allowed else {}) | ({"requests": asked} if asked else {})
    container: dict[str, Any] = {"name": box.name, "image": box.image}
    if box.port:
        container["ports"] = [{"name": "main", "containerPort": box.port, "protocol": "TCP"}]
    container |= {
        "env": [{"name": "LOG_LEVEL", "value": "info"}],
        "resources": resources,
        "volumeMounts": [
            {
                "name": "kube-api-access-@@volume@@",
                "readOnly": True,
                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
            }
        ],
    }
    if box.port:
        container["readinessProbe"] = {
            "tcpSocket": {"port": box.port},
            "initialDelaySeconds": 2,
            "timeoutSeconds": 1,
            "periodSeconds": 10,
            "successThreshold": 1,
            "failureThreshold": 3,
        }
    return container | {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    }


def _amounts(cpu: int, memory: int) -> dict[str, str]:
    amounts = {"cpu": f"{cpu}m"} if cpu else {}
    return amounts | ({"memory": f"{memory}Mi"} if memory else {})


def _toleration(what: str) -> dict[str, Any]:
    return {
        "key": f"node.kubernetes.io/{what}",
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": 300,
    }


def _token_volume() -> dict[str, Any]:
    namespace = {
        "path": "namespace",
        "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
    }
    return {
        "name": "kube-api-access-@@volume@@",
        "projected": {
            "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {
                    "configMap": {
                        "name": "kube-root-ca.crt",
                        "items": [{"key": "ca.crt", "path": "ca.crt"}],
                    }
                },
                {"downwardAPI": {"items": [namespace]}},
            ],
            "defaultMode": 420,
        },
    }


# status


def _status(workload: Workload, stage: Stage, restarted: bool) -> dict[str, Any]:
    phase = _PHASES.get(stage, "Running")
    status: dict[str, Any] = {"phase": phase, "conditions": _conditions(stage)}
    if stage is Stage.UNSCHEDULABLE:
        return status | {"qosClass": _quality(workload)}
    status |= {"hostIP": "@@host_ip@@", "hostIPs": [{"ip": "@@host_ip@@"}]}
    if stage is Stage.EVICTED:
        reason = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 87Mi."
        return status | {"reason": "Evicted", "message": reason, "startTime": "@@created@@"}
    if stage not in _WITHOUT_IP:
        status |= {"podIP": "@@ip@@", "podIPs": [{"ip": "@@ip@@"}]}
    status["startTime"] = "@@created@@"
    if workload.init is not None:
        status["initContainerStatuses"] = [_init_status(workload.init, stage)]
    boxes = workload.boxes
    status["containerStatuses"] = [
        _container_status(box, stage if at == 0 else _beside(stage), restarted and at == 0)
        for at, box in enumerate(boxes)
    ]
    return status | {"qosClass": _quality(workload)}


def _beside(stage: Stage) -> Stage:
    """The stage of a pod's other containers: only the first one ever breaks."""
    return Stage.RUNNING if stage in _BROKEN or stage is Stage.STARTING else stage


def _quality(workload: Workload) -> str:
    boxes = workload.boxes
    if all(box.cpu == box.cpu_limit and box.memory == box.memory_limit for box in boxes):
        return "Guaranteed"
    return "Burstable"


def _conditions(stage: Stage) -> list[dict[str, Any]]:
    if stage is Stage.UNSCHEDULABLE:
        return [_condition("PodScheduled", False, "Unschedulable", _UNSCHEDULABLE)]
    sandbox = stage not in (Stage.CREATING, Stage.COMPLETED, Stage.EVICTED)
    initialized = stage not in (Stage.INIT, Stage.CREATING)
    ready = stage is Stage.RUNNING
    reason = "PodCompleted" if stage is Stage.COMPLETED else "ContainersNotReady"
    return [
        _condition("PodReadyToStartContainers", sandbox),
        _condition("Initialized", initialized, "" if initialized else "ContainersNotInitialized"),
        _condition("Ready", ready, "" if ready or stage is Stage.LOST else reason),
        _condition("ContainersReady", ready or stage is Stage.LOST, "" if ready else reason),
        _condition("PodScheduled", True, since="@@created@@"),
    ]


def _condition(
    kind: str, holds: bool, reason: str = "", message: str = "", since: str = "@@since@@"
) -> dict[str, Any]:
    condition: dict[str, Any] = {
        "type": kind,
        "status": "True" if holds else "False",
        "lastProbeTime": None,
        "lastTransitionTime": since,
    }
    if reason:
        condition["reason"] = reason
    if message:
        condition["message"] = message
    return condition


def _container_status(box: Box, stage: Stage, restarted: bool) -> dict[str, Any]:
    image, _, _tag = box.image.rpartition(":")
    state = _state(box, stage)
    known = "waiting" not in state or stage is Stage.CRASH_LOOP
    return {
        "name": box.name,
        "state": state,
        "lastState": _last_state(stage, restarted),
        "ready": stage in (Stage.RUNNING, Stage.LOST),
        "restartCount": "@@#restarts@@" if restarted else 0,
        "image": box.image,
        "imageID": f"{image}@sha256:@@container@@" if known else "",
        **({"containerID": "containerd://@@container@@"} if known else {}),
        "started": stage in _UP,
    }


def _state(box: Box, stage: Stage) -> dict[str, Any]:
    waiting = {
        Stage.CREATING: ("ContainerCreating", ""),
        Stage.INIT: ("PodInitializing", ""),
        Stage.IMAGE_PULL: ("ImagePullBackOff", f'Back-off pulling image "{box.image}"'),
        Stage.CRASH_LOOP: (
            "CrashLoopBackOff",
            f"back-off 5m0s restarting failed container={box.name} pod=@@name@@",
        ),
    }
    if stage in waiting:
        reason, message = waiting[stage]
        return {"waiting": {"reason": reason} | ({"message": message} if message else {})}
    if stage in (Stage.ERROR, Stage.OOM, Stage.COMPLETED):
        return {"terminated": _terminated(stage, "@@since@@")}
    return {"running": {"startedAt": "@@started@@"}}


def _last_state(stage: Stage, restarted: bool) -> dict[str, Any]:
    if not restarted:
        return {}
    how = stage if stage is Stage.OOM else Stage.ERROR
    return {"terminated": _terminated(how, "@@restarted@@")}


def _terminated(stage: Stage, at: str) -> dict[str, Any]:
    code, reason = {
        Stage.OOM: (137, "OOMKilled"),
        Stage.COMPLETED: (0, "Completed"),
    }.get(stage, (1, "Error"))
    return {
        "exitCode": code,
        "reason": reason,
        "startedAt": "@@created@@",
        "finishedAt": at,
        "containerID": "containerd://@@container@@",
    }


def _init_status(box: Box, stage: Stage) -> dict[str, Any]:
    waiting = stage is Stage.CREATING
    state: dict[str, Any] = {"terminated": _terminated(Stage.COMPLETED, "@@created@@")}
    if waiting:
        state = {"waiting": {"reason": "PodInitializing"}}
    elif stage is Stage.INIT:
        state = {"running": {"startedAt": "@@since@@"}}
    return {
        "name": box.name,
        "state": state,
        "lastState": {},
        "ready": not waiting and stage is not Stage.INIT,
        "restartCount": 0,
        "image": box.image,
        "imageID": "" if waiting else f"{box.image.rpartition(':')[0]}@sha256:@@container@@",
        "started": stage is Stage.INIT,
    }
