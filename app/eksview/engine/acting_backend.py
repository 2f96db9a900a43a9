"""The part of a backend that changes the cluster, and reads what a person is asked about."""

import asyncio
from abc import abstractmethod
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError, explained
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import AccessRequest, Right
from eksview.engine.cluster_requests import ClusterRequests
from eksview.engine.data_thread import DataLoop

if TYPE_CHECKING:  # the first frame needn't wait for these
    from eksview.domain.actions.change import Change, Outcome
    from eksview.domain.actions.facts import ActionFacts
    from eksview.domain.actions.registry import Verb
    from eksview.domain.drain.plan import DrainFacts

T = TypeVar("T")


class ActingBackend:
    """The base of the dashboard's backend; every method raises only `UserError`."""

    _settings: Settings
    _loop: DataLoop

    @property
    @abstractmethod
    def _requests(self) -> ClusterRequests:
        """The requests to the cluster that is watched now."""

    async def review(self, ask: AccessRequest) -> Right:
        return await self._call(self._requests.review(ask))

    async def act(self, change: "Change", server: str) -> "Outcome":
        """Send a change, with --allow-writes only."""
        if not self._settings.allow_writes:
            from eksview.domain.actions.offer import READ_ONLY  # noqa: PLC0415

            raise UserError(READ_ONLY)
        return await self._call(self._requests.act(change, server))

    async def action_facts(self, verb: "Verb", refs: Sequence[ObjectRef]) -> "ActionFacts":
        return await self._call(self._requests.action_facts(verb, refs))

    async def object_exists(self, ref: ObjectRef, server: str) -> bool:
        return await self._call(self._requests.object_exists(ref, server))

    async def drain_facts(self, node: str) -> "DrainFacts":
        return await self._call(self._requests.drain_facts(node))

    async def _call(self, work: Coroutine[Any, Any, T]) -> T:
        with explained("The request"):
            return await asyncio.wrap_future(self._loop.submit(work))
