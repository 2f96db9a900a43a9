"""The part of a shared backend that reads what actions are about, and refuses to act."""

from collections.abc import Sequence

from eksview.domain.actions.change import Change, Outcome
from eksview.domain.actions.facts import ActionFacts
from eksview.domain.actions.offer import SERVED
from eksview.domain.actions.registry import Verb
from eksview.domain.base.errors import UserError
from eksview.domain.drain.plan import DrainFacts
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.backend_protocol import Backend
from eksview.domain.rows.access import AccessRequest, Right
from eksview.domain.rows.check_output import CheckOutput
from eksview.domain.rows.measured_request import MeasuredRequest

NO_COMMANDS = "A view that is served runs no commands: copy the command, or use eksview yourself."


class ReadOnlyActions:
    """The base of the backend of a shared view."""

    _backend: Backend

    async def review(self, ask: AccessRequest) -> Right:
        return await self._backend.review(ask)

    async def act(self, change: Change, server: str) -> Outcome:  # noqa: ARG002
        raise UserError(SERVED)

    async def action_facts(self, verb: Verb, refs: Sequence[ObjectRef]) -> ActionFacts:
        return await self._backend.action_facts(verb, refs)

    async def object_exists(self, ref: ObjectRef, server: str) -> bool:
        return await self._backend.object_exists(ref, server)

    async def drain_facts(self, node: str) -> DrainFacts:
        return await self._backend.drain_facts(node)

    async def measure_request(self) -> MeasuredRequest:
        return await self._backend.measure_request()

    async def run_check(self, check: str, node: str = "") -> CheckOutput:  # noqa: ARG002
        raise UserError(NO_COMMANDS)
