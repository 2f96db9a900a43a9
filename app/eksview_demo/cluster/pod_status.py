"""The status of a pod at each stage of its life, for `template.Template`."""

from typing import Any

from eksview_demo.cluster.pod_state import PHASES, WITHOUT_IP, Stage
from eksview_demo.cluster.workloads import Box, Workload

_UP = {Stage.RUNNING, Stage.LOST, Stage.STARTING}
_BROKEN = {Stage.ERROR, Stage.CRASH_LOOP, Stage.OOM}
_UNSCHEDULABLE = (
    "0/@@nodes@@ nodes are available: @@nodes@@ Insufficient cpu, @@nodes@@ Insufficient memory. "
    "preemption: 0/@@nodes@@ nodes are available: @@nodes@@ No preemption victims found for "
    "incoming pod."
)


def status(workload: Workload, stage: Stage, restarted: bool) -> dict[str, Any]:
    """Return the status that a kubelet posts at a stage; `restarted`: not for the first time."""
    phase = PHASES.get(stage, "Running")
    made: dict[str, Any] = {"phase": phase, "conditions": _conditions(stage)}
    if stage is Stage.UNSCHEDULABLE:
        return made | {"qosClass": _quality(workload)}
    made |= {"hostIP": "@@host_ip@@", "hostIPs": [{"ip": "@@host_ip@@"}]}
    if stage is Stage.EVICTED:
        reason = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 87Mi."
        return made | {"reason": "Evicted", "message": reason, "startTime": "@@created@@"}
    if stage not in WITHOUT_IP:
        made |= {"podIP": "@@ip@@", "podIPs": [{"ip": "@@ip@@"}]}
    made["startTime"] = "@@created@@"
    if workload.init is not None:
        made["initContainerStatuses"] = [_init_status(workload.init, stage)]
    boxes = workload.boxes
    made["containerStatuses"] = [
        _container_status(box, stage if at == 0 else _beside(stage), restarted and at == 0)
        for at, box in enumerate(boxes)
    ]
    return made | {"qosClass": _quality(workload)}


def _beside(stage: Stage) -> Stage:
    """Return the stage of a pod's other containers: only the first one ever fails."""
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
    created = "waiting" not in state or stage is Stage.CRASH_LOOP
    return {
        "name": box.name,
        "state": state,
        "lastState": _last_state(stage, restarted),
        "ready": stage in (Stage.RUNNING, Stage.LOST),
        "restartCount": "@@#restarts@@" if restarted else 0,
        "image": box.image,
        "imageID": f"{image}@sha256:@@container@@" if created else "",
        **({"containerID": "containerd://@@container@@"} if created else {}),
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
    return {"running": {"startedAt": "@@since@@"}}


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
