"""Versioned storage: what etcd and the watch cache are to a real API server.

One counter numbers every change. Objects are kept as the bytes they are sent as, beside the few
fields selectors ask for. Each resource has a log of its last changes; compaction raises its floor.
"""

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from eksview_demo.storage.resources import ALL, Resource

LOG_LENGTH = 20_000  # changes a watch may lag behind before it gets its 410
SNAPSHOTS = 8  # lists being paged through at a time


class Stored(Struct, frozen=True, gc=False):
    """An object: `tail` is its JSON after the resource version, `"name":...},"spec":...}`."""

    key: str
    namespace: str
    name: str
    version: int
    tail: bytes
    labels: Mapping[str, str]
    fields: tuple[str, ...]

    def item(self) -> bytes:
        """As in a list: without kind and apiVersion."""
        return b'{"metadata":{"resourceVersion":"%d",%b' % (self.version, self.tail)


class Change(Struct, frozen=True, gc=False):
    """One entry of the log; `before` None for a new object, `after` None for one deleted."""

    version: int
    before: Stored | None
    after: Stored | None


class Snapshot(Struct, frozen=True):
    """A resource at one version, in the order of its keys."""

    version: int
    keys: list[str]
    items: list[Stored]


class TooOld(Exception):  # noqa: N818 - the protocol's own word
    """The version asked for is no longer known; `version` is the oldest that is."""

    def __init__(self, oldest: int) -> None:
        super().__init__(oldest)
        self.oldest = oldest


class Table:
    """All objects of one resource."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.objects: dict[str, Stored] = {}
        self.listeners: set[Callable[[], None]] = set()
        self.floor = 0
        self._keys: list[str] = []
        self._log: list[Change] = []
        self._dropped = 0  # entries the log lost at its front: positions count from the beginning
        self._latest: Snapshot | None = None
        self._paged: OrderedDict[int, Snapshot] = OrderedDict()

    def __len__(self) -> int:
        return len(self.objects)

    def load(self, objects: Iterable[Stored], version: int) -> None:
        """Fill with many objects at once; they leave no trace in the log."""
        self.objects.update((stored.key, stored) for stored in objects)
        self._keys = sorted(self.objects)
        self._latest = None
        self.floor = version

    def apply(self, change: Change) -> None:
        """Take a change in and wake whoever watches."""
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
        """Forget every change and every list being paged up to this version."""
        kept = bisect_right(self._log, version, key=lambda change: change.version)
        del self._log[:kept]
        self._dropped += kept
        self.floor = max(self.floor, version)
        self._paged.clear()

    def position_after(self, version: int) -> int:
        """Where in the log a watch from this version begins. Raises TooOld."""
        if version < self.floor:
            raise TooOld(self.floor)
        return self._dropped + bisect_right(self._log, version, key=lambda change: change.version)

    def changes_from(self, position: int) -> list[Change]:
        """The changes at and after a position. Raises TooOld when the log has lost it."""
        if position < self._dropped:
            raise TooOld(self.floor)
        return self._log[position - self._dropped :]

    def snapshot(self, version: int) -> Snapshot:
        """The resource now; `version` is the storage's newest."""
        if self._latest is None or self._latest.version != version:
            keys = self._latest.keys if self._latest else list(self._keys)
            items = self._latest.items if self._latest else [self.objects[key] for key in keys]
            self._latest = Snapshot(version, keys, items)
        return self._latest

    def keep_for_paging(self, snapshot: Snapshot) -> None:
        """Remember a snapshot whose next pages will be asked for."""
        self._paged[snapshot.version] = snapshot
        self._paged.move_to_end(snapshot.version)
        while len(self._paged) > SNAPSHOTS:
            self._paged.popitem(last=False)

    def paged(self, version: int) -> Snapshot:
        """The snapshot a continue token speaks of. Raises TooOld."""
        try:
            self._paged.move_to_end(version)
            return self._paged[version]
        except KeyError:
            raise TooOld(self.floor) from None


class Storage:
    """Every table under one version counter."""

    def __init__(self) -> None:
        self.version = 1
        self.changes = 0  # since start, over all resources: what `--churn` is measured by
        self.tables = {resource.name: Table(resource) for resource in ALL}

    def table(self, resource: Resource) -> Table:
        return self.tables[resource.name]

    def load(self, resource: Resource, objects: Iterable["Draft"]) -> None:
        """Fill a resource at once, before anybody watches."""
        table = self.table(resource)
        table.load((self._number(draft) for draft in objects), self.version)
        for each in self.tables.values():
            each.floor = self.version

    def put(self, resource: Resource, draft: "Draft") -> Stored:
        """Create or replace an object."""
        table = self.table(resource)
        before = table.objects.get(draft.key)
        after = self._number(draft)
        self.changes += 1
        table.apply(Change(after.version, before, after))
        return after

    def delete(self, resource: Resource, key: str) -> bool:
        """Remove an object; False when there is none of this key."""
        table = self.table(resource)
        before = table.objects.get(key)
        if before is None:
            return False
        self.version += 1
        self.changes += 1
        table.apply(Change(self.version, before, None))
        return True

    def compact(self) -> None:
        """Forget the past of every resource, as etcd does every five minutes."""
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
    """An object not yet stored: what `Stored` holds, without a version."""

    namespace: str
    name: str
    tail: bytes
    labels: Mapping[str, str]
    fields: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name
