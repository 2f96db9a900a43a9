"""The formats of `kubectl get`: padded tables, JSON and YAML."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, TypeAlias

import msgspec

from eksview.domain.base.age import rfc3339
from eksview.domain.base.text import cells, visible
from eksview.domain.base.yaml_text import yaml_object

Object: TypeAlias = dict[str, Any]

_GAP = "   "  # between two columns, as in kubectl's tables
_LEAST = 3  # cells of a column

_NOT_ASCII = re.compile("[^ -~\n]")

# Go's JSON encoder, and so kubectl, escapes these in every string.
_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


class Table:
    """A table that is printed at once, or a few rows at a time with the widths of those before.

    Source: kubectl's tab writer, whose columns are at least 6 wide with their gap. It keeps no
    width of a last column, which it doesn't pad.
    """

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self._widths: list[int] = []

    def begin(self, titles: Sequence[str]) -> None:
        """Go on with other columns, which are as wide as those in their places at least."""
        self._titles = titles

    def lines(self, rows: Sequence[Sequence[str]]) -> Iterator[str]:
        """Yield lines whose columns are as wide as their widest cell, the last one not padded.

        The cells are clean text already. The first lines begin with the titles, if there are any.
        """
        lines = [self._titles, *rows] if self._titles else rows
        self._titles = ()
        if not lines:
            return
        columns = zip(*(line[:-1] for line in lines), strict=True)
        widths = (max(map(cells, column)) for column in columns)
        self._widths = list(map(max, zip_longest(self._widths, widths, fillvalue=_LEAST)))
        for line in lines:
            padded = map(_padded, line[:-1], self._widths)
            yield _GAP.join((*padded, line[-1])) + "\n"


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cells(cell))


def timestamp(seconds: float | None) -> str | None:
    """Return a time in RFC 3339, as Kubernetes writes it."""
    return None if seconds is None else rfc3339(seconds)


def documents(output: str, items: Iterable[Object], *, single: bool) -> Iterator[str]:
    """Yield the text of the only object, or that of a `v1 List`, as JSON or YAML."""
    if single:
        yield from (single_object(output, item) for item in items)
        return
    form = JsonList() if output == "json" else YamlList()
    yield from map(form.item, items)
    yield form.end()


def object_list(items: Sequence[Object]) -> Object:
    """Return a `v1 List`, as kubectl makes it of the objects of a resource."""
    return {
        "apiVersion": "v1",
        "items": list(items),
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    }


def single_object(output: str, item: Object) -> str:
    return json_object(item) + "\n" if output == "json" else yaml_object(item)


def json_object(item: Object) -> str:
    """Return an object with sorted keys and four spaces of indent, without control characters."""
    text = msgspec.json.format(msgspec.json.encode(item, order="sorted"), indent=4).decode()
    for character, escape in _HTML.items():
        text = text.replace(character, escape)
    return escaped_json(text)


def escaped_json(text: str) -> str:
    """Return a JSON text with the same data, in which what a terminal interprets is escaped."""
    if visible(text) == text:
        return text
    return _NOT_ASCII.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return character if visible(character) == character else json.dumps(character)[1:-1]


class JsonList:
    """A `v1 List` that is written while its items arrive, with one object in memory at a time."""

    def __init__(self) -> None:
        self._items = 0

    def item(self, item: Object) -> str:
        """Return the text of the next item."""
        before = ",\n" if self._items else '{\n    "apiVersion": "v1",\n    "items": [\n'
        self._items += 1
        # A JSON string holds no line break, so each of them is layout.
        return before + " " * 8 + json_object(item).replace("\n", "\n" + " " * 8)

    def end(self) -> str:
        """Return the text that closes the list."""
        tail = (
            ',\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n'
        )
        if self._items:
            return "\n    ]" + tail
        return '{\n    "apiVersion": "v1",\n    "items": []' + tail


class YamlList:
    """A list like `JsonList`, in YAML."""

    def __init__(self) -> None:
        self._items = 0

    def item(self, item: Object) -> str:
        before = "" if self._items else "apiVersion: v1\nitems:\n"
        self._items += 1
        return before + yaml_object([item])

    def end(self) -> str:
        before = "" if self._items else "apiVersion: v1\nitems: []\n"
        return before + 'kind: List\nmetadata:\n  resourceVersion: ""\n'
