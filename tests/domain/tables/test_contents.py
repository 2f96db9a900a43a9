"""A table as CSV and JSON, read back by Python's own readers."""

import csv
import io
import json

import pytest
from msgspec.structs import replace

from eksview.domain.base.text import Clean
from eksview.domain.guides.object_columns import ObjectContext, object_columns
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.kube.server_table import ObjectRow, TableColumn, TableColumns
from eksview.domain.tables.column import NodeContext, PodContext
from eksview.domain.tables.contents import SLICE, TableContents, csv_pieces, json_pieces
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.domain.tables.pod_columns import POD_COLUMNS
from tests.ui.harness import GIB, NOW, node, pod


def pods(*rows, **fields) -> TableContents:
    return TableContents(POD_COLUMNS, rows, PodContext(NOW), **fields)


def read_csv(contents: TableContents) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_pieces(contents)))))


def read_json(contents: TableContents) -> dict:
    return json.loads("".join(json_pieces(contents, {"cluster": "prod"})))


def test_csv_has_every_column_by_kubectls_titles() -> None:
    (row,) = read_csv(pods(pod(7, "node-1")))
    assert list(row)[:6] == ["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert row["RESTARTS"] == "12 (2m10s ago)"
    assert row["AGE"] == "8h"
    assert row["NODE"] == "node-1"
    assert row["NOMINATED NODE"] == "<none>"


def test_json_has_amounts_as_numbers_with_their_units() -> None:
    document = read_json(pods(pod(7, "node-1"), filter="web"))
    (row,) = document["rows"]
    units = {column["name"]: column.get("unit") for column in document["columns"]}
    assert (row["age"], units["age"]) == (8 * 3600, "seconds")
    assert (row["cpu-req"], units["cpu-req"]) == (100, "millicores")
    assert (row["mem-req"], units["mem-req"]) == (GIB // 8, "bytes")
    assert row["ready"] == "0/1"
    assert row["nominated"] is None
    assert (document["cluster"], document["filter"]) == ("prod", "web")


def test_a_cell_that_shows_a_part_is_whole() -> None:
    context = NodeContext(NOW, lambda _: PodTotals(), lambda _: None)
    contents = TableContents(NODE_COLUMNS, (node(0),), context)
    assert read_csv(contents)[0]["ZONE"] == "us-west-2a"
    assert read_json(contents)["rows"][0]["zone"] == "us-west-2a"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C x'!A0"])
def test_a_formula_is_text_in_a_spreadsheet(text: str) -> None:
    """Source: OWASP, "CSV Injection"."""
    (row,) = read_csv(pods(replace(pod(0, "n"), name=Clean(text))))
    assert row["NAME"] == f"'{text}"


@pytest.mark.parametrize("text", ["-", "-5", "web-1", "+12.5%"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    (row,) = read_csv(pods(replace(pod(0, "n"), name=Clean(text))))
    assert row["NAME"] == text


def test_quotes_and_commas_are_read_back() -> None:
    (row,) = read_csv(pods(replace(pod(0, "n"), status=Clean('Init:"a",b'))))
    assert row["STATUS"] == 'Init:"a",b'


def test_many_rows_come_in_pieces_and_none_is_lost() -> None:
    rows = [pod(number, "n") for number in range(2 * SLICE + 1)]
    assert len(list(csv_pieces(pods(*rows)))) == 4
    assert len(read_csv(pods(*rows))) == len(read_json(pods(*rows))["rows"]) == len(rows)


def test_no_rows_are_an_empty_list() -> None:
    assert read_json(pods())["rows"] == []


def of_server(*columns: tuple[str, str], cells: tuple[str, ...]) -> TableContents:
    declared = TableColumns(tuple(TableColumn(Clean(n), Clean(kind)) for n, kind in columns))
    row = ObjectRow(
        "uid", Clean("shop"), Clean("web"), 0.0, None, Clean(""), (),
        tuple(map(Clean, cells)), declared,
    )  # fmt: skip
    shown = object_columns(declared.columns, (), namespaced=False)
    return TableContents(shown, (row,), ObjectContext(NOW))


def test_whole_numbers_that_the_server_declares_as_strings_are_numbers() -> None:
    """Kube-apiserver's `printers.go` has Up-to-date and Available, MinPods and Count so."""
    contents = of_server(
        ("Ready", "string"), ("Up-to-date", "string"), ("Available", "string"),
        ("Count", "string"), ("Weight", "integer"), cells=("1/2", "2", "0", "36", "10"),
    )  # fmt: skip
    (row,) = read_json(contents)["rows"]
    assert row == {"ready": "1/2", "up-to-date": 2, "available": 0, "count": 36, "weight": 10}


def test_an_amount_that_cannot_be_read_stays_text() -> None:
    """A CRD may print anything in a column of such a name, and a budget `N/A`."""
    contents = of_server(
        ("Size", "string"), ("Replicas", "integer"), ("Duration", "string"), ("Count", "string"),
        cells=("large", "2 of 3", "<none>", "<unknown>"),
    )  # fmt: skip
    (row,) = read_json(contents)["rows"]
    assert row == {"size": "large", "replicas": "2 of 3", "duration": None, "count": None}
