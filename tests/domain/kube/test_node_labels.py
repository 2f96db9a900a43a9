"""Where a node belongs, by the labels and provider IDs seen in the field."""

import pytest

from eksview.domain.base.text import clean
from eksview.domain.kube.node_labels import (
    NodeGroup,
    capacity_type_of,
    group_of,
    instance_id,
    instance_type_of,
    machine_of_target,
    session_machine,
    session_target,
    short_zone,
    zone_of,
)


@pytest.mark.parametrize(
    ("provider", "machine", "target"),
    [
        ("aws:///us-west-2a/i-0abc", "i-0abc", ""),
        ("eks-hybrid:///us-west-2/prod/mi-0a1b2c", "mi-0a1b2c", "mi-0a1b2c"),
        ("eks-hybrid:///us-west-2/prod/my-server", "", ""),  # by IAM Roles Anywhere
        (
            "aws:///usw2-az1/sagemaker/cluster/hyperpod-tqci9uwuwqiz-i-00f3cbe8dfee6b675",
            "i-00f3cbe8dfee6b675",
            "sagemaker-cluster:tqci9uwuwqiz_workers-i-00f3cbe8dfee6b675",
        ),
        ("aws:///us-west-2a/x/fargate-ip-10-0-0-1", "", ""),
        ("kind://docker/kind/kind-worker", "", ""),
    ],
)
def test_the_machine_of_a_session_and_the_target_that_opens_one(
    provider: str, machine: str, target: str
) -> None:
    labels = {"sagemaker.amazonaws.com/instance-group-name": clean("workers")}
    assert session_machine(provider) == machine
    assert session_target(labels, provider) == target
    assert machine_of_target(target or machine) == machine


@pytest.mark.parametrize(
    ("labels", "provider_id", "group"),
    [
        ({"eks.amazonaws.com/nodegroup": "ng-1"}, "", NodeGroup("nodegroup", "ng-1")),
        ({"alpha.eksctl.io/nodegroup-name": "ng-2"}, "", NodeGroup("nodegroup", "ng-2")),
        ({"karpenter.sh/nodepool": "spot"}, "", NodeGroup("nodepool", "spot")),
        ({"karpenter.sh/provisioner-name": "old"}, "", NodeGroup("nodepool", "old")),
        ({"cloud.google.com/gke-nodepool": "default"}, "", NodeGroup("nodepool", "default")),
        (
            {"eks.amazonaws.com/compute-type": "auto", "karpenter.sh/nodepool": "system"},
            "",
            NodeGroup("auto", "system"),
        ),
        ({"eks.amazonaws.com/compute-type": "fargate"}, "", NodeGroup("fargate", "fargate")),
        ({}, "aws:///us-west-2a/1f2e3d/fargate-ip-192-168-1-2", NodeGroup("fargate", "fargate")),
        ({"eks.amazonaws.com/compute-type": "hybrid"}, "", NodeGroup("hybrid", "hybrid")),
        ({}, "eks-hybrid:///us-west-2/prod/mi-0123", NodeGroup("hybrid", "hybrid")),
        (
            {"eks.amazonaws.com/compute-type": "ec2", "eks.amazonaws.com/nodegroup": "ng"},
            "aws:///us-west-2a/i-0abc",
            NodeGroup("nodegroup", "ng"),
        ),
        ({"eks.amazonaws.com/nodegroup": ""}, "", NodeGroup("none", "")),
        ({}, "kind://docker/kind/kind-worker", NodeGroup("none", "")),
    ],
)
def test_a_node_belongs_to(labels: dict[str, str], provider_id: str, group: NodeGroup) -> None:
    assert group_of(labels, provider_id) == group


@pytest.mark.parametrize(
    ("zone", "short"),
    [
        ("us-west-2a", "2a"),
        ("ap-southeast-1b", "1b"),
        ("us-gov-west-1c", "1c"),
        ("us-west-2-lax-1a", "lax-1a"),
        ("us-east-1-wl1-bos-wlz-1", "bos-wlz-1"),
        ("europe-west1-b", "europe-west1-b"),
        ("rack 7", "rack 7"),
        ("", ""),
    ],
)
def test_zones_are_shortened_where_their_form_is_known(zone: str, short: str) -> None:
    assert short_zone(zone) == short


@pytest.mark.parametrize(
    ("provider_id", "instance"),
    [
        ("aws:///us-west-2a/i-0abc123def4567890", "i-0abc123def4567890"),
        ("aws:///i-0abc", "i-0abc"),
        ("aws:///us-west-2a/1f2e/fargate-ip-192-168-1-2", ""),
        ("eks-hybrid:///us-west-2/prod/mi-0123", ""),
        ("kind://docker/kind/kind-worker", ""),
        ("aws:///us-west-2a/i-0abc\x1b[2J", ""),
        ("", ""),
    ],
)
def test_only_an_ec2_provider_id_names_an_instance(provider_id: str, instance: str) -> None:
    assert instance_id(provider_id) == instance


def test_new_labels_win_over_the_old() -> None:
    labels = {
        "topology.kubernetes.io/zone": "us-west-2a",
        "failure-domain.beta.kubernetes.io/zone": "old",
        "beta.kubernetes.io/instance-type": "m5.large",
    }
    assert zone_of(labels) == "us-west-2a"
    assert instance_type_of(labels) == "m5.large"
    assert zone_of({}) == instance_type_of({}) == ""


@pytest.mark.parametrize(
    ("labels", "capacity"),
    [
        ({"eks.amazonaws.com/capacityType": "ON_DEMAND"}, "on-demand"),
        ({"eks.amazonaws.com/capacityType": "SPOT"}, "spot"),
        ({"karpenter.sh/capacity-type": "spot"}, "spot"),
        ({}, ""),
    ],
)
def test_capacity_reads_the_same_from_every_label(labels: dict[str, str], capacity: str) -> None:
    assert capacity_type_of(labels) == capacity
