"""A row's text is clean, whatever an API server puts into any field of an object."""

from typing import Any

import msgspec
import pytest

from eksview.domain.resources.registry import RESOURCES
from eksview.domain.resources.resource import Resource
from tests.golden.tables import golden
from tests.hostile import hostile, made
from tests.texts import texts


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
