"""The tables of any resource as the server prints them, kept while something shows them."""

from collections.abc import Iterator, Mapping

from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey, TableColumn, TableColumns
from eksview.domain.live.messages import AnyRow

_NO_COLUMNS = TableColumns()


class ObjectTable:
    """The objects of a resource by uid, the columns as last sent, and who owns them."""

    def __init__(self, key: ObjectTableKey) -> None:
        self.key = key
        self.rows: dict[str, ObjectRow] = {}
        self._columns = _NO_COLUMNS
        self._owned: dict[str, set[str]] = {}  # keys of rows by the uid of an owner

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """The columns as the server last sent them; none before the first object or list."""
        return self._columns.columns

    def declare(self, columns: TableColumns) -> None:
        """Take over the columns of a list, which may have no rows."""
        self._columns = columns

    @property
    def link(self) -> str:
        """The name of its link in `store.links`; without one there, nothing follows the table."""
        return self.key.link

    def owned_by(self, uid: str) -> Iterator[ObjectRow]:
        """Yield the objects that an object owns."""
        return (self.rows[key] for key in self._owned.get(uid, ()))

    def index(self, old: AnyRow | None, new: AnyRow | None) -> None:
        """Take note of a row that was replaced, added or removed."""
        if isinstance(old, ObjectRow):
            for owner in old.owners:
                owned = self._owned.get(owner.uid, set())
                owned.discard(old.key)
                if not owned:
                    self._owned.pop(owner.uid, None)
        if isinstance(new, ObjectRow):
            self._columns = new.columns
            for owner in new.owners:
                self._owned.setdefault(owner.uid, set()).add(new.key)


class ObjectTables:
    """All tables that are held, by key."""

    def __init__(self) -> None:
        self._held: dict[ObjectTableKey, ObjectTable] = {}

    def __iter__(self) -> Iterator[ObjectTable]:
        return iter(self._held.values())

    def __call__(self, resource: str, namespace: str = "") -> ObjectTable:
        """Return the table of a resource, by its qualified name, in a namespace or in all.

        Without a link in `store.links` it is empty because nothing follows it.
        """
        key = ObjectTableKey(resource, namespace)
        return self._held.get(key) or ObjectTable(key)

    def held(self, key: ObjectTableKey) -> ObjectTable:
        """Return a table that is kept from now on."""
        table = self._held.get(key)
        if table is None:
            table = self._held[key] = ObjectTable(key)
        return table

    def forget(self, key: ObjectTableKey) -> Mapping[str, ObjectRow]:
        """Remove a table; return the rows that it had."""
        table = self._held.pop(key, None)
        return table.rows if table else {}

    def clear(self) -> None:
        self._held.clear()

    def owned_by(self, uid: str) -> Iterator[tuple[ObjectTableKey, ObjectRow]]:
        """Yield what an object owns among all that is held, with its table."""
        for table in self:
            for row in table.owned_by(uid):
                yield table.key, row
