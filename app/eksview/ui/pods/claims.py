"""The claims of a pending pod with their volumes and classes, read while they are on screen."""

import asyncio
from collections.abc import Sequence

from eksview.domain.base.errors import UserError
from eksview.domain.base.json_values import Json
from eksview.domain.drain.demands import claims_of
from eksview.domain.drain.objects import DrainPod
from eksview.domain.kube.go_json import fitting
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.scheduling.claims import (
    ClaimObjects,
    ClaimState,
    ReadObject,
    names_of,
    state_of,
)
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.view import View
from eksview.ui.text.object_fields import text

AGAIN = 30.0
"""Seconds until the claims of a pod that stays pending are read again."""
MOST = 16
"""Claims that are read; the names of the others are counted."""


class PodClaims:
    """The claims of one pod. Nothing is read of a pod that has a node or isn't Pending."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._pod: Json = None
        self._names: tuple[str, ...] = ()
        self._fetch: Fetch[Sequence[ClaimState]] = Fetch(self._read, view.clock, period=AGAIN)

    def due(self, pod: Json) -> bool:
        """Return whether to read the claims of a whole pod now."""
        if pod is not self._pod:
            self._pod = pod
            waits = text(pod, "status", "phase") == "Pending" and not text(pod, "spec", "nodeName")
            self._names = claims_of(fitting(pod, DrainPod)) if waits else ()
        return bool(self._names) and self._fetch.due(self._names)

    async def ask(self) -> None:
        await self._fetch.ask(self._names)

    @property
    def states(self) -> Sequence[ClaimState] | None:
        """The claims as last read; None before."""
        return self._fetch.result if self._names else ()

    @property
    def left_out(self) -> int:
        """The number of claims that aren't read."""
        return max(0, len(self._names) - MOST)

    async def _read(self) -> Sequence[ClaimState]:
        names = dict.fromkeys(self._names)
        return await asyncio.gather(*map(self._claim, [*names][:MOST]))

    async def _claim(self, key: str) -> ClaimState:
        namespace, _, name = key.partition("/")
        claim = await self._object(
            ObjectRef("v1", "PersistentVolumeClaim", "persistentvolumeclaims", name, namespace)
        )
        volume, storage_class = names_of(claim)
        objects = ClaimObjects(name, claim)
        if volume:
            ref = ObjectRef("v1", "PersistentVolume", "persistentvolumes", volume)
            objects = ClaimObjects(name, claim, volume=await self._object(ref))
        elif storage_class:
            ref = ObjectRef("storage.k8s.io/v1", "StorageClass", "storageclasses", storage_class)
            objects = ClaimObjects(name, claim, storage_class=await self._object(ref))
        return state_of(objects)

    async def _object(self, ref: ObjectRef) -> ReadObject:
        try:
            return ReadObject(await self._view.backend.fetch_object(ref))
        except UserError as problem:
            return ReadObject(absent=problem.absent, problem=problem.sentence)
