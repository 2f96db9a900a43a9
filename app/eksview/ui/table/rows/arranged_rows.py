"""The sorted and filtered rows of a table, updated for each change and arranged again in slices.

The generators may be paused at every yield; until they are exhausted `shown` is what it was.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from eksview.domain.filter.parse import Filter
from eksview.ui.table.rows.row_cache import RowCache
from eksview.ui.table.rows.search_index import SearchIndex
from eksview.ui.table.rows.sorted_keys import Rank, SortedKeys, arranged

RowT = TypeVar("RowT")


class Order(Struct, Generic[RowT]):
    """The order of a table, in which keys are moved at times if their ranks change.

    A `pure` rank depends on the row alone, so that it needn't be stored.
    """

    rank: Callable[[RowT], Rank]
    reverse: bool = False
    pure: bool = False


class ArrangedRows(Generic[RowT]):
    """The keys of a table's rows: all by name, all by rank, and the shown ones.

    `order` and `wanted` take effect with the next arrangement.
    """

    def __init__(self, held: RowCache[RowT], texts: SearchIndex[RowT]) -> None:
        self._held = held
        self._texts = texts
        self.order: Order[RowT] | None = None
        self.wanted: Filter | None = None
        self.moved: set[str] = set()
        """The keys whose rank differs from the rank that they are placed by."""
        self._selected: Filter | None = None  # the filter that the keys shown went through
        self._ranks: dict[str, Rank] = {}
        self._by_name = SortedKeys(held.name_of)
        self._by_rank = self._by_name
        self.shown = self._by_name

    def replace_all(self, rows: Mapping[str, RowT]) -> None:
        """Replace the rows; none is shown until they are arranged."""
        self._held.take_all(rows)
        self._texts.clear()
        self._by_name = self._by_rank = self.shown = SortedKeys(self._held.name_of)

    def sort_names(self) -> Generator[None, None, None]:
        """Sort all rows by name."""
        keys = list(self._held.rows)
        names = yield from self._held.values(keys, self._held.name)
        self._by_name = SortedKeys(self._held.name_of, keys=(yield from arranged(keys, names)))

    def sort_ranks(self) -> Generator[None, None, None]:
        """Sort all rows by the order, those of equal rank by name."""
        self._selected = None
        order = self.order
        self.moved.clear()
        if order is None:
            self._ranks, self._by_rank = {}, self._by_name
            return
        names = self._by_name.keys
        ranks = yield from self._held.values(names, order.rank)
        keys = yield from arranged(names, ranks, order.reverse)
        yield
        self._ranks = {} if order.pure else dict(zip(names, ranks, strict=True))
        self._by_rank = SortedKeys(self._held.name_of, self._rank_of(order), order.reverse, keys)

    def read_texts(self) -> Generator[None, None, None]:
        """Build the texts that a filter searches."""
        yield from self._texts.build(self._by_name.keys, self._held.rows)

    def select(self) -> Generator[None, None, None]:
        """Show the rows that match the filter."""
        wanted = self.wanted
        if wanted is None:
            self.shown = self._by_rank
        else:
            narrower = self._selected is not None and wanted.narrows(self._selected)
            within = self.shown if narrower else self._by_rank
            keys = yield from self._texts.select(wanted, within.keys, self._held.rows)
            self.shown = self._by_rank.holding(keys)
        self._selected = wanted

    def forget_selection(self) -> None:
        """Have the next `select` look at all rows, whose cells may have changed with time."""
        self._selected = None

    def unknown_labels(self, names: Iterable[str]) -> list[str]:
        """Return the names of labels that no row has, in order; none without rows."""
        rows = self._held.rows
        if not rows:
            return []
        return [name for name in sorted(names) if not self._texts.has_label(name, rows.values())]

    def change(self, keys: Iterable[str]) -> None:
        """Apply the changes of these keys in the source."""
        gone, new, changed = self._held.classify(keys)
        if gone:
            self._take_out(gone)
        if new:
            self._put_in(new)
        if changed:
            self._replace(changed)

    def place_moved(self) -> None:
        """Move the keys whose rank has changed to their places."""
        keys, rows, order = list(self.moved), self._held.rows, self.order
        filtered = self.shown is not self._by_rank
        shown = [key for key in keys if self.shown.index(key) is not None] if filtered else keys
        sequences = self._sequences()[1:]  # names don't change
        for sequence in sequences:
            sequence.remove(keys)
        for key in keys:
            self._ranks.pop(key, None)
            if order is not None and not order.pure:
                self._ranks[key] = order.rank(rows[key])
        for sequence in sequences:
            sequence.add(shown if sequence is self.shown else keys)
        self.moved.clear()

    def check_ranks(self, start: int, count: int) -> int:
        """Note the changed ranks of some rows, for orders by time; return where to go on."""
        keys, order = self._by_name.keys, self.order
        if order is None or order.pure or not keys:
            return 0
        start = start if start < len(keys) else 0
        self._note_ranks(keys[start : start + count], self._held.rows, order)
        return start + count

    def _rank_of(self, order: Order[RowT]) -> Callable[[str], Rank]:
        """Return the ranks of the last sort, which the order of the keys follows."""
        ranks, rank = self._ranks, order.rank
        if not order.pure:
            return ranks.__getitem__
        return lambda key: ranks[key] if key in ranks else rank(self._held.rows[key])

    def _sequences(self) -> list[SortedKeys]:
        sequences = self._by_name, self._by_rank, self.shown
        return list({id(sequence): sequence for sequence in sequences}.values())

    def _take_out(self, keys: list[str]) -> None:
        for sequence in self._sequences():
            sequence.remove(keys)
        for key in keys:
            self._held.drop(key)
            self._ranks.pop(key, None)
            self.moved.discard(key)
        self._texts.forget(keys)

    def _put_in(self, keys: list[str]) -> None:
        for key in keys:
            row = self._held.take(key)
            if self.order is not None and not self.order.pure:
                self._ranks[key] = self.order.rank(row)
        for sequence in self._sequences():
            if sequence is self.shown and self.wanted is not None:
                sequence.add(key for key in keys if self._accepts(key))
            else:
                sequence.add(keys)

    def _replace(self, keys: list[str]) -> None:
        if self.order is not None:
            self._note_ranks(keys, self._held.source, self.order)
        rows, source = self._held.rows, self._held.source
        replaced = [key for key in keys if source[key] is not rows[key]]
        for key in replaced:
            self._held.take(key)
        self._texts.forget(replaced)
        if self.wanted is not None:
            self._filter_again(replaced)

    def _note_ranks(self, keys: list[str], rows: Mapping[str, RowT], order: Order[RowT]) -> None:
        """Note the keys to move; until then they keep the rank that they are placed by."""
        placed_by = self._rank_of(order)
        for key in keys:
            before = placed_by(key)
            if order.rank(rows[key]) != before:
                self._ranks[key] = before
                self.moved.add(key)
            else:
                self.moved.discard(key)

    def _filter_again(self, keys: list[str]) -> None:
        shown = {key for key in keys if self.shown.index(key) is not None}
        matching = {key for key in keys if self._accepts(key)}
        self.shown.remove(list(shown - matching))
        self.shown.add(matching - shown)

    def _accepts(self, key: str) -> bool:
        return self.wanted is None or self._texts.accepts(self.wanted, key, self._held.rows[key])
