"""The cells that kube-apiserver prints of nodes and pods in a Table.

Source: kubernetes `pkg/printers/internalversion/printers.go`, `printNode` and `printPod`, as of the
server's minor version. Nothing is taken from eksview's columns, which tests compare with these.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from eksview_demo.times import human_duration, parse_time

_ROLE_PREFIX = "node-role.kubernetes.io/"
_TERMINAL = ("Succeeded", "Failed")

TERMINAL_PHASE_SINCE = 31
"""Minor version that prints a terminal phase although the pod is deleted (PR 122038)."""
ERROR_REASON_SINCE = 35
"""Minor version that prints a failed container before a completed one (PR 124766)."""
ARCHITECTURE_SINCE = 36
"""Minor version that prints the architecture after the kernel (PR 132402)."""


class Printer(Struct, frozen=True):
    """The moment of printing and the minor version of the server that prints."""

    now: float
    minor: int

    def age(self, time: str | None) -> str:
        """Return the time since a timestamp, `<unknown>` for none."""
        then = parse_time(time)
        return "<unknown>" if then is None else human_duration(self.now - then)

    def age_of(self, item: Any) -> str:
        """Return the time since an object's creation."""
        return self.age(item["metadata"]["creationTimestamp"])


Cells = Callable[[Any, Printer], list[Any]]
"""A function that returns the cells of an object, wide ones included."""


def node_cells(node: Any, printer: Printer) -> list[Any]:
    """Return the cells of a node, wide ones included."""
    metadata, status = node["metadata"], node.get("status") or {}
    info = status.get("nodeInfo") or {}
    return [
        metadata["name"],
        _node_status(node.get("spec") or {}, status),
        ",".join(_roles(metadata.get("labels") or {})) or "<none>",
        printer.age(metadata.get("creationTimestamp")),
        info.get("kubeletVersion", ""),
        _address(status, "InternalIP"),
        _address(status, "ExternalIP"),
        info.get("osImage") or "<unknown>",
        _kernel(info, printer.minor),
        info.get("containerRuntimeVersion") or "<unknown>",
    ]


def _node_status(spec: Any, status: Any) -> str:
    conditions = {each["type"]: each["status"] for each in status.get("conditions") or ()}
    if "Ready" not in conditions:
        words = ["Unknown"]
    else:
        words = ["Ready" if conditions["Ready"] == "True" else "NotReady"]
    if spec.get("unschedulable"):
        words.append("SchedulingDisabled")
    return ",".join(words)


def _roles(labels: dict[str, str]) -> list[str]:
    roles = {key[len(_ROLE_PREFIX) :] for key in labels if key.startswith(_ROLE_PREFIX)}
    return sorted((roles | {labels.get("kubernetes.io/role", "")}) - {""})


def _address(status: Any, kind: str) -> str:
    for address in status.get("addresses") or ():
        if address["type"] == kind:
            return str(address["address"])
    return "<none>"


def _kernel(info: Any, minor: int) -> str:
    version = info.get("kernelVersion") or "<unknown>"
    architecture = info.get("architecture")
    if architecture and minor >= ARCHITECTURE_SINCE:
        return f"{version} ({architecture})"
    return str(version)


class _Restarts(Struct):
    """The restarts of some containers and when the last of them ended."""

    count: int = 0
    last: float | None = None

    def add(self, container: Any) -> None:
        self.count += container.get("restartCount", 0)
        terminated = (container.get("lastState") or {}).get("terminated") or {}
        ended = parse_time(terminated.get("finishedAt"))
        if ended is not None and (self.last is None or ended > self.last):
            self.last = ended

    def text(self, now: float) -> str:
        if not self.count or self.last is None:
            return str(self.count)
        return f"{self.count} ({human_duration(now - self.last)} ago)"


class _Pod(Struct):
    """The columns of a pod that its containers decide, while they are read."""

    reason: str
    restarts: _Restarts
    ready: int = 0


def pod_cells(pod: Any, printer: Printer) -> list[Any]:
    """Return the cells of a pod, wide ones included."""
    metadata, spec, status = pod["metadata"], pod.get("spec") or {}, pod.get("status") or {}
    sidecars = {
        container["name"]
        for container in spec.get("initContainers") or ()
        if container.get("restartPolicy") == "Always"
    }
    printed = _Pod(_pod_reason(status), _Restarts())
    _read_containers(printed, spec, status, sidecars, printer.minor)
    if metadata.get("deletionTimestamp"):
        printed.reason = _deleted_reason(printed.reason, status, printer.minor)
    addresses = status.get("podIPs") or [{}]
    return [
        metadata["name"],
        f"{printed.ready}/{len(spec.get('containers') or ()) + len(sidecars)}",
        printed.reason,
        printed.restarts.text(printer.now),
        printer.age(metadata.get("creationTimestamp")),
        addresses[0].get("ip") or "<none>",
        spec.get("nodeName") or "<none>",
        status.get("nominatedNodeName") or "<none>",
        _readiness_gates(spec, status),
    ]


def _pod_reason(status: Any) -> str:
    for condition in status.get("conditions") or ():
        if condition["type"] == "PodScheduled" and condition.get("reason") == "SchedulingGated":
            return "SchedulingGated"
    return str(status.get("reason") or status.get("phase") or "")


def _deleted_reason(reason: str, status: Any, minor: int) -> str:
    if status.get("reason") == "NodeLost":
        return "Unknown"
    if status.get("phase") in _TERMINAL and minor >= TERMINAL_PHASE_SINCE:
        return reason
    return "Terminating"


def _read_containers(pod: _Pod, spec: Any, status: Any, sidecars: set[str], minor: int) -> None:
    restartable = _Restarts()
    initializing = _read_init_containers(pod, spec, status, sidecars, restartable)
    if not initializing or _is_true(status, "Initialized"):
        pod.restarts = restartable
        _read_main_containers(pod, status, minor)


def _read_init_containers(
    pod: _Pod, spec: Any, status: Any, sidecars: set[str], restartable: _Restarts
) -> bool:
    """Read up to the first init container that isn't done; return whether there is one."""
    for index, container in enumerate(status.get("initContainerStatuses") or ()):
        pod.restarts.add(container)
        sidecar = container["name"] in sidecars
        if sidecar:
            restartable.add(container)
        terminated = (container.get("state") or {}).get("terminated")
        if terminated is not None and terminated["exitCode"] == 0:
            continue
        if sidecar and container.get("started"):
            pod.ready += bool(container.get("ready"))
            continue
        waiting = ((container.get("state") or {}).get("waiting") or {}).get("reason")
        if terminated is not None:
            pod.reason = f"Init:{_terminated_reason(terminated)}"
        elif waiting and waiting != "PodInitializing":
            pod.reason = f"Init:{waiting}"
        else:
            pod.reason = f"Init:{index}/{len(spec['initContainers'])}"
        return True
    return False


def _read_main_containers(pod: _Pod, status: Any, minor: int) -> None:
    running, error = False, ""
    for container in reversed(status.get("containerStatuses") or ()):
        pod.restarts.add(container)
        state = container.get("state") or {}
        waiting = (state.get("waiting") or {}).get("reason")
        terminated = state.get("terminated")
        if waiting:
            pod.reason = waiting
        elif terminated is not None:
            pod.reason = _terminated_reason(terminated)
            error = pod.reason if terminated["exitCode"] else error
        elif container.get("ready") and state.get("running") is not None:
            running = True
            pod.ready += 1
    if pod.reason == "Completed":
        failed = error if minor >= ERROR_REASON_SINCE else ""
        pod.reason = _completed_reason(running and _is_true(status, "Ready"), running, failed)


def _completed_reason(ready: bool, running: bool, error: str) -> str:
    if ready:
        return "Running"
    return error or ("NotReady" if running else "Completed")


def _terminated_reason(terminated: Any) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    signal = terminated.get("signal")
    return f"Signal:{signal}" if signal else f"ExitCode:{terminated['exitCode']}"


def _readiness_gates(spec: Any, status: Any) -> str:
    gates = [gate["conditionType"] for gate in spec.get("readinessGates") or ()]
    return f"{sum(_is_true(status, gate) for gate in gates)}/{len(gates)}" if gates else "<none>"


def _is_true(status: Any, kind: str) -> bool:
    """Return whether the first condition of a type is True."""
    conditions = status.get("conditions") or ()
    return next((each["status"] == "True" for each in conditions if each["type"] == kind), False)
