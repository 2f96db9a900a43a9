"""A live table of any number of rows, of which only the visible ones are drawn.

Use (as in the nodes screen, the pods screen and the pods of a node):

    table = PodTable(view)                                 # all pods of the store
    table = PodTable(view, rows=lambda: {pod.uid: pod for pod in view.store.pods_of(node)},
                     hide={"node"})                        # the pods of one node

    def frame(self, frame: Frame) -> None:
        table.sync(frame.now)                              # small tables: compares all rows
        table.sync(frame.now, frame.changes.pods)          # big tables: only the touched keys
        table.sync(frame.now, full=True)                   # after the screen was hidden

Enter posts the message that `opened` of the spec makes. `table.find(text)` filters,
`table.admit(test)` selects rows (a namespace), `table.say(...)` sets the note that is shown
instead of rows. `Arranged` is posted when rows were filtered or sorted again.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType

from eksview.domain.actions.offer import NO_OBJECT
from eksview.domain.base.health import TROUBLE
from eksview.ui.base.messages import Subject
from eksview.ui.base.movement import PAGES_OF_OBJECTS, Move, movement_bindings
from eksview.ui.base.wheel import ScrolledByWheel
from eksview.ui.table.line import MARGIN, Heading
from eksview.ui.table.marked_table import MarkedTable
from eksview.ui.table.view import HEADER

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")

HELD = 0.12  # seconds between two steps that mean a key is held down


class LiveTable(
    ScrolledByWheel, MarkedTable[RowT, ContextT], Generic[RowT, ContextT], can_focus=True
):
    """A table with a cursor that stays on its row, and as many columns as fit."""

    BINDING_GROUP_TITLE = "Table"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "open",
            "Open",
            key_display="enter",  # Textual's own is a glyph, in ASCII mode too
            tooltip="Open the row under the cursor",
            id="table.open",
        ),
        Binding("w", "wide", "Wide", tooltip="Wide: all columns", id="table.wide"),
        Binding(
            "t",
            "problem",
            "Next problem",
            tooltip="Go to the next row with a problem",
            id="table.problem",
        ),
        *movement_bindings(
            "table",
            Move("down", "step(1)", "Next row"),
            Move("up", "step(-1)", "Previous row"),
            *PAGES_OF_OBJECTS,
            Move("top", "top", "First row"),
            Move("bottom", "bottom", "Last row"),
            Move("left", "sideways(-1)", "Columns to the left"),
            Move("right", "sideways(1)", "Columns to the right"),
        ),
    ]

    _stepped = float("-inf")
    instead: Subject | None = None
    """The subject to open and copy while there are no rows, such as the rule that grants them."""

    @property
    def rows(self) -> Mapping[str, RowT]:
        """The rows by key before the filter; not to be changed."""
        return self._model.rows

    def all_rows(self) -> Iterable[RowT]:
        """Return the rows of the source, of which `admit` may have selected some."""
        return self._source().values()

    def subject(self) -> Subject | None:
        """Return the message that opens the row under the cursor, or `instead` without rows."""
        if not self.total:
            return self.instead
        key = self._viewport.key
        if key is None or self.current is None or not self.shown:
            return None
        return self._kind.opened(key)

    def why_no_row(self) -> str:
        """Return why there is no object of the cluster under the cursor."""
        if self.shown:
            return NO_OBJECT
        return "The filter hides all rows." if self.total else "There are no rows."

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why an action would do nothing with these rows and columns."""
        reason = super().why_not(action, parameters)
        match action, parameters:
            case "open", _ if not (self.subject() or self.busy):
                reason = "There is no row to open."
            case "wide" | "sideways" | "problem", _ if not self.shown:
                reason = "There are no rows."
            case "problem", _:
                reason = self._no_other_problem()
            case "wide", _ if self._columns.complete:
                reason = "All columns are shown in full."
            case "sideways", (1,) if not self.hidden_columns:
                reason = "No column is hidden at the right."
            case "sideways", (-1,) if not self.wide:
                reason = "No column is hidden at the left."
        return reason

    def action_step(self, by: int) -> None:
        """Move by rows; a key that is held down scrolls by half windows."""
        now = self._clock()
        held, self._stepped = now - self._stepped < HELD, now
        self._go(self._viewport.at + by, leap=held)

    def action_page(self, pages: float) -> None:
        self._viewport.page(self._model.keys, int(pages * self._viewport.height))
        self._update()

    def action_top(self) -> None:
        self._go(0)

    def action_bottom(self) -> None:
        self._go(self.shown - 1)

    def action_sideways(self, by: int) -> None:
        self._columns.sideways(by)
        self._update(repaint=True)

    def action_wide(self) -> None:
        self._columns.toggle()
        self._update(repaint=True)

    def order(self, column: str) -> None:
        """Sort by a column, unless that is done already."""
        if self._heading.sorted_by != column:
            self.action_sort(column)

    def action_sort(self, column: str) -> None:
        """Sort by a column, then reverse its order, then show the worst rows first again."""
        wanted = self._columns.column(column)
        if wanted is None:
            return
        falling = column in self._kind.falling
        again = self._heading.sorted_by == column
        if again and self._heading.reverse is not falling:
            self._heading = Heading()
        else:
            self._heading = Heading(column, falling is not again)
        self._sort()
        self._to_top = True
        self._work()

    def _sort(self) -> None:
        """Sort the rows as the heading says, and keep its column in view."""
        self._model.sort(self._kind.ordered(*self._heading, lambda: self._ctx))
        self._columns.keep(self._heading.sorted_by)

    def outside_changed(self) -> None:
        """Sort and draw again what the columns in the spec's `outside` show."""
        self._cells.forget()
        if self._heading.sorted_by in self._kind.outside:
            self._model.sort_again()
        self._work()

    def action_problem(self) -> None:
        """Go to the next row in trouble, after the last one to the first."""
        self.finish()
        keys = self._model.keys
        after = self._viewport.at + 1
        for at in chain(range(after, len(keys)), range(min(after, len(keys)))):
            row = self._model.row(keys[at])
            if row is not None and self._kind.health(row, self._ctx) in TROUBLE:
                self._go(at)
                return
        self.notify("None of these rows has a problem.", timeout=3)

    def _no_other_problem(self) -> str:
        """Return why `t` would go nowhere, where the order tells: the worst rows are first."""
        if self._kind.rank is not None or self._heading.sorted_by:
            return ""
        rows = [self._model.row(key) for key in self._model.keys[:2]]
        troubled = [r is not None and self._kind.health(r, self._ctx) in TROUBLE for r in rows]
        if not troubled[0]:
            return "None of these rows has a problem."
        alone = troubled[1:] != [True] and self._viewport.at == 0
        return "This is the only row with a problem." if alone else ""

    def action_open(self) -> None:
        self.finish()
        subject = self.subject()
        if subject is not None:
            self.post_message(subject)

    def on_focus(self) -> None:
        self._update()

    def on_blur(self) -> None:
        self._update()

    def on_click(self, event: events.Click) -> None:
        """Move to a clicked row, open it on a double click, or sort by a clicked title."""
        if event.y >= HEADER:
            if event.y - HEADER + self._viewport.top < self.shown:
                self._go(event.y - HEADER + self._viewport.top)
                if event.chain == 2:
                    self.action_open()
        elif (column := self._columns.at(event.x - MARGIN)) is not None:
            self.action_sort(column.id)

    def scroll_by(self, lines: int) -> None:
        self._viewport.scroll(self._model.keys, lines)
        self._update()

    def _go(self, at: int, *, leap: bool = False) -> None:
        self._viewport.move(self._model.keys, at, leap)
        self._update()
