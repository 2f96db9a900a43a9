"""The values of the chapters about joining and heartbeats."""

from collections.abc import Callable, Iterable, Sequence
from statistics import mean

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, worst
from eksview.domain.base.reading import Read, Reading, last_of, with_value
from eksview.domain.base.text import Clean
from eksview.domain.explain.value import LiveValue, Values
from eksview.domain.join.timeline import TimelineStep, timeline
from eksview.domain.kube.kubelet import is_of, monitor_grace
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.kube.node_status import (
    NODE_LEASE_SECONDS,
    heartbeat_age,
    heartbeat_health,
)
from eksview.domain.kube.provider_id import parse_provider_id
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import EventRow, LeaseRow, NodeRow, SigningRow
from eksview.store.lease_index import NODE_LEASES
from eksview.store.selectors.explain.live import (
    clock_time,
    count_now,
    fact_value,
    live,
    read_text,
    row_count,
    rows_now,
)
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.machine import Machine, machine_of_node
from eksview.store.selectors.readings import rows_reading
from eksview.store.store import Store

SERVING = "kubernetes.io/kubelet-serving"
_HEARTBEAT, _NOT_READY = "Heartbeat", "NotReady"
_STEPS = {
    "Instance launched": "launched",
    "Kubelet started": "started",
    "Node registered": "registered",
    "Ready": "became_ready",
    _NOT_READY: "became_ready",
    _HEARTBEAT: "heartbeat",
}


def joined_nodes(store: Store) -> tuple[Clean, ...]:
    """Return the names of the nodes, the one that joined last first."""
    newest = sorted(store.nodes.values(), key=lambda node: (-node.created, node.name))
    return tuple(node.name for node in newest)


def example_node(store: Store) -> str:
    """Return the node that joined last, one of EC2 if there is any; empty for no node.

    Only a node of EC2 has all steps: Fargate and hybrid nodes have no instance.
    """
    names = joined_nodes(store)
    on_ec2 = (name for name in names if instance_id(store.nodes[name].provider_id))
    return next(on_ec2, next(iter(names), ""))


def joining(source: ExplainSource) -> Values:
    """Return the times of a node's way into the cluster."""
    store = source.store
    name = source.node if source.node in store.nodes else example_node(store)
    nodes = rows_now(store, NodeRow)
    if not name:
        unread = live(nodes, lambda _: None)
        return dict.fromkeys(("node", "instance", "manager", "csr", *_STEPS.values()), unread)
    machine = machine_of_node(store, name)
    return {
        "node": live(nodes, lambda _: name),
        "instance": _instance(machine, store),
        "manager": read_text(machine.manager.name, None),
        "csr": live(rows_now(store, SigningRow), lambda rows: _serving(rows, name)),
        **_times(machine, source, nodes),
    }


def _instance(machine: Machine, store: Store) -> LiveValue:
    """Return the node's instance; there is none where EC2 listed none, or outside of EC2."""
    if machine.node is not None and parse_provider_id(machine.node.provider_id).where != "ec2":
        return LiveValue(unread="none")
    instance = machine.instance.id if machine.instance else None
    return live(rows_reading(store, InstanceRow), lambda _: instance)


def _serving(rows: Iterable[SigningRow], node: str) -> str | None:
    """Return the state of the node's latest request for a serving certificate."""
    own = [row for row in rows if row.signer == SERVING and is_of(row.user, node)]
    return max(own, key=lambda row: row.created).state if own else None


def _times(machine: Machine, source: ExplainSource, nodes: Reading[object]) -> Values:
    store = source.store
    name = machine.node.name if machine.node else ""
    steps = timeline(
        machine.node,
        machine.instance,
        machine.lease,
        machine.claim,
        store.events_about(f"Node//{name}"),
        source.now,
        judged=store.heartbeats.judges(source.now),
    )
    times = {_STEPS[step.label]: step for step in steps if step.label in _STEPS}
    sources = {
        "launched": rows_reading(store, InstanceRow),
        "started": rows_now(store, EventRow),
        "heartbeat": rows_now(store, LeaseRow),
    }
    return {
        place: _time(times[place], nodes, sources.get(place, nodes))
        if place in times
        else LiveValue(unread="none")
        for place in _STEPS.values()
    }


def _time(step: TimelineStep, nodes: Reading[object], source: Reading[object]) -> LiveValue:
    """Return the time of a step, with the seconds since the one before.

    A step without a time is told only by a source that was read.
    """
    if step.at is None:
        unread = LiveValue(unread="failed", reason=step.evidence)
        return live(source, lambda _: unread) if isinstance(source, Read) else live(source, _none)
    # A heartbeat is one of many, and a node that isn't Ready may have been so for long.
    timed = step.took is not None and step.label not in (_HEARTBEAT, _NOT_READY)
    since = f"  +{human_duration(step.took or 0.0)}" if timed else ""
    state = f"{step.label} " if step.label == _NOT_READY else ""
    health = Health.BAD if step.state == "stopped" else None
    return live(nodes, lambda _: read_text(f"{state}{clock_time(step.at)}{since}", None, health))


def _none(_: object) -> None:
    """Show nothing of rows that are the last known."""


def heartbeats(source: ExplainSource) -> Values:
    """Return the leases of the nodes, with the ages of their renewals."""
    store, now = source.store, source.now
    leases = _node_leases(store)
    judged, periods = store.heartbeats.judges(now), tuple(store.renewal_periods)
    return {
        "leases": row_count(leases),
        "duration": live(leases, _duration),
        "renewal": live(leases, lambda rows: f"{_seconds(rows) / 4:g}" if rows else None),
        "newest": live(leases, lambda rows: _age(rows, now, oldest=False, judged=judged)),
        "oldest": live(leases, lambda rows: _age(rows, now, oldest=True, judged=judged)),
        "late": live(leases, lambda rows: _late(rows, now, judged=judged)),
        "interval": live(leases, lambda _: _seconds_of(periods, mean)),
        "longest": live(leases, lambda _: _seconds_of(periods, max)),
        "grace": fact_value(
            store, store.facts.version, lambda version: f"{monitor_grace(version.git) or '40-50'}"
        ),
        "nodes": count_now(store, NodeRow),
    }


def _node_leases(store: Store) -> Reading[Sequence[LeaseRow]]:
    """Return the dated leases of nodes that exist; a lease outlives its node for a while."""
    reading = rows_now(store, LeaseRow)
    rows = [
        row
        for row in store.dated_leases.values()
        if row.namespace == NODE_LEASES and (row.name in store.nodes or not store.nodes)
    ]
    return with_value(reading, rows, known=bool(last_of(reading)))


def _seconds(rows: Sequence[LeaseRow]) -> int:
    """Return the lease duration that most nodes have."""
    durations = [row.duration or NODE_LEASE_SECONDS for row in rows]
    return max(set(durations), key=durations.count)


def _seconds_of(periods: Sequence[float], measure: Callable[[Sequence[float]], float]) -> LiveValue:
    """Return a measure of the periods between renewals; two renewals make the first one."""
    if not periods:
        return LiveValue(unread="loading")
    return read_text(f"{measure(periods):.1f}", None)


def _duration(rows: Sequence[LeaseRow]) -> str | None:
    return f"{_seconds(rows)}" if rows else None


def _age(rows: Sequence[LeaseRow], now: float, *, oldest: bool, judged: bool) -> LiveValue | None:
    ages = {heartbeat_age(row, now): row for row in rows if row.renewed is not None}
    known_ages = [age for age in ages if age is not None]
    if not known_ages:
        return None
    age = max(known_ages) if oldest else min(known_ages)
    health = heartbeat_health(ages[age], now) if judged else Health.UNKNOWN
    return read_text(human_duration(age), None, health)


def _late(rows: Sequence[LeaseRow], now: float, *, judged: bool) -> LiveValue:
    healths = [heartbeat_health(row, now) for row in rows]
    late = sum(health is not Health.OK for health in healths)
    health = worst(*healths) if judged and rows else Health.UNKNOWN
    return read_text(f"{late:,}", None, health)
