"""The table of managed nodegroups and Auto Scaling groups."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.aws.poll_plan import AUTOSCALING, EC2, EKS
from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.text import Clean
from eksview.domain.join.nodegroups import GroupRow, group_health, group_status_health
from eksview.domain.tables.nodegroup_columns import NODEGROUP_COLUMNS, NodegroupContext
from eksview.store.selectors.nodegroups import PARTS, ROWS, nodegroup_rows
from eksview.store.selectors.readings import unread_parts
from eksview.ui.base.lines.count_line import separated
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenGroup
from eksview.ui.base.view import View
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import Tone, Words, tone_of


def _health(row: GroupRow, _: NodegroupContext) -> Health:
    return group_health(row)


def _tone(row: GroupRow, _: NodegroupContext) -> Tone:
    return tone_of(group_health(row))


def _ready(row: GroupRow, _: NodegroupContext) -> Tone:
    return "text" if row.ready >= row.desired else "warn"


def _text(row: GroupRow) -> str:
    words = (row.name, row.type, row.status, row.version, row.capacity, *row.types)
    return "\n".join((*words, *(issue.code for issue in row.issues))).lower()


NODEGROUPS: TableSpec[GroupRow, NodegroupContext] = TableSpec(
    table="nodegroups",
    columns=NODEGROUP_COLUMNS,
    name=lambda row: natural_key(row.name),
    text=_text,
    labels=lambda row: {"type": row.type, "status": row.status, "capacity": row.capacity},
    tally=lambda row: row.status or "ACTIVE",
    health=_health,
    tones={"status": _tone, "issues": _tone, "ready": _ready},
    quiet=frozenset(
        {
            "type",
            "min",
            "max",
            "version",
            "release",
            "types",
            "template",
            "capacity",
            "activity",
            "warm",
        }
    ),
    # What is wrong is read whole before what happened last.
    least={"name": 16, "issues": 12, "update": 12, "activity": 16},
    falling=frozenset({"min", "max", "desired", "actual", "warm", "ready"}),
    opened=OpenGroup,
)


class NodegroupTable(LiveTable[GroupRow, NodegroupContext]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "open", "Instances", key_display="enter", id="nodegroups.open",
            tooltip="Show its nodes and instances in the EC2 mapping",
        ),
        *sort_bindings(NODEGROUP_COLUMNS),
    ]  # fmt: skip

    def __init__(self, view: View, rows: Callable[[], Mapping[str, GroupRow]]) -> None:
        super().__init__(view, NODEGROUPS, rows, NodegroupContext)


PERIOD = 5
"""Seconds between two counts of all groups; after a change it is one second."""


class NodegroupsScreen(TableScreen):
    """A screen of few rows, which are all computed again from time to time."""

    NOUN = "nodegroups"
    LINK = EKS
    TITLE: ClassVar[str | None] = "Nodegroups"
    LINKS = (EKS, AUTOSCALING, EC2)
    PARTS = PARTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d", "app.look('details')", "Describe", id="nodegroups.describe",
            tooltip="Issues, the update and scaling activities in full",
        ),
    ]  # fmt: skip

    _rows: dict[str, GroupRow]
    _counted_at = float("-inf")

    def make_table(self) -> LiveTable[Any, Any]:
        self._rows = {}
        return NodegroupTable(self.view, lambda: self._rows)

    def frame(self, frame: Frame) -> None:
        news = frame.changes.tables or frame.changes.mapping_members
        wait = 1 if news else PERIOD
        if frame.full or frame.changes.reset or abs(frame.now - self._counted_at) >= wait:
            self._counted_at = frame.now
            self._rows = {row.key: row for row in nodegroup_rows(self.view.store, frame.now)}
        super().frame(frame)

    def head(self) -> Words:
        """Return `3 nodegroups: 2 ACTIVE, 1 CREATE_FAILED`, or how many are known."""
        tallies = self.table.tallies
        total = sum(tallies.values())
        noun = "nodegroup" if total == 1 else "nodegroups"
        if self._unlisted():
            noun += " known, others not read"
            if not total:
                return (("Nodegroups not read", "strong"),)
        counts = (
            (f"{count:,} {status}", tone_of(group_status_health(status)))
            for status, count in sorted(tallies.items())
        )
        return ((f"{total:,} {noun}", "strong"), *separated(counts))

    def touched(self, frame: Frame) -> Collection[str] | None:
        return None if self._counted_at == frame.now else ()

    def nothing(self) -> str:
        if self._unlisted():
            return "No nodegroup is known."
        return "This cluster has no managed nodegroup and no Auto Scaling group."

    def _unlisted(self) -> tuple[Clean, ...]:
        """Return why there may be groups that aren't known."""
        return unread_parts(self.view.store, ROWS, self.now)
