"""What is polled beside the streams: heard, refused, absent and broken."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from eksview.domain.base.reading import Permission, Read, ReadFailed, Refused, value_of
from eksview.domain.live.messages import Fanout
from eksview.domain.live.polled import (
    ABSENT,
    AWS_AUTH,
    EKS_METRICS,
    EXTRAS,
    NODECLAIMS,
    PERIOD,
    SIGNING,
    USAGE,
)
from eksview.domain.live.retry import CEILING, FIRST, RARELY
from eksview.domain.rows.kube import ClaimRow, Kind, SigningRow, UsageRow
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import AwsAuth, EksMetrics
from eksview.domain.rows.usage_age import RESOLUTION
from eksview.kube.cluster_watcher import ClusterWatcher
from eksview.kube.poll import poller
from eksview.kube.poll.polled_resources import METRICS, polled_resources
from eksview.kube.poll.poller import Poller
from eksview_demo.cluster.csr import Signing, draft
from eksview_demo.storage import resources
from eksview_demo.storage.resources import SIGNING_REQUESTS
from tests.demo.faults import Answer, html
from tests.kube.world import World
from tests.patience import until

NOW = 1_800_000_000.0
CLAIMS = "/apis/karpenter.sh/v1/nodeclaims"
MAP = "configmaps/aws-auth"
GROUP_404 = Answer(404, message="the server could not find the requested resource")


class Asking:
    """One question of a world, asked when a test says so."""

    def __init__(self, world: World, name: str, context: str | None = None) -> None:
        self.world = world
        self.now = NOW
        connection = world.connect(context)
        question = next(
            each
            for each in polled_resources(connection, world.sink, lambda: self.now)
            if each.name == name
        )
        self.poll = Poller(
            question,
            world.sink,
            clock=lambda: self.now,
            elapsed=lambda: 0.0,
            chance=lambda: 0.0,
        )
        self.name = name
        self.wait = 0.0

    async def once(self) -> "Asking":
        self.wait = await self.poll.once()
        return self

    @property
    def phase(self) -> Phase:
        return self.world.sink.links[self.name].phase

    @property
    def reason(self) -> str:
        return self.world.sink.links[self.name].reason

    @property
    def auth(self) -> AwsAuth:
        fact = self.world.sink.facts["aws-auth"]
        assert isinstance(fact, AwsAuth)
        return fact

    @property
    def metrics(self) -> EksMetrics:
        fact = self.world.sink.facts["eks-metrics"]
        assert isinstance(fact, EksMetrics)
        return fact


def signing(number: int) -> Signing:
    return Signing(f"csr-{number}", f"u{number}", f"system:node:n{number}", NOW, "LS0t")


@pytest.mark.parametrize("name", sorted(EXTRAS))
async def test_each_is_asked_on_its_period_and_says_when_it_heard(world: World, name: str) -> None:
    asking = await Asking(world, name).once()
    period = RESOLUTION if name == USAGE else PERIOD
    assert (asking.phase, asking.reason, asking.wait) == (Phase.LIVE, "", period)
    assert world.sink.links[name].heard == NOW


async def test_claims_tie_instances_to_nodes(world: World) -> None:
    await Asking(world, NODECLAIMS).once()
    rows = world.sink.tables[Kind.NODECLAIM].values()
    pooled = {n.name for n in world.cluster.nodes.values() if n.group.kind == "nodepool"}
    assert {row.node for row in rows if isinstance(row, ClaimRow)} == pooled


async def test_what_nodes_use_is_read_of_those_that_answer(world: World) -> None:
    silent, *others = world.cluster.nodes.values()
    silent.silent = True
    await Asking(world, USAGE).once()
    rows = world.sink.tables[Kind.USAGE].values()
    assert {row.name for row in rows if isinstance(row, UsageRow)} == {n.name for n in others}


async def test_without_a_metrics_api_nothing_is_said_to_be_used(world: World) -> None:
    asking = await Asking(world, USAGE).once()
    world.server.faults.add(GROUP_404, path="metrics.k8s.io", times=2)
    await asking.once()
    assert asking.phase is Phase.OFF
    assert not world.sink.tables[Kind.USAGE]


async def test_a_long_list_is_read_in_pages(world: World) -> None:
    for number in range(1203):
        world.cluster.storage.put(SIGNING_REQUESTS, draft(signing(number)))
    await Asking(world, SIGNING).once()
    rows = world.sink.tables[Kind.SIGNING].values()
    assert len(rows) == 1203
    assert {row.state for row in rows if isinstance(row, SigningRow)} == {"Pending"}
    assert world.sink.swaps == 1


async def test_aws_auth_is_a_fact_with_its_roles(world: World) -> None:
    auth = (await Asking(world, AWS_AUTH).once()).auth
    assert (auth.exists, auth.at) == (True, NOW)
    assert "arn:aws:iam::111122223333:role/eksview-demo-node-ng-general" in {
        row.arn for row in auth.roles
    }


async def test_a_cluster_without_aws_auth_is_an_answer_and_no_trouble(world: World) -> None:
    world.cluster.storage.delete(resources.CONFIG_MAPS, "kube-system/aws-auth")
    asking = await Asking(world, AWS_AUTH).once()
    assert asking.auth == AwsAuth(NOW)
    assert (asking.phase, asking.reason) == (Phase.LIVE, "")


async def test_an_unchanged_map_only_grows_younger(world: World, monkeypatch) -> None:
    from eksview.kube.poll import polled_resources as module

    parsed = []
    whole = module.parse
    monkeypatch.setattr(module, "parse", lambda *told: parsed.append(1) or whole(*told))
    asking = await Asking(world, AWS_AUTH).once()
    asking.now += 30
    await asking.once()
    assert (len(parsed), asking.auth.at) == (1, NOW + 30)


async def test_the_metrics_say_what_is_pending_and_how_fast_it_goes(world: World) -> None:
    asking = await Asking(world, EKS_METRICS).once()
    scheduler = value_of(asking.metrics.scheduler)
    assert scheduler is not None
    assert scheduler.rate is None
    assert dict(scheduler.pending)["unschedulable"] > 0
    world.cluster.events.attempts["scheduled"] += 6
    asking.now += 60
    scheduler = value_of((await asking.once()).metrics.scheduler)
    assert scheduler is not None
    assert scheduler.rate == pytest.approx(6.0)


async def test_one_half_of_the_metrics_may_be_refused_alone(world: World) -> None:
    world.server.faults.add(Answer(403, message="no kcm for you"), path="/kcm/")
    asking = await Asking(world, EKS_METRICS).once()
    assert asking.phase is Phase.LIVE
    assert isinstance(asking.metrics.scheduler, Read)
    assert isinstance(asking.metrics.controllers, Refused)
    assert "no kcm for you" in asking.metrics.controllers.reason
    assert asking.metrics.controllers.missing == Permission("get", "kcm/metrics", METRICS)


@pytest.mark.parametrize(
    ("name", "verb", "resource", "namespace"),
    [
        (NODECLAIMS, "list", "nodeclaims", ""),
        (SIGNING, "list", "certificatesigningrequests", ""),
        (AWS_AUTH, "get", "configmaps", "kube-system"),
        (EKS_METRICS, "get", "ksh/metrics", ""),
    ],
)
@pytest.mark.parametrize("role", ["viewer", "nobody"])
async def test_who_may_not_is_told_what_is_missing_and_it_is_asked_again_rarely(
    world: World, name: str, verb: str, resource: str, namespace: str, role: str
) -> None:
    asking = await Asking(world, name, f"eksview-demo-{role}").once()
    link = world.sink.links[name]
    assert (link.phase, asking.wait) == (Phase.REFUSED, RARELY)
    assert link.missing is not None
    assert (link.missing.verb, link.missing.resource) == (verb, resource)
    assert link.missing.namespace == namespace
    assert "Not permitted" in link.reason


async def test_a_refusal_is_in_the_facts_too(world: World) -> None:
    await Asking(world, AWS_AUTH, "eksview-demo-viewer").once()
    auth = world.sink.facts["aws-auth"]
    assert isinstance(auth, Refused)
    assert "Not permitted" in auth.reason
    assert auth.missing == Permission("get", "configmaps", namespace="kube-system")
    metrics = (await Asking(world, EKS_METRICS, "eksview-demo-viewer").once()).metrics
    assert isinstance(metrics.scheduler, Refused)
    assert isinstance(metrics.controllers, Refused)
    assert "ksh" in metrics.scheduler.reason


@pytest.mark.parametrize("answer", [404, 403])
@pytest.mark.parametrize("name", [NODECLAIMS, EKS_METRICS])
async def test_what_isnt_installed_is_quietly_off(world: World, name: str, answer: int) -> None:
    """Whoever may not ask hears 403 of what doesn't exist, too: discovery knows better."""
    group = "karpenter.sh" if name == NODECLAIMS else "metrics.eks.amazonaws.com"
    world.server.faults.add(Answer(answer), path=f"/apis/{group}/v1", times=None)
    world.server.faults.add(GROUP_404, path=f"/apis/{group}", times=None)
    asking = await Asking(world, name).once()
    assert (asking.phase, asking.reason, asking.wait) == (Phase.OFF, "", ABSENT)
    assert world.sink.links[name].missing is None


async def test_a_discovery_that_fails_leaves_the_refusal(world: World) -> None:
    world.server.faults.add(Answer(403), path=CLAIMS)
    world.server.faults.add(Answer(503), path="/apis/karpenter.sh")
    assert (await Asking(world, NODECLAIMS).once()).phase is Phase.REFUSED


async def test_claims_are_gone_when_karpenter_is(world: World) -> None:
    asking = await Asking(world, NODECLAIMS).once()
    assert world.sink.tables[Kind.NODECLAIM]
    world.server.faults.add(GROUP_404, path=CLAIMS)
    await asking.once()
    assert not world.sink.tables[Kind.NODECLAIM]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Answer(503), "failed with 503"),
        (html(200), "isn't a Kubernetes API"),
        (Answer(200, body=b'{"items":7}', content_type="application/json"), "isn't a list of"),
    ],
)
async def test_a_bad_moment_keeps_the_rows_and_is_asked_again_soon(
    world: World, fault: Answer, says: str
) -> None:
    asking = await Asking(world, NODECLAIMS).once()
    before = dict(world.sink.tables[Kind.NODECLAIM])
    world.server.faults.add(fault, path=CLAIMS)
    await asking.once()
    assert (asking.phase, asking.wait) == (Phase.RETRYING, FIRST)
    assert says in asking.reason
    assert world.sink.tables[Kind.NODECLAIM] == before
    assert world.sink.links[NODECLAIMS].heard == NOW
    await asking.once()
    assert (asking.phase, asking.reason) == (Phase.LIVE, "")


async def test_a_bad_moment_leaves_the_map_as_it_was_read(world: World) -> None:
    asking = await Asking(world, AWS_AUTH).once()
    world.server.faults.add(Answer(503), path=MAP)
    asking.now += 30
    await asking.once()
    assert (asking.auth.exists, asking.auth.at) == (True, NOW)
    assert asking.phase is Phase.RETRYING


async def test_a_map_that_was_never_read_says_why(world: World) -> None:
    world.server.faults.add(Answer(503), path=MAP)
    await Asking(world, AWS_AUTH).once()
    failed = world.sink.facts["aws-auth"]
    assert isinstance(failed, ReadFailed)
    assert "failed with 503" in failed.reason


async def test_json_that_is_no_map_is_not_an_empty_map(world: World) -> None:
    answer = Answer(200, body=b"[]", content_type="application/json")
    world.server.faults.add(answer, path=MAP)
    await Asking(world, AWS_AUTH).once()
    failed = world.sink.facts["aws-auth"]
    assert isinstance(failed, ReadFailed)
    assert "it isn't an object" in failed.reason


@pytest.mark.parametrize(
    "body",
    [b'{"data":null}', b'{"data":["a"]}', b'{"data":{"mapRoles":7}}', b"{}"],
)
async def test_a_map_of_any_shape_is_read(world: World, body: bytes) -> None:
    answer = Answer(200, body=body, content_type="application/json")
    world.server.faults.add(answer, path=MAP)
    auth = (await Asking(world, AWS_AUTH).once()).auth
    assert (auth.exists, auth.roles) == (True, ())


async def test_patience_that_is_asked_for_is_had(world: World) -> None:
    world.server.faults.add(Answer(429, retry_after=7), path=CLAIMS)
    asking = await Asking(world, NODECLAIMS).once()
    assert (asking.phase, asking.wait) == (Phase.RETRYING, 7.0)


@pytest.mark.parametrize("text", ["0", "-1", "inf", "nan", "1e308", "soon", "3600"])
async def test_no_text_of_a_server_hurries_or_stops_a_poll(world: World, text: str) -> None:
    world.server.faults.add(Answer(429, retry_after=text), path=CLAIMS)
    asking = await Asking(world, NODECLAIMS).once()
    assert asking.phase is Phase.RETRYING
    assert FIRST <= asking.wait <= CEILING


async def test_a_round_without_an_end_is_given_up(world: World, monkeypatch) -> None:
    from tests.demo.faults import Hang

    monkeypatch.setattr(poller, "LIMIT", 0.05)
    world.server.faults.add(Hang(), path=CLAIMS)
    asking = await Asking(world, NODECLAIMS).once()
    assert asking.phase is Phase.RETRYING
    assert "doesn't answer" in asking.reason


async def test_what_nobody_foresaw_ends_no_link(world: World, monkeypatch) -> None:
    asking = Asking(world, NODECLAIMS)

    async def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(asking.poll._resource, "ask", broken)
    await asking.once()
    assert asking.phase is Phase.RETRYING
    assert "its log says more" in asking.reason


async def followed(world: World, sleep: Callable[[float], Awaitable[None]]) -> ClusterWatcher:
    follower = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=sleep, clock=lambda: NOW)
    follower.start()
    await until(lambda: world.sink.links.keys() >= EXTRAS)
    await until(lambda: all(world.sink.links[each].phase is Phase.LIVE for each in EXTRAS))
    return follower


async def test_a_followed_cluster_has_them_all_and_lets_them_go(world: World) -> None:
    async def sleep(_: float) -> None:
        await asyncio.Event().wait()

    follower = await followed(world, sleep)
    asked = {call.source for call in world.sink.requests.values()}
    assert asked >= EXTRAS
    before = len(world.sink.requests)
    await follower.refresh()
    await until(lambda: len(world.sink.requests) > before + len(EXTRAS))
    await follower.stop()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("eksview ")]


def discovered(*versions: str) -> Answer:
    served = [{"groupVersion": f"karpenter.sh/{each}", "version": each} for each in versions]
    group = {"kind": "APIGroup", "apiVersion": "v1", "name": "karpenter.sh", "versions": served}
    return Answer(200, body=msgspec.json.encode(group), content_type="application/json")


def listed(kind: str, version: str, *items: dict[str, object]) -> Answer:
    body = {"kind": f"{kind}List", "apiVersion": version, "metadata": {}, "items": items}
    return Answer(200, body=msgspec.json.encode(body), content_type="application/json")


OLD = {
    "metadata": {"name": "old", "labels": {"karpenter.sh/provisioner-name": "default"}},
    "status": {
        "providerID": "aws:///us-west-2a/i-0abc",
        "conditions": [{"type": "MachineLaunched", "status": "True"}],
    },
}


@pytest.mark.parametrize("answer", [404, 403])
@pytest.mark.parametrize(
    ("versions", "kind", "plural"),
    [
        (("v1beta1", "v1alpha5"), "NodeClaim", "nodeclaims"),
        (("v1alpha5",), "Machine", "machines"),
    ],
)
async def test_an_older_karpenter_is_read_by_the_version_that_it_has(
    world: World, versions: tuple[str, ...], kind: str, plural: str, answer: int
) -> None:
    api = f"/apis/karpenter.sh/{versions[0]}/{plural}"
    world.server.faults.add(Answer(answer), path=CLAIMS, times=None)
    world.server.faults.add(listed(kind, f"karpenter.sh/{versions[0]}", OLD), path=api, times=None)
    world.server.faults.add(discovered(*versions), path="/apis/karpenter.sh", times=None)
    asking = await Asking(world, NODECLAIMS).once()
    assert (asking.phase, asking.reason) == (Phase.LIVE, "")
    row = world.sink.tables[Kind.NODECLAIM]["old"]
    assert isinstance(row, ClaimRow)
    assert (row.nodepool, row.provider_id) == ("default", "aws:///us-west-2a/i-0abc")
    assert row.conditions[0].type == "Launched"


async def test_the_right_to_read_machines_is_missed_by_their_name(world: World) -> None:
    world.server.faults.add(Answer(404), path=CLAIMS, times=None)
    machines = "/apis/karpenter.sh/v1alpha5/machines"
    world.server.faults.add(Answer(403), path=machines, times=None)
    world.server.faults.add(discovered("v1alpha5"), path="/apis/karpenter.sh", times=None)
    assert (await Asking(world, NODECLAIMS).once()).phase is Phase.REFUSED
    assert world.sink.links[NODECLAIMS].missing == Permission("list", "machines", "karpenter.sh")
