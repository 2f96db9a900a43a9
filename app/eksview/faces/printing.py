"""The shapes `kubectl get` prints: padded tables, JSON and YAML."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec
import yaml

from eksview.domain.text import cells

Object: TypeAlias = dict[str, Any]

_GAP = "   "  # between two columns, as kubectl's tab writer has it

_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""Go's JSON encoder escapes them in every string, so kubectl does."""

_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What JSON and YAML may hold as it is but a terminal obeys: C1 controls, bidi, zero width."""

_GO_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_GO_BOOL = frozenset({"y", "Y", "n", "N"})
"""Words that Go's YAML takes for a number or a truth value and PyYAML doesn't."""


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
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def yaml_object(item: Any) -> str:
    """One object, or a list of them, as Go writes YAML."""
    text = _dump(item, as_it_is=True)
    return _dump(item, as_it_is=False) if _OBEYED.search(text) else text


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


_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # in C where PyYAML was built with it


class _Dumper(_BASE):  # type: ignore[misc]  # chosen at run time
    """Quotes as Go's YAML does, and never refers back to an equal object."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _text_node(dumper: Any, text: str) -> yaml.Node:
    style = None
    if "\n" in text:
        style = "|"
    elif text in _GO_BOOL or _GO_FLOAT.fullmatch(text) or _means_more(dumper, text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # type: ignore[no-any-return]


def _means_more(dumper: Any, text: str) -> bool:
    """Whether YAML would read the bare word as something else than text."""
    tag = dumper.resolve(yaml.ScalarNode, text, (True, False))
    return bool(tag != "tag:yaml.org,2002:str")


_Dumper.add_representer(str, _text_node)


def _dump(item: Any, as_it_is: bool) -> str:
    text: str = yaml.dump(item, Dumper=_Dumper, allow_unicode=as_it_is, default_flow_style=False)
    return text
