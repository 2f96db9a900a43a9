"""Label selectors: `app=web,tier!=db,zone in (a,b),!old`.

Source: apimachinery `labels.Parse` (0.33) and `validation.IsQualifiedName`, as kubectl's `-l` uses.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from eksview.domain.filter.errors import FilterError

Labels: TypeAlias = Mapping[str, str] | str
"""The labels of an object, as a mapping or as `k=v,k=v`."""

_TOKEN = re.compile(r"\s*(?P<token>==|!=|[=!(),<>]|[^\s=!(),<>]+)", re.ASCII)
_END = ""
_SYMBOLS = frozenset({"=", "==", "!=", "!", "(", ")", ",", "<", ">", _END})
_OPERATORS = ("in", "notin", "=", "==", "!=", ">", "<")
_NAME = re.compile(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_PREFIX = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_LONGEST_NAME, _LONGEST_PREFIX = 63, 253


class Requirement(Struct, frozen=True):
    """A requirement; the operator of a key alone is `exists` or `!`."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Check the labels of an object."""
        value = labels.get(self.key)
        if self.operator in ("!=", "notin"):
            return value not in self.values
        if self.operator == "!":
            return value is None
        if value is None:
            return False
        if self.operator in ("<", ">"):
            return _is_beyond(value, self.operator, int(self.values[0]))
        return self.operator == "exists" or value in self.values


Selector: TypeAlias = tuple[Requirement, ...]


class _Tokens:
    """The tokens of a selector and the position in them."""

    def __init__(self, text: str) -> None:
        self._tokens = [match["token"] for match in _TOKEN.finditer(text)]
        self._at = 0

    @property
    def next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def take(self) -> str:
        token = self.next
        self._at += 1
        return token

    def word(self, expected: str) -> str:
        """Take a key or a value; raise FilterError for a symbol."""
        token = self.take()
        if token in _SYMBOLS:
            raise _unexpected(token, expected)
        return token


def parse_selector(text: str) -> Selector:
    """Read a selector, an empty one for everything; raise FilterError as `labels.Parse` does."""
    tokens = _Tokens(text)
    requirements: list[Requirement] = []
    while tokens.next != _END:
        requirements.append(_requirement(tokens))
        separator = tokens.take()
        if separator not in (",", _END):
            raise _unexpected(separator, "',' or the end")
        if separator == "," and tokens.next in _SYMBOLS - {"!"}:
            raise _unexpected(tokens.next, "a label after ','")
    return tuple(requirements)


def is_label_key(text: str) -> bool:
    """Check whether a text may be the key of a label: `app` or `example.com/app`."""
    prefix, slash, name = text.rpartition("/")
    if slash and (len(prefix) > _LONGEST_PREFIX or not _PREFIX.fullmatch(prefix)):
        return False
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def labels_of(labels: Labels) -> Mapping[str, str]:
    """Return labels as a mapping."""
    if not isinstance(labels, str):
        return labels
    pairs = (pair.partition("=") for pair in labels.split(",") if pair)
    return {key: value for key, _, value in pairs}


class _Operation(NamedTuple):
    operator: str
    values: tuple[str, ...]


def _requirement(tokens: _Tokens) -> Requirement:
    absent = tokens.next == "!"
    if absent:
        tokens.take()
    key = tokens.word("a label")
    if not is_label_key(key):
        raise FilterError(f"{key!r} isn't the key of a label")
    if absent or tokens.next in (",", _END):
        return Requirement(key, "!" if absent else "exists")
    operator, values = _operation(tokens)
    for value in values:
        if value and (len(value) > _LONGEST_NAME or not _NAME.fullmatch(value)):
            raise FilterError(f"{value!r} isn't the value of a label")
    return Requirement(key, operator, values)


def _operation(tokens: _Tokens) -> _Operation:
    operator = tokens.take()
    if operator not in _OPERATORS:
        raise _unexpected(operator, "one of " + " ".join(_OPERATORS))
    if operator in ("in", "notin"):
        return _Operation(operator, _listed(tokens))
    value = "" if tokens.next in (",", _END) else tokens.word("a value")
    if operator in ("<", ">") and not _INTEGER.fullmatch(value):
        raise FilterError(f"'{operator}' needs a whole number after it")
    return _Operation(operator, (value,))


def _listed(tokens: _Tokens) -> tuple[str, ...]:
    """Take values in parentheses, some of which may be empty."""
    if (token := tokens.take()) != "(":
        raise _unexpected(token, "'('")
    values = tuple(dict.fromkeys(_values(tokens)))
    if (token := tokens.take()) != ")":
        raise _unexpected(token, "')'")
    return values


def _values(tokens: _Tokens) -> Iterator[str]:
    while True:
        yield "" if tokens.next in (",", ")") else tokens.word("a value")
        if tokens.next != ",":
            return
        tokens.take()


def _is_beyond(value: str, operator: str, bound: int) -> bool:
    if not _INTEGER.fullmatch(value):
        return False
    return int(value) > bound if operator == ">" else int(value) < bound


def _unexpected(token: str, expected: str) -> FilterError:
    return FilterError(f"{repr(token) if token else 'the end'} where {expected} is expected")
