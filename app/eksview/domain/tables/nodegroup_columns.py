"""The table of managed nodegroups and Auto Scaling groups."""

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import WORST_FIRST
from eksview.domain.base.reading import Read
from eksview.domain.join.nodegroups import GroupRow, group_health
from eksview.domain.tables.column import Column, number_column, text_column, text_or


class NodegroupContext(Struct, frozen=True):
    """The values that a group's cells need beside its row."""

    now: float


NodegroupColumn: TypeAlias = Column[GroupRow, NodegroupContext]


def status_of(row: GroupRow) -> str:
    """Return EKS's status; of an Auto Scaling group, SCALING until its size is as desired."""
    if row.status:
        return row.status
    return "SCALING" if row.actual is not None and row.actual != row.desired else "ACTIVE"


def update_of(row: GroupRow, now: float) -> str:
    """Return `VersionUpdate InProgress 4m`; empty without an update."""
    if row.update is None:
        return "" if row.updates_read else "not read"
    started = row.update.started
    since = "" if started is None else f" {human_duration(now - started)}"
    return f"{row.update.type} {row.update.status}{since}"


def activity_of(row: GroupRow, now: float) -> str:
    """Return the newest activity: `Successful 3m Launching a new EC2 instance: i-…`."""
    if not row.activities:
        return "not read" if row.activities is None else ""
    newest = row.activities[0]
    since = "" if newest.started is None else f" {human_duration(now - newest.started)}"
    return f"{newest.status}{since} {newest.message or newest.description}"


def warm_of(row: GroupRow) -> str:
    """Return the instances in the warm pool: `2`; `?` where unread, empty without a pool."""
    if row.warm is None:
        return ""
    return f"{row.warm.value:,}" if isinstance(row.warm, Read) else "?"


def _issues(row: GroupRow) -> str:
    return ",".join(issue.code for issue in row.issues)


NODEGROUP_COLUMNS: tuple[NodegroupColumn, ...] = (
    text_column("NAME", lambda row, _: row.name, 28, 0, "N", kubectl="default"),
    text_column("TYPE", lambda row, _: row.type, 12, 1, "T", kubectl="default"),
    replace(
        text_column("STATUS", lambda row, _: status_of(row), 13, 0, "S", kubectl="default"),
        sort=lambda row, _: f"{WORST_FIRST[group_health(row)]}{status_of(row)}",
    ),
    number_column("MIN", lambda row, _: row.least, 4, 0, "M", kubectl="default"),
    number_column("DESIRED", lambda row, _: row.desired, 7, 0, "D", kubectl="default"),
    number_column("MAX", lambda row, _: row.most, 4, 0, "X", kubectl="default"),
    number_column(
        "ACTUAL",
        lambda row, _: -1 if row.actual is None else row.actual,
        6,
        0,
        "A",
        kubectl="default",
    ),
    number_column("READY", lambda row, _: row.ready, 5, 0, "R", kubectl="default"),
    replace(
        text_column("WARM", lambda row, _: warm_of(row), 4, 1, "B", kubectl="default"),
        sort=lambda row, _: row.warm.value if isinstance(row.warm, Read) else -1,
        align="right",
    ),
    replace(
        text_column("ISSUES", lambda row, _: _issues(row), 20, 1, "I", kubectl="default"),
        sort=lambda row, _: -len(row.issues),
    ),
    text_column("UPDATE", lambda row, ctx: update_of(row, ctx.now), 26, 1, "U", kubectl="default"),
    Column(
        id="activity",
        title="LAST ACTIVITY",
        cell=lambda row, ctx: text_or(activity_of(row, ctx.now), "-"),
        sort=lambda row, _: -int((row.activities[0].started or 0) if row.activities else 0),
        width=40,
        tier=2,
        key="L",
        kubectl="default",
    ),
    text_column("CAPACITY", lambda row, _: row.capacity, 10, 2, "P", kubectl="wide"),
    text_column("VERSION", lambda row, _: row.version, 7, 2, "V", kubectl="wide"),
    text_column("RELEASE", lambda row, _: row.release, 16, 3, "E", kubectl="wide"),
    text_column("TYPES", lambda row, _: ",".join(row.types), 20, 3, "Y", kubectl="wide"),
    text_column("TEMPLATE", lambda row, _: row.template, 26, 3, "W", kubectl="wide"),
)
