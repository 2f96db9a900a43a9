"""The texts that a filter searches, kept per row so that each key is one pass over strings."""

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Generic, TypeVar

from eksview.domain.filter.label_selector import Labels, labels_of
from eksview.domain.filter.parse import Filter
from eksview.domain.filter.terms import Candidates

RowT = TypeVar("RowT")

SLICE = 2_000
CHEAP_SLICE = 20_000


class SearchIndex(Generic[RowT]):
    """The lower-case texts of rows, built for the first filter and updated afterwards.

    `context` returns what cells need beside a row, where a filter reads columns.
    """

    def __init__(
        self,
        text: Callable[[RowT], str],
        labels: Callable[[RowT], Labels],
        context: Callable[[], Any] = lambda: None,
    ) -> None:
        self._text = text
        self._labels = labels
        self._context = context
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
        if key not in self._texts:
            self._texts[key] = self._text(row)
        return bool(wanted.passing([key], self._candidates({key: row})))

    def select(
        self, wanted: Filter, keys: list[str], rows: Mapping[str, RowT]
    ) -> Generator[None, None, list[str]]:
        """Return the keys that match, in their order; may be paused at every yield."""
        yield from self.build(keys, rows)
        candidates = self._candidates(rows)
        for term in sorted(wanted.terms, key=lambda term: not term.CHEAP):
            matches: list[str] = []
            size = CHEAP_SLICE if term.CHEAP else SLICE
            for start in range(0, len(keys), size):
                matches += term.passing(keys[start : start + size], candidates)
                yield
            keys = matches
        return keys

    def has_label(self, name: str, rows: Iterable[RowT]) -> bool:
        """Return whether a row has a label."""
        texts: set[str] = set()  # pods of one template share their labels
        for labels in map(self._labels, rows):
            if isinstance(labels, str):
                if labels in texts:
                    continue
                texts.add(labels)
            if name in labels_of(labels):
                return True
        return False

    def build(self, keys: list[str], rows: Mapping[str, RowT]) -> Generator[None, None, None]:
        """Build the missing texts."""
        if len(self._texts) >= len(rows):
            return
        for start in range(0, len(keys), SLICE):
            for key in keys[start : start + SLICE]:
                if key not in self._texts:
                    self._texts[key] = self._text(rows[key])
            yield

    def _candidates(self, rows: Mapping[str, RowT]) -> Candidates:
        labels = self._labels
        return Candidates(
            text_of=self._texts.__getitem__,
            labels_of=lambda key: labels(rows[key]),
            row_of=rows.__getitem__,
            context=self._context(),
        )
