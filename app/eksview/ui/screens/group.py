"""One nodegroup or Auto Scaling group in full."""

from collections.abc import Iterator, Sequence

from eksview.domain.aws_links import AUTOSCALING, EKS
from eksview.domain.nodegroup_columns import status_of
from eksview.domain.nodegroups import GroupRow, group_health
from eksview.domain.text import clean
from eksview.store.joining import groups
from eksview.ui.intents import OpenGroup
from eksview.ui.lines.nodegroup import group_lines
from eksview.ui.screens.pages import PagesScreen
from eksview.ui.slots import Slot
from eksview.ui.view import View
from eksview.ui.widgets.tab_line import Tab
from eksview.ui.widgets.table_kind import TONE_OF
from eksview.ui.widgets.text_line import Words

DETAILS = Tab("details", "d", "Details")
PERIOD = 5.0
"""Seconds between two looks: each walks all instances."""


class GroupScreen(PagesScreen):
    """Everything comes from the store; nothing is asked for here."""

    TITLE = "Nodegroup"
    ASKERS = (EKS, AUTOSCALING)
    TABS = (DETAILS,)

    def __init__(self, view: View, key: str) -> None:
        super().__init__(view)
        self._key = key
        self._row: GroupRow | None = None
        self._looked = float("-inf")

    def attend(self) -> None:
        """Look again."""
        if self.now - self._looked >= PERIOD:
            self._looked = self.now
            found = (row for row in groups(self.view.store, self.now) if row.key == self._key)
            self._row = next(found, None)

    def subject(self) -> OpenGroup:
        """The group: Enter in the table leads to its nodes and instances."""
        return OpenGroup(self._key)

    def copied(self) -> str:
        """Its name."""
        return clean(OpenGroup(self._key).name)

    def head(self) -> Sequence[Slot]:
        """Its name and its state."""
        row, glyphs = self._row, self.view.glyphs
        if row is None:
            return (Slot(((f" {glyphs.unknown} ", "unknown"), (self.copied(), "strong"))),)
        health = group_health(row)
        return (
            Slot(((f" {glyphs.mark(health)} ", TONE_OF[health]), (clean(row.name), "strong"))),
            Slot(((clean(status_of(row)), TONE_OF[health]),), rank=1),
        )

    def lines(self, tab: str, width: int) -> Iterator[Words]:  # noqa: ARG002 - there is one
        """All that is known of it."""
        if self._row is None:
            return iter([(("Neither EKS nor Auto Scaling lists it any more.", "dim"),)])
        return group_lines(self._row, self.now, width, self.view.glyphs)
