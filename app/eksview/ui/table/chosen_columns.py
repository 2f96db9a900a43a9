"""The columns and the order that the configuration file chooses for a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.near_names import near_names
from eksview.domain.filter.label_selector import labels_of
from eksview.domain.tables.column import Column, text_or
from eksview.ui.table.column_layout import NEEDED, AnyColumn
from eksview.ui.table.line import Heading
from eksview.ui.table.spec import TableSpec

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")
T = TypeVar("T")

LABEL = "label:"
ORDERS = ("asc", "desc")
LABEL_WIDTH = 16


def chosen(kind: TableSpec[RowT, ContextT], settings: Settings) -> TableSpec[RowT, ContextT]:
    """Return the table with the columns of the file, in its order; unknown ones are left out.

    A column that was asked for stays while others can be narrower, whatever its usual tier.
    """
    names = _of_table(settings.columns, kind.table, ())
    columns = tuple(column for name in names if (column := _column(kind, name)) is not None)
    if not columns:
        return kind
    frozen = {column.id for column in kind.columns[: kind.frozen]}
    leading = next((at for at, column in enumerate(columns) if column.id not in frozen), 0)
    return replace(kind, columns=columns, known=kind.columns, frozen=max(1, leading))


def first_order(kind: TableSpec[RowT, ContextT], settings: Settings) -> Heading:
    """Return the column that the file sorts by, and whether from the largest down."""
    name, order = order_of(_of_table(settings.sort, kind.table, ""))
    if not any(column.id == name for column in (*kind.columns, *kind.known)):
        return Heading()
    return Heading(name, order == "desc" if order else name in kind.falling)


def _of_table(values: Mapping[str, T], table: str, default: T) -> T:
    """Return the value of a table by its name: `deployments.apps`, else `deployments`."""
    return values.get(table, values.get(table.partition(".")[0], default))


def order_of(text: str) -> tuple[str, str]:
    """Return the column and `asc`, `desc` or nothing of a text such as `restarts:desc`."""
    name, _, order = text.rpartition(":")
    return (name, order) if name and order in ORDERS else (text, "")


def column_faults(columns: Sequence[AnyColumn], names: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each name that is no column's, and for one that is there twice."""
    ids = [column.id for column in columns]
    for name in names:
        if name.startswith(LABEL) and name != LABEL:
            continue
        if name not in ids:
            near = near_names(name, ids, 1)
            listed = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(ids)}"
            yield f"no column {name!r}{listed}"
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"{name!r} is there {names.count(name)} times"


def _column(kind: TableSpec[RowT, ContextT], name: str) -> Column[RowT, ContextT] | None:
    if name.startswith(LABEL):
        return _label_column(kind, name.removeprefix(LABEL))
    usual = next((column for column in kind.columns if column.id == name), None)
    return None if usual is None else replace(usual, tier=min(usual.tier, NEEDED))


def _label_column(kind: TableSpec[RowT, ContextT], label: str) -> Column[RowT, ContextT]:
    """Return a column of a label, with kubectl's title: what follows the last `/`, in capitals."""

    def read(row: RowT) -> str:
        return labels_of(kind.labels(row)).get(label, "")

    return Column(
        id=f"{LABEL}{label}",
        title=label.rpartition("/")[2].upper(),
        cell=lambda row, _: text_or(read(row), "<none>"),
        sort=lambda row, _: natural_key(read(row)),
        width=LABEL_WIDTH,
        tier=NEEDED,
        key="",
    )
