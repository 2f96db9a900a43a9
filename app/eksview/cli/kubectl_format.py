"""The shapes `kubectl get` prints: padded tables, JSON and YAML."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec

from eksview.domain.base.text import cells
from eksview.domain.base.yaml_text import OBEYED, yaml_object

Object: TypeAlias = dict[str, Any]

_GAP = "   "  # between two columns, as kubectl's tab writer has it

_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""Go's JSON encoder escapes them in every string, so kubectl does."""


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table's lines: columns as wide as their widest cell, the last one not padded.

    Cells are clean text already. Without titles there is no header line.
    """
    lines = [titles, *rows] if titles else rows
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = map(_padded, line[:-1], widths)
        yield _GAP.join((*padded, line[-1])) + "\n"


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cells(cell))


def json_object(item: Object) -> str:
    """One object: sorted keys, four spaces, and nothing in it that a terminal obeys."""
    text = msgspec.json.format(msgspec.json.encode(item, order="sorted"), indent=4).decode()
    for character, escape in _HTML.items():
        text = text.replace(character, escape)
    return OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class JsonList:
    """A `v1 List` written while its items arrive, one object in memory at a time."""

    def __init__(self) -> None:
        self._items = 0

    def item(self, item: Object) -> str:
        """The text to print for the next item."""
        before = ",\n" if self._items else '{\n    "apiVersion": "v1",\n    "items": [\n'
        self._items += 1
        # No string of JSON holds a line break: every one of them is layout.
        return before + " " * 8 + json_object(item).replace("\n", "\n" + " " * 8)

    def end(self) -> str:
        """The text that closes the list."""
        tail = (
            ',\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n'
        )
        if self._items:
            return "\n    ]" + tail
        return '{\n    "apiVersion": "v1",\n    "items": []' + tail


class YamlList:
    """The same in YAML."""

    def __init__(self) -> None:
        self._items = 0

    def item(self, item: Object) -> str:
        """The text to print for the next item."""
        before = "" if self._items else "apiVersion: v1\nitems:\n"
        self._items += 1
        return before + yaml_object([item])

    def end(self) -> str:
        """The text that closes the list."""
        before = "" if self._items else "apiVersion: v1\nitems: []\n"
        return before + 'kind: List\nmetadata:\n  resourceVersion: ""\n'
