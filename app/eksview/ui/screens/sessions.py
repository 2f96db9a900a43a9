"""Who looks at a shared view, and who has."""

from collections.abc import Iterator, Sequence

from eksview.domain.viewers import Viewers
from eksview.ui.lines.viewers import viewer_lines
from eksview.ui.screens.pages import PagesScreen
from eksview.ui.slots import Slot
from eksview.ui.standing import fact
from eksview.ui.widgets.tab_line import Tab
from eksview.ui.widgets.text_line import Words

SESSIONS = Tab("sessions", "o", "Sessions")


class SessionsScreen(PagesScreen):
    """Every session with its user, address, size and what it cost."""

    TITLE = "Sessions"
    TABS = (SESSIONS,)

    @property
    def _viewers(self) -> Viewers | None:
        return fact(self.view.store, "viewers", Viewers)

    def head(self) -> Sequence[Slot]:
        """How many of how many."""
        found = self._viewers
        if found is None:
            return (Slot(((" Not shared", "strong"),)),)
        number = len(found.open)
        noun = "session" if number == 1 else "sessions"
        return (
            Slot(((f" {number} {noun}", "strong"),)),
            Slot(((f"of at most {found.most}", "dim"),), rank=1),
        )

    def lines(self, tab: str, width: int) -> Iterator[Words]:  # noqa: ARG002 - there is one
        """The table."""
        return viewer_lines(self._viewers, self.now, width, self.view.glyphs)
