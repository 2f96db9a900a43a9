"""The links against moto over HTTP, in good and in bad days."""

from typing import TYPE_CHECKING, Any

import pytest

from eksview.aws.client import session as session_module
from eksview.aws.services import inventory
from eksview.domain.aws import poll_plan
from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.reading import ReadFailed
from eksview.domain.rows.aws import Call, ClusterInfo
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.fakes import missing
from tests.aws.faults import EXPIRED, THROTTLED, HtmlPage, Refuse, Slow, denied
from tests.aws.following import Following, following
from tests.patience import until

if TYPE_CHECKING:
    from tests.aws.moto_account import MotoAccount

HERE = AwsTarget(cluster="estate", region="us-west-2")
ADMIN = "arn:aws:iam::123456789012:role/admin"
ASKING = [name for name in PLANS if name != poll_plan.STS]
FIRST = [name for name in ASKING if name not in (poll_plan.NETWORK, poll_plan.IMAGES)]
SECOND = [poll_plan.NETWORK, poll_plan.IMAGES]  # they ask about what the first ones found
ONE_BY_ONE = (Kind.IMAGE, Kind.TYPE)  # put when needed; these tables are never told whole
TABLES = [kind for kind in Kind if kind.link in PLANS and kind not in ONE_BY_ONE]


def rows(found: Following, kind: Kind) -> dict[str, Any]:
    return found.heard.tables[kind]  # type: ignore[return-value]


async def test_every_link_reads_its_tables_from_the_account(moto_account: "MotoAccount") -> None:
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await found.are(Phase.LIVE, PLANS)
        await found.filled(*TABLES)
        await until(lambda: "m5.large" in rows(found, Kind.TYPE))
    instances = rows(found, Kind.INSTANCE)
    assert {*moto_account.known, moto_account.canary} <= instances.keys()
    assert instances[moto_account.stopped].state == "stopped"
    assert instances[moto_account.spot].lifecycle == "spot"
    names = {each: row.private_dns for each, row in instances.items()}
    assert all(names[each] == name for name, each in moto_account.joined.items())
    statuses = rows(found, Kind.STATUS).values()
    assert [event.code for row in statuses for event in row.events] == ["system-reboot"]
    groups = rows(found, Kind.AUTOSCALING)
    assert {member.instance for member in groups["asg-general"].members} == set(moto_account.known)
    assert [each.status for each in groups["asg-general"].activities] == ["Successful"]
    assert rows(found, Kind.NODEGROUP)["general"].autoscaling == ("asg-general",)
    assert rows(found, Kind.FARGATE)["serverless"].selectors == ("serverless",)
    assert {row.id for row in rows(found, Kind.SUBNET).values()} >= set(moto_account.subnets)
    assert moto_account.group in rows(found, Kind.SECURITY_GROUP)
    assert rows(found, Kind.TYPE)["m5.large"].vcpus == 2


async def test_what_moto_lacks_of_eks_is_read_too(moto_account: "MotoAccount") -> None:
    async with following(moto_account.environ, HERE) as found:
        await found.filled(Kind.ADDON, Kind.UPDATE, Kind.INSIGHT, Kind.ACCESS_ENTRY)
        await until(lambda: _cluster(found).support_ends)
        await until(lambda: rows(found, Kind.ADDON)["coredns"].latest)
        await until(lambda: rows(found, Kind.ACCESS_ENTRY)[ADMIN].policies)
    assert _cluster(found).authentication == "API_AND_CONFIG_MAP"
    assert _cluster(found).security_group == moto_account.group
    assert rows(found, Kind.ADDON)["coredns"].latest == "v1.12.4-eksbuild.1"
    assert rows(found, Kind.INSIGHT)["n-1"].recommendation == "Update the node."
    assert rows(found, Kind.UPDATE)["u-1"].status == "Successful"
    entries = rows(found, Kind.ACCESS_ENTRY)
    assert {row.type for row in entries.values()} == {"STANDARD", "EC2_LINUX"}
    assert entries[ADMIN].policies == ("AmazonEKSClusterAdminPolicy cluster",)


async def test_sessions_on_the_clusters_instances_are_read_page_by_page(
    moto_account: "MotoAccount",
) -> None:
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await until(lambda: found.heard.swaps[Kind.SESSION] == 2)
    sessions = rows(found, Kind.SESSION)
    assert {each: row.open for each, row in sessions.items()} == {
        "ada-1": True,
        "ada-2": True,
        "grace-1": False,
    }
    assert sessions["ada-1"].owner.endswith(":assumed-role/Ops/ada")
    assert sessions["grace-1"].status == "Terminated"


async def test_an_opened_instance_has_its_role_and_volumes(moto_account: "MotoAccount") -> None:
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await found.filled(Kind.INSTANCE)
        detail = await found.detail(moto_account.canary)
    assert detail.role.endswith(":role/node-canary")
    assert [volume.state for volume in detail.volumes] == ["in-use"]


@pytest.mark.parametrize("names", [FIRST, SECOND])
async def test_a_denial_names_its_action_on_every_link(
    moto_account: "MotoAccount", names: list[str]
) -> None:
    for name in names:
        action = PLANS[name].action
        moto_account.layer.faults.add(action, denied(action), None)
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await found.are(Phase.REFUSED, names)
        for name in names:
            assert PLANS[name].action in found.reason(name)
            assert missing(_call(found, name)) == PLANS[name].action
        assert found.phase(poll_plan.STS) is Phase.LIVE


@pytest.mark.parametrize("name", ASKING)
async def test_while_one_link_is_denied_the_others_go_on(
    moto_account: "MotoAccount", name: str
) -> None:
    action = PLANS[name].action
    moto_account.layer.faults.add(action, denied(action), None)
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await found.are(Phase.REFUSED, [name])
        await found.are(Phase.LIVE, set(PLANS) - {name})


async def test_throttling_is_told_at_once_and_got_over(moto_account: "MotoAccount") -> None:
    for name in ASKING:
        moto_account.layer.faults.add(PLANS[name].action, THROTTLED)
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await until(lambda: all(_throttled(found, name) for name in ASKING))
        await found.are(Phase.LIVE, PLANS)


@pytest.mark.parametrize("names", [FIRST, SECOND])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (HtmlPage(), "502"),
        (HtmlPage(status=200), "isn't AWS"),
        (Slow(60.0), "in time: eksview asks again"),
        (Refuse("InternalError", "An internal error", 500), "failed"),
    ],
)
async def test_a_broken_or_late_answer_is_said_on_every_link(
    moto_account: "MotoAccount",
    monkeypatch: pytest.MonkeyPatch,
    fault: Any,
    words: str,
    names: list[str],
) -> None:
    if isinstance(fault, Slow):
        monkeypatch.setattr(session_module, "READ", 1.0)
    if names is FIRST:  # Auto Scaling needn't wait for what EKS will never say
        monkeypatch.setattr(inventory, "PATIENCE", 0.5)
    for name in names:
        moto_account.layer.faults.add(PLANS[name].action, fault, None)
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await found.are(Phase.RETRYING, names)
        assert {name: found.reason(name) for name in names if words not in found.reason(name)} == {}
        assert found.phase(poll_plan.STS) is Phase.LIVE


async def test_expired_credentials_say_how_to_renew_them_and_nothing_else_is_asked(
    moto_account: "MotoAccount",
) -> None:
    moto_account.layer.faults.add("sts:GetCallerIdentity", EXPIRED, None)
    async with following(moto_account.environ, HERE, moto_account.known) as found:
        await found.are(Phase.RETRYING, PLANS)
    assert set(moto_account.layer.faults.asked) == {"sts:GetCallerIdentity"}
    assert all("keys in the environment" in found.reason(name) for name in PLANS)
    identity = found.heard.facts["aws-identity"]
    assert isinstance(identity, ReadFailed)
    assert "static keys in the environment (AWS_ACCESS_KEY_ID); set new ones" in identity.reason


async def test_an_instance_that_ec2_no_longer_knows_costs_the_others_nothing(
    moto_account: "MotoAccount",
) -> None:
    gone = "i-0123456789abcdef0"
    known = (*moto_account.known, gone)
    async with following(moto_account.environ, AwsTarget(region="us-west-2"), known) as found:
        await found.filled(Kind.INSTANCE)
        assert rows(found, Kind.INSTANCE).keys() >= set(moto_account.known)
        assert gone not in rows(found, Kind.INSTANCE)
        assert found.phase(poll_plan.EC2) is Phase.LIVE


async def test_another_region_has_no_such_cluster_and_no_instances(
    moto_account: "MotoAccount",
) -> None:
    elsewhere = AwsTarget(cluster="estate", region="eu-west-1")
    async with following(moto_account.environ, elsewhere) as found:
        await found.are(Phase.RETRYING, [poll_plan.EKS])
        await found.filled(Kind.INSTANCE)
    assert "has no cluster estate in eu-west-1" in found.reason(poll_plan.EKS)
    assert not rows(found, Kind.INSTANCE)


async def test_a_cluster_being_made_is_shown_as_such(moto_account: "MotoAccount") -> None:
    moto_account.extras.cluster.update(status="CREATING", endpoint=None, certificateAuthority={})
    async with following(moto_account.environ, HERE) as found:
        await until(lambda: "cluster" in found.heard.facts)
    assert (_cluster(found).status, _cluster(found).endpoint) == ("CREATING", "")


async def test_a_cluster_that_goes_is_deleting_and_then_deleted(
    moto_account: "MotoAccount",
) -> None:
    moto_account.extras.cluster.update(status="DELETING")
    async with following(moto_account.environ, HERE) as found:
        await until(lambda: "cluster" in found.heard.facts)
        assert _cluster(found).status == "DELETING"
        gone = Refuse("ResourceNotFoundException", "No cluster found for name: estate.", 404)
        moto_account.layer.faults.add("eks:DescribeCluster", gone, None)
        found.refresh()
        await until(lambda: _cluster(found).status == "DELETED")
        await until(lambda: "deleted" in found.reason(poll_plan.EKS))


def _cluster(found: Following) -> ClusterInfo:
    fact = found.heard.facts.get("cluster")
    assert isinstance(fact, ClusterInfo)
    return fact


def _call(found: Following, name: str) -> Call:
    fact = found.heard.facts[f"calls/{name}"]
    assert isinstance(fact, Call)
    return fact


def _throttled(found: Following, name: str) -> bool:
    call = found.heard.facts.get(f"calls/{name}")
    return isinstance(call, Call) and call.throttled is not None
