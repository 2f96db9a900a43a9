"""The one dialog to choose from a list: a filter where it has one, a detail line, Enter and Esc."""

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

from eksview.domain.base.problem import UserError
from eksview.domain.base.text import clean
from eksview.ui.base.view import View

ChoiceT = TypeVar("ChoiceT")


class PickerScreen(ModalScreen[ScreenResultType], Generic[ChoiceT, ScreenResultType]):
    """Subclasses return the option of a choice, and say what picking it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Back", tooltip="Close", id="picker.back"),
        Binding("j,down", "move(1)", "Next", show=False, tooltip="Next", id="picker.down"),
        Binding("k,up", "move(-1)", "Previous", show=False, tooltip="Previous", id="picker.up"),
    ]
    HEADING: ClassVar[str] = ""
    KEYS: ClassVar[str] = ""
    COMPACT: ClassVar[bool] = False
    DETAIL: ClassVar[bool] = False
    """Whether the detail line has its room from the beginning on."""

    def __init__(self, view: View, choices: Sequence[ChoiceT] = ()) -> None:
        super().__init__()
        self.view = view
        self.choices = choices
        self.heading, self.keys = self.HEADING, self.KEYS

    @abstractmethod
    def option(self, choice: ChoiceT) -> Option:
        """Return how a choice stands in the list; its text is clean."""

    @abstractmethod
    def pick(self, choice: ChoiceT) -> None:
        """Do what Enter or a click on a choice asks for."""

    def start(self) -> int | None:
        """Return which choice is highlighted first."""
        return 0 if self.choices else None

    def above(self) -> Iterable[Widget]:
        """Return what stands above the list, such as the input of a filter."""
        return ()

    def narrow(self, text: str) -> None:
        """Offer the choices that fit what is typed."""

    def compose(self) -> ComposeResult:
        """The list in a box, above its detail line."""
        with Vertical(classes="box") as box:
            box.border_title = Content(self.heading)
            box.border_subtitle = self.keys
            yield from self.above()
            options = map(self.option, self.choices)
            yield OptionList(*options, markup=False, compact=self.COMPACT)
            detail = Static("", id="progress", markup=False)
            detail.display = self.DETAIL
            yield detail

    def on_mount(self) -> None:
        """Keys go to the filter, or to the list without one."""
        self.query_one(OptionList).highlighted = self.start()
        (*self.query(Input), self.query_one(OptionList))[0].focus()

    @property
    def chosen(self) -> ChoiceT | None:
        """The highlighted choice."""
        at = self.query_one(OptionList).highlighted
        return None if at is None else self.choices[at]

    def offer(self, choices: Sequence[ChoiceT]) -> None:
        """Replace the choices."""
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
        """Up and down, while typing too."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every keystroke narrows the list."""
        self.narrow(event.value.strip().lower())

    def on_input_submitted(self) -> None:
        """Enter picks what is highlighted while typing."""
        if self.chosen is not None:
            self.pick(self.chosen)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click."""
        self.pick(self.choices[event.option_index])


class SwitchScreen(PickerScreen[ChoiceT, str | None], Generic[ChoiceT]):
    """A picker of what to follow, which stays until that has answered: nothing is lost to silence.

    It gives the name of what is followed now, or None when all stayed as it was.
    """

    COMPACT = True
    DETAIL = True

    def switch(self, name: str, follow: Callable[[], Awaitable[None]]) -> None:
        """Try to follow another; one attempt at a time, the newest."""
        self.run_worker(self._try(name, follow), exclusive=True)

    async def _try(self, name: str, follow: Callable[[], Awaitable[None]]) -> None:
        self.say(f"Asking {clean(name)}{self.view.glyphs.more}")
        try:
            await follow()
        except UserError as problem:
            self.say(f"Nothing has changed. {clean(str(problem))}", failed=True)
        else:
            self.dismiss(name)
