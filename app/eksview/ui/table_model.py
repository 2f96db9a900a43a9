"""What a table shows and in which order, kept up to date without walking every row per change.

Pure: no terminal in here. Big work (a first build, a sort, a filter over 150,000 rows) is cut into
slices: after any call, `advance` until it says False, as the time between two keys allows.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from enum import IntEnum
from typing import Generic, TypeVar

from msgspec import Struct

from eksview.domain.filters import Filter
from eksview.ui.haystacks import Haystacks, Labels
from eksview.ui.held_rows import HeldRows
from eksview.ui.ordering import Ordered, Rank, arranged

RowT = TypeVar("RowT")

RESORT = 2.0  # seconds between two sorts of a table whose figures change
MANY = 4_000
"""Up to this many differences are always worked in; more, if they are a quarter of the table, mean
to sort all of it again."""


class Order(Struct, Generic[RowT]):
    """What to sort by. Where the ranks move, the table is sorted again now and then.

    `pure`: the rank depends on nothing but the row, so that it needn't be remembered.
    """

    rank: Callable[[RowT], Rank]
    reverse: bool = False
    pure: bool = False


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
        self._held = HeldRows(name, tally)
        self._order: Order[RowT] | None = None
        self._filter: Filter | None = None
        self._selected: Filter | None = None  # the filter that the keys shown went through
        self._haystacks = Haystacks(text, labels)
        self._ranks: dict[str, Rank] = {}
        self._by_name = Ordered(self._held.name_of)
        self._by_rank = self._by_name
        self._shown = self._by_name
        self._stage = _Stage.DONE
        self._job: Generator[None, None, None] | None = None
        self._late: set[str] = set()
        self._unsettled = self._prepared = False
        self._sorted_at = float("-inf")

    # reading

    @property
    def keys(self) -> list[str]:
        """The keys to show, in order. Not to be changed, nor kept across a call."""
        return self._shown.keys

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
        return self._shown.index(key) if key in self._held.rows else None

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
            self._change(touched)

    def touch(self, keys: Iterable[str]) -> None:
        """These keys of the source have come, changed or gone."""
        if self.busy:
            self._late.update(keys)
        else:
            self._change(keys)

    # what is wanted of it

    def sort(self, order: Order[RowT] | None) -> None:
        """Order by something else; None is by name."""
        self._order = order
        self._restart(_Stage.RANKS)

    def filter(self, wanted: Filter | None) -> None:
        """Show only what matches; None shows everything."""
        wanted = wanted if wanted is not None and wanted.terms else None
        if wanted != self._filter:
            self._filter = wanted
            self._restart(_Stage.FILTER)

    def prepare(self) -> None:
        """Read the texts that a filter searches, before there is one."""
        self._prepared = True
        self._restart(_Stage.FILTER)

    def settle(self, now: float) -> None:
        """Sort again if figures have moved since, but not so often that rows dance."""
        if self._unsettled and not self.busy and now - self._sorted_at >= RESORT:
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
            self._change(late)
        return self._job is not None

    # doing it

    def _rebuild(self, rows: Mapping[str, RowT]) -> None:
        self._held.take_all(rows)
        self._late.clear()
        self._haystacks.clear()
        self._by_name = self._by_rank = self._shown = Ordered(self._held.name_of)
        self._restart(_Stage.NAMES)

    def _restart(self, stage: _Stage) -> None:
        if stage <= self._stage:
            self._stage = stage
            self._job = self._arrange()

    def _arrange(self) -> Generator[None, None, None]:
        if self._stage is _Stage.NAMES:
            yield from self._arrange_names()
            self._stage = _Stage.RANKS
        if self._stage is _Stage.RANKS:
            yield from self._arrange_ranks()
            self._selected = None
            self._stage = _Stage.FILTER
        yield from self._arrange_filter()
        self._stage = _Stage.DONE

    def _arrange_names(self) -> Generator[None, None, None]:
        keys = list(self._held.rows)
        names = yield from self._held.each(keys, self._held.name)
        self._by_name = Ordered(self._held.name_of, keys=(yield from arranged(keys, names)))

    def _arrange_ranks(self) -> Generator[None, None, None]:
        order = self._order
        self._unsettled = False
        if order is None:
            self._ranks, self._by_rank = {}, self._by_name
            return
        names = self._by_name.keys
        ranks = yield from self._held.each(names, order.rank)
        keys = yield from arranged(names, ranks, order.reverse)
        yield
        self._ranks = {} if order.pure else dict(zip(names, ranks, strict=True))
        self._by_rank = Ordered(self._held.name_of, self._rank_of(order), order.reverse, keys)

    def _rank_of(self, order: Order[RowT]) -> Callable[[str], Rank]:
        """The ranks of the last sort, which is what the keys stand in the order of."""
        ranks, rank = self._ranks, order.rank
        if not order.pure:
            return ranks.__getitem__
        return lambda key: ranks[key] if key in ranks else rank(self._held.rows[key])

    def _arrange_filter(self) -> Generator[None, None, None]:
        wanted = self._filter
        if self._prepared:
            self._prepared = False
            yield from self._haystacks.build(self._by_name.keys, self._held.rows)
        if wanted is None:
            self._shown = self._by_rank
        else:
            narrower = self._selected is not None and wanted.narrows(self._selected)
            within = self._shown if narrower else self._by_rank
            keys = yield from self._haystacks.select(wanted, within.keys, self._held.rows)
            self._shown = self._by_rank.holding(keys)
        self._selected = wanted

    def _change(self, keys: Iterable[str]) -> None:
        gone, new, changed = self._held.sorted_out(keys)
        if gone:
            self._take_out(gone)
        if new:
            self._put_in(new)
        if changed:
            self._replace(changed)

    def _sequences(self) -> list[Ordered]:
        return list(
            {id(each): each for each in (self._by_name, self._by_rank, self._shown)}.values()
        )

    def _take_out(self, keys: list[str]) -> None:
        for sequence in self._sequences():
            sequence.remove(keys)
        for key in keys:
            self._held.drop(key)
            self._ranks.pop(key, None)
        self._haystacks.forget(keys)

    def _put_in(self, keys: list[str]) -> None:
        for key in keys:
            row = self._held.take(key)
            if self._order is not None and not self._order.pure:
                self._ranks[key] = self._order.rank(row)
        for sequence in self._sequences():
            if sequence is self._shown and self._filter is not None:
                sequence.add(key for key in keys if self._accepts(key))
            else:
                sequence.add(keys)

    def _replace(self, keys: list[str]) -> None:
        if self._order is not None:
            self._note_ranks(keys, self._order)
        rows, source = self._held.rows, self._held.source
        other = [key for key in keys if source[key] is not rows[key]]
        for key in other:
            self._held.take(key)
        self._haystacks.forget(other)
        if self._filter is not None:
            self._filter_again(other)

    def _note_ranks(self, keys: list[str], order: Order[RowT]) -> None:
        """Whether to sort again soon; until then each key keeps the rank it is placed by."""
        placed_by = self._rank_of(order)
        for key in keys:
            before = placed_by(key)
            if order.rank(self._held.source[key]) != before:
                self._ranks[key] = before
                self._unsettled = True

    def _filter_again(self, keys: list[str]) -> None:
        here = {key for key in keys if self._shown.index(key) is not None}
        wanted = {key for key in keys if self._accepts(key)}
        self._shown.remove(list(here - wanted))
        self._shown.add(wanted - here)

    def _accepts(self, key: str) -> bool:
        return self._filter is None or self._haystacks.accepts(
            self._filter, key, self._held.rows[key]
        )
