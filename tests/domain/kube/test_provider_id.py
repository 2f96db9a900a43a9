"""What a node's provider ID says of where it runs."""

import pytest

from eksview.domain.kube.node_labels import zone_in
from eksview.domain.kube.provider_id import ProviderId, parse_provider_id

HYPERPOD = "aws:///usw2-az1/sagemaker/cluster/hyperpod-tqci9uwuwqiz-i-00f3cbe8dfee6b675"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws:///us-west-2a/i-0abc", ProviderId("ec2", "i-0abc")),
        ("aws:////i-0abc", ProviderId("ec2", "i-0abc")),
        ("aws:///us-west-2a/1f2e3d/fargate-ip-192-168-1-2", ProviderId("fargate")),
        ("eks-hybrid:///us-west-2/prod/mi-0123", ProviderId("hybrid")),
        ("eks-hybrid://mi-0123", ProviderId("malformed")),
        ("kind://docker/kind/kind-worker", ProviderId("other", scheme="kind")),
        ("gce://project/zone/name", ProviderId("other", scheme="gce")),
        ("", ProviderId("none")),
        ("aws:///us-west-2a/", ProviderId("malformed")),
        ("aws:///us-west-2a/i-XYZ", ProviderId("malformed")),
        ("aws:///us-west-2a/i-0abc\n", ProviderId("malformed")),
        ("aws:///us-west-2a/x/i-0abc", ProviderId("malformed")),
        ("aws://i-0abc", ProviderId("malformed")),
        ("i-0abc", ProviderId("ec2", "i-0abc")),
        ("us-west-2a/i-0abc", ProviderId("ec2", "i-0abc")),
        ("aws:///i-0abc", ProviderId("ec2", "i-0abc")),
        ("aws://us-west-2a/i-0abc", ProviderId("ec2", "i-0abc")),
        ("aws:///us-west-2a/i-0abc/", ProviderId("ec2", "i-0abc")),
        (HYPERPOD, ProviderId("hyperpod")),
        ("aws:///usw2-az1/sagemaker/cluster/hyperpod-x", ProviderId("malformed")),
        ("kwok://default-x7k2p", ProviderId("other", scheme="kwok")),
        ("kind://docker/kind/i-0abc", ProviderId("other", scheme="kind")),
        ("\x1b[31m://x", ProviderId("malformed")),
    ],
)
def test_a_provider_id_is_read_or_called_malformed(text: str, expected: ProviderId) -> None:
    assert parse_provider_id(text) == expected


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("aws:///us-west-2a/i-0abc", "us-west-2a"),
        ("aws://us-west-2a/i-0abc", "us-west-2a"),
        ("us-west-2a/i-0abc", "us-west-2a"),
        ("aws:////i-0abc", ""),
        ("i-0abc", ""),
        (HYPERPOD, ""),
    ],
)
def test_the_zone_of_an_instance_is_part_of_its_provider_id(text: str, zone: str) -> None:
    assert zone_in(text) == zone
