"""Picks a namespace among those that have pods."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from eksview.domain.text import clean, fit

NAME = 32  # cells; most namespaces are shorter


class NamespacePicker(ModalScreen[str | None]):
    """Gives the namespace, "" for all, or None when nothing was picked. Typing narrows the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", tooltip="Leave it as it is", id="picker.back"),
        Binding("down", "move(1)", "Next", show=False, tooltip="Next", id="picker.down"),
        Binding("up", "move(-1)", "Previous", show=False, tooltip="Previous", id="picker.up"),
    ]

    def __init__(self, counts: Mapping[str, int], current: str) -> None:
        super().__init__()
        self._counts = counts
        self._current = current

    def compose(self) -> ComposeResult:
        """What is typed, and what it leaves."""
        with Vertical(id="picker"):
            yield Static("Namespace", id="picker-title", markup=False)
            box = Input(placeholder="type to narrow", compact=True)
            box.cursor_blink = False
            yield box
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """All of them at first."""
        self._fill("")
        self.query_one(Input).focus()

    def action_move(self, by: int) -> None:
        """Up and down while typing."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._fill(event.value.strip().lower())

    def on_input_submitted(self) -> None:
        """Enter picks what is highlighted."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id or "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click, or Enter on the list."""
        self.dismiss(event.option.id or "")

    def _fill(self, text: str) -> None:
        options = self.query_one(OptionList)
        names = sorted(name for name in self._counts if text in name.lower())
        options.clear_options()
        if not text:
            options.add_option(_option("all namespaces", sum(self._counts.values()), ""))
        for name in names:
            options.add_option(_option(clean(name), self._counts[name], name))
        if options.option_count:
            here = names.index(self._current) + 1 if self._current in names and not text else 0
            options.highlighted = here


def _option(label: str, count: int, name: str) -> Option:
    return Option(f"{fit(label, NAME)}  {count:>8,}", id=name)
