"""The terms of a filter: each selects keys of rows and marks its matches in cells."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import compress, repeat
from operator import contains
from typing import Any, ClassVar, NamedTuple, TypeAlias

from msgspec import Struct

from eksview.domain.filter.amounts import COMPARISONS
from eksview.domain.filter.label_selector import Labels, Requirement, labels_of
from eksview.domain.filter.pattern import Pattern, Span, spans
from eksview.domain.tables.column import Column

AnyColumn: TypeAlias = Column[Any, Any]

_PARTS = re.compile(r"[,\s]+")


class Candidates(NamedTuple):
    """The rows that a filter selects from, by key.

    A text has a cell a line, in lower case. `context` has the look-ups that cells need beside a
    row.
    """

    text_of: Callable[[str], str]
    labels_of: Callable[[str], Labels]
    row_of: Callable[[str], Any]
    context: Any


class Term(Struct, frozen=True):
    """A predicate of rows."""

    CHEAP: ClassVar[bool] = False
    """True for a term that takes less than a microsecond for a row."""

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        """Return the keys of the rows that match, in their order."""
        raise NotImplementedError

    def marks(self, column: str, text: str) -> Iterator[Span]:  # noqa: ARG002 - most mark text
        """Yield the parts of a column's cell that match."""
        return iter(())

    def parts(self) -> "Iterator[Term]":
        """Yield the term and those that it is made of."""
        yield self


class Contains(Term, frozen=True):
    """Plain text, in lower case."""

    CHEAP = True

    text: str

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        return list(compress(keys, map(contains, map(candidates.text_of, keys), repeat(self.text))))

    def marks(self, column: str, text: str) -> Iterator[Span]:  # noqa: ARG002 - in any column
        return spans(literal(self.text), text)


class Matches(Term, frozen=True):
    """A pattern, searched in every cell."""

    pattern: Pattern

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        return list(compress(keys, map(self.pattern.search, map(candidates.text_of, keys))))

    def marks(self, column: str, text: str) -> Iterator[Span]:  # noqa: ARG002 - in any column
        return spans(self.pattern, text)


class Labelled(Term, frozen=True):
    """The requirements of a label selector; `bare` for a term without `-l`."""

    requirements: tuple[Requirement, ...]
    bare: bool = False

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        verdicts: dict[str, bool] = {}  # pods of one template share their labels

        def holds(labels: Labels) -> bool:
            if not isinstance(labels, str):
                return self._hold(labels)
            verdict = verdicts.get(labels)
            if verdict is None:
                verdict = verdicts[labels] = self._hold(labels)
            return verdict

        return [key for key in keys if holds(candidates.labels_of(key))]

    def _hold(self, labels: Labels) -> bool:
        mapping = labels_of(labels)
        return all(requirement.matches(mapping) for requirement in self.requirements)


class CellIs(Term, frozen=True):
    """A value that a cell is, or that is one of its words; of a node's name, its first part."""

    column: AnyColumn
    value: str  # in lower case
    host: bool = False

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        cell, context = self.column.cell, candidates.context
        full = self.column.full
        texts = (cell(candidates.row_of(key), context) for key in keys)
        hits = [is_value(text, self.value, self.host) for text in texts]
        if full is not None:
            rows = map(candidates.row_of, keys)
            hits = [
                hit or full(row, context).lower() == self.value
                for hit, row in zip(hits, rows, strict=True)
            ]
        return list(compress(keys, hits))

    def marks(self, column: str, text: str) -> Iterator[Span]:
        return spans(literal(self.value), text) if column == self.column.id else iter(())


class CellMatches(Term, frozen=True):
    """A pattern, searched in the cells of a column."""

    column: AnyColumn
    pattern: Pattern

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        cell, context = self.column.cell, candidates.context
        texts = (cell(candidates.row_of(key), context) for key in keys)
        return list(compress(keys, map(self.pattern.search, texts)))

    def marks(self, column: str, text: str) -> Iterator[Span]:
        return spans(self.pattern, text) if column == self.column.id else iter(())


class Compared(Term, frozen=True):
    """An amount that the measure of a column is compared with; an unknown one never matches."""

    column: AnyColumn
    comparison: str
    amount: float

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        measure, context = self.column.measure, candidates.context
        if measure is None:
            return []
        amounts = (measure.read(candidates.row_of(key), context) for key in keys)
        compare, wanted = COMPARISONS[self.comparison], self.amount
        return list(compress(keys, (x is not None and compare(x, wanted) for x in amounts)))


class AllOf(Term, frozen=True):
    """Terms that must all match."""

    terms: tuple[Term, ...]

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        for term in self.terms:
            keys = term.passing(keys, candidates)
        return keys

    def marks(self, column: str, text: str) -> Iterator[Span]:
        return _marks_of(self.terms, column, text)

    def parts(self) -> Iterator[Term]:
        return _parts_of(self, self.terms)


class AnyOf(Term, frozen=True):
    """Terms of which one must match."""

    terms: tuple[Term, ...]

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        passing: set[str] = set()
        passing.update(*(term.passing(keys, candidates) for term in self.terms))
        return [key for key in keys if key in passing]

    def marks(self, column: str, text: str) -> Iterator[Span]:
        return _marks_of(self.terms, column, text)

    def parts(self) -> Iterator[Term]:
        return _parts_of(self, self.terms)


class Not(Term, frozen=True):
    """A term that must not match."""

    term: Term

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        refused = set(self.term.passing(keys, candidates))
        return [key for key in keys if key not in refused]

    def parts(self) -> Iterator[Term]:
        return _parts_of(self, (self.term,))


class Never(Term, frozen=True):
    """The term of a text that isn't a filter."""

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:  # noqa: ARG002 - none passes
        return []


@lru_cache(maxsize=64)
def literal(text: str) -> Pattern:
    """Return a pattern of plain text."""
    return re.compile(re.escape(text), re.IGNORECASE)


def is_value(cell: str, value: str, host: bool) -> bool:
    """Check a cell, in any case: `Ready` is a word of `Ready,SchedulingDisabled`, `3` of `3 (2h)`.

    Of the name of a host, parts from the left are enough: `ip-10-0-1` for `ip-10-0-1-23.ec2`.
    """
    text = cell.lower()
    if value not in text:
        return False
    if text == value or value in _PARTS.split(text):
        return True
    return host and text.startswith(value) and text[len(value)] in "-."


def _marks_of(terms: Iterable[Term], column: str, text: str) -> Iterator[Span]:
    for term in terms:
        yield from term.marks(column, text)


def _parts_of(term: Term, terms: Iterable[Term]) -> Iterator[Term]:
    yield term
    for inner in terms:
        yield from inner.parts()
