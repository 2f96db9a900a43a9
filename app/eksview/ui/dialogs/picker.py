"""A dialog to choose from a list, with an optional filter and a message below it."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Input

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import cells, clean
from eksview.ui.base.lines_view import LinesView
from eksview.ui.base.movement import Move, movement_bindings
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import BAR, MARGIN, ChoiceList, Entry
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Tone

ChoiceT = TypeVar("ChoiceT")

FRAME = 4  # cells beside the list: the border and a space on each side
BORDER = 2  # lines
NARROWEST = 40  # cells of a dialog, where the terminal has them
MESSAGE = 66  # cells that a message is wide at most
LEAST = 3  # lines that the list keeps beside a long message


def search_box(placeholder: str) -> Input:
    """Return the input of a filter, which doesn't blink: each blink is bytes, over SSH too."""
    box = Input(placeholder=placeholder, compact=True)
    box.cursor_blink = False
    return box


class MessageLines(LinesView, can_focus=False):
    """The message of a dialog, which scrolls where it is too long."""

    def next_page(self) -> None:
        """Scroll to the next lines; after the last ones back to the first."""
        if self._top + self.size.height >= self.count:
            self.action_top()
        else:
            self.action_page(1.0)


class PickerScreen(ModalScreen[ScreenResultType], Generic[ChoiceT, ScreenResultType]):
    """A dialog whose subclasses return the entries of the choices and act on the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Close", tooltip="Close", id="picker.back"),
        Binding("space,tab", "more", "More", tooltip="More of the message", id="picker.more"),
        *movement_bindings(
            "picker",
            Move("down", "move(1)", "Next"),
            Move("up", "move(-1)", "Previous"),
            Move("page-down", "page(1.0)", "Page down"),
            Move("page-up", "page(-1.0)", "Page up"),
            typing=True,
        ),
    ]
    HEADING: ClassVar[str] = ""
    KEYS: ClassVar[str] = ""
    ABOVE: ClassVar[int] = 0
    """Lines that `above` takes."""
    TALLEST: ClassVar[int] = 0
    """Lines of the list at most; 0 for all that fit."""

    def __init__(self, view: View, choices: Sequence[ChoiceT] = ()) -> None:
        super().__init__()
        self.view = view
        self.choices = choices
        self.heading, self.keys = self.HEADING, self.KEYS
        self._list = ChoiceList(view)
        self._message = MessageLines(view, id="message")
        self._sentence: tuple[str, Tone] = ("", "dim")
        self._widest = NARROWEST - FRAME

    @abstractmethod
    def entries(self, room: int) -> Iterable[Entry]:
        """Return the lines of each choice, clean and of at most `room` cells."""

    @abstractmethod
    def pick(self, choice: ChoiceT) -> None:
        """Act on a choice that was picked by Enter or a click."""

    def start(self) -> int | None:
        """Return the index of the choice that is highlighted first."""
        return 0 if self.choices else None

    def above(self) -> Iterable[Widget]:
        """Return the widgets above the list, such as the input of a filter."""
        return ()

    def narrow(self, text: str) -> None:
        """Offer the choices that match the typed text."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = self._title
            box.border_subtitle = self.view.keyed(self.keys).replace("·", self.view.glyphs.dot)
            yield from self.above()
            yield self._list
            yield self._message

    def on_mount(self) -> None:
        """Focus the filter, or the list without one."""
        self.set_focus((*self.query(Input), self._list)[0])

    def on_resize(self) -> None:
        """Fold all to the new width."""
        self._arrange(self._kept)

    @property
    def _kept(self) -> int | None:
        """The choice that stays highlighted."""
        return self._list.at if self._list.count else self.start()

    @property
    def chosen(self) -> ChoiceT | None:
        """The highlighted choice."""
        return None if self._list.at is None else self.choices[self._list.at]

    def offer(self, choices: Sequence[ChoiceT], text: str = "", *, failed: bool = False) -> None:
        """Replace the choices, and the sentence below them by a clean one."""
        self.choices = choices
        self._sentence = text, "warn" if failed else "dim"
        self._arrange(self.start())

    def head(self, heading: str) -> None:
        """Replace the title of the frame."""
        self.heading = heading
        for box in self.query(".box"):  # none once the dialog is closed
            box.border_title = self._title

    @property
    def _title(self) -> Content:
        return Content(self.heading.replace("·", self.view.glyphs.dot))

    def say(self, text: str, *, failed: bool = False) -> None:
        """Show a clean sentence below the list."""
        self._sentence = text, "warn" if failed else "dim"
        self._arrange(self._kept)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why `space` would do nothing."""
        height = self._message.size.height if self._message.display else self._message.count
        shown = action == "more" and self._message.count <= height
        return "All of the message is shown." if shown else ""

    def action_move(self, by: int) -> None:
        """Move the highlight, also while the filter has the focus."""
        self._list.action_move(by)

    def action_page(self, pages: float) -> None:
        self._list.action_page(pages)

    def action_more(self) -> None:
        self._message.next_page()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.narrow(event.value.strip().lower())

    def on_input_submitted(self) -> None:
        """Pick the highlighted choice from the filter."""
        if self.chosen is not None:
            self.pick(self.chosen)

    def on_choice_list_picked(self, event: ChoiceList.Picked) -> None:
        self.pick(self.choices[event.at])

    def _arrange(self, at: int | None) -> None:
        """Give the list and the message the cells that they need, as far as there are.

        The dialog never gets narrower, so that it stays in its place while a filter is typed.
        """
        width, height = self.app.size
        room = width - FRAME - MARGIN - BAR
        self._list.show(self.entries(room), at)
        text, tone = self._sentence
        needed = self._list.widest + MARGIN + BAR, min(MESSAGE, cells(text)) + BAR
        self._widest = max(self._widest, *needed)
        wide = min(width - FRAME, self._widest)
        lines = [((line, tone),) for line in fold(clean(text), wide - BAR)] if text else []
        inner = height - BORDER - self.ABOVE
        below = min(len(lines), max(1, inner - LEAST - 1))
        tallest = inner - (below + 1 if below else 0)
        shown = min(self._list.count, tallest, self.TALLEST or tallest)
        self._set_size(self._list, wide, shown)
        self._set_size(self._message, wide, below)
        self._message.show(lines)

    @staticmethod
    def _set_size(widget: Widget, width: int, height: int) -> None:
        widget.display = height > 0
        widget.styles.width, widget.styles.height = width, max(1, height)


class SwitchScreen(PickerScreen[ChoiceT, str | None], Generic[ChoiceT]):
    """A picker of a cluster or context, which stays open until the new one has answered.

    It returns the name of the new one, or None when nothing was switched.
    """

    TALLEST = 16

    def switch(self, name: str, follow: Callable[[], Awaitable[None]]) -> None:
        """Try to switch; a new attempt replaces the one that runs."""
        self.run_worker(self._try(name, follow), exclusive=True)

    async def _try(self, name: str, follow: Callable[[], Awaitable[None]]) -> None:
        self.say(f"Connecting to {clean(name)}{self.view.glyphs.more}")
        try:
            await follow()
        except UserError as problem:
            self.say(f"Not switched: {problem.sentence}", failed=True)
        else:
            self.dismiss(name)
