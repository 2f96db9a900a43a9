"""The filter of a table: parsed, applied to the rows, and explained."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.filter.parse import Filter, parse_filter
from eksview.domain.filter.pattern import Span
from eksview.ui.table.column_layout import Placed
from eksview.ui.table.rows.model import TableModel
from eksview.ui.table.spec import TableSpec

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")

REPEATED = 5.0
"""Seconds between two looks at cells that change with time, which no change of a row announces."""


class TableFilter(Generic[RowT, ContextT]):
    """The filter as last typed; `problem` is a sentence about an impossible term of it."""

    def __init__(self, kind: TableSpec[RowT, ContextT], model: TableModel[RowT]) -> None:
        self._kind = kind
        self._model = model
        self._filter = Filter()
        self.text = ""
        """The filter as typed, an impossible one too."""
        self._repeated_at = float("-inf")
        self.problem: Clean = EMPTY

    def change(self, text: str) -> None:
        """Filter by another text."""
        self.text = text.strip()
        self._filter = parse_filter(text, self._kind.searched)
        self._model.filter(self._filter)
        self.explain()

    def repeat(self, now: float) -> None:
        """Filter again, from time to time, by cells that change with time."""
        if abs(now - self._repeated_at) < REPEATED:
            return
        self._repeated_at = now
        if any(map(self._kind.moves, self._filter.columns)):
            self._model.filter_again()
        self.explain()

    @property
    def advice(self) -> Clean:
        """What else to type where nothing matches; empty for nothing else."""
        return self._filter.advice

    def explain(self) -> None:
        """Update `problem`: a name that is neither a column nor a label is one, too."""
        problem = self._filter.problem
        if names := self._model.unknown_labels(self._filter.bare_labels):
            columns = self._kind.searched.names
            problem = clean(f"No column or label {', '.join(names)}; columns: {columns}")
        self.problem = problem

    def marks(self, placed: Sequence[Placed], texts: Sequence[str]) -> tuple[tuple[Span, ...], ...]:
        """Return what matches in the cells of a line; nothing without a filter."""
        if not self._filter.terms:
            return ()
        marks = self._filter.marks
        pairs = zip(placed, texts, strict=True)
        return tuple([marks(each.column.id, text) for each, text in pairs])
