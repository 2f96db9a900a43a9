"""Text that means no good in every field of rows, facts and JSON."""

import ast
import base64
import zlib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

import eksview
from eksview.domain.base.text import Clean
from eksview.domain.rows.aws import Call
from eksview.domain.rows.link import Link
from eksview.domain.rows.server import Probe

NOW = 1_760_000_000.0
CLIPBOARD = base64.b64encode(b"rm -rf /").decode()
ACTS = "\x1b[666m\x9b666m\u202e"
"""The beginning of every text: no accident of a name decides what a field is tried with."""
POISONS = (
    f"\x1b]52;c;{CLIPBOARD}\x07",  # OSC 52: the clipboard
    f"\x9d52;c;{CLIPBOARD}\x9c",  # the same in C1
    "\x1b]0;owned\x07",  # the window's title
    "\x1b]8;;https://example.com/666\x1b\\link",
    "\x1b[666;666H\x1b[666m\x9b666m",
    "\x1bP$q666\x1b\\\x90666\x9c\x1bc",  # DCS in C0 and C1, reset
    "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])),
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c",
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u2028\u2029",
    "line\nbreak\r\nreturn\rtab\t.",
    "[@click=app.quit]click[/] [link=https://example.com/666]here[/] [bold red]x[/red] [",
    "a" * 253,
    "日本語クラスタ" * 9,
    "e\u0301\u0301\u0301\u0334\u20dd" * 9,
)


def poisoned(text: str) -> str:
    """The same for the same text, so that names still fit together."""
    poison = POISONS[zlib.crc32(text.encode("utf-8", "replace")) % len(POISONS)]
    return f"{ACTS}{poison}{text}{poison}"


@cache
def _own_words() -> frozenset[str]:
    """Every word that the code compares with: states, kinds, labels."""
    trees = (ast.parse(path.read_text()) for path in Path(eksview.__file__).parent.rglob("*.py"))
    return frozenset(
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def hostile(value: Any, *, words: bool) -> Any:
    """A value of rows, facts or JSON with poison in every text.

    With `words` also in those that the code knows; else a running instance is still running.
    """
    match value:
        case Enum() | type():
            return value
        case str():
            return value if not words and value in _own_words() else poisoned(value)
        case list() | tuple() | frozenset():
            return type(value)([hostile(each, words=words) for each in value])
        case Mapping():
            return {hostile(k, words=False): hostile(v, words=words) for k, v in value.items()}
        case msgspec.Struct():
            kept = _chosen_by_us(type(value))
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            return type(value)(**{
                name: each if name in kept else hostile(each, words=words)
                for name, each in fields.items()
            })  # fmt: skip
    return value


@cache
def _chosen_by_us(kind: type) -> frozenset[str]:
    """The fields that no server fills."""
    literals = {name for name, hint in get_type_hints(kind).items() if get_origin(hint) is Literal}
    return frozenset(literals | ({"name"} if kind in (Link, Probe, Call) else set()))


def made(hint: Any, name: str = "") -> Any:
    """A value of a type, with poison in every text of it."""
    origin, arguments = str if hint is Clean else get_origin(hint) or hint, get_args(hint)
    if origin is Literal:
        return arguments[0]
    if origin in (Union, UnionType):
        return made(next(each for each in arguments if each is not NoneType), name)
    if origin in (tuple, frozenset, list):
        return origin(made(each, name) for each in arguments if each is not Ellipsis)
    if issubclass(origin, Mapping):
        return {made(arguments[0], name): made(arguments[1], name)}
    if issubclass(origin, msgspec.Struct):
        generic = dict(zip(getattr(origin, "__parameters__", ()), arguments, strict=False))
        hints = get_type_hints(origin)
        return origin(**{
            each: made(generic.get(hints[each], hints[each]), each)
            for each in origin.__struct_fields__
        })  # fmt: skip
    return {int: 7, float: NOW - 60, bool: True}.get(origin) or poisoned(name)
