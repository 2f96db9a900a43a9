"""The status of a pod at each stage of its life, for `template.Template`."""

import zlib
from typing import Any, NamedTuple

from eksview_demo.cluster.pods.pod_state import PHASES, WITHOUT_IP, Stage
from eksview_demo.cluster.workloads import Box, Workload

_UP = {Stage.RUNNING, Stage.LOST, Stage.STARTING}
_BROKEN = {Stage.ERROR, Stage.CRASH_LOOP, Stage.OOM}
_BOUND = "@@bound@@"


class _Runs(NamedTuple):
    """The placeholders of a container's runs: the present one, and the one that ended last."""

    started: str
    restarts: str
    ran: str
    ended: str
    container: str
    ended_container: str


_FIRST = _Runs(
    "@@started@@", "@@#restarts@@", "@@ran@@", "@@restarted@@", "@@container@@", "@@ended@@"
)
_OTHER = _Runs(
    "@@up@@", "@@#reboots@@", "@@was_up@@", "@@stopped@@", "@@other@@", "@@other_ended@@"
)


def status(
    workload: Workload, stage: Stage, failure: Stage | None = None, rebooted: bool = False
) -> dict[str, Any]:
    """Return the status that a kubelet posts at a stage.

    `failure` is how the run before ended, None in the first run; `rebooted`: the node was, since
    the pod is bound.
    """
    phase = PHASES.get(stage, "Running")
    if stage is Stage.NEW:
        return {"phase": phase, "qosClass": _quality(workload)}
    made: dict[str, Any] = {"phase": phase, "conditions": _conditions(stage)}
    if stage is Stage.UNSCHEDULABLE:
        return made | {"qosClass": _quality(workload)}
    made |= {"hostIP": "@@host_ip@@", "hostIPs": [{"ip": "@@host_ip@@"}]}
    if stage is Stage.EVICTED:
        reason = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 87Mi."
        return made | {"reason": "Evicted", "message": reason, "startTime": "@@bound@@"}
    if stage not in WITHOUT_IP:
        made |= {"podIP": "@@ip@@", "podIPs": [{"ip": "@@ip@@"}]}
    made["startTime"] = "@@bound@@"
    if workload.init is not None:
        made["initContainerStatuses"] = [_init_status(workload.init, stage)]
    boxes = workload.boxes
    ended = Stage.REBOOTED if rebooted else None
    made["containerStatuses"] = [
        _container_status(box, stage, failure, _FIRST, 0)
        if at == 0
        else _container_status(box, _beside(stage), ended, _OTHER, at)
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
        return [_condition("PodScheduled", False, "Unschedulable", "@@tried@@", "@@since@@")]
    sandbox = stage not in (Stage.CREATING, Stage.COMPLETED, Stage.EVICTED)
    initialized = stage not in (Stage.INIT, Stage.CREATING)
    ready = stage is Stage.RUNNING
    reason = "PodCompleted" if stage is Stage.COMPLETED else "ContainersNotReady"
    return [
        _condition("PodReadyToStartContainers", sandbox, since=_BOUND),
        _condition(
            "Initialized",
            initialized,
            "" if initialized else "ContainersNotInitialized",
            "",
            _BOUND,
        ),
        _condition("Ready", ready, "" if ready or stage is Stage.LOST else reason),
        _condition("ContainersReady", ready or stage is Stage.LOST, "" if ready else reason),
        _condition("PodScheduled", True, since=_BOUND),
    ]


def _condition(
    kind: str, holds: bool, reason: str = "", message: str = "", since: str = "@@turned@@"
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


def _container_status(
    box: Box, stage: Stage, failure: Stage | None, runs: _Runs, at: int
) -> dict[str, Any]:
    state = _state(box, stage, runs, at)
    created = "waiting" not in state or stage is Stage.CRASH_LOOP
    return {
        "name": box.name,
        "state": state,
        "lastState": _last_state(failure, runs, at),
        "ready": stage in (Stage.RUNNING, Stage.LOST),
        "restartCount": runs.restarts if failure else 0,
        "image": box.image,
        "imageID": _image_id(box) if created else "",
        **({"containerID": f"containerd://{runs.container}{at:02x}"} if created else {}),
        "started": stage in _UP,
    }


def _image_id(box: Box) -> str:
    digest = f"{zlib.crc32(box.image.encode()):08x}" * 8
    return f"{box.image.rpartition(':')[0]}@sha256:{digest}"


def _state(box: Box, stage: Stage, runs: _Runs, at: int) -> dict[str, Any]:
    waiting = {
        Stage.CREATING: ("ContainerCreating", ""),
        Stage.INIT: ("PodInitializing", ""),
        Stage.IMAGE_PULL: ("ImagePullBackOff", f'Back-off pulling image "{box.image}"'),
        Stage.CRASH_LOOP: (
            "CrashLoopBackOff",
            f"back-off @@backoff@@ restarting failed container={box.name} "
            "pod=@@name@@_@@namespace@@(@@uid@@)",
        ),
    }
    if stage in waiting:
        reason, message = waiting[stage]
        return {"waiting": {"reason": reason} | ({"message": message} if message else {})}
    if stage in (Stage.ERROR, Stage.OOM, Stage.COMPLETED):
        return {
            "terminated": _terminated(
                stage, (runs.started, "@@since@@"), f"{runs.container}{at:02x}"
            )
        }
    return {"running": {"startedAt": runs.started}}


def _last_state(failure: Stage | None, runs: _Runs, at: int) -> dict[str, Any]:
    if failure is None:
        return {}
    return {
        "terminated": _terminated(
            failure, (runs.ran, runs.ended), f"{runs.ended_container}{at:02x}"
        )
    }


def _terminated(stage: Stage, times: tuple[str, str], container: str) -> dict[str, Any]:
    code, reason = {
        Stage.OOM: (137, "OOMKilled"),
        Stage.COMPLETED: (0, "Completed"),
        Stage.REBOOTED: (255, "Unknown"),
    }.get(stage, (1, "Error"))
    return {
        "exitCode": code,
        "reason": reason,
        "startedAt": times[0],
        "finishedAt": times[1],
        "containerID": f"containerd://{container}",
    }


def _init_status(box: Box, stage: Stage) -> dict[str, Any]:
    waiting = stage is Stage.CREATING
    container = "@@other@@ff"
    ended = _terminated(Stage.COMPLETED, (_BOUND, "@@up@@"), container)
    state: dict[str, Any] = {"terminated": ended}
    if waiting:
        state = {"waiting": {"reason": "PodInitializing"}}
    elif stage is Stage.INIT:
        state = {"running": {"startedAt": _BOUND}}
    return {
        "name": box.name,
        "state": state,
        "lastState": {},
        "ready": not waiting and stage is not Stage.INIT,
        "restartCount": 0,
        "image": box.image,
        "imageID": "" if waiting else _image_id(box),
        **({} if waiting else {"containerID": f"containerd://{container}"}),
        "started": stage is Stage.INIT,
    }
