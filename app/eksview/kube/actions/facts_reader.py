"""Reads the objects that an action is about, for its question."""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from msgspec import Struct

from eksview.domain.actions.facts import ActedObject, ActionFacts, Autoscaler
from eksview.domain.actions.registry import ACTIONS, Verb
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.api_resource import object_path
from eksview.domain.kube.api_types import Listed
from eksview.domain.kube.go_json import parse
from eksview.domain.kube.object_kind import METADATA_KIND
from eksview.domain.kube.object_ref import ObjectRef
from eksview.kube.actions.drain_reader import AT_ONCE, METADATA
from eksview.kube.client.connection import JSON, Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import read_list, read_object_as
from eksview.kube.objects import AS_METADATA

READ = 20
"""Objects that are read; about more a person is asked without their controllers."""


class _ObjectReading(Struct):
    ref: ObjectRef
    acted: ActedObject | None = None
    reason: Clean = Clean("")


async def read_action_facts(
    connection: Connection, verb: Verb, refs: Sequence[ObjectRef]
) -> ActionFacts:
    """Return what the question needs; what can't be read is said in `unread`."""
    gate, whole = asyncio.Semaphore(AT_ONCE), ACTIONS[verb].reads_spec

    async def read(ref: ObjectRef) -> _ObjectReading:
        async with gate:
            try:
                return _ObjectReading(ref, await _acted(connection, ref, whole=whole))
            except RequestError as problem:
                return _ObjectReading(ref, reason=problem.sentence)

    readings = await asyncio.gather(*map(read, refs[:READ]))
    unread = dict.fromkeys(
        clean(f"Its controllers are unknown: {each.reason}") for each in readings if each.reason
    )
    if len(refs) > READ:
        unread[clean(f"Controllers of {len(refs) - READ} objects weren't read.")] = None
    autoscalers: list[Autoscaler] = []
    for namespace in sorted({ref.namespace for ref in refs} if verb is Verb.SCALE else ()):
        try:
            autoscalers += await _autoscalers(connection, namespace)
        except RequestError as problem:
            unread[clean(f"Autoscalers are unknown: {problem.sentence}")] = None
    objects = {each.ref: each.acted for each in readings if each.acted is not None}
    return ActionFacts(objects, tuple(autoscalers), tuple(unread))


async def read_uid(connection: Connection, ref: ObjectRef) -> str | None:
    """Return the uid of the object that has a name now; None if there is none."""
    try:
        body = await connection.get_bytes(object_path(ref), accept=METADATA)
    except RequestError as problem:
        if problem.absent:  # a proxy's 404 says nothing about the object
            return None
        raise
    return _read_as_acted(body, ref).metadata.uid


async def _acted(connection: Connection, ref: ObjectRef, *, whole: bool) -> ActedObject:
    """Return an object; of a Secret only the metadata, of which nothing more is needed."""
    body = await connection.get_bytes(object_path(ref), accept=_accepted(ref, whole=whole))
    return _read_as_acted(body, ref)


def _read_as_acted(body: bytes, ref: ObjectRef) -> ActedObject:
    return read_object_as(body, ActedObject, ref.kind, METADATA_KIND)


def _accepted(ref: ObjectRef, *, whole: bool) -> str:
    if ref.kind == "Secret":
        return AS_METADATA
    return JSON if whole else METADATA


async def _autoscalers(connection: Connection, namespace: str) -> list[Autoscaler]:
    path = f"/apis/autoscaling/v2/namespaces/{quote(namespace, safe='')}/horizontalpodautoscalers"
    return await read_list(
        connection, "HorizontalPodAutoscaler", path, lambda body: parse(body, Listed[Autoscaler])
    )
