"""The tables of `eksview get`: one for the objects of a resource that follow each other."""

from msgspec import Struct

from eksview.cli.get.query import PrintedResource, Query
from eksview.cli.kubectl_format import Table
from eksview.domain.base.text import clean
from eksview.domain.resources.registry import AnyResource
from eksview.domain.rows.kube import Row


def kind_of(resource: PrintedResource) -> str:
    """Return the kind before a name, such as `pod` or `nodeclaim.karpenter.sh`."""
    return ".".join(filter(None, (resource.object_kind.lower(), resource.group)))


class ResourceTable:
    """The rows of one table; with `namespace` it has a column for it, if only an empty one."""

    def __init__(self, query: Query, resource: AnyResource, *, namespace: bool) -> None:
        self.resource = resource
        shown = query.shown(namespace=namespace)
        self._columns = [column for column in resource.columns if column.kubectl in shown]
        self._no_namespace = namespace and not resource.namespaced
        of_labels = [key.rpartition("/")[2].upper() for key in query.label_columns]
        titles = [
            *(["NAMESPACE"] if self._no_namespace else []),
            *(column.title for column in self._columns),
            *map(clean, of_labels),
            *(["LABELS"] if query.show_labels else []),
        ]
        self._table = Table(titles if query.headers else ())
        self._rows: list[_Line] = []

    def add(self, row: Row, labels: list[str]) -> None:
        self._rows.append(_Line(row, labels))

    def lines(self, now: float, minor: int, *, prefixed: bool) -> list[str]:
        """Return the lines of the rows since the last call; names may have their kind before."""
        context = self.resource.context(now, minor)
        before = {"name": f"{kind_of(self.resource)}/"} if prefixed else {}
        cells = [
            [
                *([""] if self._no_namespace else []),
                *(before.get(each.id, "") + each.cell(line.row, context) for each in self._columns),
                *line.labels,
            ]
            for line in self._rows
        ]
        self._rows = []
        return list(self._table.lines(cells)) if cells else []


class _Line(Struct):
    row: Row
    labels: list[str]
