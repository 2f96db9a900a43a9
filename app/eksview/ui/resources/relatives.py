"""The relatives of an open object: its resource, its owners, its children and its pods."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from eksview.domain.base.errors import UserError
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.describe.beside import Beside, listed_beside
from eksview.domain.guides.guide import KindGuide, worst_of
from eksview.domain.guides.object_columns import NAMESPACE
from eksview.domain.guides.owners import owners_of
from eksview.domain.guides.registry import guide_to
from eksview.domain.kube.api_resource import ApiResource, ApiResources, resource_of
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.pod_status import health_of_pod, status_text
from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey
from eksview.domain.rows.kube import PodRow
from eksview.domain.scheduling.creation import FailedCreation, failure_in_conditions
from eksview.ui.base.view import View
from eksview.ui.resources.creation import failure_of_row
from eksview.ui.resources.object_spec import ObjectJudge
from eksview.ui.resources.object_table import ref_of
from eksview.ui.resources.tree import Relative, owner_rows

HIGHEST = 8
"""Owners above an object that are looked up: a chain of references may be a circle."""


class Relatives:
    """What the screen of an object reads beside it, and the watches for it."""

    def __init__(self, view: View, ref: ObjectRef) -> None:
        self._view = view
        self.ref = ref
        """The reference, completed by `find`."""
        self.kind = ref.kind
        """The kind, with its group where others have the same."""
        self.resource: ApiResource | None = None
        self.owners: tuple[ObjectRef, ...] = ()
        """The owners, the nearest first."""
        self._children: list[ApiResource] = []
        self._followed: list[tuple[ApiResource, str]] = []
        self._owners_of: object = None
        self._left = False

    @property
    def guide(self) -> KindGuide:
        return guide_to(self.resource.qualified if self.resource else "")

    async def find(self) -> None:
        """Find the resource and those of its children, and watch them."""
        resources = await self._resources()
        self.ref = ref = resources.completed(self.ref)
        named = resource_of(ref) if ref.plural else None  # where discovery couldn't be read
        self.resource = resources.of_kind(ref.api, ref.kind) or named
        if self.resource is not None:
            self.kind = resources.kind_of(self.resource)
        if self.resource is None or self._left:
            return
        found = (resources.find(name) for name in self.guide.children)
        self._children = [each for each in found if each is not None]
        for resource in (self.resource, *self._children):
            self._follow(resource)

    async def _resources(self) -> ApiResources:
        try:
            return await self._view.backend.resources()
        except UserError:
            return ApiResources()

    def _follow(self, resource: ApiResource) -> None:
        """Watch a resource in the object's namespace, or everywhere where that is done already."""
        everywhere = ObjectTableKey(resource.qualified).link in self._view.store.links
        namespace = "" if everywhere or not resource.namespaced else self.ref.namespace
        self._followed.append((resource, namespace))
        self._view.backend.follow(resource, namespace)

    def leave(self) -> None:
        """End the watches."""
        self._left = True
        for resource, namespace in self._followed:
            self._view.backend.leave(resource, namespace)
        self._followed.clear()

    def table_of(self, resource: ApiResource | None) -> ObjectTableKey | None:
        """Return the table that is watched for a resource; None for none."""
        for followed, namespace in self._followed:
            if followed == resource:
                return ObjectTableKey(followed.qualified, namespace)
        return None

    def row(self) -> ObjectRow | None:
        """Return the object's own row."""
        key, ref = self.table_of(self.resource), self.ref
        if key is None:
            return None
        rows = self._view.store.objects(key.resource, key.namespace).rows
        if ref.uid in rows:
            return rows[ref.uid]
        named = (r for r in rows.values() if (r.namespace, r.name) == (ref.namespace, ref.name))
        return next(named, None)

    async def climb(self, whole: Any) -> None:
        """Look up the owners of an object, and theirs."""
        if whole is self._owners_of:
            return
        self._owners_of = whole
        resources, owners = await self._resources(), list[ObjectRef]()
        while len(owners) < HIGHEST:
            first = next(iter(owners_of(whole)), None)
            if first is None:
                break
            first = resources.completed(first)
            if first in owners:
                break
            owners.append(first)
            try:
                whole = await self._view.backend.fetch_object(first)
            except UserError:
                break
        self.owners = tuple(owners)

    async def beside(self) -> Beside:
        """List what the description needs beside the object."""
        found: dict[str, Sequence[Any]] = {}
        why_not: dict[str, str] = {}
        for ref in listed_beside(self.ref):
            try:
                listed = await self._view.backend.fetch_object(ref)
                found[ref.plural] = listed["items"]
            except UserError as error:
                why_not[ref.plural] = error.sentence
        return Beside(found, why_not)

    def owned(self, uid: str) -> Iterator[tuple[ApiResource, ObjectRow]]:
        """Yield the children, pods left out, in order of their names."""
        for resource in self._children:
            key = self.table_of(resource)
            if key is not None:
                table = self._view.store.objects(key.resource, key.namespace)
                rows = sorted(table.owned_by(uid), key=lambda row: row.name)
                yield from ((resource, row) for row in rows)

    def tree(self, uid: str, pods: Sequence[PodRow], minor: int) -> Iterator[Relative]:
        """Yield the owners, the object, its children and the pods of each."""
        yield from owner_rows(self.owners)
        by_owner = _by_owner(pods)
        depth, ref = len(self.owners), self.ref
        row = self.row()
        if row is None or self.resource is None:
            yield Relative(0, depth, ref, this=True)
        else:
            yield self._relative(self.resource, row, depth, this=True)
        for resource, child in self.owned(uid):
            yield self._relative(resource, child, depth + 1)
            yield from _pods(by_owner.get(child.uid, ()), depth + 2, minor)
        yield from _pods(by_owner.get(uid, ()), depth + 1, minor)

    def _relative(
        self, resource: ApiResource, row: ObjectRow, depth: int, *, this: bool = False
    ) -> Relative:
        judge = ObjectJudge(guide_to(resource.qualified))
        health, status = judge.health(row), status_of(resource, row)
        if (failure := failure_of_row(self._view.store, resource, row)) is not None:
            health = worst_of([health, Health.WARN])
            status = clean(f"{failure.refusal.cause}  {status}")
        return Relative(0, depth, ref_of(resource, row), status, health, row.created, this)

    def failure(self, whole: Any) -> FailedCreation | None:
        """Return why pods of the object aren't created: by events, else by its conditions."""
        resource, row = self.resource, self.row()
        if resource is None or row is None:
            return failure_in_conditions(whole)
        in_events = failure_of_row(self._view.store, resource, row)
        return in_events or failure_in_conditions(whole)


def status_of(resource: ApiResource, row: ObjectRow) -> Clean:
    """Return the first important cells of a row with their titles, `ready 2/3`."""
    wanted = guide_to(resource.qualified).columns or ("ready", "status", "phase")
    texts = {
        column.name.lower(): row.cells[at]
        for at, column in enumerate(row.columns.columns)
        if at < len(row.cells) and column.name.lower() != NAMESPACE
    }
    shown = [f"{name} {texts[name]}" for name in wanted if texts.get(name)]
    return clean("  ".join(shown[:3]))


def _by_owner(pods: Iterable[PodRow]) -> Mapping[str, Sequence[PodRow]]:
    """Return the pods of each controller by its uid, in order of their names."""
    owned: dict[str, list[PodRow]] = {}
    for pod in sorted(pods, key=lambda pod: pod.name):
        if pod.owner_uid:
            owned.setdefault(pod.owner_uid, []).append(pod)
    return owned


def _pods(pods: Iterable[PodRow], depth: int, minor: int) -> Iterator[Relative]:
    for pod in pods:
        ref = ObjectRef("v1", "Pod", "pods", pod.name, pod.namespace, pod.uid)
        status = clean(status_text(pod, minor))
        yield Relative(0, depth, ref, status, health_of_pod(pod), pod.created)
