"""What `kubectl get pods` prints of a pod: READY, STATUS and RESTARTS.

Source: kubernetes `pkg/printers/internalversion/printers.go`, `printPod`. Its order of decisions is
kept, odd corners included, because people compare with kubectl.
"""

from msgspec import Struct

from eksview.domain.age import human_duration, parse_time
from eksview.domain.health import Health
from eksview.domain.rows import PodRow
from eksview.domain.shapes import Container, ContainerStatus, Pod, PodCond, PodStatus, Terminated


class Printed(Struct, gc=False):
    """The cells of a pod that take some thought. Built up while its containers are read."""

    status: str
    ready: int = 0
    containers: int = 0
    restarts: int = 0
    restarted: float | None = None  # when the container that last ended did
    inits: int = 0  # init containers that were looked at: those after one that fails aren't


def printed(pod: Pod) -> Printed:
    """The text of STATUS, and the numbers of READY and RESTARTS."""
    spec, status = pod.spec, pod.status or PodStatus()
    init = (spec.init_containers if spec else None) or []
    sidecars = {each.name for each in init if is_sidecar(each)}
    out = Printed(status=_first_reason(status))
    out.containers = len((spec.containers if spec else None) or ()) + len(sidecars)
    initializing = False
    if status.init_container_statuses:
        initializing = _read_init(out, status, sidecars, len(init))
    if not initializing or _is_true(status.conditions, "Initialized"):
        _read_main(out, status, sidecars)
    if pod.metadata.deletion_timestamp is not None:
        out.status = _leaving(out.status, status)
    return out


def is_sidecar(container: Container) -> bool:
    """An init container that keeps running: `restartPolicy: Always`."""
    return container.restart_policy == "Always"


def restarts_text(row: PodRow, now: float) -> str:
    """`3 (5m ago)`, or just the number when the last end is not known."""
    if not row.restarts or row.restarted is None:
        return str(row.restarts)
    return f"{row.restarts} ({human_duration(now - row.restarted)} ago)"


def health_of_pod(row: PodRow) -> Health:
    """Judged by the text that is shown: who reads it should see why it has its colour."""
    return status_health(row.status, all_ready=row.ready >= row.containers)


def status_health(status: str, *, all_ready: bool) -> Health:
    """The same for a STATUS text and whether every container is ready."""
    text = status.removeprefix("Init:")
    if text in _FINE or (text == "Running" and all_ready):
        return Health.OK
    if text in _ON_ITS_WAY or text[:1].isdigit():
        return Health.WARN
    return Health.UNKNOWN if text in ("Unknown", "") else Health.BAD


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
    """Count the init containers up to the first that isn't through; whether there is one."""
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
    running = False
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
        elif container.ready and state.running is not None:
            running = True
            out.ready += 1
    if running and out.status == "Completed":
        out.status = "Running" if _is_true(status.conditions, "Ready") else "NotReady"


def _leaving(reason: str, status: PodStatus) -> str:
    if status.reason == "NodeLost":
        return "Unknown"
    return reason if status.phase in ("Succeeded", "Failed") else "Terminating"


def _note_end(out: Printed, container: ContainerStatus) -> None:
    last = container.last_state.terminated if container.last_state else None
    if last is not None:
        ended = parse_time(last.finished_at)
        if ended is not None and (out.restarted is None or ended > out.restarted):
            out.restarted = ended


def _exit(ended: Terminated) -> str:
    return f"Signal:{ended.signal}" if ended.signal else f"ExitCode:{ended.exit_code}"


def _is_true(conditions: list[PodCond] | None, kind: str) -> bool:
    return any(each.type == kind and each.status == "True" for each in conditions or ())
