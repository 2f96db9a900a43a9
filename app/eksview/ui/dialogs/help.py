"""The help: all keys of the screen below, and all commands."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from eksview.domain.base.text import EMPTY, cells, clean, fit
from eksview.ui.base.lines_view import BAR, LinesView
from eksview.ui.base.view import View
from eksview.ui.dialogs.help_texts import help_texts
from eksview.ui.dialogs.key_list import Section
from eksview.ui.text.layout import fold
from eksview.ui.text.prose import fold_words
from eksview.ui.text.words import Tone, Words

COLUMN, WIDEST, GAP = 48, 64, 2
"""Cells of a column at least, at most, and of those the ones between two columns."""
KEYS = 3
"""The column of keys takes a third of a column at most."""
FRAME, BORDER = 4, 2
"""Cells beside the columns, and lines above and below them."""


class HelpScreen(ModalScreen[None]):
    """A dialog of all keys and commands."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss(None)", "Back", tooltip="Close", id="help.back"),
    ]

    def __init__(self, view: View, sections: Sequence[Section]) -> None:
        super().__init__()
        self._view = view
        self._texts = help_texts(view.language)
        self._sections = tuple(map(self._texts.section, sections))

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = self._texts.framed("Keys")
            box.border_subtitle = self._view.keyed(self._texts.framed("{help.back} close"))
            yield LinesView(self._view)

    def on_resize(self) -> None:
        """Arrange the lines in as many columns as there is room for; the rest scrolls."""
        room = self.size.width - FRAME - BAR
        columns = max(1, min(3, room // COLUMN))
        column = min(WIDEST, room // columns)
        lines = tuple(lines_of(self._sections, column))
        view = self.query_one(LinesView)
        view.styles.width = columns * column + BAR
        view.show(tuple(side_by_side(lines, columns, column)))
        view.styles.height = min(view.count, self.size.height - BORDER)


def side_by_side(lines: Sequence[Words], columns: int, width: int) -> Iterator[Words]:
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
            line += [*words, (" " * max(0, width - taken), "text")]
        yield tuple(line)


def _is_title(words: Words) -> bool:
    return len(words) == 1


def lines_of(sections: Sequence[Section], width: int) -> Iterator[Words]:
    """Yield each section below its title, the keys in a column and the texts folded beside it."""
    widest = max((cells(line.keys) for section in sections for line in section.lines), default=0)
    column = min(width // KEYS, widest) + 2
    for number, section in enumerate(sections):
        if number:
            yield ()
        yield ((section.title, "strong"),)
        for line in section.lines:
            room = width - GAP - column
            keys = [fit(shown, column) for shown in fold(clean(line.keys), column - 1)]
            texts = fold_words(((clean(line.text), "text"),), room)
            for shown, words in zip_longest(keys, texts, fillvalue=None):
                yield ((shown or " " * column, "accent"), *(words or ((EMPTY, "text"),)))
