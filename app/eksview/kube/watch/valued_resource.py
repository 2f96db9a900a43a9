"""Followed resources whose rows also have values of their whole objects.

Only where the configuration file has columns of such values, or a guide judges by them: each
object is then decoded twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from eksview.domain.guides.object_values import (
    SECRETS,
    ObjectValue,
    Values,
    object_values,
    read_values,
)
from eksview.domain.guides.registry import guide_to
from eksview.domain.kube.api_types import Listed, WatchEvent
from eksview.domain.kube.go_json import UNREAD, parse
from eksview.domain.kube.object_kind import KindCheck
from eksview.domain.kube.server_table import TableColumns
from eksview.domain.live.messages import TableKey
from eksview.kube.watch.watched_resource import Followed

INCLUDED = "includeObject"


class _WholePage(Struct):
    """A list of objects, or a table whose rows have them."""

    rows: list[Any] | None = None
    items: list[Any] | None = None


class _WholeEvent(Struct):
    object: Any = None


class _Valued(Struct, gc=False):
    """A decoded object, and the values of it that columns show."""

    item: Any
    values: Values

    @property
    def metadata(self) -> Any:
        return self.item.metadata


_PAGE, _EVENT = Decoder(_WholePage), Decoder(_WholeEvent)


class ValuedResource:
    """A resource whose rows have values of their objects, and which is followed like it else."""

    def __init__(self, resource: Followed, values: Sequence[ObjectValue]) -> None:
        self._resource = resource
        self._values = values
        self._secret = (resource.name, resource.group) == (SECRETS, "")

    @property
    def kind(self) -> TableKey:
        return self._resource.kind

    @property
    def name(self) -> str:
        return self._resource.name

    @property
    def group(self) -> str:
        return self._resource.group

    @property
    def accept(self) -> str:
        return self._resource.accept

    @property
    def query(self) -> dict[str, str]:
        """The parameters of every list and watch; the values of a secret are never requested."""
        query = self._resource.query
        enough = self._secret or all(value.of_metadata for value in self._values)
        return query if enough or INCLUDED not in query else {**query, INCLUDED: "Object"}

    @property
    def streamed(self) -> bool:
        return self._resource.streamed

    @property
    def watched(self) -> bool:
        return self._resource.watched

    @property
    def heading(self) -> TableColumns | None:
        return self._resource.heading

    def path(self, namespace: str = "", name: str = "") -> str:
        return self._resource.path(namespace, name)

    def expected(self) -> KindCheck:
        return self._resource.expected()

    def decode_list(self, body: bytes) -> Listed[Any]:
        listed = self._resource.decode_list(body)
        return Listed(listed.metadata, self._valued(listed.items or (), _wholes(body)))

    def decode_watch(self, line: bytes) -> WatchEvent[Any]:
        event = self._resource.decode_watch(line)
        if event.type == "ERROR":
            return event
        (valued,) = self._valued((event.object,), (_whole(line),))
        return WatchEvent(event.type, valued)

    def to_row(self, item: _Valued, number: int = 0) -> Any:
        return replace(self._resource.to_row(item.item, number), values=item.values)

    def _valued(self, items: Iterable[Any], wholes: Iterable[Any]) -> list[_Valued]:
        return [
            _Valued(item, read_values(self._values, whole, secret=self._secret))
            for item, whole in zip(items, wholes, strict=True)
        ]


def with_values(resource: Followed, table: str, columns: Mapping[str, Sequence[str]]) -> Followed:
    """Return a resource whose rows have what the columns of a table show of whole objects.

    The values that the guide to the resource reads come after them.
    """
    values = (*object_values(columns, table), *guide_to(table).values)
    return ValuedResource(resource, values) if values else resource


def _wholes(body: bytes) -> Sequence[Any]:
    """Return the objects of a page that has been decoded once already."""
    try:
        page = _PAGE.decode(body)
    except UNREAD:
        page = parse(body, _WholePage)
    return page.items or [_of_row(row) for row in page.rows or ()]


def _whole(line: bytes) -> Any:
    """Return the object of an event: of a table it is that of the only row."""
    try:
        changed = _EVENT.decode(line).object
    except UNREAD:
        changed = parse(line, _WholeEvent).object
    rows = changed.get("rows") if isinstance(changed, dict) else None
    return _of_row(rows[0]) if rows and changed.get("kind") == "Table" else changed


def _of_row(row: Any) -> Any:
    return row.get("object") if isinstance(row, dict) else None
