"""One nodegroup or Auto Scaling group in full."""

from collections.abc import Iterator, Sequence

from eksview.domain.aws.poll_plan import AUTOSCALING, EKS
from eksview.domain.base.text import clean
from eksview.domain.join.nodegroups import GroupRow, group_health
from eksview.domain.tables.nodegroup_columns import status_of
from eksview.store.selectors.nodegroups import groups
from eksview.ui.base.messages import OpenGroup
from eksview.ui.base.pages_screen import PagesScreen
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.nodes.nodegroup import group_lines
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

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
