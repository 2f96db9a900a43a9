"""A change is sent once, whatever becomes of it, and its outcome is said as the server words it."""

import json

import pytest

from eksview.domain.actions.change import Change, Outcome, cordon, delete, evict
from eksview.domain.base.errors import UserError
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.api_call import ApiCall, command
from eksview.domain.live.command_context import CommandContext
from eksview.kube.actions.sender import send
from eksview.kube.client.call_log import KubeCallLog
from eksview.kube.client.connection import Limits
from tests.demo.faults import Abort, Answer, html
from tests.kube.world import World

NODE = ObjectRef("v1", "Node", "nodes", "node-a", uid="u1")
POD = ObjectRef("v1", "Pod", "pods", "web-1", "shop", "u2")

ONCE = Limits()
BUDGET = {
    # what kube-apiserver answers to an eviction that a budget refuses
    "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
    "message": "Cannot evict pod as it would violate the pod's disruption budget.",
    "reason": "TooManyRequests", "code": 429,
    "details": {"causes": [{
        "reason": "DisruptionBudget",
        "message": "The disruption budget web needs 2 healthy pods and has 2 currently",
    }]},
}  # fmt: skip


async def outcome(
    world: World, change: Change, limits: Limits = ONCE
) -> tuple[Outcome, list[ApiCall]]:
    connection, calls = world.connect(), {}
    connection.limits = limits
    connection.recorder = KubeCallLog(lambda call: calls.update({call.number: call}))
    return await send(connection, change), list(calls.values())


async def test_a_budgets_refusal_names_the_budget_and_is_not_repeated(world: World) -> None:
    world.server.faults.add(Answer(429, body=json.dumps(BUDGET).encode(), retry_after=1), times=9)
    result, calls = await outcome(world, evict(POD), Limits(retries=5))
    assert result.status == 429
    assert not result.done
    assert result.reason == (
        "Cannot evict pod as it would violate the pod's disruption budget. "
        "The disruption budget web needs 2 healthy pods and has 2 currently."
    )
    assert result.retry_after == 1
    assert len(calls) == len(world.server.faults.asked) == 1


async def test_a_conflict_is_in_the_servers_words(world: World) -> None:
    text = 'Operation cannot be fulfilled on pods "web-1": the UID in the precondition differs'
    world.server.faults.add(Answer(409, message=text))
    result, _ = await outcome(world, delete(POD))
    assert (result.status, result.reason) == (409, text)


async def test_a_change_without_an_answer_is_unknown_and_not_repeated(world: World) -> None:
    world.server.faults.add(Abort(), times=9)
    result, calls = await outcome(world, cordon(NODE, on=True))
    assert result.lost
    assert "connection" in result.reason
    assert len(calls) == len(world.server.faults.asked) == 1


async def test_a_web_page_is_no_success(world: World) -> None:
    world.server.faults.add(html(502))
    result, _ = await outcome(world, cordon(NODE, on=True))
    assert (result.done, result.lost, result.status) == (False, False, 502)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (cordon(NODE, on=True),
         """kubectl patch nodes node-a --type=merge -p '{"spec": {"unschedulable": true}}'"""),
        (delete(POD), "kubectl delete pods web-1 -n shop"),
        (evict(POD), "kubectl create --raw /api/v1/namespaces/shop/pods/web-1/eviction -f -"),
    ],
)  # fmt: skip
async def test_the_trace_has_the_change_and_a_command_for_it(world, change, line) -> None:
    world.server.faults.add(Answer(403, message="no"))
    _, (call,) = await outcome(world, change)
    assert (call.verb, call.status) == (change.needs.verb, 403)
    assert command(call, CommandContext()) == line


async def test_no_credentials_means_that_nothing_was_sent(world: World) -> None:
    connection = world.connect()

    async def none() -> None:
        raise UserError("no token")

    connection._credentials.current = none
    with pytest.raises(UserError, match="no token"):
        await send(connection, cordon(NODE, on=True))
