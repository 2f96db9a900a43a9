"""The help: all keys of the screen below, and all commands."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from eksview.domain.base.text import cells, fit
from eksview.ui.base.lines_view import LinesView
from eksview.ui.base.view import View
from eksview.ui.dialogs.key_list import Section
from eksview.ui.text.words import Tone, Words

KEYS = 13
"""Cells of the column of keys at most."""
COLUMN, GAP = 48, 2
"""Cells of a column, and of those the ones between two columns."""
FRAME = 10
"""Cells around the columns."""


class HelpScreen(ModalScreen[None]):
    """A dialog of all keys and commands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss(None)", "Back", tooltip="Close", id="help.back"),
    ]

    def __init__(self, view: View, sections: Sequence[Section]) -> None:
        super().__init__()
        self._view = view
        self._sections = sections

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = "Keys"
            box.border_subtitle = "Esc close"
            yield LinesView(self._view)

    def on_resize(self) -> None:
        """Arrange the lines in as many columns as there is room for."""
        lines = tuple(lines_of(self._sections, self._view.glyphs.more))
        columns = max(1, min(3, (self.size.width - FRAME) // COLUMN))
        view = self.query_one(LinesView)
        view.styles.width = columns * COLUMN
        view.show(tuple(side_by_side(lines, columns)))
        view.styles.height = view.count


def side_by_side(lines: Sequence[Words], columns: int) -> Iterator[Words]:
    """Yield the lines in columns, read downwards; no column ends with a section's title."""
    height = -(-len(lines) // columns)
    starts = [0]
    while (start := starts[-1] + height) < len(lines):
        starts.append(start - 1 if _is_title(lines[start - 1]) else start)
    parts = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    for at in range(max(map(len, parts), default=0)):
        line: list[tuple[str, Tone]] = []
        for part in parts:
            words = part[at] if at < len(part) else ()
            taken = sum(cells(text) for text, _ in words)
            line += [*words, (" " * max(0, COLUMN - taken), "text")]
        yield tuple(line)


def _is_title(words: Words) -> bool:
    return len(words) == 1


def lines_of(sections: Sequence[Section], more: str) -> Iterator[Words]:
    """Yield each section below its title, the keys in a column."""
    widest = max((cells(line.keys) for section in sections for line in section.lines), default=0)
    column = min(KEYS, widest) + 2
    for number, section in enumerate(sections):
        if number:
            yield ()
        yield ((section.title, "strong"),)
        for line in section.lines:
            room = COLUMN - GAP - column
            text = line.text if cells(line.text) <= room else line.short or line.text
            yield (
                (fit(line.keys, column), "accent"),
                (fit(text, room, more=more).rstrip(), "text"),
            )
