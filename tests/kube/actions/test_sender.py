"""A change is sent once, whatever becomes of it, and its outcome is said as the server words it."""

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import web
from msgspec.structs import replace

from eksview.domain.actions.change import Change, Outcome, cordon, delete, evict, restart, scale
from eksview.domain.actions.registry import Verb
from eksview.domain.base.errors import UserError
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.api_call import ApiCall, command
from eksview.domain.live.command_context import CommandContext
from eksview.engine.cluster_requests import ClusterRequests
from eksview.kube.actions.facts_reader import read_action_facts, read_uid
from eksview.kube.actions.sender import send
from eksview.kube.client.call_log import KubeCallLog
from eksview.kube.client.connection import RETRIES, Limits
from eksview.process.waits import WAITS
from eksview_demo.api.exchange import Exchange
from tests.demo.faults import Abort, Answer, html
from tests.demo.kubectl import NEEDS_KUBECTL
from tests.kube.world import World
from tests.loop_clock import skip
from tests.patience import until

NODE = ObjectRef("v1", "Node", "nodes", "node-a", uid="u1")
POD = ObjectRef("v1", "Pod", "pods", "web-1", "shop", "u2")

WEB = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")

ONCE, PATIENT = Limits(), Limits(retries=RETRIES)
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
    assert (result.retry_after, result.cause) == (1, "DisruptionBudget")
    assert len(calls) == len(world.server.faults.asked) == 1


TEXT = b"Too many requests, please try again later.\n"
TOO_MANY = Answer(429, retry_after=1, body=TEXT, content_type="text/plain")
"""apiserver 1.33 `maxinflight.go`: text instead of a Status, and a Retry-After of a second."""


async def test_a_busy_server_is_no_budget(world: World) -> None:
    world.server.faults.add(TOO_MANY)
    result, calls = await outcome(world, evict(POD))
    assert (result.status, result.retry_after, result.cause) == (429, 1, "")
    assert result.reason
    assert len(calls) == 1


async def test_whether_a_pod_is_gone_is_asked_again_while_the_server_is_busy(world: World) -> None:
    world.server.faults.add(Answer(429, retry_after=0), times=3)
    connection = world.connect()
    requests = ClusterRequests(lambda: SimpleNamespace(connection=connection))
    assert not await requests.object_exists(POD, connection.target.server)
    assert len(world.server.faults.asked) == 4  # the last one was answered


@pytest.mark.parametrize(
    "change",
    [cordon(NODE, on=True), cordon(NODE, on=False), delete(POD), restart(WEB, ""), scale(WEB, 3)],
)
async def test_what_a_busy_server_puts_off_is_sent_again(world: World, change: Change) -> None:
    """kubectl 1.32 after three times 429 with `Retry-After`: it sends the PATCH a fourth time."""
    world.server.faults.add(Answer(429, retry_after=0), times=3)
    world.server.faults.add(Answer(403))
    result, calls = await outcome(world, change, PATIENT)
    assert result.status == 403
    assert [call.status for call in calls] == [429, 429, 429, 403]


async def test_it_is_said_that_a_change_waits_for_a_busy_server(world: World) -> None:
    world.server.faults.add(replace(TOO_MANY, retry_after=9))
    change = cordon(NODE, on=True)
    task = asyncio.create_task(outcome(world, change, PATIENT))
    await until(lambda: [wait for wait in WAITS.now.waits if "is busy (429)" in wait.subject])
    skip(9.0)
    result, _ = await task
    assert result.status == 404


async def test_a_server_that_stays_busy_is_asked_eleven_times_as_by_kubectl(world: World) -> None:
    world.server.faults.add(Answer(429, retry_after=0), times=99)
    result, _ = await outcome(world, cordon(NODE, on=True), PATIENT)
    assert result.status == 429
    assert len(world.server.faults.asked) == 11


async def test_an_eviction_that_is_forbidden_is_in_the_servers_words(world: World) -> None:
    pod = next(iter(world.cluster.pods.values()))
    ref = ObjectRef("v1", "Pod", "pods", pod.name, pod.workload.namespace, pod.uid)
    connection = world.connect("eksview-demo-viewer")
    result = await send(connection, evict(ref))
    assert (result.status, result.done, result.lost, result.cause) == (403, False, False, "")
    assert 'cannot create resource "pods/eviction" in API group ""' in result.reason


async def test_a_change_of_the_dashboard_waits_for_a_busy_server_too(world: World) -> None:
    world.server.faults.add(Answer(429, retry_after=0), times=3)
    connection = world.connect()
    requests = ClusterRequests(lambda: SimpleNamespace(connection=connection))
    await requests.act(cordon(NODE, on=True), connection.target.server)
    assert len(world.server.faults.asked) == 4  # as kubectl cordon


async def test_a_conflict_is_in_the_servers_words(world: World) -> None:
    text = 'Operation cannot be fulfilled on pods "web-1": the UID in the precondition differs'
    world.server.faults.add(Answer(409, message=text))
    result, _ = await outcome(world, delete(POD))
    assert (result.status, result.reason) == (409, text)


async def test_the_uid_of_what_has_a_name_now_is_the_servers(world: World) -> None:
    pod = next(iter(world.cluster.pods.values()))
    connection = world.connect()
    held = ObjectRef("v1", "Pod", "pods", pod.name, pod.workload.namespace)
    assert await read_uid(connection, held) == pod.uid
    assert await read_uid(connection, POD) is None
    world.server.faults.add(Answer(503))
    with pytest.raises(UserError):
        await read_uid(connection, held)


@pytest.mark.parametrize(
    ("verb", "unknown"), [(Verb.SCALE, ["Autoscalers are unknown"]), (Verb.RESTART, [])]
)
async def test_only_the_question_about_a_scale_needs_autoscalers(
    world: World, verb: Verb, unknown: list[str]
) -> None:
    owners = world.cluster.controllers.workloads.values()
    workload = next(each.workload for each in owners if each.workload.kind == "Deployment")
    ref = ObjectRef("apps/v1", "Deployment", "deployments", workload.name, workload.namespace)
    world.server.faults.add(Answer(403), resource="horizontalpodautoscalers", times=None)
    facts = await read_action_facts(world.connect(), verb, [ref])
    assert facts.objects[ref].spec.replicas is not None
    assert [line.partition(":")[0] for line in facts.unread] == unknown


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


@NEEDS_KUBECTL
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (cordon(NODE, on=True), ["patch", "nodes", "--type=strategic"]),
        (restart(WEB, "2026-11-27T18:00:00Z"), ["patch", "deployments.apps", "--type=strategic"]),
        (scale(WEB, 3), ["patch", "--subresource=scale", "--type=merge"]),
        (delete(POD), ["delete", "pods"]),
        (delete(POD, 30), ["delete", "--grace-period=30"]),
        (evict(POD), ["create", "--raw"]),
    ],
)  # fmt: skip
async def test_the_command_of_the_trace_sends_the_same_request(
    world: World, tmp_path: Path, change: Change, words: list[str]
) -> None:
    change = replace(change, path=_existing(world, change.path))
    world.server.faults.add(Answer(403, message="no"), verb=change.needs.verb)
    _, (call,) = await outcome(world, change)
    assert (call.verb, call.status) == (change.needs.verb, 403)
    world.server.write_kubeconfig(tmp_path / "config")
    line = command(call, CommandContext(files=(str(tmp_path / "config"),)))
    assert [word for word in words if word not in line] == []
    request = await _sent_by(line, tmp_path, world)
    assert (request.method, request.path) == (change.method, change.path)
    body = await request.json()
    if change.method == "DELETE":
        for name in ("propagationPolicy", "gracePeriodSeconds"):
            assert body.get(name) == change.body.get(name)
    else:
        assert body == change.body
    if change.method == "PATCH":  # kubectl names no type for --raw, and the server takes JSON
        assert request.content_type == change.content_type


def _existing(world: World, path: str) -> str:
    """Return the path with the names of objects that the server has: kubectl reads them first."""
    cluster = world.server.cluster
    pod = next(pod for pod in cluster.pods.values() if pod.workload.name == "web")
    names = {"node-a": next(iter(cluster.nodes)), "web-1": pod.name, "shop": pod.workload.namespace}
    return "/".join(names.get(part, part) for part in path.split("/"))


async def _sent_by(line: str, folder: Path, world: World) -> web.BaseRequest:
    """Return the write that a command line sends, whose body is read and which is refused."""
    sent: list[web.BaseRequest] = []

    class Kept(Exchange):
        async def early(self, request: web.BaseRequest) -> web.StreamResponse:
            await request.read()
            sent.append(request)
            return web.Response(status=403)

    before = world.server.api.exchange
    writes = ("patch", "delete", "create")
    world.server.api.exchange = lambda ask: Kept() if ask.verb in writes else before(ask)
    process = await asyncio.create_subprocess_shell(
        f"{line} --cache-dir={folder}/cache", stdout=DEVNULL, stderr=PIPE
    )
    _, err = await process.communicate()
    assert len(sent) == 1, err.decode()
    return sent[0]


async def test_no_credentials_means_that_nothing_was_sent(world: World) -> None:
    connection = world.connect()

    async def none() -> None:
        raise UserError("no token")

    connection._credentials.current = none
    with pytest.raises(UserError, match="no token"):
        await send(connection, cordon(NODE, on=True))
