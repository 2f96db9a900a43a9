"""A live table: any number of rows, of which only those on the screen cost anything.

How to use it (the nodes screen, the pods screen and a node's own pods all do the same):

    table = PodTable(view)                                 # all pods of the store
    table = PodTable(view, rows=lambda: {pod.uid: pod for pod in view.store.pods_of(node)},
                     hide={"node"})                        # the pods of one node

    def frame(self, frame: Frame) -> None:
        table.sync(frame.now)                              # small tables: compares every row
        table.sync(frame.now, frame.changes.pods)          # big ones: only the keys touched
        table.sync(frame.now, full=True)                   # was hidden, or all was forgotten

Enter posts what the kind's `opened` makes (OpenNode, OpenPod). `table.find(text)` filters,
`table.admit(test)` narrows to some rows (a namespace), `table.say(...)` is what stands there
instead of rows. `Arranged` is posted when what is shown has been filtered or sorted anew.
"""

from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType

from eksview.ui.base.messages import Subject
from eksview.ui.table.line import MARGIN, Heading
from eksview.ui.table.model import Order
from eksview.ui.table.view import HEADER, TableView

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")

HELD = 0.12  # seconds between two steps that mean a key is held down
WHEEL = 3  # rows


class LiveTable(TableView[RowT, ContextT], Generic[RowT, ContextT], can_focus=True):
    """Rows by key, a cursor that stays on its row, columns as the width allows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "open",
            "Open",
            key_display="enter",  # Textual's own is a glyph, in ASCII mode too
            tooltip="Open what the cursor is on",
            id="table.open",
        ),
        Binding("w", "wide", "Wide", tooltip="All columns, or those that fit", id="table.wide"),
        *(
            Binding(keys, action, label, show=False, tooltip=label, id=f"table.{name}")
            for name, keys, action, label in (
                ("down", "j,down", "step(1)", "Next row"),
                ("up", "k,up", "step(-1)", "Previous row"),
                ("half-down", "ctrl+d", "page(0.5)", "Half a page down"),
                ("half-up", "ctrl+u", "page(-0.5)", "Half a page up"),
                ("page-down", "pagedown,ctrl+f", "page(1.0)", "A page down"),
                ("page-up", "pageup", "page(-1.0)", "A page up"),
                ("top", "g,home", "top", "First row"),
                ("bottom", "G,end", "bottom", "Last row"),
                ("left", "h,left", "sideways(-1)", "Columns to the left"),
                ("right", "l,right", "sideways(1)", "Columns to the right"),
            )
        ),
    ]

    _stepped = float("-inf")

    def subject(self) -> Subject | None:
        """The message that opens what the cursor is on; None without rows."""
        key = self._viewport.key
        if key is None or self.current is None or not self.shown:
            return None
        return self._kind.opened(key)

    def action_step(self, by: int) -> None:
        """Move by rows; a held key scrolls by half windows."""
        now = self._clock()
        held, self._stepped = now - self._stepped < HELD, now
        self._go(self._viewport.at + by, leap=held)

    def action_page(self, pages: float) -> None:
        """Move by windows."""
        self._viewport.page(self._model.keys, int(pages * self._viewport.height))
        self._update()

    def action_top(self) -> None:
        """To the first row."""
        self._go(0)

    def action_bottom(self) -> None:
        """To the last row."""
        self._go(self.shown - 1)

    def action_sideways(self, by: int) -> None:
        """Move over the columns."""
        self._columns.sideways(by)
        self._update(anew=True)

    def action_wide(self) -> None:
        """All columns, or those that fit."""
        self._columns.toggle()
        self._update(anew=True)

    def action_sort(self, column: str) -> None:
        """Sort by a column; again turns the order round."""
        wanted = self._columns.column(column)
        if wanted is None:
            return
        again = self._heading.sorted_by == column
        reverse = not self._heading.reverse if again else column in self._kind.falling
        self._heading = Heading(column, reverse)
        rank = wanted.sort
        self._model.sort(Order(lambda row: rank(row, self._ctx), reverse, self._kind.pure))
        self._work()

    def action_open(self) -> None:
        """Tell the app what to open."""
        subject = self.subject()
        if subject is not None:
            self.post_message(subject)

    def on_focus(self) -> None:
        """The cursor's bar shows where keys go."""
        self._update()

    def on_blur(self) -> None:
        """Keys go elsewhere."""
        self._update()

    def on_click(self, event: events.Click) -> None:
        """A row: go there, twice opens. A title: sort by it."""
        if event.y >= HEADER:
            if event.y - HEADER + self._viewport.top < self.shown:
                self._go(event.y - HEADER + self._viewport.top)
                if event.chain == 2:
                    self.action_open()
        elif (column := self._columns.at(event.x - MARGIN)) is not None:
            self.action_sort(column.id)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """A few rows down."""
        self._wheel(event, WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """A few rows up."""
        self._wheel(event, -WHEEL)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        self._viewport.scroll(self._model.keys, by)
        self._update()

    def _go(self, at: int, *, leap: bool = False) -> None:
        self._viewport.move(self._model.keys, at, leap)
        self._update()
