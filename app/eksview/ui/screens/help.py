"""All keys and commands, taken from the bindings of where one was."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from eksview.domain.text import cells, fit
from eksview.ui.keys import Section
from eksview.ui.view import View
from eksview.ui.widgets.lines_view import LinesView
from eksview.ui.widgets.text_line import Words

KEYS = 24
"""Cells of the column of keys at most."""


class HelpScreen(ModalScreen[None]):
    """A box that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss(None)", "Back", tooltip="Close", id="help.back"),
    ]

    def __init__(self, view: View, sections: Sequence[Section]) -> None:
        super().__init__()
        self._view = view
        self._sections = sections

    def compose(self) -> ComposeResult:
        """Lines in a box."""
        with Vertical(classes="box") as box:
            box.border_title = " Keys "
            box.border_subtitle = " Esc closes "
            lines = LinesView(self._view)
            lines.show(tuple(lines_of(self._sections)))
            lines.styles.width = 72
            lines.styles.height = lines.count
            yield lines


def lines_of(sections: Sequence[Section]) -> Iterator[Words]:
    """Each section under its title, the keys in a column."""
    widest = max((cells(line.keys) for each in sections for line in each.lines), default=0)
    column = min(KEYS, widest) + 2
    for number, section in enumerate(sections):
        if number:
            yield ()
        yield ((section.title, "strong"),)
        for line in section.lines:
            yield ((fit(line.keys, column), "accent"), (line.text, "text"))
