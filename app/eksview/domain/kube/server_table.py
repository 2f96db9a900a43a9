"""Tables that the API server prints of its objects (`as=Table`): their columns and rows."""

import re
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration, human_seconds
from eksview.domain.base.go_text import go_text
from eksview.domain.base.text import EMPTY, Clean, clean, shared
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.kube import RowByUid

LONGEST_CELL = 4096
"""Characters of a cell that are kept."""
_LINE_BREAK = re.compile(r"[\f\n\r]")
_OF_JSONPATH = "Custom resource definition column (in JSONPath format): "
"""How the description of a custom column without one of its own begins."""
_SINCE = frozenset({"last seen", "first seen", "last schedule"})
"""Columns of the time since a moment. Source: `printers.go` of kube-apiserver."""


class TableColumn(Struct, frozen=True):
    """A column as the server declares it; `priority` is 0 for those that aren't only wide."""

    name: Clean
    type: Clean = EMPTY
    format: Clean = EMPTY
    priority: int = 0
    description: Clean = EMPTY

    @property
    def title(self) -> Clean:
        """The heading, in capitals as kubectl prints it."""
        return clean(self.name.upper())

    @property
    def is_age(self) -> bool:
        """Return whether the cells count from the object's creation.

        Source: the printers of kube-apiserver, and apiextensions' `tableconvertor`, whose columns
        say in their description which field they show.
        """
        path = self.description.removeprefix(_OF_JSONPATH)
        return self.name.lower() == "age" and (
            path in (self.description, ".metadata.creationTimestamp")
        )

    @property
    def is_since(self) -> bool:
        """Return whether the cells count from a moment of which the server sends only the age.

        A custom column of such a name is one only if it is a date.
        """
        custom = self.description.startswith(_OF_JSONPATH)
        return self.name.lower() in _SINCE and (self.type == "date" or not custom)


class TableColumns(Struct, frozen=True, dict=True):
    """The columns of a table, shared by its rows."""

    columns: tuple[TableColumn, ...] = ()

    @cached_property
    def age(self) -> int:
        """The index of the column of ages; -1 for none."""
        ages = (at for at, column in enumerate(self.columns) if column.is_age)
        return next(ages, -1)

    @cached_property
    def since(self) -> tuple[int, ...]:
        """The indexes of the columns that count from other moments."""
        return tuple(at for at, column in enumerate(self.columns) if column.is_since)


PLAIN_COLUMNS = TableColumns(
    (
        TableColumn(Clean("Name"), Clean("string"), Clean("name")),
        TableColumn(Clean("Age"), Clean("string")),
    )
)
"""What kubectl prints of a list from a server that makes no table of it."""


class ObjectRow(RowByUid, frozen=True, gc=False):
    """An object as the server prints it, with the metadata that eksview needs.

    `cells` has a text for each of `columns`, also the wide ones; that of an age is empty, because
    `text` counts it. `moments` are those from which the cells of `columns.since` count, in the
    server's time; None where the server's text isn't an age. `created` is 0 where the object has no
    time of creation. `labels` is the interned `k=v,k=v` form, sorted by key. The `plural` of an
    owner is empty: its reference names only the kind.
    """

    namespace: Clean
    name: Clean
    created: float
    deleted: float | None
    labels: Clean
    owners: tuple[ObjectRef, ...]
    cells: tuple[Clean, ...]
    columns: TableColumns
    moments: tuple[float | None, ...] = ()

    def moment(self, at: int) -> float | None:
        """Return the moment from which a column counts, by its index; None for other text."""
        if at == self.columns.age:
            return self.created or None
        since = self.columns.since
        return self.moments[since.index(at)] if self.moments and at in since else None

    def text(self, at: int, now: float) -> Clean:
        """Return the text of a column, by its index, as kubectl prints it now."""
        moment = self.moment(at)
        return self.cells[at] if moment is None else human_duration(now - moment)


class ObjectTableKey(Struct, frozen=True):
    """The table of a resource, by its qualified name, in a namespace or in all of them."""

    resource: str
    namespace: str = ""

    @property
    def link(self) -> str:
        """The name of the link that keeps the table, such as `deployments.apps/#web`.

        No other link has it: `#` is in no name of a node or namespace.
        """
        return f"{self.resource}/#{self.namespace}"

    def has_link(self, name: str) -> bool:
        """Return whether a link is the table's, or one of a namespace where not all are read."""
        return name == self.link or name.startswith(f"{self.link}{OF_NAMESPACE}")


OF_NAMESPACE = "/namespace/"
"""What is between the name of a link and a namespace after the first that it is limited to."""
Cells: TypeAlias = tuple[Clean, ...]


def cells_of(values: list[Any] | None, columns: TableColumns) -> Cells:
    """Return the texts of a row's cells, one for each column.

    Source: kubectl's `printRows`, which leaves out cells beyond the columns.
    """
    values = values or []
    texts = tuple(map(cell_text, values[: len(columns.columns)]))
    return texts + (EMPTY,) * (len(columns.columns) - len(texts))


def counted(
    cells: Cells, columns: TableColumns, now: float
) -> tuple[Cells, tuple[float | None, ...]]:
    """Return cells without the ages of `columns.since`, and the moments from which they count.

    `now` is the server's time when the cells arrived. An age is as exact as the server's text.
    """
    kept, moments = list(cells), list[float | None]()
    for at in columns.since:
        seconds = human_seconds(cells[at])
        moments.append(None if seconds is None else now - seconds)
        if seconds is not None:
            kept[at] = EMPTY
    return tuple(kept), tuple(moments)


def cell_text(value: Any) -> Clean:
    """Return the text of a cell: one line, shared with other cells if it is short."""
    if type(value) is not str:
        return EMPTY if value is None else shared(go_text(value)[:LONGEST_CELL])
    if len(value) > LONGEST_CELL:
        value = value[:LONGEST_CELL]
    return _shared_cell(value) if len(value) <= _SHORT else clean(first_line(value))


def first_line(text: str) -> str:
    """Return a text up to its first line break, with `...` for the rest."""
    found = _LINE_BREAK.search(text)
    return text if found is None else f"{text[: found.start()]}..."


@lru_cache(8192)
def _shared_cell(text: str) -> Clean:
    return shared(first_line(text))


_SHORT = 24  # characters up to which many cells may have the same text
