"""Filters as typed: words that must all match, and what else the words may be.

| typed | matches |
|---|---|
| `web running` | rows with both texts; with a metacharacter, a word is a regular expression |
| `!text` | rows without it |
| `a|b`, `a | b` | rows with either; in `status=A|B`, both are values of the column |
| `column=value`, `!=`, `~`, `>`, `<` | a cell's value, its text, its amount |
| `label=value`, `label!=value` | a label, where no column has that name |
| `-l SELECTOR` | kubectl's label selector, up to the end, ` | `, `-l` or `-f` |
| `-f text` | the characters of a word, in their order |
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.filter.amounts import needed_amount
from eksview.domain.filter.errors import FilterError
from eksview.domain.filter.label_selector import Requirement, is_label_key, parse_selector
from eksview.domain.filter.pattern import Span, fuzzy, is_regex, merged, pattern_of
from eksview.domain.filter.terms import (
    AllOf,
    AnyColumn,
    AnyOf,
    Candidates,
    CellIs,
    CellMatches,
    Compared,
    Contains,
    Labelled,
    Matches,
    Never,
    Not,
    Term,
)

_RELATION = re.compile(
    r"(?P<name>[^=!<>~()\[\]|\\*+?^$]+)(?P<operator>==|!=|>=|<=|[=<>~])(?P<value>.*)"
)
_FLAGS = ("-l", "-f")
_SYNONYMS = {"ns": "namespace", "namespaces": "namespace", "nodes": "node"}


class Columns(Struct, frozen=True):
    """The columns that a filter may name; `hosts` are those of node names."""

    all: tuple[AnyColumn, ...] = ()
    hosts: frozenset[str] = frozenset()

    def column(self, name: str) -> AnyColumn | None:
        """Return a column by its title or id, in any case; `CPU(%)` is `cpu` too."""
        wanted = name.lower()
        wanted = _SYNONYMS.get(wanted, wanted)
        by_name = {column.id: column for column in reversed(self.all)}
        by_name |= {name_of(column): column for column in reversed(self.all)}
        return by_name.get(wanted)

    @property
    def names(self) -> str:
        """The names of the columns."""
        return ", ".join(map(name_of, self.all))


NO_COLUMNS = Columns()


def name_of(column: AnyColumn) -> str:
    """Return the name by which a filter knows a column."""
    return column.title.lower().removesuffix("(%)").replace(" ", "-")


class Filter(Struct, frozen=True):
    """All terms; `problem` says what is wrong with an impossible one, which no row matches."""

    terms: tuple[Term, ...] = ()
    problem: Clean = EMPTY

    def narrows(self, wider: "Filter") -> bool:
        """Check whether every row that passes this surely passes the wider filter too.

        Its result then only needs thinning.
        """
        return all(any(_implies(new, old) for new in self.terms) for old in wider.terms)

    def marks(self, column: str, text: str) -> tuple[Span, ...]:
        """Return the parts of a column's cell that match."""
        return merged(span for term in self.terms for span in term.marks(column, text))

    def passing(self, keys: list[str], candidates: Candidates) -> list[str]:
        """Return the keys of the rows that match, in their order."""
        return AllOf(self.terms).passing(keys, candidates)

    @property
    def columns(self) -> tuple[AnyColumn, ...]:
        """The columns that it reads, rather than the rows' texts and labels."""
        cells = CellIs, CellMatches, Compared
        return tuple(part.column for part in self._parts() if isinstance(part, cells))

    @property
    def bare_labels(self) -> frozenset[str]:
        """The keys of labels that were given without `-l`, and may be misspelled columns."""
        labels = (part for part in self._parts() if isinstance(part, Labelled) and part.bare)
        return frozenset(label.requirements[0].key for label in labels)

    @property
    def advice(self) -> Clean:
        """What else to type where a whole value matches no row, which looks like a part of one."""
        values = (part for part in self._parts() if isinstance(part, CellIs))
        if (whole := next(values, None)) is None:
            return EMPTY
        return clean(f"{name_of(whole.column)}~{whole.value} matches a part of a value")

    def _parts(self) -> Iterator[Term]:
        return (part for term in self.terms for part in term.parts())


def parse_filter(text: str, columns: Columns = NO_COLUMNS) -> Filter:
    """Read a filter; a half-typed term (`!`, `status=`, `a|`) matches every row."""
    try:
        groups = [tuple(_terms(words, columns)) for words in _split(text.split(), "|")]
    except FilterError as error:
        return Filter((Never(),), clean(str(error)))
    groups = [terms for terms in groups if terms]
    if len(groups) > 1:
        return Filter((AnyOf(tuple(map(AllOf, groups))),))
    return Filter(groups[0]) if groups else Filter()


def _terms(words: Sequence[str], columns: Columns) -> Iterator[Term]:
    """Yield the terms of the words between two ` | `."""
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "-l":
            end = next((at for at, flag in enumerate(waiting) if flag in _FLAGS), len(waiting))
            if selector := parse_selector(" ".join(waiting[:end])):
                yield Labelled(selector)
            del waiting[:end]
        elif word == "-f":
            yield from (Matches(fuzzy(text.lower())) for text in waiting[:1])
            del waiting[:1]
        else:
            yield from _word(word, columns)


def _word(word: str, columns: Columns) -> Iterator[Term]:
    body = word.removeprefix("!")
    alternatives = tuple(_alternatives(body, columns))
    if alternatives:
        term = alternatives[0] if len(alternatives) == 1 else AnyOf(alternatives)
        yield term if body == word else Not(term)


class _Relation(NamedTuple):
    """A column or the key of a label, and how it is compared."""

    subject: AnyColumn | str
    operator: str

    def term(self, values: list[str], columns: Columns) -> Term | None:
        """Return the term for values of which one must match, or none for `!=`."""
        terms = tuple(self._terms(values, columns))
        if not terms:
            return None
        either = terms[0] if len(terms) == 1 else AnyOf(terms)
        return Not(either) if self.operator == "!=" else either

    def _terms(self, values: list[str], columns: Columns) -> Iterator[Term]:
        for value in values:
            if isinstance(self.subject, str):
                yield Labelled((Requirement(self.subject, "=", (value,)),), bare=True)
            elif value:
                host = self.subject.id in columns.hosts
                yield _of_column(self.subject, self.operator, value, host=host)


def _alternatives(body: str, columns: Columns) -> Iterator[Term]:
    """Yield the terms between `|`; a value without a name belongs to the one before it."""
    relation: _Relation | None = None
    values: list[str] = []
    for piece in _pieces(body):
        match = _RELATION.fullmatch(piece)
        following = _relation(match["name"], match["operator"], columns) if match else None
        if match is None or following is None:
            if not piece:
                continue
            if relation is not None:
                values.append(piece)
            else:
                yield Matches(pattern_of(piece)) if is_regex(piece) else Contains(piece.lower())
            continue
        if relation and (term := relation.term(values, columns)):
            yield term
        relation, values = following, [match["value"]]
    if relation and (term := relation.term(values, columns)):
        yield term


def _relation(name: str, operator: str, columns: Columns) -> _Relation | None:
    """Return what a name stands for; None for text that only looks like a comparison."""
    column = columns.column(name)
    operator = "=" if operator == "==" else operator
    if column is not None:
        return _Relation(column, operator)
    if not is_label_key(name):
        return None
    if operator not in ("=", "!="):
        raise FilterError(f"No column {name}; columns: {columns.names}")
    return _Relation(name, operator)


def _of_column(column: AnyColumn, operator: str, value: str, *, host: bool) -> Term:
    if operator == "~":
        return CellMatches(column, pattern_of(value))
    if operator in ("=", "!="):
        return CellIs(column, value.lower(), host)
    if column.measure is None:
        raise FilterError(f"{name_of(column)} has no amount to compare; use = != ~")
    return Compared(column, operator, needed_amount(name_of(column), value, column.measure.unit))


def _pieces(body: str) -> Iterator[str]:
    """Yield the text between `|` outside of parentheses, brackets and escapes."""
    depth, start, escaped = 0, 0, False
    for at, character in enumerate(body):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "|" and depth <= 0:
            yield body[start:at]
            start = at + 1
    yield body[start:]


def _split(words: Iterable[str], separator: str) -> Iterator[list[str]]:
    group: list[str] = []
    for word in words:
        if word == separator:
            yield group
            group = []
        else:
            group.append(word)
    yield group


def _implies(new: Term, old: Term) -> bool:
    if isinstance(new, Contains) and isinstance(old, Contains):
        return old.text in new.text
    return new == old
