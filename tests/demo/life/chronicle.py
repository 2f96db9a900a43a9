"""Everything a demo cluster stores over hours of simulated time, for tests that judge it."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.aws.account import Account
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.life.engine import Life
from eksview_demo.storage.resources import EVENTS, LEASES, NODES, PODS
from eksview_demo.times import parse_time
from tests.demo.conftest import Time

RESOURCES = (NODES, PODS, LEASES, EVENTS)


class Entry(Struct, gc=False):
    """An object after a change and before it; None: it was created, or deleted, then."""

    at: float
    resource: str
    before: Any
    after: Any
    silent: frozenset[str]
    """The nodes whose instance was stopped, or booting, at that time."""


class Chronicle:
    """The objects at the beginning and the end, and all changes between."""

    def __init__(
        self, nodes: int, pods: int, seed: int, *, churn: float = 6.0, hours: float = 1.0
    ) -> None:
        self.time = Time()
        self.began = self.time.now
        self.cluster = DemoCluster(seed, clock=self.time)
        build(self.cluster, nodes, pods)
        life = Life(self.cluster, churn)
        self.account = Account(self.cluster)
        self.first = self._objects()
        self.entries: list[Entry] = []
        self._present = {
            (each.name, key): decoded(stored)
            for each in RESOURCES
            for key, stored in self.cluster.storage.table(each).objects.items()
        }
        self._positions = dict.fromkeys((each.name for each in RESOURCES), 0)
        for resource in RESOURCES:
            table = self.cluster.storage.table(resource)
            self._positions[resource.name] = table.position_after(self.cluster.storage.version)
        while self.time.now < self.began + 3600 * hours:
            self.time.now += life.step()
            self._read()
        self.last = self._objects()

    def _objects(self) -> dict[str, list[Any]]:
        tables = self.cluster.storage.tables
        return {
            each.name: [decoded(stored) for stored in tables[each.name].objects.values()]
            for each in RESOURCES
        }

    def _read(self) -> None:
        silent = frozenset(node.name for node in self.cluster.nodes.values() if node.silent)
        for resource in RESOURCES:
            table = self.cluster.storage.table(resource)
            for change in table.changes_from(self._positions[resource.name]):
                self._positions[resource.name] += 1
                key = (change.after or change.before).key
                before, after = self._present.pop((resource.name, key), None), None
                if change.after is not None:
                    after = self._present[resource.name, key] = decoded(change.after)
                self.entries.append(Entry(self.time.now, resource.name, before, after, silent))

    def changes(self, resource: str) -> Iterator[Entry]:
        """Yield the changes of objects that were there before and after."""
        for entry in self.entries:
            both = entry.resource == resource and entry.before and entry.after
            if both and entry.before["metadata"]["uid"] == entry.after["metadata"]["uid"]:
                yield entry

    def versions(self, resource: str) -> Iterator[tuple[float, Any]]:
        """Yield every state of every object with its time."""
        yield from ((self.began, each) for each in self.first[resource])
        for entry in self.entries:
            if entry.resource == resource and entry.after:
                yield entry.at, entry.after


def decoded(stored: Any) -> Any:
    """The object without what no rule reads: there are tens of thousands of them."""
    thing = msgspec.json.decode(stored.item())
    del thing["metadata"]["managedFields"]
    thing.get("status", {}).pop("images", None)
    for box in thing.get("spec", {}).get("containers", ()):
        for key in ("env", "volumeMounts", "readinessProbe"):
            box.pop(key, None)
    thing.get("spec", {}).pop("volumes", None)
    return thing


def seconds(text: str | None) -> float:
    """The time of RFC 3339 text; 0 for none."""
    return parse_time(text) or 0.0


def condition(thing: Any, kind: str) -> Any:
    found = (each for each in thing["status"].get("conditions", ()) if each["type"] == kind)
    return next(found, {"status": "", "lastTransitionTime": None, "lastHeartbeatTime": None})


def containers(pod: Any) -> list[Any]:
    return [
        *pod["status"].get("initContainerStatuses", ()),
        *pod["status"].get("containerStatuses", ()),
    ]
