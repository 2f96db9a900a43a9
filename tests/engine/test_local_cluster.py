"""A local cluster on Outposts: its tokens name its ID, everything else its name.

Sources: AWS CLI reference, "eks get-token"; Amazon EKS API Reference, "Cluster" (`id`).
"""

import base64
from types import SimpleNamespace

import pytest

from eksview.aws.client.token import StsEndpoint, mint
from eksview.aws.services.parse_eks import cluster
from eksview.config.settings import Settings
from eksview.domain.aws.target import AwsTarget, Flags, place_of
from eksview.engine.connect import EksTokens, access_from_eks, clues_of
from tests.aws.shapes import faults

LOCAL = "f2d2b1b1-7a4d-4d0c-9b6d-0c1b2a3d4e5f"
ARN = "arn:aws:eks:us-west-2:111122223333:cluster/factory"
NOW = 1_760_000_000.0
ENVIRON = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}


def described(**more: object) -> dict[str, object]:
    return {
        "name": "factory",
        "arn": ARN,
        "status": "ACTIVE",
        "endpoint": "https://10.0.0.10",
        "certificateAuthority": {"data": base64.b64encode(b"x").decode()},
        **more,
    }


OUTPOST = described(
    id=LOCAL,
    outpostConfig={
        "outpostArns": ["arn:aws:outposts:us-west-2:111122223333:outpost/op-0a1b2c3d4e5f60718"],
        "controlPlaneInstanceType": "m5d.large",
    },
)


@pytest.mark.parametrize(
    ("item", "named"),
    [(OUTPOST, ("--cluster-id", LOCAL)), (described(), ("--cluster-name", "factory"))],
)
def test_the_token_of_a_cluster_is_asked_for_as_update_kubeconfig_writes_it(
    item: dict[str, object], named: tuple[str, str]
) -> None:
    assert faults("eks:DescribeCluster", {"cluster": item}) == []
    access = access_from_eks(cluster(item), AwsTarget(cluster="factory", region="us-west-2"))
    assert access.exec is not None
    assert access.exec.args == ("--region", "us-west-2", "eks", "get-token", *named)
    place = place_of(clues_of(access), Flags(), {})
    assert (place.cluster, place.region) == ("factory", "us-west-2")
    assert place.warnings == ()


async def test_the_token_names_the_id() -> None:
    access = access_from_eks(cluster(OUTPOST), AwsTarget(cluster="factory", region="us-west-2"))
    assert access.exec is not None
    credential = await EksTokens(Settings(), ENVIRON, lambda: NOW)(access.exec, access)
    keys = SimpleNamespace(
        access_key=ENVIRON["AWS_ACCESS_KEY_ID"],
        secret_key=ENVIRON["AWS_SECRET_ACCESS_KEY"],
        token=None,
    )
    sts = "https://sts.us-west-2.amazonaws.com"
    tokens = {
        name: mint(keys, name, StsEndpoint(sts, "us-west-2"), NOW)[0] for name in (LOCAL, "factory")
    }
    assert credential.token == tokens[LOCAL] != tokens["factory"]
