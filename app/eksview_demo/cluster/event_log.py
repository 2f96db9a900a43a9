"""The events of the demo cluster: a recurring one counts up, and only so many are kept."""

import random
from collections import Counter, deque
from collections.abc import Callable

from eksview_demo.cluster import small_objects
from eksview_demo.cluster.node_state import NodeState
from eksview_demo.cluster.pod_state import PodState
from eksview_demo.cluster.small_objects import EventState
from eksview_demo.storage.resources import EVENTS
from eksview_demo.storage.storage import Storage
from eksview_demo.times import Clock


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
        self._keys: deque[str] = deque()
        self._recurring: dict[tuple[str, str], EventState] = {}
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
        self._record(("Node", "", node.name, node.uid), kind, reason, message, source, host)

    def pod(
        self,
        pod: PodState,
        reason: str,
        message: str,
        kind: str = "Normal",
        source: str = "kubelet",
    ) -> None:
        """Record that something happened to a pod."""
        about = ("Pod", pod.workload.namespace, pod.name, pod.uid)
        self._record(about, kind, reason, message, source, pod.node if source == "kubelet" else "")

    def back_off(self, pod: PodState) -> None:
        """Record that the kubelet waits before it restarts a container."""
        box = pod.workload.boxes[0]
        message = f"Back-off restarting failed container {box.name} in pod {pod.name}"
        self.pod(pod, "BackOff", message, "Warning")

    def pull_failed(self, pod: PodState) -> None:
        """Record that a pod's image doesn't exist."""
        message = f'Failed to pull image "{pod.workload.boxes[0].image}": not found'
        self.pod(pod, "Failed", message, "Warning")

    def unschedulable(self, pod: PodState, nodes: int) -> None:
        """Record that none of so many nodes has room for a pod."""
        self.attempts["unschedulable"] += 1
        message = f"0/{nodes} nodes are available: {nodes} Insufficient cpu."
        self.pod(pod, "FailedScheduling", message, "Warning", "default-scheduler")

    def _record(
        self,
        about: tuple[str, str, str, str],
        kind: str,
        reason: str,
        message: str,
        source: str,
        host: str,
    ) -> None:
        now = self._clock()
        again = self._recurring.get((about[3], reason))
        if again is not None and again.key in self._storage.table(EVENTS).objects:
            again.count += 1
            again.last, again.message = now, message
            self._storage.put(EVENTS, small_objects.event(again))
            return
        stamp = f"{self._chance.getrandbits(60):015x}"
        state = EventState(
            f"{about[2]}.{stamp}", self._new_uid(), *about, kind, reason, message, source, now, now
        )
        state.host = host
        self._recurring[about[3], reason] = state
        self._keys.append(state.key)
        self._storage.put(EVENTS, small_objects.event(state))
        while len(self._keys) > self._most:
            self._forget()

    def _forget(self) -> None:
        """Delete the oldest event: its time to live is over."""
        self._storage.delete(EVENTS, self._keys.popleft())
        if len(self._recurring) > 2 * self._most:
            oldest = list(self._recurring)[: self._most]
            for key in oldest:
                del self._recurring[key]
