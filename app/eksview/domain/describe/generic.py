"""Any object, as `kubectl describe` prints those of custom resources: field by field."""

import re
from collections.abc import Mapping

from eksview.domain.base.go_text import go_text
from eksview.domain.base.json_values import Json
from eksview.domain.describe.common import Lines, head

_SKIPPED = frozenset(
    f".metadata.{field}"
    for field in ("managedFields", "name", "namespace", "labels", "annotations")
)
_ACRONYMS = frozenset({"API", "URL", "UID", "OSB", "GUID"})
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|-+|[^\W\d_]+")


def describe_generic(whole: Json) -> Lines:
    """Yield the head, then every other field in order."""
    yield from head(whole)
    yield from _fields(whole, 0, "")


def _fields(content: Mapping[str, Json], level: int, path: str) -> Lines:
    indent = "  " * level
    for field in sorted(content):
        value, here = content[field], f"{path}.{field}"
        if here in _SKIPPED:
            continue
        if isinstance(value, Mapping):
            yield f"{indent}{field_label(field)}:"
            yield from _fields(value, level + 1, here)
        elif isinstance(value, list):
            yield f"{indent}{field_label(field)}:"
            yield from _list(value, level + 1, here)
        else:
            yield f"{indent}{field_label(field)}:\t{go_text(value)}"


def _list(values: list[Json], level: int, path: str) -> Lines:
    for value in values:
        if isinstance(value, Mapping):
            yield from _fields(value, level, path)
        else:
            yield from f"{'  ' * level}{go_text(value)}".split("\n")


def field_label(field: str) -> str:
    """Return a field's name in words, `Last Transition Time`; with other signs as it is."""
    if not all(each.isalpha() or each == "-" for each in field):
        return field
    parts = _WORD.findall(field)
    return " ".join(
        part.upper() if part.upper() in _ACRONYMS else part[0].upper() + part[1:] for part in parts
    )
