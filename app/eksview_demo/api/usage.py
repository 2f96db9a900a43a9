"""metrics.k8s.io as metrics-server serves it: the usage of the demo's nodes.

Usage follows from the requests of a node's pods and changes slowly.
"""

import math
import zlib
from typing import Any

from eksview_demo.api import access
from eksview_demo.api.access import User
from eksview_demo.cluster.authorizer import Attributes
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.node_state import NodeState
from eksview_demo.storage.resources import Resource
from eksview_demo.storage.status import not_found
from eksview_demo.storage.template import rfc3339

NODE_METRICS = Resource("nodes", "NodeMetrics", "", (), "metrics.k8s.io", namespaced=False)
VERSION = "v1beta1"
RESOLUTION = 15.0  # seconds between two readings of a node
_PATH = f"/apis/{NODE_METRICS.group}/{VERSION}/{NODE_METRICS.name}"
_SYSTEM = (70, 420)  # milli-cores and MiB that a node takes before any pod runs
_WAVE = 600.0  # seconds from one peak of the load to the next
_FULL = 0.97  # share of the memory in use under memory pressure


def asks(path: str) -> bool:
    """Return whether a path belongs to this API."""
    return path == _PATH or path.startswith(f"{_PATH}/")


def answer(cluster: DemoCluster, user: User, path: str) -> dict[str, Any]:
    """Return the metrics of all nodes, or of one. Raises StatusError."""
    name = path[len(_PATH) + 1 :]
    verb = "get" if name else "list"
    access.check(user, Attributes(verb, NODE_METRICS.name, NODE_METRICS.group, name=name))
    now = cluster.clock()
    about = {"kind": "NodeMetrics", "apiVersion": f"{NODE_METRICS.group}/{VERSION}"}
    if name:
        node = cluster.nodes.get(name)
        if node is None or not _scraped(node):
            raise not_found(f"nodemetrics.{NODE_METRICS.group}", name)
        return about | _metrics(node, now)
    items = [_metrics(node, now) for node in cluster.nodes.values() if _scraped(node)]
    return about | {"kind": "NodeMetricsList", "metadata": {}, "items": items}


def _scraped(node: NodeState) -> bool:
    # metrics-server omits the nodes whose kubelet doesn't answer.
    return not node.silent and node.ready == "True"


def _metrics(node: NodeState, now: float) -> dict[str, Any]:
    phase = zlib.crc32(node.name.encode()) / 2**32
    at = now - (now + phase * RESOLUTION) % RESOLUTION
    cpu, memory = _used(node, at, phase)
    return {
        "metadata": {"name": node.name, "creationTimestamp": rfc3339(now)},
        "timestamp": rfc3339(at),
        "window": f"{10 + phase:.3f}s",
        "usage": {"cpu": f"{round(cpu * 1e6)}n", "memory": f"{round(memory * 1024)}Ki"},
    }


def _used(node: NodeState, at: float, phase: float) -> tuple[float, float]:
    """Return milli-cores and MiB."""
    wave = math.sin(2 * math.pi * (at / _WAVE + phase))
    ripple = math.sin(at * (1.3 + phase)) * 0.06
    machine = node.group.machine
    cpu = _SYSTEM[0] + node.cpu * (0.45 + 0.5 * phase + 0.2 * wave + ripple)
    memory = _SYSTEM[1] + node.memory * (0.6 + 0.35 * phase + 0.03 * wave)
    if node.pressure:
        memory = machine.memory_allocatable * _FULL
    return min(cpu, machine.cores * 1000), min(memory, machine.memory_allocatable)
