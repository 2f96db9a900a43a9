"""The formats of `kubectl get`: padded tables, JSON and YAML."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

from eksview.domain.base.text import cells
from eksview.domain.base.yaml_text import TERMINAL_CONTROLS, yaml_object

Object: TypeAlias = dict[str, Any]

_GAP = "   "  # between two columns, as in kubectl's tables

# Go's JSON encoder, and so kubectl, escapes these in every string.
_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table's lines: columns as wide as their widest cell, the last one not padded.

    The cells are clean text already. Without titles there is no header line.
    """
    lines = [titles, *rows] if titles else rows
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = map(_padded, line[:-1], widths)
        yield _GAP.join((*padded, line[-1])) + "\n"


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cells(cell))


def timestamp(seconds: float | None) -> str | None:
    """Return a time in RFC 3339, as Kubernetes writes it."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def documents(output: str, items: Iterable[Object], *, single: bool) -> Iterator[str]:
    """Yield the text of the only object, or that of a `v1 List`, as JSON or YAML."""
    if single:
        yield from (single_object(output, item) for item in items)
        return
    form = JsonList() if output == "json" else YamlList()
    yield from map(form.item, items)
    yield form.end()


def single_object(output: str, item: Object) -> str:
    return json_object(item) + "\n" if output == "json" else yaml_object(item)


def json_object(item: Object) -> str:
    """Return an object with sorted keys and four spaces of indent, without control characters."""
    text = msgspec.json.format(msgspec.json.encode(item, order="sorted"), indent=4).decode()
    for character, escape in _HTML.items():
        text = text.replace(character, escape)
    return TERMINAL_CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


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
