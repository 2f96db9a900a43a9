"""The load of nodes, pods and containers: it follows from requests and changes slowly.

The pods of a node share what its load leaves beside its own processes, so that they never use more
than the node does.
"""

import math
import zlib
from collections.abc import Iterator

from msgspec import Struct

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import Box

RESOLUTION = 15.0  # seconds between two readings of a node
_SYSTEM = (70, 420)  # milli-cores and MiB that a node takes before any pod runs
_LEAST = (4, 24)  # milli-cores and MiB of a container that requests nothing
_WAVE = 600.0  # seconds from one peak of a node's load to the next
_FULL = 0.97  # share of the memory in use under memory pressure
_UP = frozenset({Stage.RUNNING, Stage.STARTING})
_BROKEN = frozenset({Stage.ERROR, Stage.CRASH_LOOP, Stage.OOM})


class Load(Struct, frozen=True, gc=False):
    """What is used in milli-cores and MiB."""

    cpu: float
    memory: float


class Scrape(Struct, frozen=True, gc=False):
    """A reading of a node's kubelet: `phase` tells nodes apart, from 0 to 1."""

    at: float
    phase: float


def scrape_of(node: NodeState, now: float) -> Scrape | None:
    """Return the latest reading of a node; None while its kubelet doesn't answer."""
    if node.silent or node.ready != "True":
        return None
    phase = _share(node.name)
    return Scrape(now - (now + phase * RESOLUTION) % RESOLUTION, phase)


def node_load_at(node: NodeState, at: float) -> Load | None:
    """Return what a node used at some time; None while it wasn't there or was silent."""
    if at < node.created or (node.silent and at > node.renewed):
        return None
    return node_load(node, Scrape(at, _share(node.name)))


def node_load(node: NodeState, scrape: Scrape) -> Load:
    """Return what a node uses."""
    at, phase = scrape.at, scrape.phase
    wave = math.sin(2 * math.pi * (at / _WAVE + phase))
    ripple = math.sin(at * (1.3 + phase)) * 0.06
    machine = node.group.machine
    cpu = _SYSTEM[0] + node.cpu * (0.45 + 0.5 * phase + 0.2 * wave + ripple)
    memory = _SYSTEM[1] + node.memory * (0.6 + 0.35 * phase + 0.03 * wave)
    if node.pressure:
        memory = machine.memory_allocatable * _FULL
    return Load(min(cpu, machine.cores * 1000), min(memory, machine.memory_allocatable))


class PodLoads:
    """The loads of the containers of all pods at one time."""

    def __init__(self, cluster: DemoCluster, now: float) -> None:
        scrapes = ((node, scrape_of(node, now)) for node in cluster.nodes.values())
        self._nodes = {node.name: (node, scrape) for node, scrape in scrapes if scrape is not None}
        self._weights: dict[str, dict[str, Load]] = {}
        self._sums: dict[str, Load] = {}
        for pod in cluster.pods.values():
            if (weight := self._weight(pod)) is not None:
                self._weights.setdefault(pod.node, {})[pod.uid] = weight
        for name, weights in self._weights.items():
            self._sums[name] = Load(
                sum(weight.cpu for weight in weights.values()),
                sum(weight.memory for weight in weights.values()),
            )

    def scrape_of(self, pod: PodState) -> Scrape | None:
        """Return when a pod was read; None where there is no reading of it."""
        if pod.uid not in self._weights.get(pod.node, ()):
            return None
        return self._nodes[pod.node][1]

    def containers(self, pod: PodState) -> Iterator[tuple[str, Load]]:
        """Yield the load of each running container of a pod that was read."""
        node, scrape = self._nodes[pod.node]
        weight, total, used = (
            self._weights[pod.node][pod.uid],
            self._sums[pod.node],
            node_load(node, scrape),
        )
        cpu = max(0.0, used.cpu - _SYSTEM[0]) * weight.cpu / total.cpu
        memory = max(0.0, used.memory - _SYSTEM[1]) * weight.memory / total.memory
        boxes = _running(pod)
        parts = [_requested(box) for box in boxes]
        cpus, memories = sum(part.cpu for part in parts), sum(part.memory for part in parts)
        for box, part in zip(boxes, parts, strict=True):
            yield (
                box.name,
                Load(
                    _at_most(cpu * part.cpu / cpus, box.cpu_limit),
                    _at_most(memory * part.memory / memories, box.memory_limit * 0.95),
                ),
            )

    def _weight(self, pod: PodState) -> Load | None:
        """Return a pod's part of its node's load; None where metrics-server has two readings of no
        container, which it needs."""
        place = self._nodes.get(pod.node)
        boxes = _running(pod)
        if place is None or not boxes:
            return None
        at = place[1].at
        if at - (pod.started or pod.since) < RESOLUTION:
            return None
        own = _share(pod.uid)
        wave = math.sin(2 * math.pi * (at / (90 + 240 * own) + own))
        parts = [_requested(box) for box in boxes]
        return Load(
            sum(part.cpu for part in parts) * (0.6 + 0.8 * own + 0.35 * wave),
            sum(part.memory for part in parts) * (0.8 + 0.3 * own + 0.02 * wave),
        )


def pod_load(pod: PodState, at: float) -> Load | None:
    """Return what a pod used about some time, by its requests alone; None if nothing runs."""
    boxes = _running(pod)
    if not boxes:
        return None
    own = _share(pod.uid)
    wave = math.sin(2 * math.pi * (at / (90 + 240 * own) + own))
    parts = [_requested(box) for box in boxes]
    return Load(
        sum(part.cpu for part in parts) * (0.5 + 0.5 * own + 0.2 * wave),
        sum(part.memory for part in parts) * (0.7 + 0.2 * own + 0.02 * wave),
    )


def _running(pod: PodState) -> tuple[Box, ...]:
    """Return the containers that run; only the first one ever fails."""
    if pod.stage in _UP:
        return pod.workload.boxes
    return pod.workload.boxes[1:] if pod.stage in _BROKEN else ()


def _requested(box: Box) -> Load:
    return Load(box.cpu or _LEAST[0], box.memory or _LEAST[1])


def _at_most(used: float, limit: float) -> float:
    return min(used, limit) if limit else used


def _share(name: str) -> float:
    """Return a number from 0 to 1 that is always the same for a name."""
    return zlib.crc32(name.encode()) / 2**32
