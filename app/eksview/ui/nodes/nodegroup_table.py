"""The table of managed nodegroups and Auto Scaling groups."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.join.nodegroups import GroupRow, group_health
from eksview.domain.kube.node_labels import natural_key
from eksview.domain.tables.nodegroup_columns import NODEGROUP_COLUMNS, NodegroupContext
from eksview.ui.base.messages import OpenGroup
from eksview.ui.base.view import View
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableKind, sort_bindings
from eksview.ui.text.words import TONE_OF, Tone


def _health(row: GroupRow, _: NodegroupContext) -> Health:
    return group_health(row)


def _tone(row: GroupRow, _: NodegroupContext) -> Tone:
    health = group_health(row)
    return "text" if health is Health.OK else TONE_OF[health]


def _ready(row: GroupRow, _: NodegroupContext) -> Tone:
    return "text" if row.ready >= row.desired else "warn"


def _text(row: GroupRow) -> str:
    words = (row.name, row.type, row.status, row.version, row.capacity, *row.types)
    return "\n".join((*words, *(issue.code for issue in row.issues))).lower()


NODEGROUPS: TableKind[GroupRow, NodegroupContext] = TableKind(
    noun="nodegroups",
    columns=NODEGROUP_COLUMNS,
    name=lambda row: natural_key(row.name),
    text=_text,
    labels=lambda row: {"type": row.type, "status": row.status, "capacity": row.capacity},
    tally=lambda row: row.status or "ACTIVE",
    health=_health,
    tones={"status": _tone, "issues": _tone, "ready": _ready},
    quiet=frozenset(
        {"type", "min", "max", "version", "release", "types", "template", "capacity", "activity"}
    ),
    least={"name": 16, "activity": 16, "update": 12, "issues": 12},
    falling=frozenset({"min", "max", "desired", "actual", "ready"}),
    opened=OpenGroup,
)


class NodegroupTable(LiveTable[GroupRow, NodegroupContext]):
    """All groups."""

    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(NODEGROUP_COLUMNS)]

    def __init__(
        self,
        view: View,
        rows: Callable[[], Mapping[str, GroupRow]],
        *,
        id: str | None = None,  # noqa: A002 - as Textual
    ) -> None:
        super().__init__(view, NODEGROUPS, rows, NodegroupContext, id=id)
