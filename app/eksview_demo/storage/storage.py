"""Versioned storage: the demo's etcd and watch cache.

One counter numbers every change. Objects are kept as the bytes to send, beside the few
fields of selectors. Each resource has a log of its last changes; compaction raises its floor.
"""

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from eksview_demo.storage.resources import ALL, Resource

LOG_LENGTH = 20_000  # changes a watch may lag behind before it gets its 410
SNAPSHOTS = 8  # lists being paged through at a time


class Stored(Struct, frozen=True, gc=False):
    """An object; `tail` is its JSON after the resource version, `"name":...},"spec":...}`."""

    key: str
    namespace: str
    name: str
    version: int
    tail: bytes
    labels: Mapping[str, str]
    fields: tuple[str, ...]

    def item(self) -> bytes:
        """Return the object as lists have it, without kind and apiVersion."""
        return b'{"metadata":{"resourceVersion":"%d",%b' % (self.version, self.tail)


class Change(Struct, frozen=True, gc=False):
    """An entry of the log; a new object has no `before`, a deleted one no `after`."""

    version: int
    before: Stored | None
    after: Stored | None


class Snapshot(Struct, frozen=True):
    """The objects of a resource at one version, sorted by key."""

    version: int
    keys: list[str]
    items: list[Stored]


class TooOld(Exception):  # noqa: N818 - the protocol's term
    """A requested version that was compacted; `oldest` is the oldest available one."""

    def __init__(self, oldest: int) -> None:
        super().__init__(oldest)
        self.oldest = oldest


class Table:
    """The objects of one resource and the log of their changes."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.objects: dict[str, Stored] = {}
        self.listeners: set[Callable[[], None]] = set()
        self.floor = 0
        self._keys: list[str] = []
        self._log: list[Change] = []
        self._dropped = 0  # entries removed from the front of the log; positions count them
        self._latest: Snapshot | None = None
        self._paged: OrderedDict[int, Snapshot] = OrderedDict()

    def __len__(self) -> int:
        return len(self.objects)

    def load(self, objects: Iterable[Stored], version: int) -> None:
        """Add many objects at once, without entries in the log."""
        self.objects.update((stored.key, stored) for stored in objects)
        self._keys = sorted(self.objects)
        self._latest = None
        self.floor = version

    def apply(self, change: Change) -> None:
        """Apply a change and wake the watches."""
        if change.after is not None:
            if change.before is None:
                insort(self._keys, change.after.key)
            self.objects[change.after.key] = change.after
        elif change.before is not None:
            del self.objects[change.before.key]
            del self._keys[bisect_left(self._keys, change.before.key)]
        self._latest = None
        self._append(change)
        for wake in self.listeners:
            wake()

    def _append(self, change: Change) -> None:
        self._log.append(change)
        if len(self._log) > 2 * LOG_LENGTH:
            self.floor = self._log[LOG_LENGTH - 1].version
            del self._log[:LOG_LENGTH]
            self._dropped += LOG_LENGTH

    def compact(self, version: int) -> None:
        """Remove the changes up to this version, and the snapshots kept for paging."""
        kept = bisect_right(self._log, version, key=lambda change: change.version)
        del self._log[:kept]
        self._dropped += kept
        self.floor = max(self.floor, version)
        self._paged.clear()

    def position_after(self, version: int) -> int:
        """Return the position in the log after this version. Raises TooOld."""
        if version < self.floor:
            raise TooOld(self.floor)
        return self._dropped + bisect_right(self._log, version, key=lambda change: change.version)

    def changes_from(self, position: int) -> list[Change]:
        """Return the changes from a position on. Raises TooOld for a removed one."""
        if position < self._dropped:
            raise TooOld(self.floor)
        return self._log[position - self._dropped :]

    def snapshot(self, version: int) -> Snapshot:
        """Return the current objects; `version` is the storage's newest."""
        if self._latest is None or self._latest.version != version:
            keys = self._latest.keys if self._latest else list(self._keys)
            items = self._latest.items if self._latest else [self.objects[key] for key in keys]
            self._latest = Snapshot(version, keys, items)
        return self._latest

    def keep_for_paging(self, snapshot: Snapshot) -> None:
        """Keep a snapshot whose next pages will be requested."""
        self._paged[snapshot.version] = snapshot
        self._paged.move_to_end(snapshot.version)
        while len(self._paged) > SNAPSHOTS:
            self._paged.popitem(last=False)

    def paged(self, version: int) -> Snapshot:
        """Return the snapshot of a continue token. Raises TooOld."""
        try:
            self._paged.move_to_end(version)
            return self._paged[version]
        except KeyError:
            raise TooOld(self.floor) from None


class Storage:
    """The tables of all resources under one version counter."""

    def __init__(self) -> None:
        self.version = 1
        self.changes = 0  # since the start, over all resources: the measure of `--churn`
        self.tables = {resource.name: Table(resource) for resource in ALL}

    def table(self, resource: Resource) -> Table:
        return self.tables[resource.name]

    def load(self, resource: Resource, objects: Iterable["Draft"]) -> None:
        """Add many objects of a resource at once, before the first watch."""
        table = self.table(resource)
        table.load((self._number(draft) for draft in objects), self.version)
        for loaded in self.tables.values():
            loaded.floor = self.version

    def put(self, resource: Resource, draft: "Draft") -> Stored:
        """Create or replace an object."""
        table = self.table(resource)
        before = table.objects.get(draft.key)
        after = self._number(draft)
        self.changes += 1
        table.apply(Change(after.version, before, after))
        return after

    def delete(self, resource: Resource, key: str) -> bool:
        """Remove an object; return False if there is none of this key."""
        table = self.table(resource)
        before = table.objects.get(key)
        if before is None:
            return False
        self.version += 1
        self.changes += 1
        table.apply(Change(self.version, before, None))
        return True

    def compact(self) -> None:
        """Compact every resource, as kube-apiserver has etcd do every five minutes."""
        for table in self.tables.values():
            table.compact(self.version)

    def _number(self, draft: "Draft") -> Stored:
        self.version += 1
        return Stored(
            draft.key,
            draft.namespace,
            draft.name,
            self.version,
            draft.tail,
            draft.labels,
            draft.fields,
        )


class Draft(Struct, frozen=True, gc=False):
    """An object to store: a `Stored` without a version."""

    namespace: str
    name: str
    tail: bytes
    labels: Mapping[str, str]
    fields: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name
