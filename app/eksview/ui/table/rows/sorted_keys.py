"""Sorted keys, to which keys are added and removed without sorting all of them again."""

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, TypeAlias

Rank: TypeAlias = Any
"""A value that a sort compares: of any type with `<`, the same for all rows of a column."""

RUN = 40_000
"""Keys sorted at once: about 10 ms for strings, and 35 ms to merge four such runs."""

SAMPLE = 4_000  # ranks that are looked at to see whether many are equal

FEW = 16
"""Additions or removals that are done one by one, at most."""

SEARCHED = 600
"""Keys whose walk costs as much as the search for one among 150,000."""


class SortedKeys:
    """Keys by rank, and by name within the same rank; names never change.

    Without a `rank` the name alone decides. `reverse` reverses the ranks but not the names. The
    rank of a key must not change until all keys are sorted again.
    """

    def __init__(
        self,
        name: Callable[[str], str],
        rank: Callable[[str], Rank] | None = None,
        reverse: bool = False,
        keys: Iterable[str] = (),
    ) -> None:
        self._name = name
        self._rank = rank
        self._reverse = reverse
        self.keys: list[str] = list(keys)

    def holding(self, keys: list[str]) -> "SortedKeys":
        """Return sorted keys of the same order for some of these keys, which are in order."""
        return SortedKeys(self._name, self._rank, self._reverse, keys)

    def index(self, key: str) -> int | None:
        """Return the index of a key or None; its rank and name must still be available."""
        name = self._name(key)
        for at in range(self._place(key), len(self.keys)):
            candidate = self.keys[at]
            if candidate == key:
                return at
            if self._name(candidate) != name:
                return None
        return None

    def add(self, keys: Iterable[str]) -> None:
        """Add keys that aren't contained yet."""
        batch = self._sorted(keys)
        if not batch:
            return
        if not self.keys or not self._before(batch[0], self.keys[-1]):
            self.keys.extend(batch)  # a list arrives in the server's order, which is this one
        elif len(batch) <= FEW:
            for key in batch:
                self.keys.insert(self._place(key), key)
        elif len(batch) * 8 < len(self.keys):
            self._merge(batch)
        else:
            self.keys = self._sorted(self.keys + batch)

    def remove(self, keys: Sequence[str]) -> None:
        """Remove keys; keys that aren't contained are ignored."""
        if len(keys) * SEARCHED > max(len(self.keys), FEW * SEARCHED):
            gone = set(keys)
            self.keys = [key for key in self.keys if key not in gone]
            return
        places = (self.index(key) for key in keys)
        for at in sorted({at for at in places if at is not None}, reverse=True):
            del self.keys[at]

    def _sorted(self, keys: Iterable[str]) -> list[str]:
        batch = sorted(keys, key=self._name)
        if self._rank is not None:
            batch.sort(key=self._rank, reverse=self._reverse)
        return batch

    def _merge(self, batch: list[str]) -> None:
        """Put sorted keys between the others, all that go into one gap at once.

        A page of a list whose rows are of a few ranks goes into a few gaps.
        """
        merged: list[str] = []
        start = first = 0
        while first < len(batch):
            at = self._place(batch[first], start)
            end = self._gap_end(batch, first, at)
            merged += self.keys[start:at]
            merged += batch[first:end]
            start, first = at, end
        merged += self.keys[start:]
        self.keys = merged

    def _gap_end(self, batch: list[str], first: int, at: int) -> int:
        """Return the end of the keys of a batch, from `first`, that go before the one at `at`."""
        if at == len(self.keys):
            return len(batch)
        low, high = first + 1, len(batch)
        if low < high and not self._before(batch[low], self.keys[at]):
            return low  # as for most keys of a batch without an order of its own
        while low < high:
            middle = (low + high) // 2
            if self._before(batch[middle], self.keys[at]):
                low = middle + 1
            else:
                high = middle
        return low

    def _place(self, key: str, low: int = 0) -> int:
        """Return the leftmost index whose key isn't before this one."""
        high = len(self.keys)
        while low < high:
            middle = (low + high) // 2
            if self._before(self.keys[middle], key):
                low = middle + 1
            else:
                high = middle
        return low

    def _before(self, left: str, right: str) -> bool:
        if self._rank is not None:
            first, second = self._rank(left), self._rank(right)
            if self._reverse:
                first, second = second, first
            if first < second:
                return True
            if second < first:
                return False
        return self._name(left) < self._name(right)


def arranged(
    keys: list[str], ranks: list[Rank], reverse: bool = False
) -> Generator[None, None, list[str]]:
    """Return `keys` sorted by their ranks, stable; may be paused at every yield.

    Runs are sorted first and then merged, at which `list.sort` is fast.
    """
    if _repeat(ranks):
        place = {rank: at for at, rank in enumerate(sorted(set(ranks)))}
        ranks = [place[rank] for rank in ranks]
        yield
    order: list[int] = []
    for start in range(0, len(ranks), RUN):
        run = range(start, min(start + RUN, len(ranks)))
        order += sorted(run, key=ranks.__getitem__, reverse=reverse)
        yield
    if len(ranks) > RUN:
        order.sort(key=ranks.__getitem__, reverse=reverse)
        yield
    return list(map(keys.__getitem__, order))


def _repeat(ranks: list[Rank]) -> bool:
    """Return whether the ranks are texts of which many are equal; numbers sort faster."""
    some = ranks[:: max(1, len(ranks) // SAMPLE)]
    return bool(some) and isinstance(some[0], str) and len(set(some)) * 10 < len(some) * 9
