"""Columns of node names, which leave out the domain that all nodes share."""

from collections.abc import Callable, Collection, Iterable
from typing import Generic, TypeVar

from msgspec.structs import replace

from eksview.domain.kube.node_names import NodeNames
from eksview.domain.tables.column import Column

RowT = TypeVar("RowT")
ContextT = TypeVar("ContextT")


class ShortNames(Generic[RowT, ContextT]):
    """The columns `hosts` of a table with short names, unless `full` returns True."""

    def __init__(self, hosts: Collection[str], names: NodeNames, full: Callable[[], bool]) -> None:
        self._hosts = hosts
        self._names = names
        self._full = full
        self._domain = ""

    def changed(self) -> bool:
        """Take the domain that the nodes share now; return whether cells have other texts."""
        before, self._domain = self._domain, self._names.domain
        return bool(self._hosts) and self._domain != before

    def columns(self, columns: Iterable[Column[RowT, ContextT]]) -> list[Column[RowT, ContextT]]:
        """Return the columns of a table, those of node names shortened."""
        return [self._short(each) if each.id in self._hosts else each for each in columns]

    def _short(self, column: Column[RowT, ContextT]) -> Column[RowT, ContextT]:
        def cell(row: RowT, context: ContextT) -> str:
            text = column.cell(row, context)
            return text if self._full() else text.removesuffix(self._domain)

        return replace(column, cell=cell)
