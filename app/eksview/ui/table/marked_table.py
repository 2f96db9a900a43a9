"""The marks of a table's rows, and the keys that set them; the keys are those of k9s."""

from collections.abc import Callable, Collection, Iterable
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.message import Message

from eksview.domain.base.text import clean
from eksview.domain.tables.contents import TableContents
from eksview.ui.base.messages import Subject
from eksview.ui.table.view import TableView

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")

NAMED = 3
"""Rows that a message names at most."""


class MarkedTable(TableView[RowT, ContextT], Generic[RowT, ContextT]):
    """A table whose rows can be marked, for actions on all of them.

    A mark belongs to the key of a row, so it survives sorting, filtering and new data. It ends with
    its row, which a message says.
    """

    class Marked(Message):
        """A notice that other rows are marked than before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space",
            "mark",
            "Mark",
            key_display="space",
            tooltip="Mark the row, or remove its mark, and go to the next row",
            id="table.mark",
        ),
        Binding(
            "ctrl+@,ctrl+space",  # terminals send NUL; those with the kitty protocol name the key
            "mark_range",
            "Mark range",
            key_display="^space",
            show=False,
            tooltip="Mark the rows from the row marked last to this one",
            id="table.mark-range",
        ),
        Binding(
            "ctrl+backslash",
            "unmark",
            "Clear marks",
            key_display="^\\",
            show=False,
            tooltip="Remove all marks",
            id="table.unmark",
        ),
        Binding(
            "escape", "leave_marks", "Clear marks", tooltip="Remove all marks", id="table.no-marks"
        ),
    ]

    @property
    def marks(self) -> int:
        """The number of marked rows."""
        return len(self._marks)

    @property
    def marks_filtered_out(self) -> int:
        """The number of marked rows that don't match the filter."""
        return sum(self._model.index(key) is None for key in self._marks)

    def marked(self) -> tuple[Subject, ...]:
        """Return the marked rows: those shown in their order, then those that are filtered out."""
        opened = (self._kind.opened(key) for key in self._marked_keys())
        return tuple(subject for subject in opened if subject is not None)

    def contents(self) -> TableContents[RowT, ContextT]:
        """Return the rows that match the filter, or the marked ones, with all columns."""
        self.finish()
        keys = self._marked_keys() or self._model.keys
        rows = [row for key in keys if (row := self._model.row(key)) is not None]
        return TableContents(
            self._kind.columns, rows, self._ctx, self.filter.text, marked=bool(self._marks)
        )

    def sync(
        self, now: float, touched: Collection[str] | None = None, *, full: bool = False
    ) -> None:
        """Update the table, and remove the marks of the rows that are gone."""
        super().sync(now, touched, full=full)
        if gone := self._unmark_absent():
            names = ", ".join(gone[:NAMED]) + (self.view.glyphs.more if gone[NAMED:] else "")
            rows = "A marked row is" if len(gone) == 1 else f"{len(gone):,} marked rows are"
            self.notify(f"{rows} gone: {names}", severity="warning")

    def admit(self, test: Callable[[RowT], bool] | None, hide: Iterable[str] = ()) -> None:
        """Select rows of the source; marks of others are removed, so that no action takes them."""
        super().admit(test, hide)
        self._unmark_absent()

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why an action on marks would do nothing."""
        if action in ("mark", "mark_range") and not self.shown:
            return "There are no rows."
        if action == "mark_range" and not self._marks:
            return self.view.keyed("No row is marked yet: {table.mark} marks the first one.")
        return "No row is marked." if action == "unmark" and not self._marks else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Esc to the filter first, and to the way back where no row is marked."""
        if action == "leave_marks":
            return bool(self._marks) and not self.filter.text
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Mark the row under the cursor or remove its mark, and go to the next row."""
        self.finish()
        if (key := self._viewport.key) is None or self._model.row(key) is None:
            return
        if self._marks.pop(key, None) is None:
            self._mark(key)
        self._viewport.move(self._model.keys, self._viewport.at + 1, False)
        self._marks_changed()

    def action_mark_range(self) -> None:
        """Mark the rows between the one marked last and the cursor, both included."""
        self.finish()
        places = map(self._model.index, reversed(self._marks))
        start = next((at for at in places if at is not None), self._viewport.at)
        first, last = sorted((start, self._viewport.at))
        for key in self._model.keys[first : last + 1]:
            self._marks.pop(key, None)
            self._mark(key)
        self._marks_changed()

    def action_unmark(self) -> None:
        """Remove all marks."""
        self._marks.clear()
        self._marks_changed()

    action_leave_marks = action_unmark

    def _marked_keys(self) -> list[str]:
        at = {key: self._model.index(key) for key in self._marks}
        return sorted(self._marks, key=lambda key: (at[key] is None, at[key] or 0))

    def _mark(self, key: str) -> None:
        subject = self._kind.opened(key)
        self._marks[key] = clean(subject.text(self.view.store) if subject else key)

    def _unmark_absent(self) -> list[str]:
        """Remove the marks of rows that the table no longer has; return their names."""
        absent = [key for key in self._marks if self._model.row(key) is None]
        names = [self._marks.pop(key) for key in absent]
        if names:
            self._marks_changed()
        return names

    def _marks_changed(self) -> None:
        self._update()
        self.post_message(self.Marked())
