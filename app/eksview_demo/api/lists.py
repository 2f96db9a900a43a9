"""Lists: pages, versions and continue tokens."""

import base64
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

import msgspec
from msgspec import Struct

from eksview_demo.storage import selectors, status
from eksview_demo.storage.resources import Resource
from eksview_demo.storage.storage import Snapshot, Storage, Stored, TooOld

_CHUNK = 100  # objects joined into one write


class Query(Struct, frozen=True):
    """The parsed parameters of a list or watch."""

    namespace: str = ""
    field_selector: str = ""
    label_selector: str = ""
    limit: int = 0
    continue_: str = ""
    version: str = ""
    version_match: str = ""


class Token(Struct, rename={"version": "v"}):
    """A continue token, in a real server's format; `rv` -1 reads the newest version."""

    rv: int
    start: str
    version: str = "meta.k8s.io/v1"


class Page(Struct, frozen=True):
    """The objects of one list response."""

    version: int
    items: list[Stored]
    continue_: str = ""
    remaining: int | None = None

    def metadata(self) -> dict[str, object]:
        """Return the ListMeta."""
        meta: dict[str, object] = {"resourceVersion": str(self.version)}
        if self.continue_:
            meta["continue"] = self.continue_
        if self.remaining is not None:
            meta["remainingItemCount"] = self.remaining
        return meta


def page(storage: Storage, resource: Resource, query: Query) -> Page:
    """Return one page, or the whole list. Raises StatusError."""
    matches = selector(resource, query)
    snapshot, start = _start(storage, resource, query)
    keys = snapshot.keys
    prefix = f"{query.namespace}/" if query.namespace else ""
    low = bisect_left(keys, start or prefix)
    high = bisect_left(keys, f"{query.namespace}0") if prefix else len(keys)  # "0" follows "/"
    # A real server reads all from its watch cache when asked for version 0, whatever the limit.
    limit = 0 if query.version == "0" else query.limit
    if not limit and matches is None:
        return Page(snapshot.version, snapshot.items[low:high])
    taken, after = _take(snapshot.items, low, high, limit, matches)
    if after >= high:
        return Page(snapshot.version, taken)
    storage.table(resource).keep_for_paging(snapshot)
    return Page(
        snapshot.version,
        taken,
        _encode(Token(snapshot.version, f"/{taken[-1].key}\0")),
        high - after if matches is None else None,
    )


def selector(resource: Resource, query: Query, namespace: str = "") -> selectors.Matcher | None:
    """Return the matcher of a request. Raises StatusError for an invalid selector."""
    try:
        return selectors.matcher(resource, namespace, query.field_selector, query.label_selector)
    except selectors.BadSelector as bad:
        raise status.StatusError(400, str(bad)) from None


def body(resource: Resource, answer: Page) -> Iterator[bytes]:
    """Yield the JSON of a list in pieces."""
    head = {
        "kind": f"{resource.kind}List",
        "apiVersion": resource.api_version,
        "metadata": answer.metadata(),
    }
    yield msgspec.json.encode(head)[:-1] + b',"items":['
    items = iter(answer.items)
    comma = b""
    while chunk := [stored.item() for stored in islice(items, _CHUNK)]:
        yield comma + b",".join(chunk)
        comma = b","
    yield b"]}\n"


def _take(
    items: list[Stored], low: int, high: int, limit: int, matches: selectors.Matcher | None
) -> tuple[list[Stored], int]:
    """Return up to `limit` matching objects, and the index after the last one examined."""
    if matches is None:
        end = min(high, low + limit)
        return items[low:end], end
    taken: list[Stored] = []
    for at in range(low, high):
        if matches(items[at]):
            taken.append(items[at])
            if len(taken) == limit:
                return taken, at + 1
    return taken, high


def _start(storage: Storage, resource: Resource, query: Query) -> tuple[Snapshot, str]:
    """Return the snapshot to read and the key to start at."""
    table = storage.table(resource)
    if not query.continue_:
        _check_version(storage, query)
        return table.snapshot(storage.version), ""
    token = _decode(query.continue_)
    start = token.start.removeprefix("/")
    if token.rv < 0:
        return table.snapshot(storage.version), start
    try:
        return table.paged(token.rv), start
    except TooOld:
        restart = _encode(Token(-1, token.start))
        raise status.StatusError(410, status.PAGE_TOO_OLD, metadata={"continue": restart}) from None


def _check_version(storage: Storage, query: Query) -> None:
    version = int(query.version or 0)
    if version > storage.version:
        cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
        raise status.StatusError(
            504,
            f"Timeout: Too large resource version: {version}, current: {storage.version}",
            details={"causes": [cause], "retryAfterSeconds": 1},
            headers={"Retry-After": "1"},
        )
    if query.version_match == "Exact" and version < storage.version:
        message = f"The resourceVersion for the provided list is too old: {storage.version}"
        raise status.StatusError(410, message)


def _encode(token: Token) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")


def _decode(text: str) -> Token:
    try:
        return msgspec.json.decode(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Token
        )
    except ValueError:
        raise status.StatusError(400, f"continue key is not valid: {text}") from None
