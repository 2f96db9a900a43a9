"""The status of a node: in kubectl's words, and its health by conditions and heartbeat."""

from collections.abc import Iterator, Mapping

from eksview.domain.base.health import Health, worst
from eksview.domain.rows.kube import UNDECODED, Condition, LeaseRow, NodeRow

_ROLE_PREFIX = "node-role.kubernetes.io/"
_ROLE_LABEL = "kubernetes.io/role"
NODE_LEASE_SECONDS = 40
"""The kubelet's `nodeLeaseDurationSeconds`; it renews every quarter of it."""
GRACE = 1.25
"""Lease durations without a heartbeat after which the controller sets NotReady: 50 s.

Up to Kubernetes 1.31 it does so after 40 s.
"""


def status_text(row: NodeRow) -> str:
    """Return `Ready`, `NotReady` or `Unknown`, with `,SchedulingDisabled` when cordoned.

    A node that couldn't be decoded is `Undecodable`.

    Source: kubernetes `printNode`. It prints NotReady for a Ready condition that is Unknown, and
    Unknown only for a node without that condition.
    """
    if row.undecoded:
        return UNDECODED
    ready = ready_condition(row)
    text = "Unknown" if ready is None else "Ready" if ready.status == "True" else "NotReady"
    return f"{text},SchedulingDisabled" if row.unschedulable else text


def is_ready(row: NodeRow) -> bool:
    """Check whether the node's Ready condition is True, whatever else is wrong with it.

    A node that couldn't be decoded isn't known to be.
    """
    ready = ready_condition(row)
    return ready is not None and ready.status == "True" and not row.undecoded


def roles(labels: Mapping[str, str]) -> str:
    """Return the ROLES column, sorted: `control-plane,etcd`, or `<none>`."""
    names = {key.removeprefix(_ROLE_PREFIX) for key in labels if key.startswith(_ROLE_PREFIX)}
    names.add(labels.get(_ROLE_LABEL, ""))
    names.discard("")
    return ",".join(sorted(names)) or "<none>"


def condition_health(condition: Condition) -> Health:
    """Return the health of a condition by its polarity.

    `Ready` and every `*Ready` (those of the EKS node monitoring agent, such as `KernelReady`) are
    good when True; pressures and problems are good when False. A node whose own Ready is False
    runs nothing and is BAD; any other trouble is a WARN. Unknown stays UNKNOWN.
    """
    if condition.status not in ("True", "False"):
        return Health.UNKNOWN
    if (condition.status == "True") == condition.type.endswith("Ready"):
        return Health.OK
    return Health.BAD if condition.type == "Ready" else Health.WARN


def node_health(row: NodeRow, lease: LeaseRow | None, now: float) -> Health:
    """Return the worst health by the node's conditions, its lease and its spec.

    - Ready is False: BAD. Ready is Unknown: BAD, since only the node lifecycle controller writes
      that, after the kubelet was silent for its grace period. No Ready at all: UNKNOWN.
    - Another condition in trouble: WARN (kubelet eviction signals, node problem detector).
    - A lease not renewed for longer than its own duration (40 s; the kubelet renews every 10 s):
      WARN. For a quarter longer (50 s, `--node-monitor-grace-period`): BAD, as the controller is
      about to set NotReady. No lease: OK, because it may not be visible.
    - Cordoned or being deleted: WARN. Not decoded as a whole: UNKNOWN.
    """
    healths = [heartbeat_health(lease, now), *map(_health_in_node, row.conditions)]
    if ready_condition(row) is None or row.undecoded:
        healths.append(Health.UNKNOWN)
    if row.unschedulable or row.deleted is not None:
        healths.append(Health.WARN)
    return worst(*healths)


def headline(row: NodeRow, lease: LeaseRow | None, now: float) -> str:
    """Return the worst trouble of a node in a word or two; `Ready` without any."""
    return next(_headlines(row, heartbeat_health(lease, now)), "Ready")


def _headlines(row: NodeRow, heartbeat: Health) -> Iterator[str]:
    ready, troubles = ready_condition(row), problems(row)
    if row.undecoded:
        yield UNDECODED
    if ready is not None and ready.status != "True":
        yield "NotReady"
    if heartbeat is Health.BAD:
        yield "No heartbeat"
    yield from (trouble for trouble in troubles if "=" not in trouble)
    if ready is None:
        yield "Unknown"
    if row.deleted is not None:
        yield "Deleting"
    if heartbeat is Health.WARN:
        yield "Late heartbeat"
    if row.unschedulable:
        yield "Cordoned"
    yield from troubles


def problems(row: NodeRow) -> tuple[str, ...]:
    """Return the conditions in trouble, such as `DiskPressure`, `KernelNotReady`, `Ready=Unknown`.

    When Ready is Unknown all the others are too, so only Ready is named.
    """
    ready = ready_condition(row)
    silent = ready is not None and condition_health(ready) is Health.UNKNOWN
    return tuple(
        trouble_of(condition)
        for condition in row.conditions
        if condition_health(condition) is not Health.OK
        and (condition is ready or not silent or condition_health(condition) is not Health.UNKNOWN)
    )


def heartbeat_age(lease: LeaseRow | None, now: float) -> float | None:
    """Return the seconds since the last renewal; a clock ahead of ours counts as now."""
    if lease is None or lease.renewed is None:
        return None
    return max(0.0, now - lease.renewed)


def renewal_seen(
    old: LeaseRow | None, seen: float | None, new: LeaseRow, arrived: float | None
) -> float | None:
    """Return when a lease was renewed, in the API server's time.

    `old` is its row before, whose renewal was `seen`; `arrived` is the time of a watch event, None
    for a list. A renewal that a watch reports is dated by its arrival, as the node lifecycle
    controller does, because the holder's clock may be wrong. A listed one is dated by the holder,
    corrected by the error of its clock that the last arrival showed.
    """
    if new.renewed is None:
        return None
    if old is None or old.renewed is None or seen is None or old.uid != new.uid:
        return new.renewed
    if new.renewed == old.renewed:
        return seen
    if arrived is not None:
        return arrived
    return new.renewed + (seen - old.renewed if old.holder == new.holder else 0.0)


def tolerated(lease: LeaseRow) -> int:
    """Return the seconds from which a node's heartbeat is late."""
    return lease.late or lease.duration or NODE_LEASE_SECONDS


def heartbeat_health(lease: LeaseRow | None, now: float) -> Health:
    """Return the health by the age of a lease; OK without one."""
    age = heartbeat_age(lease, now)
    if lease is None or age is None:
        return Health.OK
    duration = tolerated(lease)
    if age > duration * GRACE:
        return Health.BAD
    return Health.WARN if age > duration else Health.OK


def ready_condition(row: NodeRow) -> Condition | None:
    """Return the node's Ready condition; a row has one of each type."""
    return next((cond for cond in row.conditions if cond.type == "Ready"), None)


def _health_in_node(condition: Condition) -> Health:
    health = condition_health(condition)
    return Health.BAD if condition.type == "Ready" and health is Health.UNKNOWN else health


def trouble_of(condition: Condition) -> str:
    """Return the name of a condition in trouble, as `problems` lists it."""
    if condition.status not in ("True", "False"):
        return f"{condition.type}=Unknown"
    if condition.type.endswith("Ready"):
        return f"{condition.type.removesuffix('Ready')}NotReady"
    return condition.type
