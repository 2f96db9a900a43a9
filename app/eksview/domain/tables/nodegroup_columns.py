"""The table of managed nodegroups and Auto Scaling groups."""

from typing import TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.join.nodegroups import GroupRow, group_health
from eksview.domain.kube.node_labels import natural_key
from eksview.domain.tables.column import WORST_FIRST, Column, text_or


class NodegroupContext(Struct, frozen=True):
    """What a group's cells need beside its row."""

    now: float


NodegroupColumn: TypeAlias = Column[GroupRow, NodegroupContext]


def status_of(row: GroupRow) -> str:
    """EKS's word, or for an Auto Scaling group whether it is as large as it should be."""
    if row.status:
        return row.status
    return "SCALING" if row.actual is not None and row.actual != row.desired else "ACTIVE"


def update_of(row: GroupRow, now: float) -> str:
    """`VersionUpdate InProgress 4m`; empty when nothing is under way."""
    if row.update is None:
        return ""
    started = row.update.started
    since = "" if started is None else f" {human_duration(now - started)}"
    return f"{row.update.type} {row.update.status}{since}"


def activity_of(row: GroupRow, now: float) -> str:
    """The newest scaling activity: `Successful 3m Launching a new EC2 instance: i-…`."""
    if not row.activities:
        return ""
    newest = row.activities[0]
    since = "" if newest.started is None else f" {human_duration(now - newest.started)}"
    return f"{newest.status}{since} {newest.message or newest.description}"


def _issues(row: GroupRow) -> str:
    return ",".join(issue.code for issue in row.issues)


NODEGROUP_COLUMNS: tuple[NodegroupColumn, ...] = (
    Column(
        id="name",
        title="NAME",
        cell=lambda row, _: clean(row.name),
        sort=lambda row, _: natural_key(row.name),
        width=28,
        tier=0,
        key="N",
        kubectl="default",
    ),
    Column(
        id="type",
        title="TYPE",
        cell=lambda row, _: row.type,
        sort=lambda row, _: row.type,
        width=12,
        tier=1,
        key="T",
        kubectl="default",
    ),
    Column(
        id="status",
        title="STATUS",
        cell=lambda row, _: clean(status_of(row)),
        sort=lambda row, _: f"{WORST_FIRST[group_health(row)]}{status_of(row)}",
        width=13,
        tier=0,
        key="S",
        kubectl="default",
    ),
    Column(
        id="min",
        title="MIN",
        cell=lambda row, _: str(row.least),
        sort=lambda row, _: row.least,
        width=4,
        tier=0,
        key="M",
        align="right",
        kubectl="default",
    ),
    Column(
        id="desired",
        title="DESIRED",
        cell=lambda row, _: str(row.desired),
        sort=lambda row, _: row.desired,
        width=7,
        tier=0,
        key="D",
        align="right",
        kubectl="default",
    ),
    Column(
        id="max",
        title="MAX",
        cell=lambda row, _: str(row.most),
        sort=lambda row, _: row.most,
        width=4,
        tier=0,
        key="X",
        align="right",
        kubectl="default",
    ),
    Column(
        id="actual",
        title="ACTUAL",
        cell=lambda row, _: "-" if row.actual is None else str(row.actual),
        sort=lambda row, _: -1 if row.actual is None else row.actual,
        width=6,
        tier=0,
        key="A",
        align="right",
        kubectl="default",
    ),
    Column(
        id="ready",
        title="READY",
        cell=lambda row, _: str(row.ready),
        sort=lambda row, _: row.ready,
        width=5,
        tier=0,
        key="R",
        align="right",
        kubectl="default",
    ),
    Column(
        id="issues",
        title="ISSUES",
        cell=lambda row, _: text_or(_issues(row), "-"),
        sort=lambda row, _: -len(row.issues),
        width=20,
        tier=1,
        key="I",
        kubectl="default",
    ),
    Column(
        id="update",
        title="UPDATE",
        cell=lambda row, ctx: text_or(update_of(row, ctx.now), "-"),
        sort=lambda row, ctx: update_of(row, ctx.now),
        width=26,
        tier=1,
        key="U",
        kubectl="default",
    ),
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
    Column(
        id="capacity",
        title="CAPACITY",
        cell=lambda row, _: text_or(row.capacity, "-"),
        sort=lambda row, _: row.capacity,
        width=10,
        tier=2,
        key="P",
        kubectl="wide",
    ),
    Column(
        id="version",
        title="VERSION",
        cell=lambda row, _: text_or(row.version, "-"),
        sort=lambda row, _: natural_key(row.version),
        width=7,
        tier=2,
        key="V",
        kubectl="wide",
    ),
    Column(
        id="release",
        title="RELEASE",
        cell=lambda row, _: text_or(row.release, "-"),
        sort=lambda row, _: natural_key(row.release),
        width=16,
        tier=3,
        key="E",
        kubectl="wide",
    ),
    Column(
        id="types",
        title="TYPES",
        cell=lambda row, _: text_or(",".join(row.types), "-"),
        sort=lambda row, _: ",".join(row.types),
        width=20,
        tier=3,
        key="Y",
        kubectl="wide",
    ),
    Column(
        id="template",
        title="TEMPLATE",
        cell=lambda row, _: text_or(row.template, "-"),
        sort=lambda row, _: natural_key(row.template),
        width=26,
        tier=3,
        key="W",
        kubectl="wide",
    ),
)
