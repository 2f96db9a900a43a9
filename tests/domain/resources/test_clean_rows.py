"""A row's text is clean, whatever an API server puts into any field of an object."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from msgspec import Struct

from eksview.domain.base.text import Clean
from eksview.domain.resources.registry import RESOURCES
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import KUBE_KINDS
from tests.golden.tables import golden
from tests.hostile import hostile, made


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case tuple() | list():
            yield from (text for each in value for text in texts(each))
        case dict():
            yield from (text for pair in value.items() for text in texts(pair))
        case Struct():
            yield from texts(msgspec.structs.astuple(value))


def row_of(resource: Resource[Any, Any], item: Any) -> Any:
    """The row of an object as it comes over the wire."""
    return resource.to_row(resource.decode(msgspec.json.encode(item)))


@pytest.mark.parametrize("resource", RESOURCES.values(), ids=lambda each: each.name)
def test_every_field_that_is_read_is_cleaned(resource: Resource[Any, Any]) -> None:
    row = row_of(resource, made(resource.shape))
    assert [text for text in texts(row) if not text.isprintable()] == []


@pytest.mark.parametrize("words", [False, True], ids=["names", "all"])
@pytest.mark.parametrize("name", ["nodes", "pods"])
def test_rows_of_a_real_server_with_hostile_texts_are_clean(name: str, words: bool) -> None:
    resource = next(each for each in RESOURCES.values() if each.name == name and each.columns)
    for item, _ in golden(name).printed:
        row = row_of(resource, hostile(item, words=words))
        assert [text for text in texts(row) if not text.isprintable()] == []


def _fields(kind: type[Struct]) -> Iterator[tuple[str, Any]]:
    """The fields of a row with their types, and those of the structs in it."""
    for name, hint in get_type_hints(kind).items():
        yield name, hint
        for each in (hint, *get_args(hint)):
            if isinstance(each, type) and issubclass(each, Struct):
                yield from _fields(each)


@pytest.mark.parametrize("kind", KUBE_KINDS, ids=str)
def test_the_type_of_no_field_takes_text_that_was_not_cleaned(kind: Any) -> None:
    """So the type checker refuses such a row. Keys of labels are cleaned, but typed as text."""
    fields = dict(_fields(kind.row))
    assert [name for name, hint in fields.items() if hint is str] == []
    assert Clean in fields.values()
