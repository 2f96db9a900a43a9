"""What a table shows and in which order, kept up to date without walking every row per change.

Pure: no terminal in here. Big work (a first build, a sort, a filter over 150,000 rows) is cut into
slices: after any call, `advance` until it says False, as the time between two keys allows.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from enum import IntEnum
from typing import Generic, TypeVar

from eksview.domain.base.filters import Filter
from eksview.ui.table.arranged_rows import ArrangedRows, Order
from eksview.ui.table.row_cache import RowCache
from eksview.ui.table.search_index import Labels, SearchIndex

__all__ = ["MANY", "RESORT", "Order", "TableModel"]

RowT = TypeVar("RowT")

RESORT = 2.0  # seconds between two sorts of a table whose figures change
MANY = 4_000
"""Up to this many differences are always worked in; more, if they are a quarter of the table, mean
to sort all of it again."""


class _Stage(IntEnum):
    """What has to be made anew; each stage builds on the one before."""

    NAMES = 0
    RANKS = 1
    FILTER = 2
    DONE = 3


class TableModel(Generic[RowT]):
    """Rows by key; the keys in order; those of them that match the filter.

    `name` orders rows where nothing else does and must never change for a key. `text` is what plain
    filter text is looked for in, in lower case.
    """

    def __init__(
        self,
        name: Callable[[RowT], str],
        text: Callable[[RowT], str],
        labels: Callable[[RowT], Labels],
        tally: Callable[[RowT], str],
    ) -> None:
        self._held = RowCache(name, tally)
        self._arranged = ArrangedRows(self._held, SearchIndex(text, labels))
        self._stage = _Stage.DONE
        self._job: Generator[None, None, None] | None = None
        self._late: set[str] = set()
        self._prepared = False
        self._sorted_at = float("-inf")

    # reading

    @property
    def keys(self) -> list[str]:
        """The keys to show, in order. Not to be changed, nor kept across a call."""
        return self._arranged.shown.keys

    @property
    def total(self) -> int:
        """Rows before the filter."""
        return len(self._held.rows)

    @property
    def tallies(self) -> Mapping[str, int]:
        """Rows, whether they match or not, by what `tally` calls them."""
        return self._held.tallies

    @property
    def busy(self) -> bool:
        """Whether `keys` is not yet what was last asked for."""
        return self._job is not None

    def row(self, key: str) -> RowT | None:
        """A row, shown or not."""
        return self._held.rows.get(key)

    def index(self, key: str) -> int | None:
        """Where a key is among those shown."""
        return self._arranged.shown.index(key) if key in self._held.rows else None

    # what there is

    def load(self, source: Mapping[str, RowT], admit: Callable[[RowT], bool] | None = None) -> None:
        """Compare with all there is; `admit` says which of it belongs in this table."""
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
        """These keys of the source have come, changed or gone."""
        if self.busy:
            self._late.update(keys)
        else:
            self._arranged.change(keys)

    # what is wanted of it

    def sort(self, order: Order[RowT] | None) -> None:
        """Order by something else; None is by name."""
        self._arranged.order = order
        self._restart(_Stage.RANKS)

    def filter(self, wanted: Filter | None) -> None:
        """Show only what matches; None shows everything."""
        wanted = wanted if wanted is not None and wanted.terms else None
        if wanted != self._arranged.wanted:
            self._arranged.wanted = wanted
            self._restart(_Stage.FILTER)

    def prepare(self) -> None:
        """Read the texts that a filter searches, before there is one."""
        self._prepared = True
        self._restart(_Stage.FILTER)

    def settle(self, now: float) -> None:
        """Sort again if figures have moved since, but not so often that rows dance."""
        if self._arranged.moved and not self.busy and now - self._sorted_at >= RESORT:
            self._sorted_at = now
            self._restart(_Stage.RANKS)

    def advance(self) -> bool:
        """Do one slice of the work; False when there is none left."""
        if self._job is None:
            return False
        try:
            next(self._job)
        except StopIteration:
            self._job = None
            late, self._late = self._late, set()
            self._arranged.change(late)
        return self._job is not None

    # doing it

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
