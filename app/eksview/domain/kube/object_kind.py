"""Checks that what a server sends is of the kind that was requested, before it is decoded.

A proxy, or a hostile server, may answer with anything that happens to decode: an object of another
kind, an error page as JSON.
"""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.json import Decoder

from eksview.domain.kube.go_json import UNREAD, parse

METADATA_KIND = "PartialObjectMetadata"
EVENTS = ("ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR")
"""The types of watch events; client-go takes any other for an error, too."""


class _Name(Struct, gc=False):
    name: Any = None


class _Object(Struct, gc=False):
    kind: Any = None
    metadata: _Name | None = None


class _Event(Struct, gc=False):
    type: Any
    object: _Object


class _ListKind(Struct, gc=False):
    kind: Any = None
    items: msgspec.Raw | UnsetType = UNSET


_EVENT, _LIST = Decoder(_Event), Decoder(_ListKind)


class _AnswerKind(Struct, gc=False):
    kind: Any = None
    message: Any = None


def require_kind(body: bytes, *kinds: str) -> None:
    """Raise `msgspec.DecodeError` unless an answer names one of these kinds, as kubectl demands."""
    if body.startswith(tuple(f'{{"kind":"{kind}"'.encode() for kind in kinds)):
        return
    answer = parse(body, _AnswerKind)
    if answer.kind == "Status" and isinstance(answer.message, str):
        raise msgspec.ValidationError(answer.message)
    if answer.kind is None:
        raise msgspec.ValidationError("it has no kind")
    if answer.kind not in kinds:
        raise msgspec.ValidationError(f"its kind isn't {kinds[0]}")


class KindCheck:
    """The check of one kind, such as `Pod`; `also` is a kind that may come instead of it.

    What an API server writes begins with the kind, and is recognized without decoding it.
    """

    def __init__(self, kind: str, *, also: str = "") -> None:
        self._kind = kind
        self._kinds = (kind, also or kind)
        self._lists = (f"{kind}List", also or f"{kind}List")
        self._events = tuple(
            f'{{"type":"{event}","object":{{"kind":"{each}"'.encode()
            for event in ("ADDED", "MODIFIED", "DELETED", "BOOKMARK")
            for each in self._kinds
        )
        self._starts = tuple(f'{{"kind":"{each}"'.encode() for each in self._lists)

    def event(self, line: bytes) -> None:
        """Raise `msgspec.ValidationError` for a line of a watch that isn't about such an object."""
        if line.startswith(self._events):
            return
        try:
            event = _EVENT.decode(line)
        except UNREAD:
            return  # to be judged by the decoder of the whole line
        if event.type not in EVENTS:
            raise msgspec.ValidationError("The type of the event is unknown")
        if event.type != "ERROR":
            self._check_object(event.object, named=event.type != "BOOKMARK")

    def _check_object(self, item: _Object, *, named: bool) -> None:
        if item.kind is None and named and (item.metadata is None or not item.metadata.name):
            raise msgspec.ValidationError("The object has neither a kind nor a name")
        if item.kind not in (None, *self._kinds):
            raise msgspec.ValidationError(f"The object isn't a {self._kind}")

    def page(self, body: bytes) -> None:
        """Raise `msgspec.ValidationError` for a body that isn't a list of such objects."""
        if body.startswith(self._starts):
            return
        try:
            page = _LIST.decode(body)
        except UNREAD:
            return  # to be judged by the decoder of the whole list
        if page.kind not in (None, *self._lists) or (page.kind is None and page.items is UNSET):
            raise msgspec.ValidationError(f"It isn't a {self._kind}List")
