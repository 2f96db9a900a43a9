"""The rows a table holds, as they were when it last looked, and what they count as."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

RowT = TypeVar("RowT")

SLICE = 10_000


class Touched(NamedTuple):
    """Keys by what became of them."""

    gone: list[str]
    new: list[str]
    changed: list[str]


class RowCache(Generic[RowT]):
    """A table's own reading of a source that others write.

    `admit` says which rows of the source belong here; None takes all. `tallies` counts the rows
    that are held, by what `tally` calls them.
    """

    def __init__(self, name: Callable[[RowT], str], tally: Callable[[RowT], str]) -> None:
        self.name = name
        self._tally = tally
        self._admit: Callable[[RowT], bool] | None = None
        self.source: Mapping[str, RowT] = {}
        self.rows: dict[str, RowT] = {}
        self.tallies: Counter[str] = Counter()

    def follow(self, source: Mapping[str, RowT], admit: Callable[[RowT], bool] | None) -> None:
        """Read from here from now on."""
        self.source, self._admit = source, admit

    def admitted(self) -> Mapping[str, RowT]:
        """All of the source that belongs here."""
        admit = self._admit
        if admit is None:
            return self.source
        return {key: row for key, row in self.source.items() if admit(row)}

    def take_all(self, rows: Mapping[str, RowT]) -> None:
        """Hold these and nothing else."""
        self.rows = dict(rows)
        self.tallies = Counter(map(self._tally, self.rows.values()))

    def name_of(self, key: str) -> str:
        """The name of a row that is held."""
        return self.name(self.rows[key])

    def sorted_out(self, keys: Iterable[str]) -> Touched:
        """What the source says of these keys now."""
        touched = Touched([], [], [])
        for key in keys:
            row = self.source.get(key)
            known = key in self.rows
            if row is not None and (self._admit is None or self._admit(row)):
                (touched.changed if known else touched.new).append(key)
            elif known:
                touched.gone.append(key)
        return touched

    def take(self, key: str) -> RowT:
        """Hold the source's row of this key, in place of an older one."""
        old, row = self.rows.get(key), self.source[key]
        self.rows[key] = row
        if old is not None:
            self._count(old, -1)
        self._count(row, 1)
        return row

    def drop(self, key: str) -> None:
        """Let go of a row."""
        self._count(self.rows.pop(key), -1)

    def each(
        self, keys: list[str], value: Callable[[RowT], Any]
    ) -> Generator[None, None, list[Any]]:
        """A value of each row; may be paused at every yield."""
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
