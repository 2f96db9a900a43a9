"""Reads what a drain plan is made of. A part that can't be read leaves the rest of the plan."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from time import time
from typing import Any, TypeVar
from urllib.parse import quote

from msgspec import Struct, field

from eksview.domain.base.clock import Clock
from eksview.domain.base.text import Clean, clean
from eksview.domain.drain.objects import (
    DisruptionBudget,
    DrainMeta,
    DrainNode,
    DrainPod,
    NodeSelector,
    PersistentVolume,
    PersistentVolumeClaim,
    drain_pods,
)
from eksview.domain.drain.plan import DrainFacts, claims_to_read
from eksview.domain.kube.api_types import Listed, OwnerReference
from eksview.domain.kube.go_json import parse
from eksview.kube.client.connection import JSON, Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import read_list, read_object_as, readable
from eksview.kube.objects import AS_METADATA

T = TypeVar("T")

AT_ONCE = 5  # requests
METADATA = f"{AS_METADATA},{JSON}"
"""The Accept header for metadata, which an old server may answer with the whole object."""
BUDGETS = "poddisruptionbudgets"
OWNED = ("DaemonSet", "ReplicaSet")
"""The controllers of pods that are read: whether a DaemonSet exists, whose a ReplicaSet is."""
PLURALS = {"DaemonSet": "daemonsets", "ReplicaSet": "replicasets"}


class _Metadata(Struct):
    metadata: DrainMeta = field(default_factory=DrainMeta)


async def read_drain_facts(connection: Connection, node: str, clock: Clock = time) -> DrainFacts:
    """Return what a plan needs; raises `UserError` if the node or its pods can't be read."""
    name = quote(node, safe="")
    own = read_object_as(await connection.get_bytes(f"/api/v1/nodes/{name}"), DrainNode, "Node")
    pods = await _pods(connection, node)
    reader = _Parts(connection)
    nodes, budgets, owners, zones = await asyncio.gather(
        reader.part("nodes", _nodes(connection)),
        reader.budgets(pods),
        reader.owners(pods),
        reader.zones(claims_to_read(pods)),
    )
    targets = None if nodes is None else tuple(
        each for each in nodes if each.metadata.name != own.metadata.name
    )  # fmt: skip
    return DrainFacts(own, pods, targets, budgets, owners, zones, reader.unread, clock())


async def _pods(connection: Connection, node: str) -> tuple[DrainPod, ...]:
    query = {"fieldSelector": f"spec.nodeName={node}"}
    return tuple(await read_list(connection, "Pod", "/api/v1/pods", drain_pods, query))


async def _nodes(connection: Connection) -> list[DrainNode]:
    return await read_list(
        connection, "Node", "/api/v1/nodes", lambda body: parse(body, Listed[DrainNode])
    )


async def _budgets(connection: Connection, namespace: str = "") -> tuple[DisruptionBudget, ...]:
    space = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
    path = f"/apis/policy/v1{space}/{BUDGETS}"
    listed = await read_list(
        connection, "PodDisruptionBudget", path, lambda body: parse(body, Listed[DisruptionBudget])
    )
    return tuple(listed)


class _Parts:
    """The parts of a plan that may be missing, and why they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._unread: dict[Clean, None] = {}

    @property
    def unread(self) -> tuple[Clean, ...]:
        return tuple(self._unread)

    async def part(self, name: str, work: Awaitable[T]) -> T | None:
        """Return what is read, or None with its reason kept."""
        try:
            return await work
        except RequestError as problem:
            self._unread[clean(f"{name} unknown: {problem.sentence}")] = None
            return None

    async def budgets(self, pods: Iterable[DrainPod]) -> tuple[DisruptionBudget, ...] | None:
        """Return all budgets, else those of the pods' namespaces where only these may be read."""
        try:
            return await _budgets(self._connection)
        except RequestError as problem:
            if problem.failure.status != 403:
                return await self.part("PodDisruptionBudgets", _fail(problem))
        names = sorted({pod.metadata.namespace for pod in pods})
        read = [await self.part("PodDisruptionBudgets", self._in(name)) for name in names]
        if any(part is None for part in read):
            return None
        return tuple(budget for part in read for budget in part or ())

    async def _in(self, namespace: str) -> tuple[DisruptionBudget, ...]:
        async with self._gate:
            return await _budgets(self._connection, namespace)

    async def owners(self, pods: Iterable[DrainPod]) -> Mapping[str, OwnerReference | None]:
        """Return the controllers of the pods' controllers; None for one that doesn't exist."""
        paths = {}
        for pod in pods:
            owner, space = pod.metadata.controller, pod.metadata.namespace
            if owner is not None and owner.kind in OWNED:
                path = f"/apis/{owner.api_version}/namespaces/{quote(space, safe='')}"
                name = quote(owner.name, safe="")
                paths[f"{space}/{owner.kind}/{owner.name}"] = (
                    f"{path}/{PLURALS[owner.kind]}/{name}", owner
                )  # fmt: skip
        read = await self._some(paths.items(), lambda item: self._owner(*item[1]))
        return {key: owner for (key, _), owner in zip(paths.items(), read, strict=True)
                if owner is not False}  # fmt: skip

    async def _owner(self, path: str, owner: OwnerReference) -> OwnerReference | bool | None:
        """Return the owner's controller, else itself; None if it is gone, False if not read."""
        answer = await self._connection.ask(path, accept=METADATA)
        if answer.status == 404:
            return None
        if answer.status != 200:
            sentence = self._connection.error_of(answer).sentence
            self._unread[clean(f"owners unknown: {sentence}")] = None
            return False
        with readable(f"metadata of a {clean(owner.kind)}"):
            return parse(answer.body, _Metadata).metadata.controller or owner

    async def zones(self, claims: Iterable[str]) -> Mapping[str, NodeSelector | None]:
        """Return by claim where its volume can be used; claims that can't be read are missing."""
        names = tuple(claims)
        read = await self._some(names, self._zone)
        return {claim: selector for claim, selector in zip(names, read, strict=True)
                if selector is not False}  # fmt: skip

    async def _zone(self, claim: str) -> NodeSelector | bool | None:
        space, _, name = claim.partition("/")
        path = f"/api/v1/namespaces/{quote(space, safe='')}/persistentvolumeclaims"
        body = await self._connection.get_bytes(f"{path}/{quote(name, safe='')}")
        bound = read_object_as(body, PersistentVolumeClaim, "PersistentVolumeClaim")
        volume = bound.spec.volume_name
        if not volume:
            return None
        path = f"/api/v1/persistentvolumes/{quote(volume, safe='')}"
        body = await self._connection.get_bytes(path)
        affinity = read_object_as(body, PersistentVolume, "PersistentVolume").spec
        return affinity.node_affinity.required if affinity.node_affinity else None

    async def _some(self, values: Iterable[T], read: Callable[[T], Awaitable[Any]]) -> list[Any]:
        """Read a few at a time; False for one that can't be read, whose reason is kept."""

        async def read_or_false(value: T) -> Any:
            async with self._gate:
                try:
                    return await read(value)
                except RequestError as problem:
                    self._unread[clean(problem.sentence)] = None
                    return False

        return list(await asyncio.gather(*map(read_or_false, values)))


async def _fail(problem: RequestError) -> Any:
    raise problem
