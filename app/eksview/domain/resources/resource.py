"""The declaration of a Kubernetes resource: its path, its API type, its row and its columns."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from eksview.domain.kube.api_types import Listed, ListMeta, Meta, Status, WatchEvent
from eksview.domain.kube.go_json import UNREAD, Undecoded, fit, fitting, parse
from eksview.domain.kube.object_kind import KindCheck
from eksview.domain.kube.server_table import TableColumns
from eksview.domain.rows.kube import Kind, undecoded
from eksview.domain.tables.column import Column

ShapeT = TypeVar("ShapeT")
RowT = TypeVar("RowT")

_LISTED: Any = Listed
_WATCH_EVENT: Any = WatchEvent
_PLAIN_EVENT = WatchEvent[dict[str, Any]]


class _RawList(Struct):
    metadata: msgspec.Raw = msgspec.Raw(b"{}")
    items: list[msgspec.Raw] | None = None


class Resource(Struct, Generic[ShapeT, RowT], frozen=True, kw_only=True, dict=True):
    """A resource of the Kubernetes API, and all that eksview needs to know of it.

    - `kind` is the store's table, `object_kind` the name of one object: `Pod`.
    - `shape` is the API type, and `row` makes the row of an object: None for an object of a polled
      list that isn't kept.
    - `api` is the group and version. `plural` is the API's name, if it isn't that of `kind`.
    - `namespaces` names the namespaces that are watched, by the name of their link; without any,
      all are watched by the link of `link` or the kind's name.
    - `period` is in seconds, for what is polled; without one the resource is watched.
    - `optional` APIs may not be installed. `older` has the same objects of earlier versions of the
      API, the newest first.
    - `get` has the names by which `eksview get` prints it, with `columns` and with what `context`
      makes of the time and the API server's minor version.
    """

    kind: Kind
    object_kind: str
    shape: type[ShapeT]
    row: Callable[[ShapeT], RowT]
    api: str = "v1"
    plural: str = ""
    namespaced: bool = True
    namespaces: tuple[tuple[str, str], ...] = ()
    link: str = ""
    period: float | None = None
    optional: bool = False
    older: tuple["Resource[Any, Any]", ...] = ()
    get: tuple[str, ...] = ()
    columns: tuple[Column[Any, Any], ...] = ()
    context: Callable[[float, int], Any] = lambda now, _: now

    @property
    def secret(self) -> bool:
        """Whether its objects hold values that are never requested."""
        return False

    @property
    def accept(self) -> str:
        """The Accept header of lists and watches."""
        return "application/json"

    @property
    def query(self) -> dict[str, str]:
        """The parameters of every list and watch."""
        return {}

    @property
    def streamed(self) -> bool:
        """Whether a first list is requested as a stream where the server can do that."""
        return True

    @property
    def watched(self) -> bool:
        """Whether the API has a watch of it; else it is listed again and again."""
        return True

    @property
    def heading(self) -> TableColumns | None:
        """The columns that the server declares; None where the objects come instead of a table."""
        return None

    @property
    def name(self) -> str:
        """The API's name of the resource, in the plural."""
        return self.plural or self.kind.value

    @property
    def group(self) -> str:
        """The API group; empty for core."""
        return self.api.rpartition("/")[0]

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The names of the links that keep the table, each with its namespace."""
        return self.namespaces or ((self.link or self.kind.value, ""),)

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of all objects, of those of a namespace, or of one by its name."""
        path = f"/apis/{self.api}" if self.group else f"/api/{self.api}"
        if namespace and self.namespaced:
            path += f"/namespaces/{quote(namespace, safe='')}"
        return f"{path}/{self.name}" + (f"/{quote(name, safe='')}" if name else "")

    def expected(self) -> KindCheck:
        """Return the check that what comes is of this resource."""
        return KindCheck(self.object_kind)

    def page(self, body: bytes, before: int = 0) -> tuple[list[RowT], str]:
        """Decode a page of a list to its rows and the token of the next page.

        `before` counts the objects of the pages before. Raises `msgspec.DecodeError` for anything
        else.
        """
        page = self.decode_list(body)
        return self.rows(page.items or (), before), page.metadata.continue_

    def rows(self, items: Iterable[Any], before: int = 0) -> list[RowT]:
        """Return the rows of the decoded objects that are kept; `before` counts those before."""
        rows = (self.to_row(item, before + at) for at, item in enumerate(items))
        return [row for row in rows if row is not None]

    def to_row(self, item: Any, number: int = 0) -> RowT:
        """Return the row of an object; one that couldn't be decoded says so in `undecoded`.

        An object without a name or uid is known by its number, so that none replaces another.
        """
        meta = item.metadata
        if not (meta.name and meta.uid):
            identify(meta, number)
        if not isinstance(item, Undecoded):
            return self.row(item)
        row = self.row(item.object)
        partial: RowT = row if row is None else undecoded(row, item.problem)
        return partial

    def decode(self, body: bytes) -> ShapeT | Undecoded[ShapeT]:
        """Decode an object; raises `msgspec.DecodeError` for anything else."""
        item = self._object(body)
        if isinstance(item, Undecoded) and not isinstance(parse(body, Any), dict):
            raise msgspec.ValidationError("An object of the API is a JSON object")
        return item

    def decode_list(self, body: bytes) -> Listed[Any]:
        """Decode a page of a list; raises `msgspec.DecodeError` for anything else.

        One item that the strict decoder refuses is decoded alone, and costs no other.
        """
        try:
            page: Listed[Any] = self._list_decoder.decode(body)
        except UNREAD:
            return self._lenient_list(body)
        return page

    def decode_watch(self, line: bytes) -> WatchEvent[Any]:
        """Decode a line of a watch; raises `msgspec.DecodeError` for anything else.

        The object of an ERROR is a `Status`. One pass with the expected type is twice as fast as
        reading the type first. An ERROR fails it, because its `status` is a word instead of an
        object, or comes out empty, and is then decoded again.
        """
        try:
            event: WatchEvent[Any] = self._watch_decoder.decode(line)
        except UNREAD:
            return self._lenient_event(line)
        return event if event.type != "ERROR" else self._lenient_event(line)

    def _object(self, body: bytes) -> ShapeT | Undecoded[ShapeT]:
        try:
            return msgspec.json.decode(body, type=self.shape)
        except UNREAD:
            return fit(parse(body, Any), self.shape)

    def _lenient_list(self, body: bytes) -> Listed[Any]:
        page = parse(body, _RawList)
        metadata = fit(parse(bytes(page.metadata), Any), ListMeta)
        if isinstance(metadata, Undecoded):  # without its token the rest of the list would be lost
            raise msgspec.ValidationError(f"metadata.{metadata.problem}")
        return Listed(metadata, [self._object(bytes(item)) for item in page.items or ()])

    def _lenient_event(self, line: bytes) -> WatchEvent[Any]:
        event = parse(line, _PLAIN_EVENT)
        if event.type != "ERROR":
            return WatchEvent(event.type, fit(event.object, self.shape))
        return WatchEvent(event.type, fitting(event.object, Status))

    @cached_property
    def _list_decoder(self) -> Decoder[Any]:
        return Decoder(_LISTED[self.shape])

    @cached_property
    def _watch_decoder(self) -> Decoder[Any]:
        return Decoder(_WATCH_EVENT[self.shape])


def identify(meta: Meta, number: int) -> None:
    """Fill in the uid by the name, or both by a number."""
    place = f"{meta.namespace}/{meta.name}" if meta.namespace else meta.name
    meta.uid = meta.uid or (place if meta.name else f"#{number}")
    meta.name = meta.name or meta.uid
