"""The events of the demo cluster: a recurring one counts up, and only so many are kept."""

import random
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import TypeAlias

from eksview_demo.cluster.event_shape import EventState, event_draft
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.pods.pod_state import PodState
from eksview_demo.storage.resources import EVENTS
from eksview_demo.storage.storage import Storage
from eksview_demo.times import Clock

TIME_TO_LIVE = 3600.0  # seconds since the last time: kube-apiserver --event-ttl
FLUSH = 300.0  # seconds until the scheduler tries a pod again though nothing changed
_SYNC, _BURST, _REFILL = 12.0, 25, 300.0

Span: TypeAlias = tuple[float, float]
"""The first and the last time, in seconds since the epoch."""


class EventLog:
    """Stores what happens to nodes and pods. `attempts` counts the scheduler's, by result."""

    def __init__(
        self,
        storage: Storage,
        chance: random.Random,
        new_uid: Callable[[], str],
        clock: Clock,
        most: int,
    ) -> None:
        self._storage = storage
        self._chance = chance
        self._new_uid = new_uid
        self._clock = clock
        self._most = most
        self._recurring: OrderedDict[tuple[str, str, str], EventState] = OrderedDict()
        self.attempts: Counter[str] = Counter()

    def node(
        self,
        node: NodeState,
        reason: str,
        message: str,
        kind: str = "Normal",
        source: str = "kubelet",
    ) -> None:
        """Record that something happened to a node."""
        host = node.name if source == "kubelet" else ""
        about = ("Node", "", node.name, node.uid, "v1")
        self.record(about, (kind, reason, message), source, host)

    def pod(
        self,
        pod: PodState,
        reason: str,
        message: str,
        kind: str = "Normal",
        source: str = "kubelet",
        span: Span | None = None,
    ) -> None:
        """Record that something happened to a pod; `span`: again and again in that time."""
        about = ("Pod", pod.workload.namespace, pod.name, pod.uid, "v1")
        host = pod.node if source == "kubelet" else ""
        self.record(about, (kind, reason, message), source, host, span)

    def back_off(self, pod: PodState, span: Span | None = None) -> None:
        """Record that the kubelet waits before it restarts a container."""
        box = pod.workload.boxes[0]
        place = f"{pod.name}_{pod.workload.namespace}({pod.uid})"
        message = f"Back-off restarting failed container {box.name} in pod {place}"
        self.pod(pod, "BackOff", message, "Warning", span=span)

    def pull_failed(self, pod: PodState, span: Span | None = None) -> None:
        """Record that a pod's image doesn't exist."""
        image = pod.workload.boxes[0].image
        message = (
            f'Failed to pull image "{image}": rpc error: code = NotFound desc = failed to pull and '
            f'unpack image "{image}": failed to resolve reference "{image}": {image}: not found'
        )
        self.pod(pod, "Failed", message, "Warning", span=span)

    def unschedulable(self, pod: PodState, span: Span | None = None) -> None:
        """Record that no node takes a pod; `tried` says why."""
        times = 1 if span is None else _attempts(span[1] - span[0])
        self.attempts["unschedulable"] += times
        self.pod(pod, "FailedScheduling", pod.tried, "Warning", "default-scheduler", span=span)

    def record(
        self,
        about: tuple[str, str, str, str, str],
        event: tuple[str, str, str],
        source: str,
        host: str = "",
        span: Span | None = None,
    ) -> None:
        """Record an event: its type, reason and message.

        `about`: the object's kind, namespace, name, uid and apiVersion.
        """
        now = self._clock()
        key = (about[3], *event[1:])
        state = self._recurring.get(key)
        if state is not None:
            state.count += 1
            state.last = now
            self._recurring.move_to_end(key)
            self._storage.put(EVENTS, event_draft(state))
            return
        name = f"{about[2]}.{self._chance.getrandbits(60):015x}"
        state = EventState(name, self._new_uid(), *about, *event, source, now, now, host=host)
        if span is not None:
            state.first, state.last = span
            state.count = _repeats(source, span[1] - span[0])
        self._recurring[key] = state
        self._storage.put(EVENTS, event_draft(state))
        self._forget(now)

    def _forget(self, now: float) -> None:
        """Delete the events whose time to live is over, and the oldest of too many."""
        while self._recurring:
            oldest = next(iter(self._recurring.values()))
            if len(self._recurring) <= self._most and now - oldest.last < TIME_TO_LIVE:
                return
            self._recurring.popitem(last=False)
            self._storage.delete(EVENTS, oldest.key)


def _repeats(source: str, seconds: float) -> int:
    """Return how often an event was recorded in so many seconds, its source's limits kept."""
    if source == "default-scheduler":
        return _attempts(seconds)
    # client-go's spam filter: 25 events of an object at once, then one in five minutes.
    return 1 + int(min(seconds / _SYNC, _BURST + seconds / _REFILL))


def _attempts(seconds: float) -> int:
    """Return how often the scheduler tries a pod in a cluster in which nothing else happens."""
    return 1 + int(seconds / FLUSH)
