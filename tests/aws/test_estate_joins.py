"""Estates of nodes that are hard to match, from the answers of both APIs to `get instances`."""

import json
from typing import Any

from tests.aws.both_sides import NOW, get_instances, node, read
from tests.aws.world import World, instance_id

FIRST, SECOND = instance_id(1), instance_id(2)


def interface(*addresses: str, six: str = "", device: int = 0) -> dict[str, Any]:
    first = {"PrivateIpAddress": addresses[0], "Primary": True}
    more = [{"PrivateIpAddress": address, "Primary": False} for address in addresses[1:]]
    return {
        "NetworkInterfaceId": f"eni-{device}",
        "Attachment": {"DeviceIndex": device},
        "PrivateIpAddress": addresses[0],
        "PrivateIpAddresses": [first, *more],
        "Ipv6Addresses": [{"Ipv6Address": six}] if six else [],
    }


async def printed(
    world: World, *nodes: dict[str, Any], claims: tuple[dict[str, Any], ...] = ()
) -> dict[str, dict[str, Any]]:
    """Return the rows of `get instances -o json` by node, else instance, else NodeClaim."""
    store = await read(world, *nodes, claims=claims)
    items = json.loads(get_instances(store, NOW, "json"))["items"]
    return {row["node"] or row["instance"] or row["nodeClaim"]: row for row in items}


async def test_a_custom_domain_and_a_resource_name_join_without_a_provider_id() -> None:
    world = World(0)
    dns = "ip-10-0-1-2.us-west-2.compute.internal"
    world.launch(FIRST, PrivateIpAddress="10.0.1.2", PrivateDnsName=dns)
    world.launch(SECOND, PrivateIpAddress="10.0.1.3", PrivateDnsName="")
    by_address, by_id = "ip-10-0-1-2.corp.example", f"{SECOND}.corp.example"
    rows = await printed(world, node(by_address, address="10.0.1.2"), node(by_id))
    assert {name: row["instance"] for name, row in rows.items()} == {
        by_address: FIRST,
        by_id: SECOND,
    }
    assert {row["kind"] for row in rows.values()} == {"joined"}
    assert rows[by_address]["matchedBy"] == "address"


async def test_every_address_of_an_interface_belongs_to_its_instance() -> None:
    world = World(0)
    second = interface("10.0.2.9", "10.0.2.10", device=1)
    world.launch(FIRST, NetworkInterfaces=[interface("10.0.1.2"), second])
    six = interface("10.0.1.3", six="2600:1f14::17")
    world.launch(SECOND, NetworkInterfaces=[six])
    rows = await printed(
        world, node("db.corp.example", address="10.0.2.10"), node("six", address="2600:1f14::17")
    )
    assert (rows["db.corp.example"]["instance"], rows["six"]["instance"]) == (FIRST, SECOND)


async def test_a_terminated_instance_and_one_of_another_vpc_never_join_by_address() -> None:
    world = World(0)
    world.launch(FIRST, "terminated", PrivateIpAddress="10.0.1.2")
    world.launch(SECOND, PrivateIpAddress="10.0.1.2", VpcId="vpc-other")
    rows = await printed(world, node("ip-10-0-1-2.corp.example", address="10.0.1.2"))
    assert rows["ip-10-0-1-2.corp.example"]["instance"] is None


async def test_instances_of_hyperpod_are_in_another_account_and_not_called_missing() -> None:
    name = "hyperpod-i-00f3cbe8dfee6b675"
    provider = "aws:///usw2-az1/sagemaker/cluster/hyperpod-tqci9uwuwqiz-i-00f3cbe8dfee6b675"
    group = {"sagemaker.amazonaws.com/instance-group-name": "gpu-workers"}
    row = (await printed(World(0), node(name, provider, **group)))[name]
    assert (row["kind"], row["state"]) == ("not-ec2", "HyperPod")
    assert row["why"] == (
        "SageMaker HyperPod runs its instances in an account of the service: EC2 doesn't list them."
    )
    assert row["managedBy"] == {"kind": "hyperpod", "name": "gpu-workers"}


async def test_provider_ids_in_every_form_lead_to_their_instance() -> None:
    world = World(0)
    forms = ("aws:///us-west-2a/{}", "aws://us-west-2a/{}", "aws:////{}", "{}")
    for number, _ in enumerate(forms):
        world.launch(instance_id(number))
    nodes = [
        node(f"n{number}", form.format(instance_id(number))) for number, form in enumerate(forms)
    ]
    rows = await printed(world, *nodes)
    assert {name: (row["kind"], row["instance"]) for name, row in rows.items()} == {
        f"n{number}": ("joined", instance_id(number)) for number, _ in enumerate(forms)
    }


async def test_karpenter_before_0_32_names_its_provisioner_on_nodes_and_instances() -> None:
    world = World(0)
    tags = [
        {"Key": "Name", "Value": "karpenter.sh/provisioner-name/default"},
        {"Key": "karpenter.sh/provisioner-name", "Value": "default"},
    ]
    for name in (FIRST, SECOND):
        world.launch(name, Tags=tags, InstanceLifecycle="spot")
    labels = {"karpenter.sh/provisioner-name": "default", "karpenter.sh/capacity-type": "spot"}
    rows = await printed(world, node("worker", f"aws:///us-west-2a/{FIRST}", **labels))
    karpenter = {"kind": "karpenter", "name": "default"}
    assert rows["worker"]["managedBy"] == rows[SECOND]["managedBy"] == karpenter
    assert rows["worker"]["capacity"] == rows[SECOND]["capacity"] == "spot"


def claim(name: str, provider: str = "", *conditions: tuple[str, str, str, str]) -> dict[str, Any]:
    names = ("type", "status", "reason", "message")
    return {
        "metadata": {"name": name, "uid": name, "labels": {"karpenter.sh/nodepool": "general"}},
        "status": {
            "providerID": provider,
            "conditions": [dict(zip(names, each, strict=True)) for each in conditions],
        },
    }


LAUNCHED = ("Launched", "True", "Launched", "")


async def test_a_node_claim_that_fails_is_a_row_with_the_message_of_its_condition() -> None:
    world = World(0)
    world.launch(FIRST)
    quota = ("VCPULimitExceeded", "An instance was requested that would exceed your VCPU quota")
    twice = ("MultipleNodesFound", "Invariant violated, matched multiple nodes")
    rows = await printed(
        world,
        claims=(
            claim("no-quota", "", ("Launched", "Unknown", *quota)),
            claim("beta", "", ("Launched", "False", "LaunchFailed", "with fleet error(s), X")),
            claim("lost", f"aws:///us-west-2a/{SECOND}", LAUNCHED),
            claim("two", f"aws:///us-west-2a/{FIRST}", LAUNCHED, ("Registered", "False", *twice)),
        ),
    )
    states = {name: (row["kind"], row["state"]) for name, row in rows.items()}
    assert states == {
        "no-quota": ("nodeclaim", "launch failed"),
        "beta": ("nodeclaim", "launch failed"),
        SECOND: ("nodeclaim", "no instance"),
        FIRST: ("not-joined", "not registered"),
    }
    assert rows["no-quota"]["why"].endswith(f"{quota[0]}: {quota[1]}.")
    assert "LaunchFailed: with fleet error(s), X" in rows["beta"]["why"]
    assert twice[1] in rows[FIRST]["why"]
    assert {row["managedBy"]["name"] for row in rows.values()} == {"general"}
