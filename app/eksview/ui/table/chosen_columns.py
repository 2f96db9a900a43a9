"""The columns and the order that the configuration file chooses for a table."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.jsonpath import JsonPathError
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.near_names import near_names
from eksview.domain.filter.amounts import amount_of
from eksview.domain.filter.label_selector import is_label_key, labels_of
from eksview.domain.guides.object_values import (
    LABEL,
    ObjectValue,
    object_values,
    of_table,
    parse_value,
    value_key,
)
from eksview.domain.tables.column import Column, Measure, text_or
from eksview.ui.table.column_layout import NEEDED, AnyColumn
from eksview.ui.table.line import Heading
from eksview.ui.table.spec import TableSpec

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")
ORDERS = ("asc", "desc")
VALUE_WIDTH = 16
MISSING = "<none>"


def chosen(kind: TableSpec[RowT, ContextT], settings: Settings) -> TableSpec[RowT, ContextT]:
    """Return the table with the columns of the file, in its order; unknown ones are left out.

    A column that was asked for stays while others can be narrower, whatever its usual tier.
    """
    names = of_table(settings.columns, kind.table, ())
    extra = {column.id: column for column in _extra_columns(kind, names, settings)}
    columns = tuple(
        column for name in names if (column := extra.get(name) or _usual(kind, name)) is not None
    )
    if not columns:
        return kind
    frozen = {column.id for column in kind.columns[: kind.frozen]}
    leading = next((at for at, column in enumerate(columns) if column.id not in frozen), 0)
    text = _searched(kind.text, [column.full for column in extra.values() if column.full])
    return replace(kind, columns=columns, known=kind.columns, text=text, frozen=max(1, leading))


def first_order(kind: TableSpec[RowT, ContextT], settings: Settings) -> Heading:
    """Return the column that the file sorts by, and whether from the largest down."""
    name, order = order_of(of_table(settings.sort, kind.table, ""))
    if not any(column.id == name for column in (*kind.columns, *kind.known)):
        return Heading()
    return Heading(name, order == "desc" if order else name in kind.falling)


def chosen_faults(kind: TableSpec[RowT, ContextT], settings: Settings) -> Iterator[str]:
    """Yield what the file says of a table whose columns weren't known when it was checked."""
    columns, of_sort = settings.columns, settings.sort
    for fault in column_faults(kind.columns, of_table(columns, kind.table, ())):
        yield f"columns of {kind.table}: {fault}"
    name, _ = order_of(of_table(of_sort, kind.table, ""))
    if name and name not in of_table(columns, kind.table, ()):
        for fault in column_faults(kind.columns, (name,)):
            yield f"sort of {kind.table}: {fault}"


def order_of(text: str) -> tuple[str, str]:
    """Return the column and `asc`, `desc` or nothing of a text such as `restarts:desc`."""
    name, _, order = text.rpartition(":")
    return (name, order) if name and order in ORDERS else (text, "")


def column_faults(
    columns: Sequence[AnyColumn] | None, names: Sequence[str], *, values: bool = True
) -> Iterator[str]:
    """Yield a sentence for each name that is no column's, and for one that is there twice.

    `columns` is None where only the server knows them; `values` is False where rows are no objects
    of the API, of which no annotation and no path can be shown.
    """
    ids = None if columns is None else [column.id for column in columns]
    for name in names:
        yield from _faults_of(name, ids, values=values)
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"{name!r} is there {names.count(name)} times"


def _faults_of(name: str, ids: Sequence[str] | None, *, values: bool) -> Iterator[str]:
    if name.startswith(LABEL):
        if not is_label_key(key := name.removeprefix(LABEL)):
            yield f"{name}: {key!r} isn't the key of a label"
        return
    try:
        value = parse_value(name)
    except JsonPathError as error:
        yield f"{name}: {error}"
        return
    if value is not None and values:
        return
    if value is not None:
        yield f"{name!r}: rows of this table are no objects that have it"
    elif ids is not None and name not in ids:
        near = near_names(name, ids, 1)
        listed = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(ids)}"
        yield f"no column {name!r}{listed}"


def _usual(kind: TableSpec[RowT, ContextT], name: str) -> Column[RowT, ContextT] | None:
    usual = next((column for column in kind.columns if column.id == name), None)
    return None if usual is None else replace(usual, tier=min(usual.tier, NEEDED))


def _extra_columns(
    kind: TableSpec[RowT, ContextT], names: Sequence[str], settings: Settings
) -> Iterator[Column[RowT, ContextT]]:
    """Yield the columns of labels, and of values of whole objects where rows have them."""
    for name in names:
        if name.startswith(LABEL):
            yield _label_column(kind, name.removeprefix(LABEL))
    if kind.values is not None:
        for at, value in enumerate(object_values(settings.columns, kind.table)):
            yield _value_column(kind.values, at, value)


def _searched(
    text: Callable[[RowT], str], extra: Sequence[Callable[[RowT, Any], str]]
) -> Callable[[RowT], str]:
    """Return the text that a plain filter searches, with that of the extra columns."""
    if not extra:
        return text
    return lambda row: "\n".join((text(row), *(full(row, None).lower() for full in extra)))


def _label_column(kind: TableSpec[RowT, ContextT], label: str) -> Column[RowT, ContextT]:
    """Return a column of a label, with kubectl's title: what follows the last `/`, in capitals."""

    def read(row: RowT, _: object) -> str:
        return labels_of(kind.labels(row)).get(label, "")

    return Column(
        id=f"{LABEL}{label}",
        title=label.rpartition("/")[2].upper(),
        cell=lambda row, _: text_or(read(row, None), MISSING),
        sort=lambda row, _: natural_key(read(row, None)),
        width=VALUE_WIDTH,
        tier=NEEDED,
        key="",
        full=read,
    )


def _value_column(
    values: Callable[[RowT], Sequence[str]], at: int, value: ObjectValue
) -> Column[RowT, ContextT]:
    """Return a column of what rows have at an index of their values."""

    def read(row: RowT, _: object) -> str:
        texts = values(row)
        return texts[at] if at < len(texts) else ""

    return Column(
        id=value.name,
        title=value.title,
        cell=lambda row, _: text_or(read(row, None), MISSING),
        sort=lambda row, _: value_key(read(row, None)),
        width=VALUE_WIDTH,
        tier=NEEDED,
        key="",
        full=read,
        measure=Measure("quantity", lambda row, _: amount_of(read(row, None), "quantity")),
    )
