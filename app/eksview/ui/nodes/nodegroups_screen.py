"""Managed nodegroups and Auto Scaling groups: what they should be, and what they are."""

from collections.abc import Collection
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.aws.poll_plan import AUTOSCALING, EC2, EKS
from eksview.domain.base.reading import why_unread
from eksview.domain.join.nodegroups import GroupRow
from eksview.store.selectors.nodegroups import groups
from eksview.ui.base.live_screen import Frame
from eksview.ui.nodes.nodegroup_table import NodegroupTable
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.text.words import Tone, Words

PERIOD = 5
"""Seconds between two walks over everything; a change of a table is looked at once a second."""
_WELL = ("ACTIVE",)


class NodegroupsScreen(TableScreen):
    """Few rows, made anew from time to time."""

    NOUN = "nodegroups"
    LINK = EKS
    BESIDE = ""
    TITLE: ClassVar[str | None] = "Nodegroups"
    ASKERS = (EKS, AUTOSCALING, EC2)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d", "app.look('details')", "Describe", id="nodegroups.describe",
            tooltip="Issues, the update and scaling activities in full",
        ),
    ]  # fmt: skip

    _rows: dict[str, GroupRow]
    _made = float("-inf")

    def make_table(self) -> LiveTable[Any, Any]:
        """All groups."""
        self._rows = {}
        return NodegroupTable(self.view, lambda: self._rows, id="nodegroups")

    def frame(self, frame: Frame) -> None:
        """Count again when something may have changed."""
        news = frame.changes.others or frame.changes.mapping_members
        wait = 1 if news else PERIOD
        if frame.full or frame.changes.reset or frame.now - self._made >= wait:
            self._made = frame.now
            self._rows = {row.key: row for row in groups(self.view.store, frame.now)}
        super().frame(frame)

    def head(self) -> Words:
        """`3 nodegroups: 2 ACTIVE, 1 CREATE_FAILED`."""
        tallies = self.table.tallies
        total = sum(tallies.values())
        noun = "nodegroup" if total == 1 else "nodegroups"
        words: list[tuple[str, Tone]] = [(f"{total:,} {noun}", "strong")]
        before = ": "
        for status, count in sorted(tallies.items()):
            tone: Tone = "text" if status in _WELL else "warn"
            words += [(before, "dim"), (f"{count:,} {status}", tone)]
            before = ", "
        return tuple(words)

    def touched(self, frame: Frame) -> Collection[str]:  # noqa: ARG002 - few rows: all of them
        """All: there are few."""
        return self._rows.keys()

    def nothing(self) -> str:
        """Whether there is none, or why none is known."""
        why = why_unread(self.view.store.facts.aws_identity)
        return why or "This cluster has no managed nodegroup and no Auto Scaling group."
