"""Keys in an order that additions and removals keep, without sorting everything again."""

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, TypeAlias

Rank: TypeAlias = Any
"""What a sort compares: any type that has `<`, the same for every row of a column."""

RUN = 40_000
"""Keys sorted at one go: about 10 ms of strings, and a merge of four such runs 35 ms."""

SAMPLE = 4_000  # ranks that are looked at to see whether many are equal

FEW = 16
"""Up to this many additions or removals are done one by one."""

SEARCHED = 600
"""A walk over as many keys costs what it costs to search for one among 150,000."""


class SortedKeys:
    """Keys by rank, and by name within the same rank; names never change.

    `rank` is None where the name alone decides. `reverse` turns the ranks round, never the names,
    so that equals stay readable. A key's rank must stay what it was when the key came in, until the
    whole order is made anew.
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
        """Some of these keys, already in this order."""
        return SortedKeys(self._name, self._rank, self._reverse, keys)

    def index(self, key: str) -> int | None:
        """Where a key is; None when it isn't here. The key's rank and name must still be known."""
        name = self._name(key)
        for at in range(self._place(key), len(self.keys)):
            other = self.keys[at]
            if other == key:
                return at
            if self._name(other) != name:
                return None
        return None

    def add(self, keys: Iterable[str]) -> None:
        """Put in keys that aren't here yet."""
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
        """Take out keys; those that aren't here don't matter."""
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
        merged: list[str] = []
        start = 0
        for key in batch:
            at = self._place(key, start)
            merged += self.keys[start:at]
            merged.append(key)
            start = at
        merged += self.keys[start:]
        self.keys = merged

    def _place(self, key: str, low: int = 0) -> int:
        """The leftmost index whose key isn't before this one."""
        high = len(self.keys)
        while low < high:
            middle = (low + high) // 2
            if self._before(self.keys[middle], key):
                low = middle + 1
            else:
                high = middle
        return low

    def _before(self, one: str, other: str) -> bool:
        if self._rank is not None:
            first, second = self._rank(one), self._rank(other)
            if self._reverse:
                first, second = second, first
            if first < second:
                return True
            if second < first:
                return False
        return self._name(one) < self._name(other)


def arranged(
    keys: list[str], ranks: list[Rank], reverse: bool = False
) -> Generator[None, None, list[str]]:
    """`keys` by the ranks beside them, stable; may be paused at every yield.

    Sorted runs first, then all of them: merging runs is what `list.sort` is best at.
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
    """Whether these are texts of which many are equal, as those of nodes: numbers sort faster."""
    some = ranks[:: max(1, len(ranks) // SAMPLE)]
    return bool(some) and isinstance(some[0], str) and len(set(some)) * 10 < len(some) * 9
