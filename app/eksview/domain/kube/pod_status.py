"""The cells of `kubectl get pods`: READY, STATUS and RESTARTS.

Source: kubernetes `pkg/printers/internalversion/printers.go`, `printPod`. Its order of decisions is
kept in every corner, because people compare with kubectl. Where servers of different versions
print different texts, a row keeps the older ones too: the version isn't known when it is made.
"""

from functools import lru_cache

from msgspec import Struct

from eksview.domain.base.age import human_duration, parse_time
from eksview.domain.base.health import Health
from eksview.domain.kube.api_types import (
    Container,
    ContainerStatus,
    Pod,
    PodCond,
    PodStatus,
    Terminated,
)
from eksview.domain.rows.kube import UNDECODED, PodRow


class Printed(Struct, gc=False):
    """The cells of a pod, built up while its containers are read."""

    status: str
    older: tuple[tuple[int, str], ...] = ()
    ready: int = 0
    containers: int = 0
    restarts: int = 0
    restarted: float | None = None  # when the container that last ended did
    inits: int = 0  # init containers that were looked at: those after one that fails aren't


def printed(pod: Pod) -> Printed:
    """Return the text of STATUS, and the numbers of READY and RESTARTS."""
    spec, status = pod.spec, pod.status or PodStatus()
    init = (spec.init_containers if spec else None) or []
    sidecars = {container.name for container in init if is_sidecar(container)}
    out = Printed(status=_first_reason(status))
    out.containers = len((spec.containers if spec else None) or ()) + len(sidecars)
    initializing = False
    if status.init_container_statuses:
        initializing = _read_init(out, status, sidecars, len(init))
    if not initializing or _is_initialized(status.conditions):
        _read_main(out, status, sidecars)
    if pod.metadata.deletion_timestamp is not None:
        _mark_deleted(out, status)
    return out


def is_sidecar(container: Container) -> bool:
    """Return whether an init container keeps running: `restartPolicy: Always`."""
    return container.restart_policy == "Always"


def status_text(row: PodRow, minor: int) -> str:
    """Return STATUS as an API server of a minor version prints it."""
    return next((text for last, text in row.older if minor <= last), row.status)


def restarts_text(row: PodRow, now: float) -> str:
    """Return `3 (5m ago)`, or the number alone where the last end isn't known."""
    if not row.restarts or row.restarted is None:
        return str(row.restarts)
    return f"{row.restarts} ({human_duration(now - row.restarted)} ago)"


def has_failed(pod: Pod) -> bool:
    """Check for the phase Failed, and for a container that waits because of an error.

    STATUS may hide both: it prints what the first container's end says, such as `Completed`.
    """
    status = pod.status or PodStatus()
    containers = (*(status.init_container_statuses or ()), *(status.container_statuses or ()))
    waiting = [container.state.waiting for container in containers if container.state is not None]
    return status.phase == "Failed" or any(
        state is not None and state.reason not in _STARTING for state in waiting
    )


def health_of_pod(row: PodRow) -> Health:
    """Return a pod's health by the text of the newest servers, and by what that may hide."""
    return status_health(row.status, all_ready=row.ready >= row.containers, failed=row.failed)


@lru_cache(maxsize=4096)
def status_health(status: str, *, all_ready: bool, failed: bool = False) -> Health:
    """Return the health by a STATUS text and whether every container is ready, or one failed."""
    text = status.removeprefix("Init:")
    if text in _FINE or (text == "Running" and all_ready):
        return Health.BAD if failed else Health.OK
    if text in _ON_ITS_WAY or text[:1].isdigit():
        return Health.WARN
    return Health.UNKNOWN if text in ("Unknown", UNDECODED, "") else Health.BAD


_WITHOUT_TERMINAL = 30  # last minor version to print Terminating of a pod that has ended
_WITHOUT_ERRORS = 34  # last minor version to print Completed although another container failed

_STARTING = frozenset({None, "", "ContainerCreating", "PodInitializing"})
_FINE = frozenset({"Completed", "Succeeded", "ExitCode:0"})
_ON_ITS_WAY = frozenset(
    {
        "Running",
        "Pending",
        "ContainerCreating",
        "PodInitializing",
        "Terminating",
        "NotReady",
        "SchedulingGated",
    }
)


def _first_reason(status: PodStatus) -> str:
    reason = status.reason or status.phase
    for condition in status.conditions or ():
        if condition.type == "PodScheduled" and condition.reason == "SchedulingGated":
            reason = "SchedulingGated"
    return reason


def _read_init(out: Printed, status: PodStatus, sidecars: set[str], total: int) -> bool:
    """Count the init containers up to one that isn't done; returns whether there is one."""
    for index, container in enumerate(status.init_container_statuses or ()):
        out.inits = index + 1
        out.restarts += container.restart_count
        _note_end(out, container)
        ended = container.state.terminated if container.state else None
        if ended is not None and ended.exit_code == 0:
            continue
        if container.name in sidecars and container.started:
            out.ready += container.ready
            continue
        out.status = f"Init:{_init_reason(container, ended, index, total)}"
        return True
    return False


def _init_reason(
    container: ContainerStatus, ended: Terminated | None, index: int, total: int
) -> str:
    if ended is not None:
        return ended.reason or _exit(ended)
    waiting = container.state.waiting if container.state else None
    if waiting is not None and waiting.reason and waiting.reason != "PodInitializing":
        return waiting.reason
    return f"{index}/{total}"


def _read_main(out: Printed, status: PodStatus, sidecars: set[str]) -> None:
    # Once the pod is initialized only sidecars' restarts count among the init containers'.
    out.restarts, out.restarted = 0, None
    if sidecars:
        for container in (status.init_container_statuses or ())[: out.inits]:
            if container.name in sidecars:
                out.restarts += container.restart_count
                _note_end(out, container)
    running, error = False, ""
    for container in reversed(status.container_statuses or ()):
        out.restarts += container.restart_count
        _note_end(out, container)
        state = container.state
        if state is None:
            continue
        if state.waiting is not None and state.waiting.reason:
            out.status = state.waiting.reason
        elif state.terminated is not None:
            out.status = state.terminated.reason or _exit(state.terminated)
            error = out.status if state.terminated.exit_code else error
        elif container.ready and state.running is not None:
            running = True
            out.ready += 1
    if out.status == "Completed":
        _judge_completed(out, running and _is_ready(status.conditions), running, error)


def _judge_completed(out: Printed, ready: bool, running: bool, error: str) -> None:
    """Set the status of a pod whose first container has completed."""
    if ready:
        out.status = "Running"
        return
    out.status = "NotReady" if running else "Completed"
    if error and error != out.status:
        out.status, out.older = error, ((_WITHOUT_ERRORS, out.status),)


def _mark_deleted(out: Printed, status: PodStatus) -> None:
    if status.reason == "NodeLost":
        out.status, out.older = "Unknown", ()
    elif status.phase in ("Succeeded", "Failed"):
        out.older = ((_WITHOUT_TERMINAL, "Terminating"), *out.older)
    else:
        out.status, out.older = "Terminating", ()


def _note_end(out: Printed, container: ContainerStatus) -> None:
    last = container.last_state.terminated if container.last_state else None
    if last is not None:
        ended = parse_time(last.finished_at)
        if ended is not None and (out.restarted is None or ended > out.restarted):
            out.restarted = ended


def _exit(ended: Terminated) -> str:
    return f"Signal:{ended.signal}" if ended.signal else f"ExitCode:{ended.exit_code}"


def _is_initialized(conditions: list[PodCond] | None) -> bool:
    """Return whether the first Initialized condition is True (`isPodInitializedConditionTrue`)."""
    return next((c.status == "True" for c in conditions or () if c.type == "Initialized"), False)


def _is_ready(conditions: list[PodCond] | None) -> bool:
    """Return whether any Ready condition is True, as `hasPodReadyCondition`."""
    return any(cond.type == "Ready" and cond.status == "True" for cond in conditions or ())
