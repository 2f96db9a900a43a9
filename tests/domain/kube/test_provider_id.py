"""What a node's provider ID says of where it runs."""

import pytest

from eksview.domain.kube.provider_id import ProviderId, parse_provider_id


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
        ("i-0abc", ProviderId("malformed")),
        ("\x1b[31m://x", ProviderId("malformed")),
    ],
)
def test_a_provider_id_is_read_or_called_malformed(text: str, expected: ProviderId) -> None:
    assert parse_provider_id(text) == expected
