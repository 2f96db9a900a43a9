"""Columns of tables, for the screen and `get` alike."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.quantity import show_cpu, show_number, show_percent, show_size
from eksview.domain.base.text import Align, Clean, clean
from eksview.domain.base.thresholds import USUAL, Thresholds
from eksview.domain.base.versions import NEWEST_MINOR
from eksview.domain.join.mapping_row import MappingContext, MappingRow, sessions_unread
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import LeaseRow, NodeRow, PodRow, PodUsageRow, UsageRow

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")
NONE = Clean("-")
ABSENT = frozenset({"", "-", "<none>", "<unknown>"})
"""The cells of values that there aren't."""
SortKey: TypeAlias = int | str
Output: TypeAlias = Literal["", "default", "wide", "namespace"]
WIDE_ONLY = 9
"""The tier of columns that are shown only where all are."""
Unit: TypeAlias = Literal["number", "percent", "duration", "cpu", "size", "quantity"]


class NodeContext(Struct, frozen=True):
    """The look-ups that a node's cells need beside its row."""

    now: float
    pod_totals_of: Callable[[str], PodTotals]
    lease_of: Callable[[str], LeaseRow | None]
    usage_of: Callable[[str], UsageRow | None] = lambda _: None
    sessions_of: Callable[[str], Sequence[SessionRow] | None] = sessions_unread  # by node
    minor: int = NEWEST_MINOR  # of the API server, whose output is copied
    thresholds: Thresholds = USUAL


class PodContext(Struct, frozen=True):
    """The values and look-ups that a pod's cells need beside its row."""

    now: float
    minor: int = NEWEST_MINOR  # of the API server, whose output is copied
    usage_of: Callable[[PodRow], PodUsageRow | None] = lambda _: None
    thresholds: Thresholds = USUAL


class Timed(Protocol):
    """A context with the time of drawing, in seconds since the epoch."""

    @property
    def now(self) -> float:
        """The time from which ages are counted."""


TimedT = TypeVar("TimedT", bound=Timed)


class Measure(Struct, Generic[RowT, ContextT], frozen=True):
    """The amount of a cell, with which a filter compares; `read` returns None where it is unknown.

    Durations are in seconds, CPU in milli-cores, sizes in bytes.
    """

    unit: Unit
    read: Callable[[RowT, ContextT], float | None]


class Column(Struct, Generic[RowT, ContextT], frozen=True, kw_only=True):
    """A column.

    `sort` returns an int or a str, because tuples take four times as long on 150,000 rows. `tier` 0
    is always shown, 1 to 4 as the width allows, `WIDE_ONLY` only with all others. Shift and `key`
    sort by it; navigation has G and K.
    `kubectl` is the output of `kubectl get` that has the column. A filter compares with `measure`,
    and `full` is the text of which a cell shows a part. `brief` shortens a text in a column that
    is too narrow for it.
    """

    id: str
    title: str
    cell: Callable[[RowT, ContextT], Clean]
    sort: Callable[[RowT, ContextT], SortKey]
    width: int  # cells
    tier: int
    key: str
    align: Align = "left"
    kubectl: Output = ""
    measure: Measure[RowT, ContextT] | None = None
    full: Callable[[RowT, ContextT], str] | None = None
    brief: Callable[[str], str] | None = None


NodeColumn: TypeAlias = Column[NodeRow, NodeContext]
PodColumn: TypeAlias = Column[PodRow, PodContext]
MappingColumn: TypeAlias = Column[MappingRow, MappingContext]


_SHOWN: Mapping[Unit, Callable[[int], Clean]] = {
    "number": show_number,
    "percent": show_percent,
    "duration": human_duration,
    "cpu": show_cpu,
    "size": show_size,
}


def text_or(text: str, empty: str) -> Clean:
    """Return text from the cluster as a cell, or the word for none."""
    return clean(text or empty)


def text_column(
    title: str,
    read: Callable[[RowT, ContextT], str],
    width: int,
    tier: int,
    key: str,
    *,
    empty: str = "-",
    kubectl: Output = "",
) -> Column[RowT, ContextT]:
    """Return a column of text, in which numbers are sorted by value."""
    return Column(
        id=title.lower(),
        title=title,
        cell=lambda row, ctx: text_or(read(row, ctx), empty),
        sort=lambda row, ctx: natural_key(read(row, ctx)),
        width=width,
        tier=tier,
        key=key,
        kubectl=kubectl,
    )


def age_column(
    title: str,
    read: Callable[[RowT, TimedT], float | None],
    width: int,
    tier: int,
    key: str,
    *,
    empty: str = "-",
    kubectl: Output = "",
) -> Column[RowT, TimedT]:
    """Return a column of ages, the youngest first; `read` returns a time, 0 or None for unknown."""

    none = clean(empty)

    def cell(row: RowT, ctx: TimedT) -> Clean:
        then = read(row, ctx)
        return human_duration(ctx.now - then) if then else none

    def age(row: RowT, ctx: TimedT) -> float | None:
        then = read(row, ctx)
        return ctx.now - then if then else None

    return Column(
        id=title.lower(),
        title=title,
        cell=cell,
        sort=lambda row, ctx: -int(read(row, ctx) or 0),
        width=width,
        tier=tier,
        key=key,
        kubectl=kubectl,
        measure=Measure("duration", age),
    )


def number_column(
    title: str,
    read: Callable[[RowT, ContextT], int],
    width: int,
    tier: int,
    key: str,
    *,
    unit: Unit = "number",
    kubectl: Output = "",
) -> Column[RowT, ContextT]:
    """Return a column of numbers, aligned to the right; a negative number is shown as `-`."""

    def cell(row: RowT, ctx: ContextT) -> Clean:
        value = read(row, ctx)
        return _SHOWN[unit](value) if value >= 0 else NONE

    def amount(row: RowT, ctx: ContextT) -> float | None:
        value = read(row, ctx)
        return value if value >= 0 else None

    return Column(
        id=title.lower(),
        title=title,
        cell=cell,
        sort=read,
        width=width,
        tier=tier,
        key=key,
        align="right",
        kubectl=kubectl,
        measure=Measure(unit, amount),
    )
