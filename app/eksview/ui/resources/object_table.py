"""The live table of a resource, whose columns are those of the server."""

from collections.abc import Mapping

from eksview.domain.guides.object_columns import ObjectContext
from eksview.domain.guides.registry import guide_to
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.server_table import PLAIN_COLUMNS, ObjectRow, ObjectTableKey, TableColumn
from eksview.ui.base.messages import OpenObject, OpenPodsOf, Subject
from eksview.ui.base.view import View
from eksview.ui.resources.object_spec import object_spec
from eksview.ui.table.cell_cache import CellCache
from eksview.ui.table.chosen_columns import chosen, chosen_faults, first_order
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.table.table_filter import TableFilter
from eksview.ui.terminal.textual_private import replace_bindings


class ObjectsTable(LiveTable[ObjectRow, ObjectContext]):
    """The objects of a resource in a namespace, or in all of them."""

    def __init__(self, view: View, resource: ApiResource) -> None:
        self.resource = resource
        self.guide = guide_to(resource.qualified)
        self.followed = ObjectTableKey(resource.qualified)
        self._declared: tuple[TableColumn, ...] = PLAIN_COLUMNS.columns
        super().__init__(view, self._spec(), self._rows, ObjectContext)
        self._name_keys()

    def _spec(self) -> TableSpec[ObjectRow, ObjectContext]:
        return object_spec(
            self._declared,
            self.guide,
            self._opened,
            namespaced=self.resource.namespaced,
            table=self.resource.qualified,
        )

    def _rows(self) -> Mapping[str, ObjectRow]:
        key = self.followed
        return self.view.store.objects(key.resource, key.namespace).rows

    def declare(self) -> bool:
        """Take over the server's columns; return whether they are others than before."""
        key = self.followed
        columns = self.view.store.objects(key.resource, key.namespace).columns
        self.headed = bool(columns)  # also of a list without objects
        if not columns or columns == self._declared:
            return False
        self._declared = columns
        spec = self._spec()
        self._define(spec)
        self._name_keys()
        for fault in chosen_faults(spec, self.view.settings):
            self.notify(f"config.toml: {fault}", severity="warning", markup=False)
        return True

    def _define(self, kind: TableSpec[ObjectRow, ObjectContext]) -> None:
        """Show the same rows by other columns; the order and the filter begin again."""
        self._kind = kind = chosen(kind, self.view.settings)
        self.filter = TableFilter(kind, self._model)
        self._heading = first_order(kind, self.view.settings)
        self._model.filter(None)
        self._columns = self._columns.of(
            kind.columns, kind.least, kind.frozen, kind.tight, kind.shared
        )
        self._sort()
        self._cells = CellCache(pure=kind.pure)
        self._sampled = None
        self._update(repaint=True)  # lines of other columns can't be compared
        self._work()

    def _name_keys(self) -> None:
        keyed = [column for column in self._kind.columns if column.key]
        replace_bindings(self, "sort", sort_bindings(keyed))

    def _opened(self, key: str) -> Subject | None:
        row = self._rows().get(key)
        return None if row is None else OpenObject(ref_of(self.resource, row))

    def action_open(self) -> None:
        """Open the object, or what the guide says that Enter leads to."""
        self.finish()
        if self.guide.opens == "pods" and self.current is not None:
            self.post_message(OpenPodsOf(self.current.name))
        else:
            super().action_open()


def ref_of(resource: ApiResource, row: ObjectRow) -> ObjectRef:
    """Return the reference to the object of a row."""
    return ObjectRef(resource.api, resource.kind, resource.name, row.name, row.namespace, row.uid)
