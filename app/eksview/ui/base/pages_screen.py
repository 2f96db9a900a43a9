"""A screen of tabs whose text is all read from the store, once a second and as facts arrive."""

from eksview.ui.base.live_screen import Frame
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.base.view import View


class PagesScreen(TabbedScreen):
    """Subclasses say the tabs and what each shows."""

    def __init__(self, view: View, tab: str = "") -> None:
        super().__init__(view, tab)
        self._second = -1

    def attend(self) -> None:
        """Called once a second while it can be seen: ask for what it shows."""

    def frame(self, frame: Frame) -> None:
        """Once a second, and when a fact has arrived."""
        super().frame(frame)
        second = int(frame.now)
        if second != self._second:
            self.attend()
        if frame.full or second != self._second or frame.changes.facts:
            self._second = second
            self.fill()
