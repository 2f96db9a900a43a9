"""YAML as kubectl reads it, which isn't how Python reads it.

Source: resolve.go of go-yaml v2, which sigs.k8s.io/yaml uses.
"""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

_TRUE = ("y", "yes", "true", "on")
_FALSE = ("n", "no", "false", "off")
_NUMBER = (
    r"[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9_]+)?"
    r"|[-+]?0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_PLAIN = (
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    (
        "bool",
        "|".join(f"{word}|{word.capitalize()}|{word.upper()}" for word in (*_TRUE, *_FALSE)),
        list("yYtToOnNfF"),
    ),
    ("float", _NUMBER, list("-+0123456789.")),
    ("merge", "<<", ["<"]),
)
"""The types of scalars without quotes, by their text: tag, pattern and first characters."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class GoLoader(_Loader):  # type: ignore[misc]  # which loader it is depends on libyaml
    """A loader for which dates, `12:30` and `=` are strings, `y` a boolean and `1e3` a number.

    As after Go's way through JSON, keys are strings and a null value is an absent one.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's name for its table

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
        pairs: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return {_key(key): value for key, value in pairs.items() if value is not None}

    def construct_bool(self, node: Any) -> bool:
        return str(self.construct_scalar(node)).lower() in _TRUE

    def construct_number(self, node: Any) -> int | float:
        text = str(self.construct_scalar(node)).replace("_", "")
        try:
            return int(text, 0)
        except ValueError:
            return float(text)

    def construct_binary(self, node: Any) -> str:
        value: bytes = self.construct_yaml_binary(node)
        return value.decode()

    def construct_tagged(self, node: Any) -> Any:
        """Return the value of a node with a tag of its own, which Go ignores."""
        if isinstance(node, yaml.ScalarNode):
            return self.construct_scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return self.construct_mapping(node, deep=True)


for _tag, _pattern, _first in _PLAIN:
    GoLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first
    )
GoLoader.add_constructor("tag:yaml.org,2002:bool", GoLoader.construct_bool)
GoLoader.add_constructor("tag:yaml.org,2002:int", GoLoader.construct_number)
GoLoader.add_constructor("tag:yaml.org,2002:float", GoLoader.construct_number)
GoLoader.add_constructor("tag:yaml.org,2002:binary", GoLoader.construct_binary)
GoLoader.add_constructor(None, GoLoader.construct_tagged)


def first_document(data: bytes) -> Any:
    """Return the first document, whatever comes after it; None for an empty one.

    Bytes, because YAML has encodings of its own, whatever the locale. Raises `yaml.YAMLError`,
    `ValueError` or `RecursionError`.
    """
    with _uncollected():
        loader = GoLoader(data)
        try:
            return loader.get_data() if loader.check_data() else None
        finally:
            loader.dispose()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Suspend garbage collection, which finds nothing among the nodes of a document.

    With 2,000 contexts it took half of the time, and held every thread for up to 0.6 s.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _key(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)
