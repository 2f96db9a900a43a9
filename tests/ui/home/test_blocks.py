"""Which workers belong together, and in which order they stand."""

import msgspec
import pytest

from eksview.domain.kube.node_labels import NodeGroup
from eksview.domain.rows.kube import NodeRow
from eksview.ui.home.worker_state import worker_of
from eksview.ui.workers.layout import blocks
from tests.ui.harness import node

ZONE = "topology.kubernetes.io/zone"


def worker(name: str, labels: dict[str, str] | None = None, provider_id: str = "") -> NodeRow:
    return msgspec.structs.replace(node(0), name=name, labels=labels or {}, provider_id=provider_id)


def laid(*workers: NodeRow) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    groups = blocks({each.name: worker_of(each) for each in workers})
    return [
        (each.group.name or each.group.kind, [(zone, list(names)) for zone, names in each.zones])
        for each in groups
    ]


def managed(name: str, group: str, zone: str = "") -> NodeRow:
    labels = {"eks.amazonaws.com/nodegroup": group}
    return worker(name, {**labels, ZONE: zone} if zone else labels)


def test_groups_come_by_kind_and_then_by_their_natural_names():
    workers = [
        worker("plain"),
        worker("hybrid", {"eks.amazonaws.com/compute-type": "hybrid"}),
        worker("fargate", {"eks.amazonaws.com/compute-type": "fargate"}),
        worker("auto", {"eks.amazonaws.com/compute-type": "auto", "karpenter.sh/nodepool": "sys"}),
        worker("pool", {"karpenter.sh/nodepool": "spot"}),
        managed("b", "ng-10"),
        managed("a", "ng-9"),
    ]
    names = [name for name, _ in laid(*workers)]
    assert names == ["ng-9", "ng-10", "spot", "sys", "fargate", "hybrid", "none"]


def test_nodes_come_by_zone_and_then_in_the_order_of_their_numbers():
    workers = [
        managed("ip-10-0-1-20", "ng", "us-west-2b"),
        managed("ip-10-0-1-100", "ng", "us-west-2a"),
        managed("ip-10-0-1-3", "ng", "us-west-2a"),
    ]
    assert laid(*workers) == [
        (
            "ng",
            [
                ("us-west-2a", ["ip-10-0-1-3", "ip-10-0-1-100"]),
                ("us-west-2b", ["ip-10-0-1-20"]),
            ],
        )
    ]


def test_a_block_knows_its_nodes_and_how_many():
    (block,) = blocks(
        {each.name: worker_of(each) for each in (managed("b", "ng"), managed("a", "ng"))}
    )
    assert block.group == NodeGroup("nodegroup", "ng")
    assert list(block.names) == ["a", "b"]
    assert block.size == 2


def test_without_nodes_there_is_no_block():
    assert blocks({}) == ()


@pytest.mark.parametrize(
    ("labels", "machine", "spare"),
    [
        ({}, "", False),
        ({"node.kubernetes.io/instance-type": "m6i.large"}, "m6i.large", False),
        ({"eks.amazonaws.com/capacityType": "SPOT"}, "", True),
        ({"eks.amazonaws.com/capacityType": "ON_DEMAND"}, "", False),
        ({"karpenter.sh/capacity-type": "spot"}, "", True),
    ],
)
def test_a_worker_says_what_machine_it_is_and_how_it_was_bought(labels, machine, spare):
    made = worker_of(worker("n", labels))
    assert (made.kind, made.spot) == (machine, spare)
