"""The demo's AWS as eksview and boto3 read it over HTTP, held against AWS's own shapes."""

import asyncio
import os
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from eksview.aws.client.session import AwsSession
from eksview.aws.services.clusters import clusters
from eksview.aws.services.sts import identify
from eksview.domain.aws.poll_plan import ECS_PLANS, PLANS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.logs.control_plane import ControlPlaneRequest
from eksview.domain.rows.aws import AwsIdentity, ClusterInfo
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview_demo.aws import server, wire
from eksview_demo.aws.account import ACCOUNT, CANARY, CLUSTER, REFUSED, Account
from eksview_demo.aws.listener import AwsListener
from eksview_demo.aws.server import OPERATIONS, perform
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import REGION
from tests.aws import shapes
from tests.aws.conftest import Lead
from tests.aws.following import Following, following
from tests.patience import until

HERE = AwsTarget(cluster=CLUSTER, region=REGION)
ONE_BY_ONE = (Kind.IMAGE, Kind.TYPE)
TABLES = [kind for kind in Kind if kind.link in PLANS and kind not in ONE_BY_ONE]
ECS_TABLES = [kind for kind in Kind if kind.link in ECS_PLANS]


def joined(listener: AwsListener) -> tuple[str, ...]:
    nodes = listener.account.cluster.nodes.values()
    return tuple(node.instance for node in nodes if node.group.kind != "fargate")


def machines(found: Following) -> Any:
    return found.heard.tables[Kind.ECS_MACHINE].values()


async def everything(listener: AwsListener, found: Following) -> None:
    await found.are(Phase.LIVE, PLANS)
    await found.filled(*TABLES)
    await until(lambda: found.heard.tables[Kind.TYPE] and found.heard.tables[Kind.IMAGE])
    spot = next(each.id for each in listener.account.instances() if each.spot)
    found.follow_ecs("", "shop", "batch", "edge")
    await found.filled(*ECS_TABLES)
    await until(lambda: {each.configured for each in machines(found)} == {"shop", "shopp", None})
    for opened in (listener.account.stray, spot):
        await found.detail(opened)
    logs = await found.logs(ControlPlaneRequest("audit", follow=False))
    assert logs.take().lines


async def test_every_answer_is_one_that_aws_could_give(
    demo_estate: AwsListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    drift: list[str] = []
    answered: set[str] = set()

    def checked(account: Account, asked: wire.AwsRequest) -> wire.Parameters:
        said = perform(account, asked)
        action = f"{asked.service}:{asked.operation}"
        _, body = wire.answer(asked.service, asked.operation, said)
        drift.extend(shapes.faults(action, shapes.parsed(action, body)))
        answered.add(action)
        return said

    monkeypatch.setattr(server, "perform", checked)
    async with following(demo_estate.environ, HERE, joined(demo_estate)) as found:
        await everything(demo_estate, found)
    session = AwsSession(HERE, demo_estate.environ)
    try:
        assert [each.name for each in await clusters(session)] == [CLUSTER]
    finally:
        await session.close()
    every = {f"{service}:{name}" for service, names in OPERATIONS.items() for name in names}
    assert answered == every  # what eksview doesn't ask has no business there
    assert drift == []


async def test_the_environment_given_is_followed_and_not_this_processes(
    demo_estate: AwsListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    somebodys = {"AWS_PROFILE": "nope", "AWS_SESSION_TOKEN": "theirs", "AWS_REGION": "eu-west-1"}
    somebodys |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "AKIATHEIRS"}
    for name, value in somebodys.items():
        monkeypatch.setenv(name, value)
    environ = nowhere | demo_estate.environ
    session = AwsSession(HERE, environ)
    try:
        assert [each.name for each in await clusters(session)] == [CLUSTER]
        credentials = await session.credentials()
        assert credentials.access_key == environ["AWS_ACCESS_KEY_ID"]
        assert credentials.token is None
        identity = await identify(session, HERE, environ)
        assert identity.warnings == ()
    finally:
        await session.close()
    environ["AWS_ENDPOINT_URL_AUTO_SCALING"] = "http://127.0.0.1:2"
    session = AwsSession(HERE, environ)
    try:
        addresses = [
            (await session.client(name)).meta.endpoint_url for name in ("eks", "autoscaling")
        ]
        assert addresses == [environ["AWS_ENDPOINT_URL"], "http://127.0.0.1:2"]
    finally:
        await session.close()


async def test_the_demo_denies_an_action_and_says_which(demo_estate: AwsListener) -> None:
    demo_estate.account.refused = REFUSED
    spot = next(each.id for each in demo_estate.account.instances() if each.spot)
    async with following(demo_estate.environ, HERE, joined(demo_estate)) as found:
        await found.are(Phase.LIVE, PLANS)  # no link is affected
        detail = await found.detail(spot)
    (action,) = REFUSED
    assert detail.reason == (f"Access denied: allow {action} for these AWS credentials.",)
    assert detail.role
    assert detail.console


async def test_the_estate_has_what_goes_wrong_in_real_ones(demo_estate: AwsListener) -> None:
    node = next(n for n in demo_estate.account.cluster.nodes.values() if n.group.name == "ng-spot")
    node.silent = True
    async with following(demo_estate.environ, HERE, joined(demo_estate)) as found:
        await found.filled(*TABLES)
        instances: Any = found.heard.tables[Kind.INSTANCE]
        groups: Any = found.heard.tables[Kind.NODEGROUP]
        statuses: Any = found.heard.tables[Kind.STATUS]
        subnets: Any = found.heard.tables[Kind.SUBNET]
        read = {(kind, type(r)) for kind, t in found.heard.tables.items() for r in t.values()}
    assert {(kind, kind.row) for kind in TABLES} <= read <= {(kind, kind.row) for kind in Kind}
    account = demo_estate.account
    assert set(instances) == {*joined(demo_estate), account.stray, *account.warm}
    assert {instances[name].state for name in account.warm} == {"stopped"}
    assert len({row.zone for row in instances.values()}) == 3
    assert instances[node.instance].state == "stopped"
    assert "spot" in {row.lifecycle for row in instances.values()}
    assert groups[CANARY].status == "CREATE_FAILED"
    assert [issue.code for issue in groups[CANARY].issues] == ["NodeCreationFailure"]
    assert [event.code for row in statuses.values() for event in row.events] == ["system-reboot"]
    for row in instances.values():
        assert subnets[row.subnet].cidr.rpartition(".")[0] == row.private_ip.rpartition(".")[0]


async def test_who_asks_and_of_what_is_read(demo_estate: AwsListener) -> None:
    async with following(demo_estate.environ, HERE) as found:
        await until(lambda: {"cluster", "aws-identity"} <= found.heard.facts.keys())
    identity, cluster = found.heard.facts["aws-identity"], found.heard.facts["cluster"]
    assert isinstance(identity, AwsIdentity)
    assert isinstance(cluster, ClusterInfo)
    assert (identity.account, cluster.endpoint) == (ACCOUNT, "https://127.0.0.1:9")


async def test_many_pages_of_instances_are_read_within_the_budget(
    lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = []

    def counted(account: Account, request: wire.AwsRequest) -> wire.Parameters:
        operations.append(request.operation)
        return perform(account, request)

    monkeypatch.setattr(server, "perform", counted)
    cluster = DemoCluster(seed=7)
    build(cluster, nodes=700, pods=0)
    listener = AwsListener(Account(cluster, "https://127.0.0.1:9", b"authority"))
    lead(listener.environ)
    listener.open()
    try:
        async with following(listener.environ, HERE, joined(listener)) as found:
            await found.filled(Kind.INSTANCE)
            assert len(found.heard.tables[Kind.INSTANCE]) >= len(joined(listener)) > 600
    finally:
        await listener.close()
    assert 7 <= operations.count("DescribeInstances") <= PLANS["ec2"].budget * 700 / 5000


def test_a_demo_without_nodes_answers_about_its_insights_too() -> None:
    cluster = DemoCluster(seed=7)
    build(cluster, nodes=0, pods=0)
    account = Account(cluster, "https://127.0.0.1:9", b"authority")
    request = wire.AwsRequest("eks", "ListInsights", {"clusterName": CLUSTER})
    assert perform(account, request)["insights"]


async def test_a_request_that_comes_before_the_models_waits_for_them(lead: Lead) -> None:
    cluster = DemoCluster(seed=7)
    build(cluster, nodes=3, pods=0)
    listener = AwsListener(Account(cluster, "https://127.0.0.1:9", b"authority"))
    sts = client("sts", listener.environ)
    asking = asyncio.create_task(asyncio.to_thread(sts.get_caller_identity))
    await asyncio.sleep(0)
    assert not asking.done()
    listener.open()
    try:
        assert (await asking)["Account"] == ACCOUNT
    finally:
        await listener.close()


@pytest.mark.parametrize(
    ("key", "asked", "code"),
    [
        ("AKIANOBODY", {}, "AuthFailure"),
        (None, {"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
    ],
)
async def test_what_isnt_there_or_allowed_is_refused_as_aws_does(
    demo_estate: AwsListener, key: str | None, asked: dict[str, Any], code: str
) -> None:
    environ = demo_estate.environ | ({"AWS_ACCESS_KEY_ID": key} if key else {})
    with pytest.raises(ClientError) as refused:
        await asyncio.to_thread(client("ec2", environ).describe_instances, **asked)
    assert refused.value.response["Error"]["Code"] == code


def client(service: str, environ: dict[str, str]) -> Any:
    """boto3's, that never tries twice."""
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}),
    )
