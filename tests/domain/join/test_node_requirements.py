"""What a node needs of its image, its VPC and AWS services, on estates of many shapes.

Sources: Amazon EKS User Guide, "Deploy private clusters with limited internet access" and "View
Amazon EKS networking requirements for VPC and subnets"; the AWS runbook
AWSSupport-TroubleshootEKSWorkerNode; VPC User Guide, "Control subnet traffic with network ACLs".
"""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from eksview.domain.join.checks.acl_checks import EPHEMERAL
from eksview.domain.join.checks.join_facts import JoinCheck
from eksview.domain.rows.aws import AclRule, ImageRow, Rule, SubnetRow, VpcEndpointRow, VpcRow
from tests.domain.aws_objects import NOW, cluster, instance
from tests.domain.join.test_checks import ALL_OUT, acl, group, groups, result, rule, subnet
from tests.sentences import hold_to

SERVICES, OUT = "AWS services", "443 to AWS services"
AMI, IMDS, DNS = "AMI", "Instance metadata", "VPC DNS"
PODS, ACLS = "DNS of pods", "Network ACLs"
ALL = ("ec2", "ecr.api", "ecr.dkr", "s3", "sts")


def endpoint(service: str, number: int = 1, **changes: Any) -> VpcEndpointRow:
    """An interface endpoint whose group lets the VPC in."""
    row = VpcEndpointRow(
        f"vpce-{number}",
        "vpc-1",
        f"com.amazonaws.us-west-2.{service}",
        "Interface",
        "available",
        private_dns=True,
        groups=("sg-endpoint",),
    )
    return replace(row, **changes)


def gateway(*tables: str) -> VpcEndpointRow:
    return endpoint("s3", 9, type="Gateway", private_dns=False, groups=(), tables=tables)


def private(*services: str) -> tuple[VpcEndpointRow, ...]:
    return tuple(endpoint(name, number) for number, name in enumerate(services))


ISOLATED: dict[str, Any] = {
    "subnets": {"subnet-a": replace(subnet("")["subnet-a"], table="rtb-1")},
    "groups": groups() | {"sg-endpoint": group("sg-endpoint", rule("10.0.0.0/16", 443))},
}
CLOSED = {"sg-endpoint": group("sg-endpoint", rule("10.9.0.0/16", 443))}
EIGW = {"subnet-a": replace(subnet("")["subnet-a"], egress6="eigw-1")}

IPV6: dict[str, Any] = {"subnets": EIGW, "instance": instance(ipv6="2001:db8::1")}
DUAL = "https://0123456789ABCDEF.eks-cluster.us-west-2.api.aws"
ROUTE = "Route to the endpoint"


def isolated(*endpoints: VpcEndpointRow, **changes: Any) -> dict[str, Any]:
    return ISOLATED | {"endpoints": endpoints} | changes


PARTIAL = {"subnets": {"subnet-a": replace(subnet("")["subnet-a"], partial="nat-1")}}


def shared_by(account: str) -> dict[str, Any]:
    """A subnet without a route out, of that account."""
    return {"subnets": {"subnet-a": replace(subnet("")["subnet-a"], owner=account)}}


def image(name: str, owner: str = "602401143452", alias: str = "amazon") -> dict[str, Any]:
    return {"image": ImageRow("ami-0aa", name, NOW, owner=owner, alias=alias)}


SERVICE_CASES: list[tuple[str, str, dict[str, Any]]] = [
    (SERVICES, "failed", isolated()),
    (SERVICES, "passed", isolated(*private(*ALL))),
    (SERVICES, "passed", isolated(*private("ec2", "ecr.api", "ecr.dkr", "sts"), gateway("rtb-1"))),
    (SERVICES, "failed", isolated(*private("ec2", "ecr.api", "ecr.dkr", "sts"), gateway("rtb-2"))),
    (SERVICES, "warned", isolated(*private("ec2", "ecr.api", "ecr.dkr", "s3"))),
    (SERVICES, "failed", isolated(*private("ecr.api", "ecr.dkr", "s3", "sts"))),
    (SERVICES, "failed", isolated(*private(*ALL)[1:], endpoint("ec2", private_dns=False))),
    (SERVICES, "failed", isolated(*private(*ALL)[1:], endpoint("ec2", state="pending"))),
    (SERVICES, "failed", isolated(*private(*ALL), groups=groups() | CLOSED)),
    # Private DNS leads to the endpoint where NAT would do, too.
    (
        SERVICES,
        "failed",
        {"endpoints": private("ec2"), "groups": groups() | CLOSED, "subnets": subnet("nat-1")},
    ),
    (SERVICES, "unknown", isolated(*private(*ALL), groups=groups())),
    (SERVICES, "failed", isolated(*(replace(row, vpc="vpc-2") for row in private(*ALL)))),
    (
        SERVICES,
        "passed",
        isolated(
            *(
                replace(row, service=f"cn.com.amazonaws.cn-north-1.{name}")
                for name, row in zip(ALL, private(*ALL), strict=True)
            )
        ),
    ),
    (SERVICES, "unknown", {"endpoints": None}),
    (SERVICES, "unknown", {"endpoints": None, "reasons": {"ec2:DescribeVpcEndpoints": "No."}}),
    (SERVICES, "unknown", {"subnets": subnet("?")}),
    (SERVICES, "unknown", {"subnets": subnet("tgw-1")}),
    (SERVICES, "failed", {"subnets": subnet("igw-1")}),
    (SERVICES, "passed", {"subnets": subnet("igw-1"), "instance": instance(public_ip="3.4.5.6")}),
    (SERVICES, "failed", {"subnets": subnet("nat-1 (blackhole)")}),
    (SERVICES, "failed", {"subnets": EIGW}),
    (SERVICES, "warned", {"subnets": EIGW, "instance": instance(ipv6="2001:db8::1")}),
    # Only the addresses of AWS go to NAT, by a prefix list.
    (SERVICES, "unknown", PARTIAL),
    # VPC endpoints of the account that shares the subnet can't be seen.
    (
        SERVICES,
        "unknown",
        shared_by("999988887777"),
    ),
    (
        SERVICES,
        "failed",
        shared_by("111122223333"),
    ),
    (OUT, "failed", isolated(groups=groups(own=(rule("sg-cluster", 443, egress=True),)))),
    (
        OUT,
        "passed",
        isolated(
            *private(*ALL),
            groups=groups(own=(rule("sg-endpoint", 443, egress=True),)) | CLOSED,
        ),
    ),
    (
        OUT,
        "passed",
        isolated(*private(*ALL), groups=groups(own=(rule("10.0.0.0/16", 443, egress=True),))),
    ),
    (
        OUT,
        "unknown",
        isolated(
            *private("ec2", "ecr.api", "ecr.dkr", "sts"),
            gateway("rtb-1"),
            groups=groups(
                own=(rule("sg-endpoint", 443, egress=True), rule("pl-s3", 443, egress=True))
            ),
        ),
    ),
    (OUT, "failed", {"groups": groups(own=(rule("0.0.0.0/0", 80, egress=True),))}),
    (OUT, "unknown", {"groups": None}),
    (PODS, "warned", {"groups": groups(own=(rule("0.0.0.0/0", 443, egress=True),))}),
    (PODS, "warned", {"groups": groups(own=(rule("0.0.0.0/0", 53, egress=True),))}),  # TCP only
    (PODS, "passed", {"groups": groups(own=(rule("sg-node", 53, protocol="udp", egress=True),))}),
    (PODS, "unknown", {"groups": None}),
]

HOST_CASES: list[tuple[str, str, dict[str, Any]]] = [
    (AMI, "passed", image("amazon-eks-node-1.29-v20240202")),
    (AMI, "passed", image("amazon-eks-gpu-node-1.29-v20240202")),
    (AMI, "passed", image("bottlerocket-aws-k8s-1.33-nvidia-x86_64-v1.40.0-8667670f")),
    (AMI, "passed", image("ubuntu-eks/k8s_1.31/images/hvm-ssd", "099720109477", "")),
    (AMI, "passed", image("Windows_Server-2022-English-Core-EKS_Optimized-1.33-2025.09.10")),
    (AMI, "passed", image("eks-auto-standard-1.33-x86_64-20250915", "", "amazon")),
    (AMI, "failed", image("al2023-ami-2023.8.20250915.0-kernel-6.1-x86_64", "137112412989")),
    (AMI, "failed", image("amzn2-ami-kernel-5.10-hvm-2.0.20250901.0-x86_64-gp2", "137112412989")),
    (AMI, "failed", image("al2023-ami-ecs-hvm-2023.0.20250915-kernel-6.1-x86_64", "591542846629")),
    (AMI, "failed", image("bottlerocket-aws-ecs-2-x86_64-v1.40.0-8667670f", "651937483462")),
    (AMI, "failed", image("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04", "099720109477", "")),
    (AMI, "failed", image("Windows_Server-2022-English-Full-Base-2025.09.10", "801119661308")),
    (AMI, "unknown", image("amazon-eks-node-al2023-1.33-hardened", "111122223333", "")),
    (AMI, "unknown", image("al2023-ami-golden", "111122223333", "")),
    (AMI, "unknown", image("something of a marketplace", "679593333241", "aws-marketplace")),
    (AMI, "unknown", image("amazon/other", "137112412989")),
    (AMI, "unknown", {"image": None}),
    (AMI, "unknown", {"image": None, "reasons": {"ec2:DescribeImages": "It is denied."}}),
    (IMDS, "failed", {"instance": instance(metadata_endpoint="disabled")}),
    (IMDS, "warned", {"instance": instance(metadata_hops=1)}),
    (IMDS, "warned", {"instance": instance(metadata_hops=1, metadata_tokens="optional")}),
    (
        IMDS,
        "passed",
        {"instance": instance(metadata_hops=1, tags={"eks:kubernetes-node-pool-name": "general"})},
    ),
    (IMDS, "unknown", {"instance": instance(metadata_endpoint="")}),
    (DNS, "failed", {"vpcs": {"vpc-1": VpcRow("vpc-1", False, True)}}),
    (DNS, "failed", {"vpcs": {"vpc-1": VpcRow("vpc-1", True, False)}}),
    (DNS, "failed", {"vpcs": {"vpc-1": VpcRow("vpc-1", False, False)}}),
    (DNS, "unknown", {"vpcs": {}}),
    (DNS, "unknown", {"vpcs": None, "reasons": {"ec2:DescribeVpcAttribute": "It is denied."}}),
    (ROUTE, "passed", IPV6 | {"cluster": cluster(private=False, endpoint=DUAL)}),
    (ROUTE, "failed", IPV6 | {"cluster": cluster(private=False)}),  # its endpoint has IPv4 alone
    (ROUTE, "unknown", PARTIAL | {"cluster": cluster(private=False)}),
    (ROUTE, "failed", {"subnets": EIGW, "cluster": cluster(private=False, endpoint=DUAL)}),
    ("Version skew", "failed", {"kubelet": "1.24", "cluster": cluster(version="1.27")}),
    ("Version skew", "passed", {"kubelet": "1.25", "cluster": cluster(version="1.28")}),
]


def entry(
    number: int,
    first: int,
    last: int,
    cidr: str = "0.0.0.0/0",
    *,
    egress: bool,
    allow: bool = False,
    protocol: str = "6",
) -> AclRule:
    return AclRule(number, egress, allow, protocol, first, last, cidr)


def acls(*rules: AclRule) -> dict[str, Any]:
    return {"acls": (acl(*rules),)}


OTHER = SubnetRow("subnet-b", "vpc-1", "us-west-2b", "10.0.2.0/24", 100, False, egress="nat-1")
TWO: dict[str, Any] = {
    "subnets": subnet("nat-1") | {"subnet-b": OTHER},
    "cluster": cluster(subnets=("subnet-b",)),
}


def two(*rules: AclRule, control: tuple[AclRule, ...] = ()) -> dict[str, Any]:
    """A node in subnet-a, the control plane in subnet-b, each with an ACL of its own."""
    its = replace(acl(*control), id="acl-2", subnets=("subnet-b",))
    return TWO | {"acls": (acl(*rules), its)}


LOW, HIGH = EPHEMERAL
ACL_CASES: list[tuple[str, str, dict[str, Any]]] = [
    (ACLS, "failed", acls(entry(90, 443, 443, egress=True))),
    (ACLS, "failed", acls(entry(90, 1024, 65535, egress=False))),
    (ACLS, "passed", acls(entry(90, 1024, 65535, egress=False, protocol="17"))),  # UDP
    (ACLS, "passed", acls(entry(110, 443, 443, egress=True))),  # after the rule that allows all
    (ACLS, "warned", acls(entry(90, 40000, 41000, egress=False))),
    (ACLS, "passed", acls(entry(90, 3389, 3389, egress=False))),  # a part that no packet uses
    (ACLS, "passed", acls(entry(90, 0, 65535, "198.51.100.0/24", egress=False))),  # a blocked host
    (ACLS, "passed", two()),
    (ACLS, "failed", two(entry(90, 443, 443, "10.0.2.0/24", egress=True))),
    (ACLS, "failed", two(entry(90, 1, 65535, "10.0.0.0/8", egress=False))),
    (ACLS, "failed", two(control=(entry(90, 443, 443, "10.0.1.0/24", egress=False),))),
    (ACLS, "failed", two(control=(entry(90, LOW, HIGH, "10.0.1.0/24", egress=True),))),
    (ACLS, "failed", two(control=(entry(90, 10250, 10250, "10.0.1.0/24", egress=True),))),
    (ACLS, "warned", two(entry(90, 443, 443, "10.0.2.128/25", egress=True))),
    # The last rule of its own that allows comes first: the default denies nothing then.
    (
        ACLS,
        "passed",
        two(
            entry(80, 443, 443, "10.0.2.0/24", egress=True, allow=True),
            entry(90, 443, 443, "10.0.0.0/8", egress=True),
        ),
    ),
    (ACLS, "unknown", TWO | {"acls": (acl(),)}),
    (ACLS, "unknown", {"acls": None}),
    (ACLS, "unknown", {"acls": (acl(),), "cluster": None}),
    (ACLS, "unknown", {"acls": None, "reasons": {"ec2:DescribeNetworkAcls": "It is denied."}}),
]
ACL_CASES.append((ACLS, "unknown", {"instance": instance(private_ip="")}))
# The control plane's subnets are of another account, or ec2:DescribeSubnets is denied.
ACL_CASES.append((ACLS, "unknown", {"cluster": cluster(subnets=("subnet-z",))}))
STRICT = replace(acl(), rules=(entry(100, 443, 443, "52.94.0.0/16", egress=True, allow=True),))
ACL_CASES.append((ACLS, "failed", {"acls": (STRICT,)}))  # replies never come back
CASES = SERVICE_CASES + HOST_CASES + ACL_CASES


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_an_estate_of_this_shape_is(name: str, expected: str, changes: dict[str, Any]) -> None:
    assert result(name, **changes).result == expected


def test_the_evidence_of_every_shape_reads_as_it_was_written_down() -> None:
    checks: list[JoinCheck] = [result(name, **changes) for name, _, changes in CASES]
    path = Path(__file__).with_name("node_requirements.txt")
    hold_to(path, [f"{check.name}: {check.result}: {check.evidence}" for check in checks])


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_an_unread_part_names_its_action(name: str, expected: str, changes: dict[str, Any]) -> None:
    reasons = changes.get("reasons", {})
    evidence = result(name, **changes).evidence
    assert all(reason.removesuffix(".") in evidence for reason in reasons.values())


def test_the_internet_group_rule_is_no_way_in() -> None:
    """An endpoint's group is asked for ingress; its egress lets nobody in."""
    only_out = {"sg-endpoint": group("sg-endpoint", ALL_OUT, Rule(True, "-1", -1, -1, "sg-node"))}
    assert result(SERVICES, **isolated(*private(*ALL), groups=groups() | only_out)).result == (
        "failed"
    )
