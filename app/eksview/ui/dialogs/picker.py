"""A dialog to choose from a list, with an optional filter and a line of detail."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.ui.base.view import View

ChoiceT = TypeVar("ChoiceT")


class PickerScreen(ModalScreen[ScreenResultType], Generic[ChoiceT, ScreenResultType]):
    """A dialog whose subclasses return the option of a choice and act on the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Back", tooltip="Close", id="picker.back"),
        Binding("j,down", "move(1)", "Next", show=False, tooltip="Next", id="picker.down"),
        Binding("k,up", "move(-1)", "Previous", show=False, tooltip="Previous", id="picker.up"),
    ]
    HEADING: ClassVar[str] = ""
    KEYS: ClassVar[str] = ""
    COMPACT: ClassVar[bool] = False
    DETAIL: ClassVar[bool] = False
    """Whether the detail line is shown while it is empty."""

    def __init__(self, view: View, choices: Sequence[ChoiceT] = ()) -> None:
        super().__init__()
        self.view = view
        self.choices = choices
        self.heading, self.keys = self.HEADING, self.KEYS

    @abstractmethod
    def option(self, choice: ChoiceT) -> Option:
        """Return the list entry of a choice, with clean text."""

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
            box.border_title = Content(self.heading)
            box.border_subtitle = self.keys.replace("·", self.view.glyphs.dot)
            yield from self.above()
            options = map(self.option, self.choices)
            yield OptionList(*options, markup=False, compact=self.COMPACT)
            detail = Static("", id="progress", markup=False)
            detail.display = self.DETAIL
            yield detail

    def on_mount(self) -> None:
        """Focus the filter, or the list without one."""
        self.query_one(OptionList).highlighted = self.start()
        self.set_focus((*self.query(Input), self.query_one(OptionList))[0])

    @property
    def chosen(self) -> ChoiceT | None:
        """The highlighted choice."""
        at = self.query_one(OptionList).highlighted
        return None if at is None else self.choices[at]

    def offer(self, choices: Sequence[ChoiceT]) -> None:
        self.choices = choices
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(map(self.option, choices))
        options.highlighted = self.start()

    def say(self, text: str, *, failed: bool = False) -> None:
        """Show a clean sentence in the detail line."""
        detail = self.query_one("#progress", Static)
        detail.display = True
        detail.set_class(failed, "-failed")
        detail.update(text)

    def action_move(self, by: int) -> None:
        """Move the highlight, also while the filter has the focus."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.narrow(event.value.strip().lower())

    def on_input_submitted(self) -> None:
        """Pick the highlighted choice from the filter."""
        if self.chosen is not None:
            self.pick(self.chosen)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.pick(self.choices[event.option_index])


class SwitchScreen(PickerScreen[ChoiceT, str | None], Generic[ChoiceT]):
    """A picker of a cluster or context, which stays open until the new one has answered.

    It returns the name of the new one, or None when nothing was switched.
    """

    COMPACT = True
    DETAIL = True

    def switch(self, name: str, follow: Callable[[], Awaitable[None]]) -> None:
        """Try to switch; a new attempt replaces the one that runs."""
        self.run_worker(self._try(name, follow), exclusive=True)

    async def _try(self, name: str, follow: Callable[[], Awaitable[None]]) -> None:
        self.say(f"Connecting to {clean(name)}{self.view.glyphs.more}")
        try:
            await follow()
        except UserError as problem:
            self.say(f"Not switched: {clean(str(problem))}", failed=True)
        else:
            self.dismiss(name)
