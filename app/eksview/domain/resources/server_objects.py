"""Any resource of the API as the server's own tables print it: no code for its kind."""

from functools import lru_cache
from typing import Any

from eksview.domain.base.age import age, parse_time
from eksview.domain.base.clock import Clock
from eksview.domain.base.text import EMPTY, Clean, clean, clean_names, interned, shared_name
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.api_types import Listed, OwnerReference, WatchEvent, labels_text
from eksview.domain.kube.go_json import Undecoded
from eksview.domain.kube.object_kind import KindCheck
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.server_table import (
    ObjectRow,
    ObjectTableKey,
    TableColumns,
    cells_of,
    counted,
)
from eksview.domain.kube.table_shapes import TableDecoder, TableItem
from eksview.domain.resources.resource import identify

AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def accepted(*, secret: bool) -> str:
    """Return the Accept header: a table or, from a server that makes none, the plain objects.

    Of a Secret only a table will do: a plain one has its values.
    """
    return AS_TABLE if secret else f"{AS_TABLE},application/json"


class ServerObjects:
    """A followed resource whose rows are those of the server's tables.

    One reflector follows one of them: the columns are those of its latest list or watch.
    `clock` tells the server's time.
    """

    def __init__(self, resource: ApiResource, clock: Clock, namespace: str = "") -> None:
        self.resource = resource
        self.kind = ObjectTableKey(resource.qualified, namespace)
        self.name = resource.name
        self.group = resource.group
        self.namespaced = resource.namespaced
        self.path = resource.path
        self._clock = clock
        self._decoder = TableDecoder()

    @property
    def accept(self) -> str:
        return accepted(secret=self.resource.is_secret)

    @property
    def query(self) -> dict[str, str]:
        """The parameters of every list and watch: the objects' metadata beside the cells."""
        return {"includeObject": "Metadata"}

    @property
    def streamed(self) -> bool:
        return False  # pages of a table are smaller than one event for each row

    @property
    def watched(self) -> bool:
        return "watch" in self.resource.verbs

    @property
    def heading(self) -> TableColumns:
        """The columns of the latest list or watch."""
        return self._decoder.columns

    def expected(self) -> KindCheck:
        return KindCheck(self.resource.kind, also="Table")

    def decode_list(self, body: bytes) -> Listed[Any]:
        return self._decoder.page(body)

    def decode_watch(self, line: bytes) -> WatchEvent[Any]:
        return self._decoder.event(line)

    def to_row(self, item: TableItem | Undecoded[TableItem], number: int = 0) -> ObjectRow:
        """Return the row of an object; one without a name or uid is known by its number."""
        if not (item.metadata.name and item.metadata.uid):
            identify(item.metadata, number)
        if isinstance(item, Undecoded):
            return object_row(item.object, self._clock(), clean(item.problem))
        return object_row(item, self._clock())


def object_row(item: TableItem, now: float, problem: Clean = EMPTY) -> ObjectRow:
    """Return the row of an object of a table that arrived now, by the server's time."""
    meta, columns = item.metadata, item.columns
    created = parse_time(meta.creation_timestamp)
    cells = item.cells
    if cells is None:  # a plain object
        cells = [meta.name, age(0.0, None)]
    if columns.age >= 0 and created and columns.age < len(cells):
        cells[columns.age] = ""
    texts, moments = cells_of(cells, columns), tuple[float | None, ...]()
    if columns.since:
        texts, moments = counted(texts, columns, now)
    uid, namespace, name = clean_names(meta.uid, meta.namespace, meta.name)
    return ObjectRow(
        undecoded=problem,
        uid=uid,
        namespace=interned(namespace),
        name=name,
        created=created or 0.0,
        deleted=parse_time(meta.deletion_timestamp),
        labels=shared_name(labels_text(meta.labels)),
        owners=tuple(_owner(owner, namespace) for owner in meta.owner_references or ()),
        cells=texts,
        columns=columns,
        moments=moments,
    )


def _owner(owner: OwnerReference, namespace: str) -> ObjectRef:
    return _owner_ref(owner.api_version, owner.kind, owner.name, namespace, owner.uid)


@lru_cache(4096)
def _owner_ref(api: str, kind: str, name: str, namespace: str, uid: str) -> ObjectRef:
    """Return a reference, shared by the objects of one owner."""
    api, kind, name, uid = clean_names(api, kind, name, uid)
    return ObjectRef(api, kind, "", name, namespace, uid)
