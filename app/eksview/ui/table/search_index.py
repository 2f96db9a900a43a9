"""The texts that a filter searches, kept per row so that each key is one pass over strings."""

from collections.abc import Callable, Generator, Iterable, Mapping
from itertools import compress, repeat
from operator import contains, not_
from typing import Generic, TypeAlias, TypeVar

from eksview.domain.base.filters import Filter, Term

RowT = TypeVar("RowT")
Labels: TypeAlias = Mapping[str, str] | str

BUILD_SLICE = 2_000
SCAN_SLICE = 20_000


class SearchIndex(Generic[RowT]):
    """The lower-case texts of rows, built for the first filter and updated afterwards."""

    def __init__(self, text: Callable[[RowT], str], labels: Callable[[RowT], Labels]) -> None:
        self._text = text
        self._labels = labels
        self._texts: dict[str, str] = {}

    def forget(self, keys: Iterable[str]) -> None:
        """Drop the texts of changed or removed rows."""
        if self._texts:
            for key in keys:
                self._texts.pop(key, None)

    def clear(self) -> None:
        """Drop all texts."""
        self._texts.clear()

    def accepts(self, wanted: Filter, key: str, row: RowT) -> bool:
        """Return whether a row matches."""
        return wanted.matches(self._of(key, row), self._labels(row))

    def select(
        self, wanted: Filter, keys: list[str], rows: Mapping[str, RowT]
    ) -> Generator[None, None, list[str]]:
        """Return the keys that match, in their order; may be paused at every yield."""
        yield from self.build(keys, rows)
        for term in sorted(wanted.terms, key=lambda term: bool(term.label)):  # the cheap ones first
            matches: list[str] = []
            for start in range(0, len(keys), SCAN_SLICE):
                matches += self._scan(term, keys[start : start + SCAN_SLICE], rows)
                yield
            keys = matches
        return keys

    def _scan(self, term: Term, keys: list[str], rows: Mapping[str, RowT]) -> list[str]:
        if term.label:
            return self._labelled(term, keys, rows)
        hits = map(contains, map(self._texts.__getitem__, keys), repeat(term.text))
        return list(compress(keys, map(not_, hits) if term.negated else hits))

    def _labelled(self, term: Term, keys: list[str], rows: Mapping[str, RowT]) -> list[str]:
        verdicts: dict[str, bool] = {}  # pods of one template share their labels

        def holds(labels: Labels) -> bool:
            if not isinstance(labels, str):
                return term.matches("", labels)
            verdict = verdicts.get(labels)
            if verdict is None:
                verdict = verdicts[labels] = term.matches("", labels)
            return verdict

        return [key for key in keys if holds(self._labels(rows[key]))]

    def build(self, keys: list[str], rows: Mapping[str, RowT]) -> Generator[None, None, None]:
        """Build the missing texts."""
        if len(self._texts) >= len(rows):
            return
        for start in range(0, len(keys), BUILD_SLICE):
            for key in keys[start : start + BUILD_SLICE]:
                if key not in self._texts:
                    self._texts[key] = self._text(rows[key])
            yield

    def _of(self, key: str, row: RowT) -> str:
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = self._text(row)
        return text
