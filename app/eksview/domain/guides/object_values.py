"""The values of whole objects that columns of the configuration file show.

A column is named `annotation:KEY`, `jsonpath:PATH`, or `TITLE:PATH` as in kubectl's custom columns.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

from eksview.domain.base.go_text import go_text
from eksview.domain.base.jsonpath import JsonPathError, Path, expression
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.quantity import quantity
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.filter.label_selector import is_label_key
from eksview.domain.kube.secret_values import without_values
from eksview.domain.kube.server_table import cell_text

T = TypeVar("T")
Values: TypeAlias = tuple[Clean, ...]

LABEL, ANNOTATION, JSONPATH = "label:", "annotation:", "jsonpath:"
SECRETS = "secrets"
TABLES_OF_OBJECTS = ("nodes", "pods")
"""The tables of their own whose rows are objects; nodes of another group don't take the columns."""
_CUSTOM = re.compile(r"(?P<title>[^:]+):(?P<path>[.{].*)", re.DOTALL)
_OF_METADATA = re.compile(r"\s*\{?\s*\.?metadata(?![\w-])")
_FILTERS = re.compile(r"\[\?.*?\]")
_WORD = re.compile(r"[\w-]+")
_BIAS = 10**40
"""More than the thousandths of any quantity that is sorted by its value."""


class ObjectValue(Struct, frozen=True):
    """A column's value: its title, and `read`, which returns what an object has there.

    `of_metadata` is False where the metadata of the object isn't enough.
    """

    name: str
    title: Clean
    read: Callable[[Any], Sequence[Any]]
    of_metadata: bool

    def text(self, whole: Any) -> Clean:
        """Return the value, with a comma between several; empty for none."""
        try:
            values = self.read(whole)
        except JsonPathError:  # this object has no such list, or a shorter one
            return EMPTY
        return cell_text(",".join(map(go_text, values)))


def parse_value(name: str) -> ObjectValue | None:
    """Return the value of a column's name; None for a name of another form.

    Raises `JsonPathError` for a key or a path that isn't one.
    """
    if name.startswith(LABEL):
        return None
    if name.startswith(ANNOTATION):
        key = name.removeprefix(ANNOTATION)
        if not is_label_key(key):
            raise JsonPathError(f"{key!r} isn't the key of an annotation")
        return ObjectValue(name, _title(key.rpartition("/")[2]), partial(_annotation, key), True)
    if name.startswith(JSONPATH):
        path = name.removeprefix(JSONPATH)
        return _of_path(name, _last_name(path), path)
    custom = _CUSTOM.fullmatch(name)
    return None if custom is None else _of_path(name, custom["title"], custom["path"])


def _of_path(name: str, title: str, text: str) -> ObjectValue:
    path: Path = expression(text)
    return ObjectValue(name, _title(title), path.values, _OF_METADATA.match(text) is not None)


def _title(text: str) -> Clean:
    return clean(text.upper())


def _last_name(path: str) -> str:
    """Return the last name in a path: `port` of `{.spec.ports[*].port}`."""
    return next(iter(_WORD.findall(_FILTERS.sub("", path))[::-1]), "value")


def _annotation(key: str, whole: Any) -> Sequence[Any]:
    metadata = whole.get("metadata") if isinstance(whole, dict) else None
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    return [annotations[key]] if isinstance(annotations, dict) and key in annotations else []


def of_table(values: Mapping[str, T], table: str, default: T) -> T:
    """Return the value of a table by its name: `deployments.apps`, else `deployments`."""
    plain = table.partition(".")[0]
    if plain != table and plain in TABLES_OF_OBJECTS:
        plain = table
    return values.get(table, values.get(plain, default))


def object_values(columns: Mapping[str, Sequence[str]], table: str) -> tuple[ObjectValue, ...]:
    """Return the values that the columns of a table show, in the order that rows have them in.

    Names that can't be parsed are left out; `eksview config --check` reports them.
    """
    values: list[ObjectValue] = []
    for name in dict.fromkeys(of_table(columns, table, ())):
        try:
            value = parse_value(name)
        except JsonPathError:
            continue
        if value is not None:
            values.append(value)
    return tuple(values)


def beyond_metadata(names: Sequence[str]) -> Sequence[str]:
    """Return the columns whose values aren't in the metadata of objects."""
    values = object_values({"": names}, "")
    return [value.name for value in values if not value.of_metadata]


def read_values(values: Sequence[ObjectValue], whole: Any, *, secret: bool = False) -> Values:
    """Return the texts of an object's values; of a secret only those of its metadata."""
    if secret and isinstance(whole, dict):
        whole = without_values(whole)
    return tuple([value.text(whole) for value in values])


@lru_cache(maxsize=65536)
def value_key(text: str) -> str:
    """Return a key that sorts nothing first, then quantities by their value, then other text."""
    amount = quantity(text)
    if amount is None:
        return natural_key(text)
    return f" {max(1 - _BIAS, min(_BIAS - 1, int(amount * 1000))) + _BIAS:041d}"
