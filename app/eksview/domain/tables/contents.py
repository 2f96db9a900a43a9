"""The rows of a table as CSV and JSON, with full values and all columns."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from eksview.domain.tables.column import ABSENT, Column

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")

SLICE = 50
"""Rows of a piece, which takes a few milliseconds: between two pieces a key may be handled."""
_UNITS = {
    "number": "",
    "percent": "percent",
    "duration": "seconds",
    "cpu": "millicores",
    "size": "bytes",
}
_FORMULA = re.compile(r"[=+\-@\t\r]")
_PLAIN = re.compile(r"-|[-+]?\d[\d.,]*\w*%?")


class TableContents(Struct, Generic[RowT, ContextT], frozen=True):
    """The rows of a table in their order, as they were at one moment; `marked`: only those."""

    columns: Sequence[Column[RowT, ContextT]]
    rows: Sequence[RowT]
    context: ContextT
    filter: str = ""
    marked: bool = False


AnyContents: TypeAlias = TableContents[Any, Any]


def csv_pieces(contents: AnyContents) -> Iterator[str]:
    """Yield lines of CSV with a header, as in RFC 4180 but with the line ends of Unix.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    Source: OWASP, "CSV Injection".
    """
    yield _csv_lines([[column.title for column in contents.columns]])
    for rows in _slices(contents.rows):
        yield _csv_lines([[_unarmed(text) for text in _texts(contents, row)] for row in rows])


def json_pieces(contents: AnyContents, about: Mapping[str, str]) -> Iterator[str]:
    """Yield an object with `about`, the columns with their units, and the rows.

    Amounts are numbers in these units, all other cells are texts, and an absent value is null.
    """
    columns = [_described(column) for column in contents.columns]
    head = json.dumps({**about, "filter": contents.filter, "columns": columns}, ensure_ascii=False)
    yield f'{head[:-1]}, "rows": ['
    between = "\n"
    for rows in _slices(contents.rows):
        lines = (json.dumps(_record(contents, row), ensure_ascii=False) for row in rows)
        yield between + ",\n".join(lines)
        between = ",\n"
    yield "\n]}\n"


def _slices(rows: Sequence[RowT]) -> Iterator[Sequence[RowT]]:
    for start in range(0, len(rows), SLICE):
        yield rows[start : start + SLICE]


def _texts(contents: AnyContents, row: Any) -> list[str]:
    return [_text(column, row, contents.context) for column in contents.columns]


def _text(column: Column[RowT, ContextT], row: RowT, context: ContextT) -> str:
    """Return the whole text of a cell."""
    return column.full(row, context) if column.full else column.cell(row, context)


def _csv_lines(rows: Sequence[Sequence[str]]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    return lines.getvalue()


def _unarmed(text: str) -> str:
    armed = _FORMULA.match(text) and not _PLAIN.fullmatch(text)
    return f"'{text}" if armed else text


def _described(column: Column[RowT, ContextT]) -> dict[str, str]:
    described = {"name": column.id, "title": column.title}
    unit = _UNITS[column.measure.unit] if column.measure else ""
    return described | ({"unit": unit} if unit else {})


def _record(contents: AnyContents, row: Any) -> dict[str, str | float | None]:
    return {column.id: _value(column, row, contents.context) for column in contents.columns}


def _value(column: Column[RowT, ContextT], row: RowT, context: ContextT) -> str | float | None:
    """Return the amount of a cell, or its text where that says more, such as `1/2`."""
    text = _text(column, row, context)
    if column.measure is None:
        return None if text in ABSENT else text
    amount = column.measure.read(row, context)
    if amount is None:
        return None if text in ABSENT else text
    amount = int(amount) if float(amount).is_integer() else round(amount, 3)
    counted = column.measure.unit == "number"
    more = counted and text.partition(" ")[0].replace(",", "") != str(amount)
    return text if more else amount
