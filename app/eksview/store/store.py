"""The tables, and the joins and sums that every event keeps up to date in constant time."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from eksview.domain.base.reading import Reading, value_of
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import FactKey, Facts
from eksview.domain.live.trust import Trust, trust
from eksview.domain.live.watch_scope import link_of_pods
from eksview.domain.resources.usage import fresh
from eksview.domain.rows.access import EndpointFact
from eksview.domain.rows.aws import InstanceRow, SessionRow
from eksview.domain.rows.kube import EventRow, Kind, LeaseRow, NodeRow, PodRow, Row, UsageRow
from eksview.domain.rows.link import Link
from eksview.domain.rows.server import Probe
from eksview.store.changes import Changes
from eksview.store.mailbox import in_scope
from eksview.store.node_instance_join import JOINED_KINDS, NodeMapping

NODE_LEASES = "kube-node-lease"
SYSTEM = "kube-system"
LATENCIES = 120
"""Answers of a probe that are remembered: ten minutes of one every five seconds."""
TRACED = 2000
"""Calls that are remembered."""
SLICE = 500
"""Rows compared between two chances to handle a key."""

_NOTHING = PodTotals()
_UNREAD = PodTotals.unread()

T = TypeVar("T")


class Store:
    """What is known now. Owned by one loop; whoever reads it must not change what it returns."""

    def __init__(self) -> None:
        self.nodes: dict[str, NodeRow] = {}
        self.pods: dict[str, PodRow] = {}
        self.leases: dict[str, LeaseRow] = {}
        self.events: dict[str, EventRow] = {}
        self.links: dict[str, Link] = {}
        self.facts = Facts()
        self.requests: dict[str, ApiCall] = {}
        self._tables: dict[Kind, dict[str, Row]] = {
            Kind.NODE: self.nodes,  # type: ignore[dict-item]  # dict is invariant; one key, one type
            Kind.POD: self.pods,  # type: ignore[dict-item]
            Kind.LEASE: self.leases,  # type: ignore[dict-item]
            Kind.EVENT: self.events,  # type: ignore[dict-item]
        }
        for kind in Kind:
            self._tables.setdefault(kind, {})
        self.mapping = NodeMapping(self._tables)
        self._pods_of: dict[str, set[str]] = {}
        self._sums: dict[str, PodTotals] = {}
        self._events_about: dict[str, set[str]] = {}
        self._static: set[str] = set()
        self._system: dict[str, LeaseRow] = {}
        self._latencies: dict[str, deque[float]] = {}
        self._changes = Changes()
        self._unread = False  # pods as a whole

    # reading

    def table(self, kind: Kind) -> Mapping[str, Row]:
        """A table by its kind, rows by key; those of nodes and pods have attributes too."""
        return self._tables[kind]

    def instances(self) -> Mapping[str, InstanceRow]:
        """The EC2 instances by id."""
        return self._tables[Kind.INSTANCE]  # type: ignore[return-value]

    def pods_of(self, node: str) -> Iterator[PodRow]:
        """The pods bound to a node; those bound to none under the empty name."""
        return (self.pods[uid] for uid in self._pods_of.get(node, ()))

    def sums_of(self, node: str) -> PodTotals:
        """The running sums of a node's pods; all zero for a node without any.

        Less than nothing where its pods aren't read, neither with all others nor by themselves.
        """
        if self._unread and self._unread_alone(node):
            return _UNREAD
        return self._sums.get(node, _NOTHING)

    def _unread_alone(self, node: str) -> bool:
        link = self.links.get(link_of_pods(node))
        return link is None or trust(link) in (Trust.ABSENT, Trust.LOADING)

    def lease_of(self, node: str) -> LeaseRow | None:
        """A node's heartbeat."""
        return self.leases.get(f"{NODE_LEASES}/{node}")

    def usage_of(self, node: str, now: float) -> UsageRow | None:
        """The latest reading of what a node uses, while it says something about now."""
        return fresh(self._tables[Kind.USAGE].get(node), now)  # type: ignore[arg-type]

    def events_about(self, about: str) -> list[EventRow]:
        """The events of one object, named `Kind/namespace/name`, in no order."""
        return [self.events[uid] for uid in self._events_about.get(about, ())]

    def static_pods(self) -> Iterator[PodRow]:
        """The control plane's own pods, where the cluster hosts it itself."""
        return (self.pods[uid] for uid in self._static)

    def system_leases(self) -> Iterable[LeaseRow]:
        """The leaders' claims and the API servers' identities."""
        return self._system.values()

    def latencies(self, probe: str) -> tuple[float, ...]:
        """How long a probe's latest answers took, in seconds, oldest first."""
        return tuple(self._latencies.get(probe, ()))

    def take_changes(self) -> Changes:
        """What changed since the last call."""
        changes, self._changes = self._changes, Changes()
        changes.mapping, changes.mapping_members = self.mapping.take_changed()
        return changes

    # writing

    def put(self, kind: Kind, row: Row) -> None:
        """Add or replace a row."""
        self._put(kind, row)
        self.mapping.settle_few()

    def _put(self, kind: Kind, row: Row) -> None:
        table = self._tables[kind]
        old = table.get(row.key)
        if old is row:
            return
        table[row.key] = row
        if old is None:
            self._changes.members.add(kind)
        self._joined(old, row)
        if kind in JOINED_KINDS:
            self.mapping.touched(old, row)
        self._touch(kind, row)

    def drop(self, kind: Kind, row: Row) -> None:
        """Remove a row, unless its place was taken by an object of the same name."""
        self._drop(kind, row)
        self.mapping.settle_few()

    def _drop(self, kind: Kind, row: Row) -> None:
        table = self._tables[kind]
        old = table.get(row.key)
        if old is None or old.uid != row.uid:
            return
        del table[row.key]
        self._changes.members.add(kind)
        self._joined(old, None)
        if kind in JOINED_KINDS:
            self.mapping.touched(old, None)
        self._touch(kind, old)

    def swap(self, kind: Kind, rows: Sequence[Row], scope: str = "") -> Iterator[None]:
        """Replace a table by the list just read, in one step at the very end.

        The comparison comes first, in slices, so that keys are handled between them; only what
        really differs is then changed. Iterate to the end to have it done.
        """
        table = self._tables[kind]
        listed: set[str] = set()
        differing: list[Row] = []
        for number, row in enumerate(rows):
            listed.add(row.key)
            old = table.get(row.key)
            if old is not row and old != row:
                differing.append(row)
            if number % SLICE == SLICE - 1:
                yield
        ghosts = [row for key, row in table.items() if key not in listed and in_scope(row, scope)]
        for row in ghosts:
            self._drop(kind, row)
        for row in differing:
            self._put(kind, row)
        yield from self.mapping.settle()

    def set_link(self, link: Link) -> None:
        """A link's new state."""
        self.links[link.name] = link
        if link.name == Kind.POD.value:
            self._unread = trust(link) is Trust.ABSENT
        self._changes.links.add(link.name)
        self.mapping.heard(link)
        self.mapping.settle_few()

    def set_fact(self, key: FactKey[T], reading: Reading[T]) -> None:
        """Replace a single value."""
        self.facts.put(key, reading)
        took = _took(value_of(reading))
        if took is not None:
            self._latencies.setdefault(key.name, deque(maxlen=LATENCIES)).append(took)
        self._changes.facts.add(key.name)

    def set_request(self, request: ApiCall) -> None:
        """A call that was made, or what became of it; only the latest are kept."""
        self.requests[request.key] = request
        if len(self.requests) > TRACED:
            del self.requests[next(iter(self.requests))]
        self._changes.requests.add(request.key)

    def reset(self) -> None:
        """Forget everything, at once."""
        for table in self._tables.values():
            table.clear()
        self.mapping.reset()
        self.links.clear()
        self.facts.clear()
        self._pods_of.clear()
        self._sums.clear()
        self._events_about.clear()
        self._static.clear()
        self._system.clear()
        self._latencies.clear()
        self._unread = False
        self._changes = Changes(reset=True, members=set(Kind))

    # joins

    def _joined(self, old: Row | None, new: Row | None) -> None:
        if isinstance(old, PodRow):
            self._unbind(old)
        if isinstance(new, PodRow):
            self._bind(new)
        if isinstance(old, LeaseRow):
            self._system.pop(old.key, None)
        if isinstance(new, LeaseRow) and new.namespace == SYSTEM:
            self._system[new.key] = new
        if isinstance(old, EventRow):
            self._forget(old)
        if isinstance(new, EventRow):
            self._events_about.setdefault(new.about, set()).add(new.uid)

    def _bind(self, pod: PodRow) -> None:
        pods = self._pods_of.get(pod.node)
        if pods is None:
            pods = self._pods_of[pod.node] = set()
            self._sums[pod.node] = PodTotals()
        pods.add(pod.uid)
        self._sums[pod.node].add(pod)
        if pod.namespace == SYSTEM and "tier=control-plane" in pod.labels:
            self._static.add(pod.uid)

    def _unbind(self, pod: PodRow) -> None:
        pods = self._pods_of[pod.node]
        pods.discard(pod.uid)
        self._sums[pod.node].remove(pod)
        if not pods:
            del self._pods_of[pod.node]
            del self._sums[pod.node]
        self._static.discard(pod.uid)
        self._changes.nodes.add(pod.node)

    def _forget(self, event: EventRow) -> None:
        about = self._events_about[event.about]
        about.discard(event.uid)
        if not about:
            del self._events_about[event.about]

    def _touch(self, kind: Kind, row: Row) -> None:
        match row:
            case NodeRow():
                self._changes.nodes.add(row.name)
            case PodRow():
                self._changes.pods.add(row.uid)
                self._changes.nodes.add(row.node)
            case LeaseRow():
                self._changes.leases.add(row.key)
                if row.namespace == NODE_LEASES:
                    self._changes.nodes.add(row.name)
            case EventRow():
                self._changes.events.add(row.uid)
            case UsageRow():
                self._changes.nodes.add(row.name)
            case SessionRow():
                self._changes.others.setdefault(kind, set()).add(row.key)
                machine = self.mapping.of_instance(row.target)
                self._changes.nodes.update({machine.node} if machine and machine.node else ())
            case _:
                self._changes.others.setdefault(kind, set()).add(row.key)


def _took(fact: object) -> float | None:
    """How long it took to be answered, of the facts of which that is remembered."""
    match fact:
        case Probe():
            return fact.latency
        case EndpointFact():
            return fact.total
    return None
