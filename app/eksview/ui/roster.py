"""How every worker is doing, kept up to date per event and per passing deadline."""

from collections import Counter
from collections.abc import Iterable
from math import inf
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.health import Health
from eksview.domain.links import HEALTH, Trust, trust
from eksview.domain.node_status import (
    headline,
    heartbeat_health,
    node_health,
    status_text,
)
from eksview.domain.rows import Kind, LeaseRow, NodeRow
from eksview.domain.text import clean
from eksview.store.store import Store
from eksview.ui.layout.blocks import Spot, spot

Mood: TypeAlias = tuple[Health, str]
"""How a node is, and the word for it."""

Judged: TypeAlias = tuple[NodeRow | None, LeaseRow | None, Health]
"""What a judgement was made of, so that it isn't made again."""

TROUBLE = (Health.WARN, Health.BAD)
_NOTHING: Judged = (None, None, Health.UNKNOWN)
_DURATION = 40  # seconds a node's lease lasts, if it doesn't say
_TOLERANCES = (1.0, 1.25)  # of it, after which a heartbeat is late and then missing


class State(Struct, frozen=True, gc=False):
    """One node, judged."""

    health: Health
    word: str  # "Ready", or the worst thing about it; clean
    status: str  # as kubectl prints it

    @property
    def mood(self) -> Mood:
        """What it counts as."""
        return self.health, self.word

    @property
    def ready(self) -> bool:
        """Whether kubectl would call it Ready, cordoned or not."""
        return self.status.startswith("Ready")


class Roster:
    """States and spots of all nodes, and how many there are of each mood.

    A lease that is no longer confirmed proves nothing: while its stream isn't live, nodes are
    judged without it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.states: dict[str, State] = {}
        self.spots: dict[str, Spot] = {}
        self.moods: Counter[Mood] = Counter()
        self.unwell: set[str] = set()
        self.heartbeats = False
        self._due: dict[str, float] = {}
        self._judged: dict[str, Judged] = {}
        self._nodes: dict[str, NodeRow] = {}

    def renew(self, names: Iterable[str], now: float) -> set[str]:
        """Judge these nodes again; returns those that look different."""
        changed = set()
        for name in names:
            if self._judge(name, now):
                changed.add(name)
        return changed

    def leave(self) -> bool:
        """Forget the nodes that are no longer there; whether there were any."""
        gone = self.states.keys() - self._store.nodes.keys()
        for name in gone:
            self._forget(name)
        return bool(gone)

    def overdue(self, now: float) -> list[str]:
        """Nodes whose silence has just become long enough to say so."""
        return [name for name, due in self._due.items() if due <= now]

    def listen(self) -> bool:
        """Look whether heartbeats can be trusted; True if that has changed."""
        links = self._store.links
        live = trust(links.get(Kind.LEASE.value), links.get(HEALTH)) is Trust.LIVE
        changed, self.heartbeats = live is not self.heartbeats, live
        return changed

    def node(self, name: str) -> NodeRow:
        """The node as it was judged: a screen that was hidden may still draw one that has left."""
        return self._nodes[name]

    def lease_of(self, name: str) -> LeaseRow | None:
        """A node's heartbeat, if it can be trusted."""
        return self._store.lease_of(name) if self.heartbeats else None

    def strays(self, names: Iterable[str]) -> bool:
        """Whether any of these nodes has been given another group or zone."""
        found = False
        for name in names:
            node, before = self._store.nodes.get(name), self.spots.get(name)
            if node is not None and (before is None or before.labels is not node.labels):
                after = self.spots[name] = spot(node)
                found = found or before is None or _moved(before, after)
        return found

    def _judge(self, name: str, now: float) -> bool:
        node = self._store.nodes.get(name)
        if node is None:
            return False
        lease = self.lease_of(name)
        known, seen, before = self._judged.get(name, _NOTHING)
        if known is node and seen is lease and now < self._due[name]:
            return False
        self._due[name] = _next(lease, now)
        beat = heartbeat_health(lease, now)
        self._judged[name] = (node, lease, beat)
        self._nodes[name] = node
        if known is node and before is beat:
            return False
        word = clean(headline(node, lease, now))
        return self._restate(name, State(node_health(node, lease, now), word, status_text(node)))

    def _restate(self, name: str, state: State) -> bool:
        before = self.states.get(name)
        if before == state:
            return False
        if before is not None:
            self.moods[before.mood] -= 1
        self.moods[state.mood] += 1
        (self.unwell.add if state.health in TROUBLE else self.unwell.discard)(name)
        self.states[name] = state
        return True

    def _forget(self, name: str) -> None:
        self.moods[self.states.pop(name).mood] -= 1
        self.unwell.discard(name)
        self._due.pop(name, None)
        self._judged.pop(name, None)
        self._nodes.pop(name, None)
        self.spots.pop(name, None)


def _moved(before: Spot, after: Spot) -> bool:
    return (before.group, before.zone) != (after.group, after.zone)


def _next(lease: LeaseRow | None, now: float) -> float:
    """When a heartbeat, should none follow, is judged differently; never, if it is the worst."""
    if lease is None or lease.renewed is None:
        return inf
    duration = lease.duration or _DURATION
    steps = (lease.renewed + duration * each + 0.001 for each in _TOLERANCES)
    return next((at for at in steps if at > now), inf)
