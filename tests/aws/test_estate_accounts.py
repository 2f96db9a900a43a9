"""Estates in which EC2 is asked in another account or region than that of the nodes."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from eksview.cli.doctor.access_chain import run as run_doctor
from eksview.config.settings import Settings
from eksview.domain.aws.target import AwsTarget, Clues, Flags, place_of
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read, ReadFailed
from eksview.engine import aws_source
from eksview.engine.one_shot import unread_reasons
from eksview.store.selectors.eks import eks_state_of, eks_summary
from eksview.store.selectors.readings import (
    cluster_reading,
    mapping_sources,
    node_roles,
    node_roles_unread,
)
from eksview.store.store import Store
from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.aws.both_sides import NOW, get_instances, node, read
from tests.aws.world import World, instance_id
from tests.demo.thread import DemoThread

OWN, OTHER = "111122223333", "444455556666"
FIRST, SECOND, THIRD = (instance_id(number) for number in (1, 2, 3))
ENDPOINT = "https://0A1B2C3D.gr7.us-west-2.eks.amazonaws.com"
NOT_THIS = f"EKS describes the cluster demo of account {OWN} and us-west-2, which isn't this one."


def arn(region: str = "us-west-2", account: str = OWN) -> str:
    return f"arn:aws:eks:{region}:{account}:cluster/demo"


def caller(account: str) -> dict[str, str]:
    return {"Account": account, "Arn": f"arn:aws:sts::{account}:assumed-role/ops/me"}


def on(instance: str, zone: str = "us-west-2a", *, ready: bool = True) -> dict[str, Any]:
    """Return a node on an instance."""
    row = node(f"node-{instance}", f"aws:///{zone}/{instance}")
    if not ready:
        row["status"]["conditions"] = [{"type": "Ready", "status": "Unknown"}]
    return row


def printed(store: Store) -> list[str]:
    """Return the lines of `get instances`, then those on standard error."""
    lines = get_instances(store, NOW, "wide").splitlines()
    return [*lines[1:], *unread_reasons(store)]


def place(region: str = "us-west-2", account: str = OWN, asked: str = "") -> AwsTarget:
    return place_of(Clues(cluster_name=arn(region, account)), Flags(region=asked), {})


def kinds(store: Store) -> dict[str, str]:
    return {row.node or row.instance: row.kind.value for row in store.mapping.rows.values()}


async def test_another_account_knows_nothing_of_the_instances() -> None:
    world = World(0)
    world.session.answers["sts:GetCallerIdentity"] = caller(OTHER)
    store = await read(world, on(FIRST), on(SECOND, ready=False), target=place())
    assert set(kinds(store).values()) == {"unknown"}
    reason = (
        f"The cluster is in account {OWN}, but EC2 is asked in account {OTHER}: nothing is known "
        "of the nodes' instances. Choose another profile with --profile."
    )
    assert {row.reason for row in store.mapping.rows.values()} == {reason}
    lines = printed(store)
    assert lines[-1] == reason
    assert all("other account" in line for line in lines[:-1])
    assert not any("terminated" in line for line in lines)


async def test_a_cluster_of_the_same_name_in_another_account_isnt_this_one() -> None:
    """Its instances have the same tags, and the same private addresses as this one's nodes."""
    world = World(0)
    world.launch(THIRD, PrivateIpAddress="10.0.1.2", PrivateDnsName="ip-10-0-1-2.ec2.internal")
    world.session.answers["sts:GetCallerIdentity"] = caller(OTHER)
    joining = node("ip-10-0-1-2.ec2.internal", **{"eks.amazonaws.com/nodegroup": "a"})
    store = await read(world, on(FIRST), joining, target=place())
    assert kinds(store) == {
        f"node-{FIRST}": "unknown",
        THIRD: "unknown",
        "ip-10-0-1-2.ec2.internal": "unknown",
    }


async def test_another_endpoint_of_the_same_name_is_another_cluster() -> None:
    world = World(0)
    world.launch(THIRD)
    described = {
        **world.cluster({"name": "demo"})["cluster"],
        "endpoint": ENDPOINT.replace("0A1B", "9Z9Z"),
    }
    world.session.answers["eks:DescribeCluster"] = {"cluster": described}
    clues = Clues(cluster_name="demo.us-west-2.eksctl.io", server=ENDPOINT)
    store = await read(world, on(FIRST), target=place_of(clues, Flags(), {}))
    assert set(kinds(store).values()) == {"unknown"}
    assert "has another endpoint than this cluster" in printed(store)[-1]
    assert cluster_reading(store) == ReadFailed(NOT_THIS, 0.0)
    summary = eks_summary(store, NOW)
    for reading in (summary.addons, summary.insights, summary.updates, summary.fargate):
        assert reading == ReadFailed(NOT_THIS, 0.0)
    assert summary.cluster is None
    assert summary.reason == NOT_THIS
    assert eks_state_of(store, NOW).health is not Health.OK
    assert node_roles(store) == ()
    assert NOT_THIS in node_roles_unread(store)
    assert mapping_sources(store).mode_reason == NOT_THIS


async def test_the_described_cluster_is_this_one_by_its_endpoint() -> None:
    """The account in a kubeconfig's ARN may be wrong: an endpoint is unique."""
    world = World(0)
    world.session.answers["sts:GetCallerIdentity"] = caller(OTHER)
    described = {**world.cluster({"name": "demo"})["cluster"], "endpoint": ENDPOINT}
    world.session.answers["eks:DescribeCluster"] = {"cluster": described}
    clues = Clues(cluster_name=arn(), server=ENDPOINT.upper())
    store = await read(world, on(FIRST), target=place_of(clues, Flags(), {}))
    assert isinstance(cluster_reading(store), Read)


@pytest.mark.parametrize(
    "zone", ["us-west-2a", "us-west-2-lax-1a", "us-west-2-wl1-den-wlz-1", "us-gov-west-1b"]
)
async def test_another_region_knows_nothing_of_the_instances(zone: str) -> None:
    region = "us-gov-west-1" if "gov" in zone else "us-west-2"
    store = await read(World(0), on(FIRST, zone), target=place(region, asked="eu-west-1"))
    assert set(kinds(store).values()) == {"unknown"}
    assert printed(store)[-1] == (
        f"The nodes are in {region}, but EC2 is asked in eu-west-1: nothing is known of their "
        f"instances. Use --region {region}."
    )


async def test_none_of_the_instances_means_another_account() -> None:
    world = World(0)
    world.session.answers["sts:GetCallerIdentity"] = caller(OTHER)
    clues = Clues(cluster_name="demo.us-west-2.eksctl.io")
    store = await read(
        world, on(FIRST), on(SECOND, ready=False), target=place_of(clues, Flags(), {})
    )
    assert set(kinds(store).values()) == {"unknown"}
    reason = printed(store)[-1]
    assert f"in account {OTHER} and us-west-2" in reason
    assert reason in {part.text for part in eks_state_of(store, NOW).parts}


@pytest.mark.parametrize("zone", ["us-west-2a", "us-west-2-lax-1a", "us-west-2-wl1-den-wlz-1"])
async def test_zones_at_the_edge_belong_to_their_region(zone: str) -> None:
    world = World(0)
    world.launch(FIRST)
    world.session.answers["sts:GetCallerIdentity"] = caller(OWN)
    store = await read(world, on(FIRST, zone), on(SECOND, zone, ready=False), target=place())
    assert kinds(store) == {f"node-{FIRST}": "joined", f"node-{SECOND}": "orphan"}
    assert store.mapping.mismatch is None


async def test_a_role_of_the_clusters_account_is_no_contradiction() -> None:
    """The kubeconfig assumes a role in the cluster's account from one of another."""
    world = World(0)
    world.launch(FIRST)
    world.session.answers["sts:GetCallerIdentity"] = caller(OWN)
    role = ("--role-arn", f"arn:aws:iam::{OWN}:role/ops", "--profile", "elsewhere")
    args = ("eks", "get-token", "--cluster-name", "demo", "--region", "us-west-2", *role)
    store = await read(world, on(FIRST), target=place_of(Clues("aws", args), Flags(), {}))
    assert kinds(store) == {f"node-{FIRST}": "joined"}
    assert store.mapping.mismatch is None


async def test_instances_that_are_found_prove_the_account() -> None:
    """A shared VPC's subnets are of another account, and an ARN in a kubeconfig may be wrong."""
    world = World(0)
    world.launch(FIRST)
    world.session.answers["ec2:DescribeSubnets"] = {
        "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "999999999999"}]
    }
    world.session.answers["sts:GetCallerIdentity"] = caller(OTHER)
    store = await read(world, on(FIRST), on(SECOND, ready=False), target=place())
    assert kinds(store) == {f"node-{FIRST}": "joined", f"node-{SECOND}": "orphan"}
    assert store.mapping.mismatch is None


async def test_one_node_whose_instance_is_gone_is_no_contradiction() -> None:
    world = World(0)
    world.session.answers["sts:GetCallerIdentity"] = caller(OWN)
    store = await read(world, on(FIRST, ready=False), target=place())
    assert kinds(store) == {f"node-{FIRST}": "orphan"}


@pytest.mark.parametrize(
    ("ready", "sentence"),
    [
        (True, "but the node is Ready, so it runs: in another account or region"),
        (False, "it was terminated over an hour ago, or it is in another account or region"),
    ],
)
async def test_a_node_that_reports_isnt_called_terminated(ready: bool, sentence: str) -> None:
    """A kubelet's status is at most 50 s old; EC2 lists a terminated instance for an hour."""
    world = World(0)
    world.launch(FIRST)
    store = await read(world, on(FIRST), on(SECOND, ready=ready), target=place())
    row = next(row for row in store.mapping.rows.values() if row.node == f"node-{SECOND}")
    assert sentence in row.reason
    assert ("terminated" in row.reason) is not ready


@pytest.mark.parametrize(
    ("account", "asked", "sentence"),
    [
        (OWN, "eu-west-1", "The nodes are in us-west-2, but EC2 is asked in eu-west-1"),
        (OWN, "us-west-2", f"instances that the nodes name in account {OWN} and us-west-2"),
        (OTHER, "us-west-2", f"in account {OWN}, but these credentials are of {OTHER}"),
    ],
)
async def test_doctor_names_both_sides(
    account: str,
    asked: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The demo's nodes are in us-west-2, and EC2 has none of their instances."""
    world = World(0)
    world.session.answers["sts:GetCallerIdentity"] = caller(account)
    monkeypatch.setattr(aws_source, "_open_session", lambda *_: world.session)
    config = tmp_path / "kubeconfig"
    with DemoThread(make_server(DemoOptions(nodes=4, pods=4))) as demo:
        demo.server.write_kubeconfig(config)
        flags = Settings(kubeconfig=str(config), cluster="demo", region=asked)
        await asyncio.to_thread(run_doctor, flags, as_json=False)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Credentials" in line]
    assert line.startswith("▲")
    assert sentence in line
