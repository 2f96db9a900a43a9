"""One tick of the screen: what changed, and when it is."""

from msgspec import Struct
from textual.screen import Screen

from eksview.store.changes import Changes
from eksview.ui.view import View


class Frame(Struct):
    """Given to the visible screen four times a second at most.

    `full` asks to draw everything anew: the screen was hidden, or all was forgotten.
    """

    now: float
    changes: Changes
    full: bool = False


class LiveScreen(Screen[None]):
    """A screen that is told of every frame while it is the visible one."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view

    def frame(self, frame: Frame) -> None:
        """Bring the widgets up to date; called for the visible screen only."""
        raise NotImplementedError
