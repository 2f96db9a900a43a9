"""A sentence above a log, over as many lines as it takes; without words it takes none."""

from collections.abc import Sequence

from eksview.ui.base.lines.text_line import WordLines
from eksview.ui.base.view import View
from eksview.ui.text.layout import wrapped
from eksview.ui.text.words import Words

MOST = 5
"""Lines at most: a scheduler's sentence takes four of 80 cells, and the log wants the rest."""


class FoldedWords(WordLines):
    """Words that are folded at the width of the screen."""

    DEFAULT_CSS = "FoldedWords { height: 1; }"

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(view, id=id)
        self._words: Words = ()

    def show(self, words: Words) -> None:
        """Replace the words, which must be clean."""
        if self.display != bool(words):
            self.display = bool(words)
        if words != self._words:
            self._words = words
            self._arrange()
            self.paint()

    def window(self, width: int, height: int) -> Sequence[Words]:  # noqa: ARG002 - it is arranged
        """Return the lines; the last one of too many ends with a mark."""
        lines = list(wrapped(self._words, max(20, width - 1)))
        if len(lines) > MOST:
            lines[MOST - 1] = (*lines[MOST - 1], (self.view.glyphs.more, "dim"))
        return lines[:MOST]

    def on_resize(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        lines = max(1, len(self.window(self.app.size.width, MOST)))
        if self.styles.height is None or self.styles.height.value != lines:  # it is a layout
            self.styles.height = lines
