"""The columns of any resource, made of those that the API server declares for its table."""

from collections.abc import Callable, Iterable, Sequence
from string import ascii_uppercase

from msgspec import Struct

from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.text import EMPTY, Align, Clean
from eksview.domain.filter.amounts import amount_of
from eksview.domain.kube.server_table import ObjectRow, TableColumn
from eksview.domain.tables.column import WIDE_ONLY, Column, Measure, SortKey, Unit

RESERVED = frozenset("CGJKN")
"""Keys with Shift that tables and all screens use."""
FIXED = {"namespace": "P", "name": "N", "age": "A"}
"""The keys that sort by these columns in the table of pods, too."""
_DURATIONS = frozenset({"age", "last seen", "first seen", "last schedule", "duration", "renewed"})
_SIZES = frozenset({"capacity", "size", "storage"})
_COUNTS = frozenset(
    {"up-to-date", "available", "count", "minpods", "maxpods", "replicas", "data", "secrets"}
)
"""Whole numbers that kube-apiserver declares as strings. Source: its `printers.go`."""
_NUMERIC = ("integer", "number")
NAMESPACE = "namespace"
_FIRST = -(10**15)
"""The rank of an unknown moment, before those of all known ones."""


class ObjectContext(Struct, frozen=True):
    """The time of drawing, from which ages are counted."""

    now: float


ObjectColumn = Column[ObjectRow, ObjectContext]
ObjectMeasure = Measure[ObjectRow, ObjectContext]


def object_columns(
    columns: Sequence[TableColumn], important: Iterable[str], *, namespaced: bool
) -> tuple[ObjectColumn, ...]:
    """Return the columns of a table: the namespace, then the server's in its order.

    `important` ones, named in small letters, stay on a narrow terminal; those of a priority above 0
    are shown only in wide, as by `kubectl get -o wide`.
    """
    kept = frozenset(important)
    keys = _Keys(column.name.lower() for column in columns)
    ids = _unique([column.name.lower().replace(" ", "-") for column in columns])
    own = (_namespace(keys.take(NAMESPACE)),) if namespaced else ()
    of_server = (
        _column(at, column, name, _tier(column, kept), keys.take(column.name.lower()))
        for at, (column, name) in enumerate(zip(columns, ids, strict=True))
    )
    return *own, *of_server


class _Keys:
    """The letters that sort by columns, each given to one column."""

    def __init__(self, names: Iterable[str]) -> None:
        present = {NAMESPACE, *names}
        fixed = (key for name, key in FIXED.items() if name in present)
        self._free = sorted(set(ascii_uppercase) - RESERVED - set(fixed))

    def take(self, name: str) -> str:
        """Return the key of a column: a letter of its name, else any; empty if none is free."""
        if name in FIXED:
            return FIXED[name]
        letters = [letter for letter in name.upper() if letter in self._free]
        chosen = next(iter([*letters, *self._free]), "")
        if chosen:
            self._free.remove(chosen)
        return chosen


def _unique(names: Sequence[str]) -> list[str]:
    """Return names of which each is there once: a further one gets a number."""
    unique: list[str] = []
    for name in names:
        count = sum(each.partition("#")[0] == name for each in unique)
        unique.append(f"{name}#{count + 1}" if count or name == NAMESPACE else name)
    return unique


def _tier(column: TableColumn, important: frozenset[str]) -> int:
    name = column.name.lower()
    if name in important:
        return 1
    if column.priority > 0:
        return WIDE_ONLY
    if name == "name":
        return 0
    return 1 if column.is_age else 2


def _namespace(key: str) -> ObjectColumn:
    return Column(
        id=NAMESPACE,
        title="NAMESPACE",
        cell=lambda row, _: row.namespace,
        sort=lambda row, _: row.namespace,
        width=16,
        tier=1,
        key=key,
        kubectl="namespace",
    )


def _column(at: int, column: TableColumn, name: str, tier: int, key: str) -> ObjectColumn:
    def cell(row: ObjectRow, ctx: ObjectContext) -> Clean:
        return row.text(at, ctx.now) if at < len(row.cells) else EMPTY

    measure = _measure(at, column)
    numeric = column.type in _NUMERIC
    align: Align = "right" if numeric else "left"
    return Column(
        id=name,
        title=column.title,
        cell=cell,
        sort=_rank(at, column, measure),
        width=len(column.title),
        tier=tier,
        key=key,
        align=align,
        kubectl="wide" if column.priority > 0 else "default",
        measure=measure,
    )


def _measure(at: int, column: TableColumn) -> ObjectMeasure | None:
    """Return the amounts of a column; None for one of texts."""
    unit = _unit(column)
    if unit is None:
        return None

    def since(row: ObjectRow, ctx: ObjectContext) -> float | None:
        moment = row.moment(at)
        return None if moment is None else ctx.now - moment

    def amount(row: ObjectRow, _: ObjectContext) -> float | None:
        return amount_of(row.cells[at], unit) if at < len(row.cells) else None

    return Measure(unit, since if column.is_age or column.is_since else amount)


def _unit(column: TableColumn) -> Unit | None:
    name = column.name.lower()
    if column.is_age or column.type == "date" or name in _DURATIONS:
        return "duration"
    if column.type in _NUMERIC or name in _COUNTS:
        return "number"
    return "size" if name in _SIZES else None


def _rank(
    at: int, column: TableColumn, measure: ObjectMeasure | None
) -> Callable[[ObjectRow, ObjectContext], SortKey]:
    """Return the sort of a column: numbers and amounts by value, unknown ones first."""
    if column.is_age:
        return lambda row, _: -int(row.created)

    def by_moment(row: ObjectRow, _: ObjectContext) -> SortKey:
        moment = row.moment(at)
        return _FIRST if moment is None else -int(moment)

    if column.is_since:
        return by_moment
    if measure is None:
        return lambda row, _: natural_key(row.cells[at]) if at < len(row.cells) else ""
    read = measure.read

    def by_amount(row: ObjectRow, ctx: ObjectContext) -> SortKey:
        amount = read(row, ctx)
        return -1 if amount is None else int(amount * 1000)

    return by_amount
