"""One tick of the screen: what changed, and when it is."""

from collections.abc import Iterable
from typing import ClassVar, Protocol, runtime_checkable

from msgspec import Struct
from textual.widget import Widget

from eksview.domain.control_plane.distribution import EVIDENCE_FACTS
from eksview.domain.rows.kube import Kind
from eksview.store.changes import Changes
from eksview.ui.base.footer import FooterLine
from eksview.ui.base.header import HeaderLine
from eksview.ui.base.messages import Subject
from eksview.ui.base.view import View
from eksview.ui.terminal.partial_repaint import NarrowCompositor
from eksview.ui.terminal.textual_private import ScreenHooks


class Frame(Struct):
    """Given to the visible screen four times a second at most.

    `full` asks to draw everything anew: the screen was hidden, or all was forgotten.
    """

    now: float
    changes: Changes
    full: bool = False


@runtime_checkable
class Resumes(Protocol):
    """An application that brings a screen up to date."""

    def resumed(self) -> None:
        """The visible screen was hidden until now."""


class LiveScreen(ScreenHooks, inherit_bindings=False):
    """A screen that is told of every frame while it is the visible one.

    It has a header and a footer by itself; `compose` gives only what is between them.
    """

    ASKERS: ClassVar[tuple[str, ...]] = ()
    """The links whose calls stand behind what it shows; empty: all of them."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.use_compositor(NarrowCompositor())
        self.view = view
        self.ready = False
        self._header = HeaderLine(view)
        self._footer = FooterLine(view)

    def frame(self, frame: Frame) -> None:
        """Bring the widgets up to date; called for the visible screen only."""
        raise NotImplementedError

    def subject(self) -> Subject | None:
        """What the cursor is on: it can be opened, and its name copied."""
        return None

    def entered(self) -> Subject | None:
        """What `s` opens a session on."""
        return self.subject()

    def look(self, tab: str) -> bool:  # noqa: ARG002 - screens that have tabs use it
        """Show a tab of this screen; False where there is no such tab."""
        return False

    def copied(self) -> str:
        """What `c` copies; empty when there is nothing to copy."""
        subject = self.subject()
        return subject.text(self.view.store) if subject else ""

    def tick(self, frame: Frame) -> None:
        """Everything on this screen; called by the frame clock."""
        changes = frame.changes
        judge = frame.full or bool(EVIDENCE_FACTS & changes.facts) or Kind.NODE in changes.members
        self._header.sync(frame.now, judge=judge)
        self._footer.sync(frame.now)
        self.frame(frame)

    def on_screen_resume(self) -> None:
        """It can be seen from now on, and may be out of date."""
        self.ready = True
        # Not by a message: it would be painted as it was left before that arrives.
        if isinstance(self.app, Resumes):
            self.app.resumed()

    def surrounding_widgets(self) -> Iterable[Widget]:
        """Return the header and the footer, whatever `compose` yields."""
        return self._header, self._footer
