"""Whether pods fit on other nodes: a simulation of the scheduler's filters by requests.

First-fit decreasing: the largest pod first, onto the first node in order of names that takes it.
Source of the filters: kubernetes `pkg/scheduler/framework/plugins` (nodeaffinity, tainttoleration,
nodeunschedulable, noderesources, nodeports, volumebinding). Rules about other pods (affinity,
anti-affinity, topology spread) aren't simulated; the plan says which pods have some.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.drain.demands import (
    ANY_ADDRESS,
    UNSCHEDULABLE,
    claims_of,
    extended_resources,
    host_ports,
    rules_about_pods,
    untolerated,
)
from eksview.domain.drain.objects import DrainNode, DrainPod, NodeSelector, is_ready
from eksview.domain.drain.selectors import matches_node


class NodeUse(Struct, frozen=True):
    """What the pods of a node request; cpu in milli-cores, memory in bytes."""

    pods: int
    cpu: int
    memory: int


class Room(Struct):
    """A node that may take pods, with what is free on it as the simulation goes on."""

    node: DrainNode
    pods: int
    cpu: int
    memory: int
    ports: set[tuple[str, str, int]]

    def take(self, pod: DrainPod) -> None:
        self.pods -= 1
        self.cpu -= pod.cpu
        self.memory -= pod.memory
        self.ports |= set(host_ports(pod))


class Fit(Struct, frozen=True):
    """Where the simulation puts a pod; `node` is empty where no node takes it, because of `reason`.

    `unsure` says what isn't simulated for it.
    """

    node: Clean = EMPTY
    reason: Clean = EMPTY
    unsure: Clean = EMPTY


def rooms(nodes: Iterable[DrainNode], used: Mapping[str, NodeUse]) -> list[Room]:
    """Return the rooms of the nodes whose use is known, in order of their names."""
    all_rooms = []
    for node in sorted(nodes, key=lambda each: each.metadata.name):
        use = used.get(node.metadata.name)
        if use is None:
            continue
        given = node.status.allocatable or {}
        all_rooms.append(Room(
            node,
            size_bytes(given.get("pods", "")) - use.pods,
            cpu_milli(given.get("cpu", "")) - use.cpu,
            size_bytes(given.get("memory", "")) - use.memory,
            set(),
        ))  # fmt: skip
    return all_rooms


def place(
    pods: Sequence[DrainPod],
    into: Sequence[Room],
    zones: Mapping[str, NodeSelector | None] = {},
) -> dict[str, Fit]:
    """Return where each pod goes, by its key; `zones` has where the volumes of a claim can be."""
    most_cpu = max((room.cpu for room in into), default=0) or 1
    most_memory = max((room.memory for room in into), default=0) or 1

    def size(pod: DrainPod) -> tuple[float, str]:
        return -max(pod.cpu / most_cpu, pod.memory / most_memory), pod.metadata.key

    fits: dict[str, Fit] = {}
    for pod in sorted(pods, key=size):
        unsure, reasons = _not_simulated(pod, zones), Counter[str]()
        for room in into:
            reason = _refusal(room, pod, zones)
            if not reason:
                room.take(pod)
                fits[pod.metadata.key] = Fit(clean(room.node.metadata.name), unsure=unsure)
                break
            reasons[reason] += 1
        else:
            fits[pod.metadata.key] = Fit(reason=_refusals(reasons, len(into)), unsure=unsure)
    return fits


def _refusals(reasons: Counter[str], nodes: int) -> Clean:
    """Return the refusals as the scheduler words them: `0/3 nodes: 2 Insufficient cpu, ...`."""
    counted = ", ".join(sorted(f"{count} {clean(reason)}" for reason, count in reasons.items()))
    return clean(f"0/{nodes} other nodes: {counted}" if counted else "there is no other node")


def _refusal(room: Room, pod: DrainPod, zones: Mapping[str, NodeSelector | None]) -> str:
    """Return why a node doesn't take a pod; empty if it does."""
    node, spec = room.node, pod.spec
    labels, name = node.metadata.labels or {}, node.metadata.name
    if not is_ready(node.status.conditions):
        return "not Ready"
    cordoned, tolerations = bool(node.spec.unschedulable), spec.tolerations or ()
    taint = next(untolerated(node.spec.taints or (), tolerations, cordoned=cordoned), None)
    if taint is not None:
        is_cordon = taint.key == UNSCHEDULABLE
        return "cordoned" if is_cordon else f"untolerated taint {{{taint.key}: {taint.value}}}"
    affinity = spec.affinity.node_affinity if spec.affinity else None
    wanted = (spec.node_selector or {}).items()
    if any(labels.get(key) != value for key, value in wanted) or not matches_node(
        affinity.required if affinity else None, labels, name
    ):
        return "didn't match node affinity/selector"
    if not all(matches_node(zones.get(claim), labels, name) for claim in claims_of(pod)):
        return "had volume node affinity conflict"
    return _lack(room, pod)


def _lack(room: Room, pod: DrainPod) -> str:
    if room.pods < 1:
        return "Too many pods"
    if pod.cpu > max(room.cpu, 0):
        return "Insufficient cpu"
    if pod.memory > max(room.memory, 0):
        return "Insufficient memory"
    if any(_collides(port, room.ports) for port in host_ports(pod)):
        return "didn't have free ports"
    given = room.node.status.allocatable or {}
    for name in extended_resources(pod):
        if not size_bytes(given.get(name, "")):
            return f"Insufficient {name}"
    return ""


def _collides(port: tuple[str, str, int], taken: set[tuple[str, str, int]]) -> bool:
    """Return whether a port is taken, on its address or, by a wildcard, on any."""
    return any(
        port[1:] == other[1:] and (port[0] == other[0] or ANY_ADDRESS in (port[0], other[0]))
        for other in taken
    )


def _not_simulated(pod: DrainPod, zones: Mapping[str, NodeSelector | None]) -> Clean:
    parts: list[str] = list(rules_about_pods(pod))
    if host_ports(pod):
        parts.append("host ports taken by other pods")
    parts += [f"{clean(name)} in use" for name in extended_resources(pod)]
    if any(claim not in zones for claim in claims_of(pod)):
        parts.append("zone of its volumes")
    return clean(", ".join(parts))
