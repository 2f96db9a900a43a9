"""A widget of lines that keeps what it painted and repaints only what differs."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from eksview.ui.base.view import View
from eksview.ui.text.styled_text import Ink, Spans, differences, strip

LineT = TypeVar("LineT")
NOWHERE = Size(0, 0)


class PaintedLines(Widget, Generic[LineT]):
    """A widget of lines, each drawn once and again only when it differs.

    A concrete widget returns its lines from `window`, compares two in `changes` and draws one in
    `draw`. A line that is the same object as before is not compared again.
    """

    ALLOW_SELECT = False

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        super().__init__(id=id)
        self.view = view
        self.ink = Ink(view.palette(), view.glyphs)
        self._painted: Sequence[LineT] = ()
        self._strips: list[Strip | None] = []
        self._painted_size = NOWHERE

    @abstractmethod
    def window(self, width: int, height: int) -> Sequence[LineT]:
        """Return the lines from the top; fewer than `height` are filled up with blank ones."""

    @abstractmethod
    def changes(self, old: LineT, new: LineT) -> Iterable[tuple[int, int]]:
        """Return the runs of cells that differ, each as its first cell and its length."""

    @abstractmethod
    def draw(self, line: LineT) -> Strip:
        """Return a line as wide as the widget."""

    def recolored(self) -> None:
        """Drop what a concrete widget keeps in the colours of the theme before."""

    def paint(self) -> None:
        """Compare the lines with the painted ones and refresh what differs."""
        if not self.size:
            return
        before = self._painted
        if self._fit():
            self.refresh()
            return
        count = max(len(before), len(self._painted))
        self._strips += [None] * (count - len(self._strips))
        regions: list[Region] = []
        for y in range(count):
            if runs := self._changes_at(y, before):
                self._strips[y] = None
                regions += (Region(x, y, cells, 1) for x, cells in runs)
        if regions:
            self.refresh(*regions)

    def repaint(self) -> None:
        """Draw every line again."""
        self._painted_size = NOWHERE
        self.paint()

    def on_resize(self) -> None:
        self.paint()

    def notify_style_update(self) -> None:
        """Draw every line again in the current styles."""
        super().notify_style_update()
        self._recolor()
        self._strips = [None] * len(self._painted)

    def render_line(self, y: int) -> Strip:
        """Return a line, drawn once."""
        if y >= len(self._painted):
            return Strip.blank(self.size.width, self.rich_style)
        drawn = self._strips[y]
        if drawn is None:
            drawn = self._strips[y] = self.draw(self._painted[y])
        return drawn

    def _changes_at(self, y: int, before: Sequence[LineT]) -> Iterable[tuple[int, int]]:
        if y >= len(before) or y >= len(self._painted):
            return ((0, self.size.width),)
        old, new = before[y], self._painted[y]
        return () if old is new else self.changes(old, new)

    def _fit(self) -> bool:
        """Take the current lines; return True if the size or theme has changed."""
        stale = self._recolor() or self.size != self._painted_size
        self._painted_size = self.size
        self._painted = self.window(*self.size)[: self.size.height]
        if stale:
            self._strips = [None] * len(self._painted)
        return stale

    def _recolor(self) -> bool:
        palette = self.view.palette()
        if palette == self.ink.palette:
            return False
        self.ink = Ink(palette, self.view.glyphs)
        self.recolored()
        return True


class SpanLines(PaintedLines[Spans], can_focus=True):
    """Lines of styled text in a part of a screen that shows whether it has the focus."""

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.paint()

    def changes(self, old: Spans, new: Spans) -> Iterable[tuple[int, int]]:
        return differences(old, new)

    def draw(self, line: Spans) -> Strip:
        return strip(line, self.rich_style).adjust_cell_length(self.size.width, self.rich_style)
