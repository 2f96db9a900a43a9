"""The rows that a table shows and their order, updated without walking all rows per change.

Long work (a first build, a sort, a filter over 150,000 rows) is cut into slices: after each call,
call `advance` between keys until it returns False.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from enum import IntEnum
from typing import Any, Generic, TypeVar

from eksview.domain.filter.label_selector import Labels
from eksview.domain.filter.parse import Filter
from eksview.ui.table.rows.arranged_rows import ArrangedRows, Order
from eksview.ui.table.rows.row_cache import RowCache
from eksview.ui.table.rows.search_index import SearchIndex

__all__ = ["MANY", "RESORT", "Order", "TableModel"]

RowT = TypeVar("RowT")

RESORT = 2.0  # seconds between two moves of rows whose ranks change
FEW = 256
"""Rows moved one by one; when more have changed their rank, all are sorted again."""
CHECKED = 1_000
"""Rows whose rank is compared in a second, where ranks change with time alone."""
MANY = 4_000
"""Differences up to this number are applied one by one; more, and more than a quarter of the table,
sort all of it again."""


class _Stage(IntEnum):
    """The first stage of the work to repeat; each stage builds on the one before."""

    NAMES = 0
    RANKS = 1
    FILTER = 2
    DONE = 3


class TableModel(Generic[RowT]):
    """The rows by key, and the keys in order that match the filter.

    `name` orders rows of equal rank and must never change for a key. `text` is the lower-case text
    that a plain filter searches; `context` returns what cells need beside a row.
    """

    def __init__(
        self,
        name: Callable[[RowT], str],
        text: Callable[[RowT], str],
        labels: Callable[[RowT], Labels],
        tally: Callable[[RowT], str],
        context: Callable[[], Any] = lambda: None,
    ) -> None:
        self._held = RowCache(name, tally)
        self._arranged = ArrangedRows(self._held, SearchIndex(text, labels, context))
        self._stage = _Stage.DONE
        self._job: Generator[None, None, None] | None = None
        self._late: set[str] = set()
        self._prepared = False
        self._sorted_at = float("-inf")
        self._checked = 0  # the index at which `check` goes on

    # reading

    @property
    def keys(self) -> list[str]:
        """The keys to show, in order; not to be changed, nor kept across a call."""
        return self._arranged.shown.keys

    @property
    def total(self) -> int:
        """The number of rows before the filter."""
        return len(self._held.rows)

    @property
    def rows(self) -> Mapping[str, RowT]:
        """The rows by key before the filter; not to be changed."""
        return self._held.rows

    @property
    def tallies(self) -> Mapping[str, int]:
        """The number of rows before the filter, by the word of `tally`."""
        return self._held.tallies

    @property
    def busy(self) -> bool:
        """True until `keys` follows the last filter and order."""
        return self._job is not None

    def row(self, key: str) -> RowT | None:
        """Return a row, shown or not."""
        return self._held.rows.get(key)

    def index(self, key: str) -> int | None:
        """Return the index of a shown key, or None."""
        return self._arranged.shown.index(key) if key in self._held.rows else None

    # the rows

    def load(self, source: Mapping[str, RowT], admit: Callable[[RowT], bool] | None = None) -> None:
        """Compare with the whole source; `admit` selects its rows for this table."""
        self._held.follow(source, admit)
        now, held = self._held.admitted(), self._held.rows
        many = max(MANY, len(held) // 4)
        if self.busy or abs(len(now) - len(held)) > many:
            self._rebuild(now)
            return
        touched = {key for key, row in now.items() if held.get(key) is not row}
        touched.update(key for key in held if key not in now)
        if len(touched) > many:
            self._rebuild(now)
        else:
            self._arranged.change(touched)

    def touch(self, keys: Iterable[str]) -> None:
        """Apply keys of the source that were added, changed or removed."""
        if self.busy:
            self._late.update(keys)
        else:
            self._arranged.change(keys)

    # order and filter

    def sort(self, order: Order[RowT] | None) -> None:
        """Change the order; None is by name."""
        self._arranged.order = order
        self._restart(_Stage.RANKS)

    def sort_again(self) -> None:
        """Sort all rows again: their ranks have changed, though the rows haven't."""
        self._restart(_Stage.RANKS)

    def filter(self, wanted: Filter | None) -> None:
        """Show only the rows that match; None shows all."""
        wanted = wanted if wanted is not None and wanted.terms else None
        if wanted != self._arranged.wanted:
            self._arranged.wanted = wanted
            self._restart(_Stage.FILTER)

    def filter_again(self) -> None:
        """Filter all rows again: cells change with time, too."""
        if not self.busy:
            self._arranged.forget_selection()
            self._restart(_Stage.FILTER)

    def unknown_labels(self, names: Iterable[str]) -> list[str]:
        """Return the names of labels that no row has, in order; none without rows."""
        return self._arranged.unknown_labels(names)

    def prepare(self) -> None:
        """Build the texts that a filter searches, before it is typed."""
        self._prepared = True
        self._restart(_Stage.FILTER)

    def check(self) -> None:
        """Compare the ranks of some rows with those they are placed by, all of them in turn."""
        if not self.busy:
            self._checked = self._arranged.check_ranks(self._checked, CHECKED)

    def settle(self, now: float, every: float = RESORT) -> bool:
        """Move the rows whose ranks have changed, at most once in `every` seconds.

        Return whether there were any.
        """
        moved = len(self._arranged.moved)
        if not moved or self.busy or abs(now - self._sorted_at) < every:
            return False
        self._sorted_at = now
        if moved > FEW:
            self._restart(_Stage.RANKS)
        else:
            self._arranged.place_moved()
        return True

    def advance(self) -> bool:
        """Do a slice of the work; return False when none is left."""
        if self._job is None:
            return False
        try:
            next(self._job)
        except StopIteration:
            self._job = None
            late, self._late = self._late, set()
            self._arranged.change(late)
        return self._job is not None

    # slices of work

    def _rebuild(self, rows: Mapping[str, RowT]) -> None:
        self._late.clear()
        self._arranged.replace_all(rows)
        self._restart(_Stage.NAMES)

    def _restart(self, stage: _Stage) -> None:
        if stage <= self._stage:
            self._stage = stage
            self._job = self._arrange()

    def _arrange(self) -> Generator[None, None, None]:
        arranged = self._arranged
        if self._stage is _Stage.NAMES:
            yield from arranged.sort_names()
            self._stage = _Stage.RANKS
        if self._stage is _Stage.RANKS:
            yield from arranged.sort_ranks()
            self._stage = _Stage.FILTER
        if self._prepared:
            self._prepared = False
            yield from arranged.read_texts()
        yield from arranged.select()
        self._stage = _Stage.DONE
