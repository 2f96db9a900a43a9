"""The display of a live table, without keys and mouse: rows in, changed cells out."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from time import monotonic
from typing import Generic, TypeVar

from textual.message import Message
from textual.strip import Strip

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import clean
from eksview.ui.base.lines.painted_lines import PaintedLines
from eksview.ui.base.view import View
from eksview.ui.base.viewport import Viewport
from eksview.ui.table.cell_cache import CellCache, RowCells
from eksview.ui.table.chosen_columns import chosen, first_order
from eksview.ui.table.column_layout import Layout
from eksview.ui.table.column_set import ColumnSet
from eksview.ui.table.line import (
    BAR,
    BLANK,
    MARGIN,
    Note,
    Painter,
    RowLine,
    TableLine,
    changed_spans,
)
from eksview.ui.table.row_pace import RowPace
from eksview.ui.table.rows.model import RESORT, TableModel
from eksview.ui.table.short_names import ShortNames
from eksview.ui.table.spec import TableSpec
from eksview.ui.table.table_filter import TableFilter
from eksview.ui.text.layout import fold
from eksview.ui.text.words import STATES, Tone, faded

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")

BUDGET = 0.008  # seconds of sorting and filtering before a key may be handled
PAUSE = 0.002
SAMPLE = 200  # rows looked at for the columns' widths before the first is shown
HEADER = 1
NOTE_MARGIN = 2


class TableView(PaintedLines[TableLine], Generic[RowT, ContextT]):
    """A table that repaints only the visible cells that have changed.

    It isn't a `ScrollView`, because each added row would change the virtual size and lay the whole
    screen out again, up to four times a second.
    """

    class Arranged(Message):
        """A notice that the rows were filtered, sorted or read again."""

    headed = False
    """Whether the heading is shown without rows too."""

    def __init__(
        self,
        view: View,
        kind: TableSpec[RowT, ContextT],
        rows: Callable[[], Mapping[str, RowT]],
        context: Callable[[float], ContextT],
        *,
        hide: Iterable[str] = (),
        clock: Clock = monotonic,
    ) -> None:
        super().__init__(view)
        self._kind = kind = chosen(kind, view.settings)
        self._source = rows
        self._admit: Callable[[RowT], bool] | None = None
        self._ctx_at = context
        self._ctx = context(view.clock())
        self._clock = clock
        self._model: TableModel[RowT] = TableModel(
            kind.name, kind.text, kind.labels, kind.tally, lambda: self._ctx
        )
        self._heading = first_order(kind, view.settings)
        self._model.sort(kind.ordered(*self._heading, lambda: self._ctx))
        self.filter: TableFilter[RowT, ContextT] = TableFilter(kind, self._model)
        self._to_top = False  # when the rows are sorted
        self._viewport = Viewport()
        self._names: ShortNames[RowT, ContextT] = ShortNames(
            kind.hosts, view.store.names, lambda: self._columns.wide
        )
        self._columns: ColumnSet[RowT, ContextT] = ColumnSet(
            self._names.columns(kind.columns), kind.least, kind.frozen, hide,
            self._names.columns(kind.scrolled), kind.tight, kind.shared,
        )  # fmt: skip
        self._columns.keep(self._heading.sorted_by)
        self._marks: dict[str, str] = {}
        """The names of the marked rows by key, in the order in which they were marked."""
        self._lines: list[RowLine] = []
        self._cells: CellCache[RowT] = CellCache(pure=kind.pure)
        self._note: tuple[Note, ...] = ()
        self._painted_top = 0
        self._painted_layout = self._columns.layout
        self._second = 0
        self._movers: set[str] = set()
        self._moments = RowPace(
            lambda: kind.rank is None and not self._heading.sorted_by, lambda: view.pace.lean
        )
        self._loaded = False
        self._sampled: bool | None = None  # whether in wide
        self.stale = False  # what the rows say is no longer confirmed

    @property
    def shown(self) -> int:
        """The number of rows that match the filter."""
        return len(self._model.keys)

    @property
    def total(self) -> int:
        """The number of rows before the filter."""
        return self._model.total

    @property
    def tallies(self) -> Mapping[str, int]:
        """The number of rows before the filter, by the word of the spec's `tally`."""
        return self._model.tallies

    @property
    def busy(self) -> bool:
        """True while a filter or a sort isn't done."""
        return self._model.busy

    @property
    def current(self) -> RowT | None:
        """The row under the cursor."""
        key = self._viewport.key
        return None if key is None else self._model.row(key)

    @property
    def hidden_columns(self) -> int:
        """The number of columns that don't fit."""
        return self._columns.layout.hidden

    @property
    def wide(self) -> bool:
        """True while the columns have their full width and scroll sideways."""
        return self._columns.wide

    def sync(
        self, now: float, touched: Collection[str] | None = None, *, full: bool = False
    ) -> None:
        """Update the table; without `touched`, all rows are compared.

        It must be None if the source returns another mapping than before: keys are looked up in
        the last mapping of which all rows were compared.
        """
        due = full or touched is None or not self._loaded or int(now) != self._second
        if not due and not touched:
            return  # nothing has changed, and ages are of whole seconds
        fresh, self._second = int(now) != self._second, int(now)
        self._ctx = self._ctx_at(now)
        if self._names.changed():
            self._sampled = None
            self._columns.relearn()
            self._cells.forget()
        if full:
            self._cells.forget()
        self._cells.outdated(touched)
        if full or touched is None or not self._loaded:
            self._loaded = True
            self._movers.clear()
            self._model.load(self._source(), self._admit)
        else:
            self._model.touch(self._calm(touched, now))
            if fresh:
                self._model.check()
        moments = self._moments
        every = 0.0 if moments.last == now else max(RESORT, moments.pause)
        if self._model.settle(now, every):
            moments.moved(now)
        self.filter.repeat(now)
        self._work()

    def _calm(self, touched: Collection[str], now: float) -> set[str]:
        """Return the keys to update now: added and removed rows wait and are shown together."""
        rows, model = self._source(), self._model
        keys = self._movers.union(touched)
        self._movers = {key for key in keys if (key in rows) != (model.row(key) is not None)}
        if not self._movers or self._moments.due(now):
            waiting, self._movers = self._movers, set()
            if waiting:
                self._moments.moved(now)
            return keys
        return keys - self._movers

    def find(self, text: str) -> None:
        """Show only the rows that match a filter; an empty one shows all."""
        self.filter.change(text)
        self._work()

    def expect_filter(self) -> None:
        """Prepare for a filter before its first key is typed."""
        self._model.prepare()
        self._work()

    def admit(self, test: Callable[[RowT], bool] | None, hide: Iterable[str] = ()) -> None:
        """Select rows of the source, None for all, and move the cursor to the top."""
        self._admit = test
        self._movers.clear()
        self._sampled = None
        self._columns.choose(hide)
        self._viewport.release()
        self._model.load(self._source(), test)
        self._work()

    def say(self, *lines: tuple[str, Tone]) -> None:
        """Set the lines that are shown while there are no rows."""
        note = tuple(Note(*line) for line in lines)
        if note != self._note:
            self._note = note
            self.paint()

    def on_resize(self) -> None:
        self._viewport.resize(self.size.height - HEADER, len(self._model.keys))
        self._columns.arrange(max(0, self.size.width - MARGIN - BAR))
        self._update(repaint=True)

    def window(self, width: int, height: int) -> list[TableLine]:
        """Return the heading and the rows, or the note without rows."""
        heading = self._heading if self.total or self.headed else BLANK
        if self._model.keys:
            return [heading, *self._lines]
        lines = [
            Note(line, tone)
            for text, tone in self._note
            for line in fold(clean(text), width - NOTE_MARGIN)
        ]
        return [heading, *[BLANK] * max(0, (height - HEADER - len(lines)) // 3), *lines]

    def changes(self, old: TableLine, new: TableLine) -> list[tuple[int, int]]:
        layout, width = self._columns.layout, self.size.width
        if isinstance(old, RowLine) and isinstance(new, RowLine):
            spans = changed_spans(old, new, layout, width)
            return [(start, end - start) for start, end in spans]
        return [(0, width)] if old != new else []

    def draw(self, line: TableLine) -> Strip:
        ink, layout = self.ink, self._columns.layout
        return Painter(ink.palette, ink.glyphs, layout, self.size.width, self.rich_style).draw(line)

    def _work(self) -> None:
        """Filter and sort for a moment; continue after the waiting keys."""
        was_busy = self._model.busy
        until = self._clock() + BUDGET
        while self._model.advance():
            if self._clock() >= until:
                self.set_timer(PAUSE, self._work)
                break
        self._update()
        if was_busy and not self._model.busy:
            self.filter.explain()
            self.post_message(self.Arranged())

    def finish(self) -> None:
        """Filter and sort to the end, for a key that acts on the rows.

        The cursor then stays on its row, wherever that moves.
        """
        self._viewport.hold()
        if self._model.busy:
            while self._model.advance():
                pass
            self.filter.explain()
            self._update()
            self.post_message(self.Arranged())

    def _update(self, *, repaint: bool = False) -> None:
        """Repaint the cells that differ, or with `repaint` all of them."""
        if self._model.keys or not self._model.busy:
            self._viewport.follow(self._model.keys, self._model.index, self._nearby())
        if self._to_top and not self._model.busy:
            self._to_top = False
            self._viewport.rewind(self._model.keys)
        self._sample()
        self._lines = self._compose_lines()
        self._painted_top = self._viewport.top
        if repaint or self._painted_layout is not self._columns.layout:
            self._painted_layout = self._columns.layout
            self.repaint()
        else:
            self.paint()

    def _nearby(self) -> list[str]:
        """Return the visible keys, those below the cursor first."""
        cursor = self._viewport.at - self._painted_top
        below = [line.key for line in self._lines[cursor + 1 :]]
        above = [line.key for line in reversed(self._lines[: max(0, cursor)])]
        return [key for key in (*below, *above) if key]

    def _sample(self) -> None:
        """Learn widths from rows of the whole table, so that scrolling doesn't move columns."""
        keys = self._model.keys
        if self._sampled is self._columns.wide or not keys:
            return
        self._sampled = self._columns.wide
        some = map(self._model.row, keys[:: max(1, len(keys) // SAMPLE)])
        self._columns.sample([row for row in some if row is not None], self._ctx)

    def _compose_lines(self) -> list[RowLine]:
        viewport, keys = self._viewport, self._model.keys
        window = keys[viewport.top : viewport.top + viewport.height]
        rows = [(key, row) for key in window if (row := self._model.row(key)) is not None]
        thumb = viewport.thumb(len(keys))
        while True:
            layout = self._columns.layout
            draw = partial(_row_cells, self._kind, layout, self._ctx)
            cells = self._cells.compose(rows, layout, self._second, draw)
            lines = [
                self._line(at, key, row, both, at in thumb)
                for at, ((key, row), both) in enumerate(zip(rows, cells, strict=True))
            ]
            grown = [self._columns.learn(line.texts) for line in lines]
            if not any(grown):
                return lines
            self._columns.arrange()

    def _line(self, at: int, key: str, row: RowT, cells: RowCells, thumb: bool) -> RowLine:
        texts, tones = cells
        cursor = at + self._viewport.top == self._viewport.at
        mark = self._kind.mark(row, self._ctx, self.view.glyphs)
        if self.stale:
            (mark,) = faded((mark,), self.view.glyphs)
            tones = tuple(["dim" if tone in STATES else tone for tone in tones])
        return RowLine(
            key,
            mark,
            texts,
            tones,
            cursor,
            cursor and self.has_focus,
            thumb,
            self.filter.marks(self._columns.layout.placed, texts),
            key in self._marks,
        )


def _row_cells(
    kind: TableSpec[RowT, ContextT], layout: Layout, context: ContextT, row: RowT
) -> RowCells:
    texts = tuple([each.column.cell(row, context) for each in layout.placed])
    tones = [
        kind.tone(each.column, row, context, text)
        for each, text in zip(layout.placed, texts, strict=True)
    ]
    return RowCells(texts, tuple(tones))
