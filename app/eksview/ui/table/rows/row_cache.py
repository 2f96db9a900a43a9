"""The rows of a table as last read from its source, and their counts."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

RowT = TypeVar("RowT")

SLICE = 10_000


class Touched(NamedTuple):
    """The touched keys, by their change."""

    gone: list[str]
    new: list[str]
    changed: list[str]


class RowCache(Generic[RowT]):
    """A table's copy of the rows of a source, so that changes can be compared.

    `admit` selects rows of the source; None takes all. `tallies` has the number of rows by the word
    that `tally` returns.
    """

    def __init__(self, name: Callable[[RowT], str], tally: Callable[[RowT], str]) -> None:
        self.name = name
        self._tally = tally
        self._admit: Callable[[RowT], bool] | None = None
        self.source: Mapping[str, RowT] = {}
        self.rows: dict[str, RowT] = {}
        self.tallies: Counter[str] = Counter()

    def follow(self, source: Mapping[str, RowT], admit: Callable[[RowT], bool] | None) -> None:
        """Set the source."""
        self.source, self._admit = source, admit

    def admitted(self) -> Mapping[str, RowT]:
        """Return the selected rows of the source."""
        admit = self._admit
        if admit is None:
            return self.source
        return {key: row for key, row in self.source.items() if admit(row)}

    def take_all(self, rows: Mapping[str, RowT]) -> None:
        """Replace all rows."""
        self.rows = dict(rows)
        self.tallies = Counter(map(self._tally, self.rows.values()))

    def name_of(self, key: str) -> str:
        """Return the name of a row."""
        return self.name(self.rows[key])

    def classify(self, keys: Iterable[str]) -> Touched:
        """Compare keys with the source."""
        touched = Touched([], [], [])
        for key in keys:
            row = self.source.get(key)
            held = key in self.rows
            if row is not None and (self._admit is None or self._admit(row)):
                (touched.changed if held else touched.new).append(key)
            elif held:
                touched.gone.append(key)
        return touched

    def take(self, key: str) -> RowT:
        """Copy a row of the source, in place of an older one, and return it."""
        old, row = self.rows.get(key), self.source[key]
        self.rows[key] = row
        if old is not None:
            self._count(old, -1)
        self._count(row, 1)
        return row

    def drop(self, key: str) -> None:
        """Remove a row."""
        self._count(self.rows.pop(key), -1)

    def values(
        self, keys: list[str], value: Callable[[RowT], Any]
    ) -> Generator[None, None, list[Any]]:
        """Return a value of each row; may be paused at every yield."""
        values: list[Any] = []
        row_of = self.rows.__getitem__
        for start in range(0, len(keys), SLICE):
            values += map(value, map(row_of, keys[start : start + SLICE]))
            yield
        return values

    def _count(self, row: RowT, by: int) -> None:
        word = self._tally(row)
        self.tallies[word] += by
        if not self.tallies[word]:
            del self.tallies[word]
