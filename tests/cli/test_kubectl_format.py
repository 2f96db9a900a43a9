"""The text is kubectl's; expectations were printed by kubectl 1.32 and 1.36."""

import json

import pytest
import yaml

from eksview.cli.kubectl_format import JsonList, Table, YamlList, json_object
from eksview.domain.base.yaml_text import yaml_object

POD = {
    "kind": "Pod",
    "apiVersion": "v1",
    "metadata": {"name": "web-0", "labels": {}, "creationTimestamp": "2026-11-23T07:42:00Z"},
    "spec": {"args": ["<none> & all"], "tolerations": []},
}


def test_columns_are_as_wide_as_their_widest_cell_and_the_last_is_not_padded():
    rows = [["api-0", "1/1", "Running"], ["coordinator-0", "0/1", "Init:0/1"]]
    assert "".join(Table(["NAME", "READY", "STATUS"]).lines(rows)) == (
        "NAME            READY   STATUS\n"
        "api-0           1/1     Running\n"
        "coordinator-0   0/1     Init:0/1\n"
    )


def test_a_table_keeps_its_widths_where_no_rows_come():
    table = Table(["NAME", "READY"])
    assert list(table.lines([["a-long-name", "1"]]))[-1] == "a-long-name   1\n"
    assert list(table.lines([])) == []
    assert list(table.lines([["b", "1"]])) == ["b             1\n"]


def test_other_columns_keep_the_widths_of_those_before():
    """kubectl 1.32 printed these lines where the columns changed in a watch."""
    table = Table(["NAME", "READY"])
    assert list(table.lines([["web", "4"]]))[-1] == "web    4\n"
    table.begin(["NAME", "READY", "COLOR"])
    assert list(table.lines([["web", "4", "blue"]]))[-1] == "web    4       blue\n"
    assert list(table.lines([["a-longer-name", "5", "green"]])) == [
        "a-longer-name   5       green\n"
    ]
    table.begin(["NAME", "SIZE"])
    assert list(table.lines([["web", "6"]])) == ["NAME            SIZE\n", "web             6\n"]


def test_a_table_without_titles_has_no_header():
    assert "".join(Table([]).lines([["a", "b"], ["long", "c"]])) == "a      b\nlong   c\n"


def test_wide_characters_keep_the_columns_aligned():
    assert list(Table([]).lines([["日本", "x"], ["abcd", "y"]])) == ["日本   x\n", "abcd   y\n"]


def test_json_has_sorted_keys_four_spaces_and_gos_escapes():
    assert json_object(POD) == (
        '{\n    "apiVersion": "v1",\n    "kind": "Pod",\n    "metadata": {\n'
        '        "creationTimestamp": "2026-11-23T07:42:00Z",\n        "labels": {},\n'
        '        "name": "web-0"\n    },\n    "spec": {\n        "args": [\n'
        '            "\\u003cnone\\u003e \\u0026 all"\n        ],\n        "tolerations": []\n'
        "    }\n}"
    )


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize(("listing", "parse"), [(JsonList, json.loads), (YamlList, yaml.safe_load)])
def test_a_list_in_pieces_is_one_v1_list(listing, parse, count):
    pieces = listing()
    text = "".join([pieces.item(POD) for _ in range(count)]) + pieces.end()
    assert parse(text) == {
        "apiVersion": "v1",
        "items": [POD] * count,
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    }


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("2026-11-23T07:42:00Z", '"2026-11-23T07:42:00Z"'),
        ("true", '"true"'),
        ("no", '"no"'),
        ("y", '"y"'),
        ("1", '"1"'),
        ("12e5", '"12e5"'),
        ("", '""'),
        ("null", '"null"'),
        ("a: b", "'a: b'"),
        ("plain words", "plain words"),
        ("two\nlines\n", "|\n  two\n  lines"),
        (None, "null"),
        ([], "[]"),
        ({}, "{}"),
        (True, "true"),
    ],
)
def test_yaml_quotes_as_go_does(value, printed):
    assert yaml_object({"key": value}) == f"key: {printed}\n"


def test_yaml_writes_equal_parts_out_each_time():
    shared = {"app": "web"}
    assert "&" not in yaml_object({"one": shared, "other": shared})


@pytest.mark.parametrize("show", [json_object, yaml_object])
@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b31m", "\u202eevil", "\u200bhidden", "\x07"])
def test_what_a_terminal_obeys_is_escaped_and_still_the_same_value(show, text):
    shown = show({"key": text})
    assert text[0] not in shown
    assert yaml.safe_load(shown) == {"key": text}


def test_other_writing_stays_readable():
    assert "日本 naïve" in yaml_object({"key": "日本 naïve"})
    assert "日本 naïve" in json_object({"key": "日本 naïve"})
