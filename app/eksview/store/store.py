"""The tables, and the joins and totals that every event updates in constant time."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import time
from typing import Any, TypeVar

from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Reading, last_of, value_of
from eksview.domain.kube.node_names import NodeNames
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.kube.server_table import ObjectTableKey, TableColumns
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.clock_skew import ClockSkew, moved
from eksview.domain.live.facts import FactKey, Facts
from eksview.domain.live.messages import AnyRow, TableKey
from eksview.domain.live.trust import HEALTH, Trust, trust
from eksview.domain.live.watch_scope import link_of_pods
from eksview.domain.rows.access import EndpointFact
from eksview.domain.rows.aws import InstanceRow, SessionRow
from eksview.domain.rows.kube import (
    KIND_OF,
    EventRow,
    Kind,
    LeaseRow,
    NodeRow,
    PodRow,
    RowT,
    UsageRow,
    in_scope,
    undecoded_reason,
)
from eksview.domain.rows.link import Link
from eksview.domain.rows.server import Probe
from eksview.domain.rows.usage_age import fresh
from eksview.store.changes import Changes
from eksview.store.event_index import EventIndex
from eksview.store.heartbeat_trust import HeartbeatTrust
from eksview.store.lease_index import NODE_LEASES, LeaseIndex
from eksview.store.node_instance_join import Indexer, NodeMapping, node_of_target
from eksview.store.object_table import ObjectTables
from eksview.store.pod_index import PodIndex
from eksview.store.pod_usage_table import PodUsageTable
from eksview.store.server_time import ServerTime
from eksview.store.usage_rings import UsageRings

LATENCIES = 120
"""Latencies kept per probe: ten minutes at one every five seconds."""
TRACED = 2000
"""API calls kept."""
SLICE = 500
"""Rows compared before the loop may handle a key."""

_NOTHING = PodTotals()
_UNREAD = PodTotals.unread()

T = TypeVar("T")


class Store:
    """The current state. One loop owns it; readers must not change what it returns.

    Its times are the API server's: stamps of this machine are moved when they come in.
    """

    def __init__(self, clock: Clock = time) -> None:
        self.time = ServerTime(clock)
        self._listing = False
        self._tables: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
        self.nodes = self.table(NodeRow)
        self.names = NodeNames(self.nodes)
        self.pods = self.table(PodRow)
        self.pod_usage = PodUsageTable(self._tables[Kind.POD_USAGE])
        self.usage_rings = UsageRings(self.nodes, self.time.now)
        self.leases = self.table(LeaseRow)
        self.events = self.table(EventRow)
        self.instances = self.table(InstanceRow)
        self.links: dict[str, Link] = {}
        self.facts = Facts()
        self.heartbeats = HeartbeatTrust()
        self.requests: dict[str, ApiCall] = {}
        self.mapping = NodeMapping(self._tables)
        self._pod_index = PodIndex()
        self.event_index = EventIndex()
        self.objects = ObjectTables()
        self._indexers: dict[Kind, Indexer] = {
            Kind.POD: self._pod_index.change,
            Kind.LEASE: self._index_lease,
            Kind.EVENT: self.event_index.change,
            **self.mapping.indexers,
            Kind.NODE: _each(
                self.names.index, self.mapping.indexers[Kind.NODE], self.usage_rings.change_node
            ),
            Kind.USAGE: self.usage_rings.change,
        }
        self._lease_index = LeaseIndex()
        self.dated_leases = self._lease_index.dated
        self.renewal_periods = self._lease_index.periods
        self._latencies: dict[str, deque[float]] = {}
        self._changes = Changes()
        self.undecoded: set[tuple[TableKey, str]] = set()  # keys of objects that couldn't be
        self._pods_unread = False  # of the whole cluster

    # reading

    def table(self, row: type[RowT]) -> Mapping[str, RowT]:
        """Return the rows of a type by key, a view that follows the table."""
        return self._tables[KIND_OF[row]]

    def pods_of(self, node: str) -> Iterator[PodRow]:
        """Yield the pods bound to a node; with an empty name, those bound to none."""
        return (self.pods[uid] for uid in self._pod_index.uids.get(node, ()))

    def pod_totals_of(self, node: str) -> PodTotals:
        """Return the totals of a node's pods: zero without pods, negative while they are unread."""
        if self._pods_unread:
            link = self.links.get(link_of_pods(node))  # the pods of this node alone
            if link is None or link.only or trust(link) in (Trust.ABSENT, Trust.LOADING):
                return _UNREAD
        return self._pod_index.totals.get(node, _NOTHING)

    def heartbeats_late_from(self, seconds: int) -> None:
        """Judge heartbeats by an age, each from its next renewal on; 0: by their leases."""
        self._lease_index.late = seconds

    def lease_of(self, node: str) -> LeaseRow | None:
        """Return the lease a node's kubelet renews."""
        return self.dated_leases.get(f"{NODE_LEASES}/{node}")

    def usage_of(self, node: str, now: float) -> UsageRow | None:
        """Return a node's latest usage unless it is too old."""
        return fresh(self._tables[Kind.USAGE].get(node), now)

    def events_about(self, about: str) -> list[EventRow]:
        """Return the events of an object, named `Kind/namespace/name`, in no order."""
        return [self.events[uid] for uid in self.event_index.about(about)]

    def static_pods(self) -> Iterator[PodRow]:
        """Yield the control plane's static pods; none on a managed cluster."""
        return (self.pods[uid] for uid in self._pod_index.static)

    def system_leases(self) -> Iterable[LeaseRow]:
        """Return the leases of kube-system: leaders and API server identities."""
        return self._lease_index.system.values()

    def latencies(self, probe: str) -> tuple[float, ...]:
        """Return the latencies of a probe's latest answers in seconds, oldest first."""
        return tuple(self._latencies.get(probe, ()))

    def take_changes(self) -> Changes:
        """Return what changed since the last call."""
        changes, self._changes = self._changes, Changes()
        changes.nodes |= self._pod_index.take_changed()
        changes.mapping, changes.mapping_members = self.mapping.take_changed()
        return changes

    # writing

    def put(self, kind: TableKey, row: AnyRow) -> None:
        """Add or replace a row."""
        self._put(kind, row)
        self.mapping.settle_few()

    def _table(self, kind: TableKey) -> tuple[dict[str, Any], Indexer | None]:
        """Return the rows of a table, and what takes note of their changes."""
        if isinstance(kind, Kind):
            return self._tables[kind], self._indexers.get(kind)
        table = self.objects.held(kind)
        return table.rows, table.index

    def _put(self, kind: TableKey, row: AnyRow) -> None:
        (table, index), key = self._table(kind), row.key
        old = table.get(key)
        if old is row:
            return
        table[key] = row
        if undecoded_reason(row):
            self.undecoded.add((kind, key))
        elif self.undecoded:
            self.undecoded.discard((kind, key))
        if old is None:
            self._changes.members.add(kind)
        if index:
            try:
                index(old, row)
            except Exception:
                del table[key]  # the next list puts it again
                raise
        _touch(self._changes, self.mapping, kind, row)

    def drop(self, kind: TableKey, row: AnyRow) -> None:
        """Remove a row unless another object of the same name has replaced it."""
        self._drop(kind, row)
        self.mapping.settle_few()

    def _drop(self, kind: TableKey, row: AnyRow) -> None:
        (table, index), key = self._table(kind), row.key
        old = table.get(key)
        if old is None or old.uid != row.uid:
            return
        del table[key]
        self.undecoded.discard((kind, key))
        self._changes.members.add(kind)
        if index:
            index(old, None)
        _touch(self._changes, self.mapping, kind, old)

    def swap(
        self,
        kind: TableKey,
        rows: Sequence[AnyRow],
        scope: str = "",
        columns: TableColumns | None = None,
    ) -> Iterator[None]:
        """Replace a table by the list just read, in one step at the end of the iteration.

        The rows are compared first, in slices between which the loop handles keys; then only the
        differences are applied.
        """
        if kind is Kind.POD_USAGE:
            yield from self.pod_usage.replace(rows, scope)
            self.usage_rings.add_pods(self._tables[kind])
            self._changes.members.add(kind)
            return
        table, _ = self._table(kind)
        if columns is not None and isinstance(kind, ObjectTableKey):
            self.objects.held(kind).declare(columns)
        listed: set[str] = set()
        differing: list[AnyRow] = []
        for number, row in enumerate(rows):
            key = row.key
            listed.add(key)
            old = table.get(key)
            if old is not row and old != row:
                differing.append(row)
            if number % SLICE == SLICE - 1:
                yield
        ghosts = [row for key, row in table.items() if key not in listed and in_scope(row, scope)]
        problem = self._apply_list(kind, ghosts, differing)
        yield from self.mapping.settle()
        if problem is not None:
            raise problem

    def _apply_list(
        self, kind: TableKey, ghosts: Iterable[AnyRow], differing: Iterable[AnyRow]
    ) -> Exception | None:
        """Apply the differences of a list; return a row's failure, which stops no other row."""
        problem: Exception | None = None
        self._listing = True
        for change, rows in ((self._drop, ghosts), (self._put, differing)):
            for row in rows:
                try:
                    change(kind, row)
                except Exception as error:
                    problem = error
        self._listing = False
        return problem

    def forget(self, key: ObjectTableKey) -> None:
        """Remove a table of the server with its links."""
        gone = self.objects.forget(key)
        self.undecoded.difference_update((key, each) for each in gone)
        self._changes.tables.setdefault(key, set()).update(gone)
        self._changes.members.add(key)
        for name in list(filter(key.has_link, self.links)):
            del self.links[name]
            self._changes.links.add(name)

    def set_link(self, link: Link) -> None:
        """Store a link's new state."""
        link = self.links[link.name] = moved(link, -self.time.ahead)
        if link.name == Kind.POD.value:
            self._pods_unread = trust(link) is Trust.ABSENT or bool(link.only)
        self._changes.links.add(link.name)
        if link.name in (HEALTH, Kind.LEASE.value):
            self.heartbeats.update(self.links, self.facts.probes(), link.since)
        self.mapping.heard(link)
        self.mapping.settle_few()

    def set_fact(self, key: FactKey[T], reading: Reading[T]) -> None:
        """Store the new reading of a fact."""
        if key.value is ClockSkew and isinstance(skew := value_of(reading), ClockSkew):
            _restamp(self, self.time.set_ahead(skew.ahead))
        reading = moved(reading, -self.time.ahead)
        self.facts.put(key, reading)
        value = value_of(reading)
        if isinstance(value, Probe):
            self.heartbeats.update(self.links, self.facts.probes(), value.at)
        self.mapping.fact(last_of(reading))
        self.mapping.settle_few()
        latency = _latency(value)
        if latency is not None:
            self._latencies.setdefault(key.name, deque(maxlen=LATENCIES)).append(latency)
        self._changes.facts.add(key.name)

    def set_request(self, request: ApiCall) -> None:
        """Store a call or its outcome; only the latest calls are kept."""
        self.requests[request.key] = request
        if len(self.requests) > TRACED:
            oldest = next(iter(self.requests))
            del self.requests[oldest]
            self._changes.requests.add(oldest)
        self._changes.requests.add(request.key)

    def reset(self) -> None:
        """Clear everything: another cluster follows."""
        for table in self._tables.values():
            table.clear()
        self.mapping.reset()
        self.names.clear()
        self.links.clear()
        self.facts.clear()
        self.heartbeats = HeartbeatTrust()
        self._pod_index.clear()
        self.event_index.clear()
        self.objects.clear()
        self._lease_index.clear()
        self.time.set_ahead(0.0)
        self._latencies.clear()
        self.undecoded.clear()
        self._pods_unread = False
        self.pod_usage.clear()
        self.usage_rings.clear()
        self._changes = Changes(reset=True, members=set(Kind))

    # joins

    def _index_lease(self, old: LeaseRow | None, new: LeaseRow | None) -> None:
        """Take a lease, and touch its node unless it was renewed in time, as every few seconds."""
        now = self.time.now()
        if self._lease_index.change(old, new, now, listed=self._listing):
            self._changes.nodes.update(row.name for row in (old, new) if row is not None)


def _touch(changes: Changes, mapping: NodeMapping, kind: TableKey, row: AnyRow) -> None:
    match row:
        case NodeRow() | UsageRow():
            changes.nodes.add(row.name)
        case PodRow():
            changes.pods.add(row.uid)
        case LeaseRow():
            changes.leases.add(row.key)
        case EventRow():
            changes.events.add(row.uid)
        case _:
            changes.tables.setdefault(kind, set()).add(row.key)
            if isinstance(row, SessionRow):
                node = node_of_target(mapping, row.target)
                changes.nodes.update({node} if node else ())


def _each(*indexers: Indexer) -> Indexer:
    def index(old: Any, new: Any) -> None:
        for indexer in indexers:
            indexer(old, new)

    return index


def _latency(fact: object) -> float | None:
    match fact:
        case Probe():
            return fact.latency
        case EndpointFact():
            return fact.total
    return None


def _restamp(store: Store, by: float) -> None:
    """Move the stamps that were stored before the difference of the clocks was known."""
    for name, link in store.links.items():
        store.links[name] = moved(link, by)
        store.mapping.heard(store.links[name])
    for key, reading in tuple(store.facts):
        store.facts.put(key, moved(reading, by))
