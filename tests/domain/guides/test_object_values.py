"""Values of whole objects in columns: their names, texts and order, compared with kubectl's."""

from typing import Any

import pytest

from eksview.domain.base.jsonpath import JsonPathError
from eksview.domain.guides.object_values import (
    object_values,
    of_table,
    parse_value,
    read_values,
    value_key,
)
from tests.golden.kubectl_templates import recorded

OBJECT = {
    "metadata": {"annotations": {"example.com/team": "pay\nroll", "Cost": "7"}},
    "spec": {"ports": [{"port": 80}, {"port": 443}], "nothing": None},
    "data": {"password": "hunter2"},
}


def texts(*names: str, whole: Any = OBJECT, secret: bool = False) -> list[str]:
    return list(read_values(object_values({"x": names}, "x"), whole, secret=secret))


@pytest.mark.parametrize(
    ("name", "title", "of_metadata"),
    [
        ("annotation:example.com/team", "TEAM", True),
        ("jsonpath:{.status.phase}", "PHASE", False),
        ("jsonpath:.spec.ports[*].port", "PORT", False),
        ("jsonpath:{.status.conditions[?(@.type=='Ready')].status}", "STATUS", False),
        ("jsonpath:metadata.annotations.example\\.com/team", "TEAM", True),
        ("Team name:.metadata.generation", "TEAM NAME", True),
        ("READY:{.status.ready}", "READY", False),
        ("jsonpath:.metadatas.x", "X", False),
    ],
)
def test_a_column_has_a_title_and_needs_the_whole_object_or_its_metadata(
    name: str, title: str, of_metadata: bool
) -> None:
    value = parse_value(name)
    assert value is not None
    assert (value.title, value.of_metadata) == (title, of_metadata)


@pytest.mark.parametrize("name", ["name", "label:app", "label:.x", "restarts:desc", "cpu%/r"])
def test_other_names_are_no_values(name: str) -> None:
    assert parse_value(name) is None


@pytest.mark.parametrize(
    "name",
    ["annotation:", "annotation:a b", "jsonpath:", "jsonpath:{.a", "A:.b[", "jsonpath:{.a}{.b}"],
)
def test_a_faulty_key_or_path_is_an_error(name: str) -> None:
    with pytest.raises(JsonPathError):
        parse_value(name)
    assert object_values({"x": (name, "annotation:a")}, "x")[0].name == "annotation:a"


def test_values_are_clean_lines_and_empty_where_there_are_none() -> None:
    assert texts("annotation:example.com/team", "annotation:other") == ["pay...", ""]
    assert texts("jsonpath:.spec.ports[*].port", "jsonpath:.spec.ports[5].port") == ["80,443", ""]
    assert texts("jsonpath:.metadata[0]", "jsonpath:.x", whole=None) == ["", ""]
    assert texts("annotation:a", "A:.a", whole={"metadata": {"annotations": 1}}) == ["", ""]
    escaped = {"metadata": {"annotations": {"a": "x\x1b[31m\x00y"}}}
    assert "\x1b" not in texts("annotation:a", whole=escaped)[0]


def test_the_values_of_a_secret_are_never_read() -> None:
    applied = "kubectl.kubernetes.io/last-applied-configuration"
    secret = {**OBJECT, "metadata": {"annotations": {applied: '{"data":"x"}', "a": "b"}}}
    names = (
        "jsonpath:.data.password",
        "jsonpath:..password",
        f"annotation:{applied}",
        "annotation:a",
    )
    assert texts(*names, whole=secret, secret=True) == ["", "", "", "b"]


PATHS = [
    ("-o custom-columns=A:.status.addresses[*].address", ".status.addresses[*].address"),
    (
        "-o custom-columns=R:.status.conditions[?(@.type=='Ready')].status",
        ".status.conditions[?(@.type=='Ready')].status",
    ),
    ("-o custom-columns=L:.metadata.labels,T:.spec.taints", ".metadata.labels"),
]


@pytest.mark.parametrize(("arguments", "path"), PATHS)
def test_values_are_those_of_kubectls_custom_columns(arguments: str, path: str) -> None:
    nodes, cases = recorded()
    printed = next(case.text for case in cases if case.arguments == arguments)
    mine = [texts(f"X:{path}", whole=node)[0] for node in nodes["items"]]
    for line, text in zip(printed.splitlines()[1:], mine, strict=True):
        assert line.startswith(text)
        assert text


def test_amounts_are_sorted_by_value_before_other_text() -> None:
    ordered = ["", "-2", "0", "100m", "0.5", "2", "10", "1Ki", "1Mi", "2Gi", "1Ti"]
    assert sorted(set(ordered), key=value_key) == ordered
    assert sorted(["node-10", "7", "node-9"], key=value_key) == ["7", "node-9", "node-10"]
    assert sorted(["9" * 30, "1e99", "-1e99"], key=value_key)[0] == "-1e99"


def test_a_table_takes_the_columns_of_its_full_name_first_and_never_another_ones() -> None:
    columns = {"nodes": 1, "widgets": 2, "widgets.example.com": 3}
    names = ("nodes", "nodes.metrics.k8s.io", "widgets.example.com", "widgets.other.io", "x")
    assert [of_table(columns, name, 0) for name in names] == [1, 0, 3, 2, 0]
