"""How a node is doing: in kubectl's words, and judged from its conditions and its heartbeat."""

from collections.abc import Iterator, Mapping

from eksview.domain.base.health import Health, worst
from eksview.domain.rows.kube import Condition, LeaseRow, NodeRow

_ROLE_PREFIX = "node-role.kubernetes.io/"
_ROLE_LABEL = "kubernetes.io/role"
NODE_LEASE_SECONDS = 40
"""The kubelet's `nodeLeaseDurationSeconds`; it renews every quarter of it."""
GRACE = 1.25
"""Leases' durations of silence after which the node lifecycle controller says NotReady: 50 s.

Up to Kubernetes 1.31 it says so after 40 s already, and its word then counts.
"""


def status_text(row: NodeRow) -> str:
    """`Ready`, `NotReady` or `Unknown`, and `,SchedulingDisabled` when cordoned.

    Source: kubernetes `printNode`. It prints NotReady for a Ready condition that is Unknown, and
    Unknown only for a node without that condition.
    """
    ready = _ready(row)
    text = "Unknown" if ready is None else "Ready" if ready.status == "True" else "NotReady"
    return f"{text},SchedulingDisabled" if row.unschedulable else text


def roles(labels: Mapping[str, str]) -> str:
    """`control-plane,etcd`: the ROLES column, sorted; `<none>` for a plain worker."""
    found = {key.removeprefix(_ROLE_PREFIX) for key in labels if key.startswith(_ROLE_PREFIX)}
    found.add(labels.get(_ROLE_LABEL, ""))
    found.discard("")
    return ",".join(sorted(found)) or "<none>"


def condition_health(condition: Condition) -> Health:
    """One condition by its polarity.

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
    """The worst of what the node's conditions, its lease and its spec say.

    - Ready is False: BAD. Ready is Unknown: BAD, since only the node lifecycle controller writes
      that, after the kubelet was silent for its grace period. No Ready at all: UNKNOWN.
    - Another condition in trouble: WARN (kubelet eviction signals, node problem detector).
    - A lease not renewed for longer than its own duration (40 s; the kubelet renews every 10 s):
      WARN. For a quarter longer (50 s, `--node-monitor-grace-period`): BAD, the controller is about
      to say so. No lease: no judgement, it may not be visible.
    - Cordoned or being deleted: WARN.
    """
    healths = [heartbeat_health(lease, now), *map(_health_in_node, row.conditions)]
    if _ready(row) is None:
        healths.append(Health.UNKNOWN)
    if row.unschedulable or row.deleted is not None:
        healths.append(Health.WARN)
    return worst(*healths)


def headline(row: NodeRow, lease: LeaseRow | None, now: float) -> str:
    """The worst thing about a node in a word or two; `Ready` when there is none."""
    return next(_headlines(row, heartbeat_health(lease, now)), "Ready")


def _headlines(row: NodeRow, heartbeat: Health) -> Iterator[str]:
    """What there is to say, the worst first."""
    ready, troubles = _ready(row), problems(row)
    if ready is not None and ready.status != "True":
        yield "NotReady"
    if heartbeat is Health.BAD:
        yield "No heartbeat"
    yield from (each for each in troubles if "=" not in each)
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
    """The conditions in trouble, named so that each reads as one; empty when all is well.

    `DiskPressure`, `NotReady`, `KernelNotReady`, `Ready=Unknown`. When Ready is Unknown the rest
    are too, and saying so once is enough.
    """
    ready = _ready(row)
    silent = ready is not None and condition_health(ready) is Health.UNKNOWN
    return tuple(
        _trouble(each)
        for each in row.conditions
        if condition_health(each) is not Health.OK
        and (each is ready or not silent or condition_health(each) is not Health.UNKNOWN)
    )


def heartbeat_age(lease: LeaseRow | None, now: float) -> float | None:
    """Seconds since the kubelet last renewed its lease; a clock ahead of ours counts as now."""
    if lease is None or lease.renewed is None:
        return None
    return max(0.0, now - lease.renewed)


def heartbeat_health(lease: LeaseRow | None, now: float) -> Health:
    """How a node's lease looks by its age; OK for none, which proves nothing."""
    age = heartbeat_age(lease, now)
    if lease is None or age is None:
        return Health.OK
    duration = lease.duration or NODE_LEASE_SECONDS
    if age > duration * GRACE:
        return Health.BAD
    return Health.WARN if age > duration else Health.OK


def _ready(row: NodeRow) -> Condition | None:
    # kubectl puts conditions into a map, so the last of a type counts.
    return next((each for each in reversed(row.conditions) if each.type == "Ready"), None)


def _health_in_node(condition: Condition) -> Health:
    health = condition_health(condition)
    return Health.BAD if condition.type == "Ready" and health is Health.UNKNOWN else health


def _trouble(condition: Condition) -> str:
    if condition.status not in ("True", "False"):
        return f"{condition.type}=Unknown"
    if condition.type.endswith("Ready"):
        return f"{condition.type.removesuffix('Ready')}NotReady"
    return condition.type
