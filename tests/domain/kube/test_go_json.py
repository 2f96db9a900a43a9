"""Objects that the strict decoder refuses: they are decoded as by client-go, and none is lost."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from eksview.domain.kube.go_json import parse
from eksview.domain.resources.pods import RESOURCE as POD
from eksview.domain.resources.registry import RESOURCES, WATCHED, AnyResource
from eksview.domain.rows.kube import Kind, undecoded
from tests.golden.go_decoding import WHOLE, Case, recorded

Json = dict[str, Any]
CASES = recorded()


def as_line(item: str) -> bytes:
    return f'{{"type":"ADDED","object":{item}}}'.encode()


def as_list(*items: str) -> bytes:
    return f'{{"metadata":{{"resourceVersion":"9"}},"items":[{",".join(items)}]}}'.encode()


@pytest.mark.parametrize(("case", "error", "decoded"), CASES, ids=lambda value: str(value)[:60])
def test_an_object_is_decoded_as_by_go(case: Case, error: str, decoded: bytes) -> None:
    resource = RESOURCES[Kind(case.kind)]
    row = resource.to_row(resource.decode_watch(as_line(case.text)).object)
    go = resource.to_row(resource.decode(decoded))
    assert bool(row.undecoded) == bool(error)
    if not error:
        assert row == go
    elif error.startswith("json: ") and case.path.rpartition(".")[2] not in ("name", "uid"):
        # A number in a name is kept; Go stops at an error of a quantity, but not at others.
        assert replace(row, undecoded="") == replace(undecoded(go, "-"), undecoded="")


@pytest.mark.parametrize(("case", "error", "decoded"), CASES, ids=lambda value: str(value)[:60])
def test_a_list_keeps_the_objects_beside_it(case: Case, error: str, decoded: bytes) -> None:
    resource = RESOURCES[Kind(case.kind)]
    other = replaced_name(WHOLE[case.kind], "other")
    rows, _ = resource.page(as_list(other, case.text, other.replace("other", "another")))
    assert [row.name for row in rows][::2] == ["other", "another"]
    assert len({row.key for row in rows}) == 3
    assert bool(rows[1].undecoded) == bool(error), decoded


def replaced_name(whole: Json, name: str) -> str:
    return json.dumps({**whole, "metadata": {**whole["metadata"], "name": name, "uid": name}})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()) | st.sampled_from(["other", "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value in a value."""
    yield at
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*at, key))


def changed(whole: Json, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    copy: Any = json.loads(json.dumps(whole))
    at = copy
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return copy


@pytest.mark.parametrize("resource", WATCHED, ids=lambda resource: resource.name)
@given(data=st.data())
def test_any_value_in_any_field_costs_no_row(resource: AnyResource, data: st.DataObject) -> None:
    whole = WHOLE[resource.kind]
    place = data.draw(st.sampled_from(list(places(whole))))
    value = data.draw(ANYTHING)
    others = [replaced_name(whole, name) for name in ("one", "two")]
    strange = json.dumps(changed(whole, place, value))
    rows, _ = resource.page(as_list(others[0], strange, others[1]))
    assert len({row.key for row in rows}) == 3
    assert [row.name for row in rows][::2] == ["one", "two"]
    if strange.startswith("{"):
        event = resource.decode_watch(as_line(strange))
        assert resource.to_row(event.object, 1).key == rows[1].key


def test_bytes_that_are_not_utf_8_become_replacement_characters() -> None:
    item = json.dumps(WHOLE["pods"]).encode().replace(b'"n"', b'"n\xff"')
    (row,), _ = POD.page(as_list("@").replace(b"@", item))
    assert (row.name, row.undecoded) == ("n\ufffd", "")


def test_objects_without_a_name_are_known_by_their_number() -> None:
    rows, _ = POD.page(as_list("null", "{}", "5", '{"metadata":{"name":"n"}}'), before=500)
    assert [(row.name, row.uid) for row in rows] == [
        ("#500", "#500"), ("#501", "#501"), ("#502", "#502"), ("n", "n"),
    ]  # fmt: skip
    assert [bool(row.undecoded) for row in rows] == [False, False, True, False]


def test_the_reason_names_the_field_and_both_types() -> None:
    item = json.dumps(changed(WHOLE["nodes"], ("spec", "unschedulable"), "a secret"))
    row = RESOURCES[Kind.NODE].to_row(RESOURCES[Kind.NODE].decode(item.encode()))
    assert row.undecoded == "spec.unschedulable: a string instead of a boolean"


@pytest.mark.parametrize(
    "body",
    [
        b'{"metadata":{"continue":5},"items":[null]}',
        b'{"metadata":"none","items":[{"spec":5}]}',
        b'{"items":{"a":5}}',
        b'{"items":[{"spec":5}]',
    ],
)
def test_a_list_whose_rest_would_be_lost_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        POD.decode_list(body)


def test_nesting_without_end_is_refused() -> None:
    deep = b'{"a":' * 5000 + b"5" + b"}" * 5000
    with pytest.raises(msgspec.DecodeError):
        parse(deep, dict)
    with pytest.raises(msgspec.DecodeError):
        POD.decode_watch(b'{"type":"ADDED","object":' + deep + b"}")
    with pytest.raises(msgspec.DecodeError):
        POD.decode_list(b'{"items":[' + deep + b"]}")
