"""What a column is. A table is data: its columns are entries, for the screen and `get` alike."""

from collections.abc import Callable, Sequence
from typing import Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

from eksview.domain.base.health import Health
from eksview.domain.base.text import Align, clean
from eksview.domain.base.versions import NEWEST_MINOR
from eksview.domain.join.node_instance import MappingContext, MappingRow, unread
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import LeaseRow, NodeRow, PodRow, UsageRow

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")
SortKey: TypeAlias = int | str
Output: TypeAlias = Literal["", "default", "wide", "namespace"]


class NodeContext(Struct, frozen=True):
    """What a node's cells need beside its row."""

    now: float
    sums_of: Callable[[str], PodTotals]
    lease_of: Callable[[str], LeaseRow | None]
    usage_of: Callable[[str], UsageRow | None] = lambda _: None
    sessions_of: Callable[[str], Sequence[SessionRow] | None] = unread  # by node
    minor: int = NEWEST_MINOR  # of the API server, whose printing is followed


class PodContext(Struct, frozen=True):
    """What a pod's cells need beside its row."""

    now: float
    minor: int = NEWEST_MINOR  # of the API server, whose printing is followed


class Column(Struct, Generic[RowT, ContextT], frozen=True, kw_only=True):
    """One column.

    `sort` gives an int or a str, because tuples cost four times as much on 150,000 rows. `tier` 0
    is always shown, 1 to 4 as the width allows. `key` sorts by it together with shift, and is none
    of the letters navigation uses (G, K). `kubectl` is the output of `kubectl get` it belongs to.
    """

    id: str
    title: str
    cell: Callable[[RowT, ContextT], str]
    sort: Callable[[RowT, ContextT], SortKey]
    width: int  # cells it usually takes
    tier: int
    key: str
    align: Align = "left"
    kubectl: Output = ""


NodeColumn: TypeAlias = Column[NodeRow, NodeContext]
PodColumn: TypeAlias = Column[PodRow, PodContext]
MappingColumn: TypeAlias = Column[MappingRow, MappingContext]

WORST_FIRST = {Health.BAD: 0, Health.WARN: 1, Health.UNKNOWN: 2, Health.OK: 3}
"""Sorting by status is asked for to see what is wrong."""


def text_or(text: str, empty: str) -> str:
    """Text from the cluster as a cell, or what stands for none."""
    return clean(text) if text else empty
