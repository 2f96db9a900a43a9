"""Managed nodegroups and self-managed Auto Scaling groups as one table, their nodes counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.aws.tags import GROUP_TAG, NODEGROUP_TAG
from eksview.domain.base.health import Health
from eksview.domain.base.reading import (
    NotAsked,
    Read,
    ReadFailed,
    Reading,
    Refused,
    last_of,
    value_of,
)
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.join.mapping_row import MappingContext, MappingRow, RowKind
from eksview.domain.kube.node_status import is_ready
from eksview.domain.rows.aws import Activity, AutoScalingRow, Issue, Member, NodegroupRow, UpdateRow

GroupType: TypeAlias = Literal["managed", "self-managed"]

UNREAD = Clean("not read")
"""The status of a managed group that EKS didn't describe."""
_FAILED = ("CREATE_FAILED", "DELETE_FAILED", "DEGRADED")


class _Count(Struct):
    instances: int = 0
    joined: int = 0
    ready: int = 0


class GroupRow(Struct, frozen=True, gc=False, kw_only=True):
    """A group: its desired size, its actual size, and its update in progress.

    `ready` counts Ready nodes, `joined` nodes, `actual` instances without those of the warm pool.
    None where unknown.
    """

    name: Clean
    type: GroupType
    status: Clean = EMPTY
    least: int
    desired: int
    most: int
    actual: int | None
    joined: int
    ready: int
    warm: Reading[int] | None = None  # instances in the warm pool; None: the group has none
    pool: Clean = EMPTY  # state and least size of the warm pool
    version: Clean = EMPTY
    release: Clean = EMPTY
    template: Clean
    capacity: Clean = EMPTY
    types: tuple[Clean, ...] = ()
    autoscaling: tuple[Clean, ...]
    issues: tuple[Issue, ...] = ()
    suspended: tuple[Clean, ...]
    update: UpdateRow | None = None  # the one in progress, else the latest that failed
    activities: tuple[Activity, ...] | None  # newest first; None: not read
    updates_read: bool = True  # False: there may be an update that isn't known
    created: float | None = None

    @property
    def key(self) -> str:
        return f"{self.type}/{self.name}"


class GroupSources(Struct, frozen=True):
    """The tables that groups are made of, and how each was read."""

    nodegroups: Reading[tuple[NodegroupRow, ...]]
    autoscaling: Reading[Mapping[str, AutoScalingRow]]
    activities: Reading[Any]  # of the Auto Scaling groups
    updates: Reading[tuple[UpdateRow, ...]]


def group_rows(
    sources: GroupSources, rows: Iterable[MappingRow], ctx: MappingContext
) -> tuple[GroupRow, ...]:
    """Return all groups, managed ones first, by name. It walks all rows: too slow per event.

    Of what wasn't read, the last known rows are used; a group is never well without its parts.
    """
    counts = _counts(rows, ctx)
    latest = _latest(last_of(sources.updates) or ())
    groups = sorted(last_of(sources.nodegroups) or (), key=lambda group: group.name)
    autoscaling = _with_activities(sources)
    updates_read = value_of(sources.updates) is not None
    managed = [
        replace(
            _managed(group, autoscaling, latest.get(f"nodegroup/{group.name}"), counts),
            updates_read=updates_read,
        )
        for group in groups
    ]
    if value_of(sources.nodegroups) is None:
        managed += _by_tags(autoscaling, {group.name for group in groups}, counts)
    owned = {name for group in groups for name in group.autoscaling}
    own = [
        _self_managed(group, counts)
        for name, group in sorted(autoscaling.items())
        if name not in owned and NODEGROUP_TAG not in group.tags
    ]
    return (*managed, *own)


def _with_activities(sources: GroupSources) -> dict[str, AutoScalingRow]:
    """Return the Auto Scaling groups; without activities that weren't read."""
    groups = dict(last_of(sources.autoscaling) or {})
    if value_of(sources.activities) is not None:
        return groups
    return {
        name: group if group.activities else replace(group, activities=None)
        for name, group in groups.items()
    }


def _counts(rows: Iterable[MappingRow], ctx: MappingContext) -> dict[str, _Count]:
    counts: dict[str, _Count] = {}
    for row in rows:
        key = _key_of(row, ctx)
        if not key or row.kind in (RowKind.GONE, RowKind.NO_NODE, RowKind.CANDIDATE):
            continue
        count = counts.setdefault(key, _Count())
        node = ctx.node(row.node)
        count.instances += ctx.instance(row.instance) is not None
        count.joined += node is not None
        count.ready += node is not None and is_ready(node)
    return counts


def _key_of(row: MappingRow, ctx: MappingContext) -> str:
    node, instance = ctx.node(row.node), ctx.instance(row.instance)
    labels, tags = node.labels if node else {}, instance.tags if instance else {}
    if name := labels.get("eks.amazonaws.com/nodegroup") or tags.get(NODEGROUP_TAG):
        return f"managed/{name}"
    membership = ctx.membership(row.instance)
    name = membership.group.name if membership else tags.get(GROUP_TAG, EMPTY)
    return f"self-managed/{name}" if name else ""


def _latest(updates: Iterable[UpdateRow]) -> dict[str, UpdateRow]:
    """Return the update to show by subject: one in progress, else the latest if it failed."""
    latest: dict[str, UpdateRow] = {}
    for update in sorted(updates, key=lambda update: update.started or 0.0):
        held = latest.get(update.about)
        if held is None or held.status != "InProgress" or update.status == "InProgress":
            latest[update.about] = update
    return {about: row for about, row in latest.items() if row.status != "Successful"}


def _managed(
    group: NodegroupRow,
    autoscaling: Mapping[str, AutoScalingRow],
    update: UpdateRow | None,
    counts: Mapping[str, _Count],
) -> GroupRow:
    scaling = [autoscaling[name] for name in group.autoscaling if name in autoscaling]
    count = counts.get(f"managed/{group.name}", _Count())
    actual = sum(map(_in_service, scaling)) if scaling else count.instances or None
    return GroupRow(
        name=group.name,
        type="managed",
        status=group.status,
        least=group.least,
        desired=group.desired,
        most=group.most,
        actual=actual,
        joined=count.joined,
        ready=count.ready,
        warm=_warm(scaling),
        pool=_pool(scaling),
        version=group.version,
        release=group.release,
        template=group.template,
        capacity=clean(group.capacity.lower().replace("_", "-")),
        types=group.types,
        autoscaling=group.autoscaling,
        issues=group.issues,
        suspended=tuple(sorted({name for row in scaling for name in row.suspended})),
        update=update,
        activities=_newest(scaling) if group.autoscaling else (),
        created=group.created,
    )


def _by_tags(
    autoscaling: Mapping[str, AutoScalingRow], known: set[str], counts: Mapping[str, _Count]
) -> Iterator[GroupRow]:
    """Yield managed groups that EKS didn't describe, as their Auto Scaling groups show them."""
    for group in autoscaling.values():
        name = group.tags.get(NODEGROUP_TAG, EMPTY)
        if name and name not in known:
            count = counts.get(f"managed/{name}", _Count())
            row = _self_managed(group, {f"self-managed/{group.name}": count})
            yield replace(row, name=name, type="managed", status=UNREAD, updates_read=False)


def _self_managed(group: AutoScalingRow, counts: Mapping[str, _Count]) -> GroupRow:
    count = counts.get(f"self-managed/{group.name}", _Count())
    return GroupRow(
        name=group.name,
        type="self-managed",
        least=group.least,
        desired=group.desired,
        most=group.most,
        actual=_in_service(group),
        joined=count.joined,
        ready=count.ready,
        warm=_warm([group]),
        pool=_pool([group]),
        template=group.template,
        autoscaling=(group.name,),
        suspended=group.suspended,
        activities=group.activities,
    )


def _in_service(group: AutoScalingRow) -> int:
    """Count a group's instances without those that its warm pool holds."""
    return sum(not member.warmed for member in group.members)


def _warm(groups: Sequence[AutoScalingRow]) -> Reading[int] | None:
    """Return the number of instances in the warm pools of a group; None without a pool."""
    pools = [group.warm.members for group in groups if group.warm]
    if not pools:
        return None
    read: list[Read[tuple[Member, ...]]] = []
    for pool in pools:
        if isinstance(pool, NotAsked):
            return pool
        if isinstance(pool, Refused):
            return Refused(pool.reason, pool.missing, pool.at)
        if isinstance(pool, ReadFailed):
            return ReadFailed(pool.reason, pool.at)
        read.append(pool)
    return Read(sum(len(pool.value) for pool in read), min(pool.at for pool in read))


def _pool(groups: Sequence[AutoScalingRow]) -> Clean:
    """Return `Stopped, min 2`; empty without a warm pool."""
    pools = [group.warm for group in groups if group.warm]
    texts = (f"{pool.status or pool.state}, min {pool.least}" for pool in pools)
    return clean("; ".join(dict.fromkeys(texts)))


def _newest(groups: Sequence[AutoScalingRow]) -> tuple[Activity, ...] | None:
    if not groups or any(group.activities is None for group in groups):
        return None
    activities = [activity for group in groups for activity in group.activities or ()]
    return tuple(sorted(activities, key=lambda row: row.started or 0.0, reverse=True))


def group_health(row: GroupRow) -> Health:
    """Return BAD if EKS reports a failure or launches fail, WARN while something changes.

    Without a problem it is UNKNOWN unless its instances, activities and updates were read.

    A scaling group has fewer nodes than desired without a problem, so missing instances are a
    WARN; the mapping judges instances without a Ready node row by row.
    """
    status = group_status_health(row.status)
    if row.issues or status is Health.BAD:
        return Health.BAD
    if row.update is not None and row.update.status == "Failed":
        return Health.BAD
    failing = row.activities is not None and any(
        activity.status == "Failed" for activity in row.activities[:1]
    )
    short = row.actual is not None and row.actual < row.desired
    if short and failing:
        return Health.BAD
    if short or failing or row.update is not None or row.ready < row.desired:
        return Health.WARN
    read = row.actual is not None and row.activities is not None and row.updates_read
    return Health.UNKNOWN if status is Health.OK and not read else status


def group_status_health(status: str) -> Health:
    """Return the health of a nodegroup's status; a scaling group has none, which is OK.

    EKS calls a nodegroup DEGRADED that can't launch or keep its instances.
    """
    if status in _FAILED:
        return Health.BAD
    if status == UNREAD:
        return Health.UNKNOWN
    return Health.OK if status in ("ACTIVE", "") else Health.WARN
