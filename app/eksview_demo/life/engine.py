"""The life of the demo cluster: heartbeats, pods coming and going, and the story.

Everything that happens over time is a script: a generator that yields how many seconds to wait
before it goes on. `Life.step` runs what is due; it knows no other time than the cluster's clock, so
tests drive it without waiting.
"""

import asyncio
import heapq
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial
from itertools import count

from msgspec import Struct

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.objects.leaders import Leader
from eksview_demo.cluster.pods import containers
from eksview_demo.cluster.pods.pod_state import Stage
from eksview_demo.cluster.workloads import CRASHING, Workload
from eksview_demo.life import pod_scripts, story
from eksview_demo.life.pod_scripts import Script


class Pool:
    """Keys, each held once; adding and drawing take constant time."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._keys = list(keys)
        self._held = set(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: str) -> None:
        """Put a key in, unless it is there."""
        if key not in self._held:
            self._held.add(key)
            self._keys.append(key)

    def draw(self, chance: random.Random) -> str | None:
        """Take any key out; None when it is empty."""
        if not self._keys:
            return None
        at = chance.randrange(len(self._keys))
        self._keys[at], self._keys[-1] = self._keys[-1], self._keys[at]
        key = self._keys.pop()
        self._held.remove(key)
        return key


HEARTBEAT = 10.0  # seconds between a kubelet's renewals of its lease
REPORT = 300.0  # seconds between its status reports when nothing changed

_REPLACED, _PROBED = 0.55, 0.70  # shares of the churn: pods replaced, and probes that fail
_SHORTEST, _LONGEST = 0.02, 0.25  # seconds between two steps
_AHEAD = 1.0  # seconds of churn that may be owed: a pause isn't made up for in one burst


class _Flow(Struct):
    """A script paid for in advance: so many changes were set aside for it."""

    script: Script
    paid: int
    spent: int = 0


class Life:
    """The scheduler of scripts. `churn`: changes a second over all resources, with heartbeats.

    Heartbeats go on whatever the churn, so many nodes may make more changes than that.
    """

    def __init__(self, cluster: DemoCluster, churn: float = 6.0, tell: bool = True) -> None:
        self.cluster = cluster
        cluster.begin = self._begin_now
        self.churn = churn
        self._due: list[tuple[float, int, Callable[[], float | None]]] = []
        self._order = count()
        self._owed = 0.0
        self._prepaid = 0  # changes of this step that were set aside before
        self._last = cluster.clock()
        self._pool = Pool(pod.key for pod in cluster.pods.values() if _movable(pod.workload))
        now = cluster.clock()
        script = story.story(self) if tell else None  # it may have stopped a node some time ago
        for node in cluster.nodes.values():
            self.follow(node, max(0.0, node.renewed + HEARTBEAT - now))
        for leader in cluster.leaders:
            self._lead(leader)
        if script is not None:
            self.begin(script)

    # what is due

    def begin(self, script: Script, after: float = 0.0) -> None:
        """Run a script from now on, or from so many seconds later."""
        self._at(after, lambda: next(script, None))

    def _begin_now(self, script: Iterator[float]) -> None:
        """Run the first step of a script at once, for a client that reads the object again."""
        wait = next(script, None)
        if wait is not None:
            self._at(wait, lambda: next(script, None))

    def follow(self, node: NodeState, first: float = HEARTBEAT) -> None:
        """Let a node's kubelet beat and report until the node is gone."""
        cluster = self.cluster

        def beat() -> float | None:
            if cluster.nodes.get(node.name) is not node:
                return None
            if not node.silent:
                cluster.renew(node)
            return HEARTBEAT

        def report() -> float | None:
            if cluster.nodes.get(node.name) is not node:
                return None
            if not node.silent:
                cluster.report(node)
            return REPORT

        self._at(first, beat)
        self._at(max(0.0, node.heard + REPORT - cluster.clock()), report)

    def _lead(self, leader: Leader) -> None:
        def renew() -> float:
            self.cluster.renew_leader(leader)
            return leader.every

        self._at(self.cluster.chance.uniform(0, leader.every), renew)

    def _at(self, after: float, action: Callable[[], float | None]) -> None:
        heapq.heappush(self._due, (self.cluster.clock() + after, next(self._order), action))

    def step(self) -> float:
        """Do all that is due by now; return the seconds until more is."""
        now = self.cluster.clock()
        before = self.cluster.storage.changes
        self._prepaid = 0
        self._run_due(now)
        self._owed += self.churn * (now - self._last)
        self._owed -= self.cluster.storage.changes - before - self._prepaid
        self._owed = min(self._owed, self.churn * _AHEAD)
        self._last = now
        self._stir()
        next_due = self._due[0][0] - now if self._due else _LONGEST
        next_stir = (1 - self._owed) / self.churn if self.churn > 0 else _LONGEST
        return min(max(min(next_due, next_stir), _SHORTEST), _LONGEST)

    def _run_due(self, now: float) -> None:
        while self._due and self._due[0][0] <= now:
            when, _, action = heapq.heappop(self._due)
            again = action()
            if again is not None:
                # Counted from when it was due, so that a late step doesn't slow the heart.
                at = max(when + again, now - HEARTBEAT)
                heapq.heappush(self._due, (at, next(self._order), action))

    # churn

    def _stir(self) -> None:
        """Start as many scripts as are owed."""
        while self._owed >= 1:
            script, price = self._something()
            if script is None:
                return
            self._owed -= price
            flow = _Flow(script, price)
            again = self._advance(flow)
            if again is not None:
                self._at(again, partial(self._advance, flow))

    def _advance(self, flow: _Flow) -> float | None:
        storage = self.cluster.storage
        before = storage.changes
        again = next(flow.script, None)
        spent = storage.changes - before
        flow.spent += spent
        self._prepaid += spent
        if again is None:
            self._owed += flow.paid - flow.spent
        return again

    def _something(self) -> tuple[Script | None, int]:
        """Return a random script, and about how many changes it makes."""
        cluster, dice = self.cluster, self.cluster.chance.random()
        key = self._pick()
        if key is None:
            return self._busywork()
        pod = cluster.pods[key]
        again = dice >= _PROBED and containers.backs_off(pod, cluster.clock())
        if dice < _REPLACED or again:  # a pod that fails a second time would be in a crash loop
            return self._replace(key), pod_scripts.REPLACE_PRICE
        if dice < _PROBED and pod.workload.boxes[0].port:
            return self._keep(key, pod_scripts.probe_fails(cluster, pod)), 2
        if dice < 0.90:
            return self._keep(key, pod_scripts.restart(cluster, pod)), 10
        self._pool.add(key)
        return pod_scripts.job(cluster), pod_scripts.JOB_PRICE

    def _busywork(self) -> tuple[Script | None, int]:
        """Return a status report out of turn, for when every pod is busy already."""
        nodes = [node for node in self.cluster.nodes.values() if not node.silent]
        if not nodes:
            return None, 0
        return pod_scripts.report(self.cluster, self.cluster.chance.choice(nodes)), 1

    def _replace(self, key: str) -> Script:
        """Replace a pod; its successor takes part in the churn later."""
        cluster = self.cluster
        new = yield from pod_scripts.replace(cluster, cluster.pods[key])
        self._pool.add(new)

    def _keep(self, key: str, script: Script) -> Script:
        yield from script
        self._pool.add(key)

    def _pick(self) -> str | None:
        """Take a running pod out of the pool in constant time."""
        cluster = self.cluster
        while (key := self._pool.draw(cluster.chance)) is not None:
            pod = cluster.pods.get(key)
            if pod is None or pod.stage is not Stage.RUNNING or pod.deleted:
                continue
            if not cluster.nodes[pod.node].silent:
                return key
        return None

    def welcome(self, key: str) -> None:
        """Let a pod of the story take part in the churn, if its kind ever does."""
        pod = self.cluster.pods.get(key)
        if pod is not None and _movable(pod.workload):
            self._pool.add(key)


def _movable(workload: Workload) -> bool:
    """Return whether the churn may replace its pods; a Fargate pod takes its node with it."""
    crashes = workload.key == CRASHING.key
    return workload.kind == "Deployment" and not workload.fargate and not crashes


async def live(life: Life, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Step until cancelled."""
    while True:
        await sleep(life.step())
