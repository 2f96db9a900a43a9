"""Every check of an instance that does not join: passed, failed and unknown by its evidence."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from eksview.domain.join.checks.join_facts import JoinCheck, JoinFacts
from eksview.domain.join.checks.why_not_joined import kubelet_of_image, why_not_joined
from eksview.domain.rows.aws import (
    AccessEntryRow,
    AclRule,
    ImageRow,
    NetworkAclRow,
    Rule,
    SecurityGroupRow,
    StatusRow,
    SubnetRow,
    VpcRow,
)
from eksview.domain.rows.kube import SigningRow
from eksview.domain.rows.server import AwsAuth, Mapped
from tests.domain.aws_objects import DNS, ID, NOW, ROLE, cluster, instance
from tests.domain.readings import as_readings
from tests.sentences import hold_to

ACTIVE = "Cluster is ACTIVE"
RUNNING = "Instance is running"
STATUS = "Status checks"
ROUTE = "Route to the endpoint"
ENDPOINT = "Endpoint access"
API = "443 to the API server"
KUBELET = "10250 to the kubelet"
MAPPED = "Node role authorized"
TAG = "Cluster tag"
SKEW = "Version skew"
CSR = "Certificate requests"
DNS_OF_VPC, ACLS = "VPC DNS", "Network ACLs"

ALL_OUT = Rule(True, "-1", -1, -1, "0.0.0.0/0")
ENTRY = AccessEntryRow(ROLE, "EC2_LINUX", "", ("system:nodes",), ())
NODES = ("system:bootstrappers", "system:nodes")
AUTH = AwsAuth(NOW, exists=True, roles=(Mapped(ROLE, "system:node:{{EC2PrivateDNSName}}", NODES),))
EKS_IMAGE = ImageRow(
    "ami-0aa",
    "amazon-eks-node-al2023-x86_64-standard-1.33-v20251001",
    NOW,
    owner="602401143452",
    alias="amazon",
)
PUBLIC = cluster(private=False)
NARROW = cluster(private=False, cidrs=("198.51.100.0/24",))


def rule(source: str, first: int, last: int = 0, protocol: str = "tcp", **more: Any) -> Rule:
    return Rule(more.get("egress", False), protocol, first, last or first, source)


def group(name: str, *rules: Rule) -> SecurityGroupRow:
    return SecurityGroupRow(name, name, "vpc-1", rules)


def groups(
    own: tuple[Rule, ...] = (ALL_OUT, rule("sg-cluster", 10250)),
    its: tuple[Rule, ...] = (ALL_OUT, rule("sg-node", 443)),
) -> dict[str, SecurityGroupRow]:
    return {"sg-node": group("sg-node", *own), "sg-cluster": group("sg-cluster", *its)}


def subnet(egress: str) -> dict[str, SubnetRow]:
    row = SubnetRow("subnet-a", "vpc-1", "us-west-2a", "10.0.1.0/24", 100, False, egress=egress)
    return {"subnet-a": row}


def acl(*rules: AclRule) -> NetworkAclRow:
    """The default network ACL, after some rules of its own."""
    both = [
        AclRule(number, egress, allow, "-1", -1, -1, "0.0.0.0/0")
        for egress in (False, True)
        for number, allow in ((100, True), (32767, False))
    ]
    every = sorted((*rules, *both), key=lambda rule: rule.number)
    return NetworkAclRow("acl-1", "vpc-1", ("subnet-a",), tuple(every))


def signing(state: str, age: float, user: str = f"system:node:{DNS}") -> SigningRow:
    return SigningRow("csr-1", "u", NOW - age, "kubernetes.io/kubelet-serving", user, state)


def facts(**changes: Any) -> JoinFacts:
    """An instance that should join: every check passes."""
    fine: dict[str, Any] = {
        "instance": instance(),
        "now": NOW,
        "status": StatusRow(ID, "ok", "ok"),
        "cluster": cluster(),
        "role": ROLE,
        "entries": (ENTRY,),
        "auth": AUTH,
        "groups": groups(),
        "subnets": subnet("nat-1"),
        "signing": (signing("Issued", 30),),
        "kubelet": "1.33",
        "image": EKS_IMAGE,
        "vpcs": {"vpc-1": VpcRow("vpc-1", True, True)},
        "endpoints": (),
        "acls": (acl(),),
    }
    return JoinFacts(**as_readings(fine | changes))


def result(name: str, **changes: Any) -> JoinCheck:
    return next(check for check in why_not_joined(facts(**changes)) if check.name == name)


def test_an_instance_that_should_join_passes_every_check() -> None:
    assert {check.result for check in why_not_joined(facts())} == {"passed"}


def test_the_names_are_whole_on_a_terminal_of_80_cells() -> None:
    """Their column has a third of the width there: two that are cut would look alike."""
    assert max(len(check.name) for check in why_not_joined(facts())) <= 80 // 3 - 2


def test_with_nothing_read_nothing_is_guessed() -> None:
    bare = JoinFacts(instance=instance(), now=NOW)
    results = {check.name: check.result for check in why_not_joined(bare)}
    assert results.pop(RUNNING) == "passed"
    assert results.pop("Instance metadata") == "passed"  # EC2 reports it with the instance
    assert set(results.values()) == {"unknown"}


CASES: list[tuple[str, str, dict[str, Any]]] = [
    (ACTIVE, "passed", {"cluster": cluster(status="UPDATING")}),
    (ACTIVE, "failed", {"cluster": cluster(status="CREATING")}),
    (ACTIVE, "failed", {"cluster": cluster(status="DELETING")}),
    (ACTIVE, "unknown", {"cluster": None}),
    (RUNNING, "unknown", {"instance": instance(state="pending")}),
    (RUNNING, "failed", {"instance": instance(state="stopped")}),
    (RUNNING, "failed", {"instance": instance(state="terminated")}),
    (STATUS, "failed", {"status": StatusRow(ID, "impaired", "ok")}),
    (STATUS, "failed", {"status": StatusRow(ID, "ok", "impaired")}),
    (STATUS, "unknown", {"status": StatusRow(ID, "ok", "initializing")}),
    (STATUS, "unknown", {"status": None}),
    (MAPPED, "failed", {"instance": instance(profile="")}),
    (MAPPED, "unknown", {"role": ""}),
    (MAPPED, "failed", {"entries": (), "auth": AwsAuth(NOW, exists=True)}),
    (MAPPED, "passed", {"entries": ()}),
    (MAPPED, "failed", {"entries": (), "cluster": cluster(authentication="API")}),
    (MAPPED, "failed", {"auth": AwsAuth(NOW), "cluster": cluster(authentication="CONFIG_MAP")}),
    (MAPPED, "unknown", {"entries": None, "auth": AwsAuth(NOW, exists=True)}),
    (MAPPED, "unknown", {"entries": (), "auth": None}),
    (
        MAPPED,
        "failed",
        {"entries": (AccessEntryRow(ROLE, "STANDARD", "", (), ()),), "auth": AwsAuth(NOW)},
    ),
    (API, "passed", {"groups": groups(its=(ALL_OUT, rule("10.0.0.0/16", 443)))}),
    (API, "passed", {"groups": groups(its=(ALL_OUT, rule("sg-node", 0, 65535)))}),
    (API, "passed", {"groups": groups(own=(rule("sg-cluster", 443, egress=True),))}),
    (API, "passed", {"groups": groups(own=(rule("10.0.0.0/16", 443, egress=True),))}),
    (API, "failed", {"groups": groups(its=(ALL_OUT,))}),
    (API, "failed", {"groups": groups(its=(ALL_OUT, rule("sg-node", 443, protocol="udp")))}),
    (API, "failed", {"groups": groups(its=(ALL_OUT, rule("sg-other", 443)))}),
    (API, "failed", {"groups": groups(its=(ALL_OUT, rule("10.9.0.0/16", 443)))}),
    (API, "failed", {"groups": groups(own=())}),
    (API, "failed", {"groups": groups(own=(rule("192.168.0.0/16", 443, egress=True),))}),
    (API, "unknown", {"groups": None}),
    (API, "unknown", {"groups": {"sg-node": group("sg-node", ALL_OUT)}}),
    (API, "unknown", {"groups": groups(its=(ALL_OUT, rule("pl-1", 443)))}),
    (
        API,
        "unknown",
        {"subnets": None, "groups": groups(own=(rule("10.0.0.0/16", 443, egress=True),))},
    ),
    (API, "passed", {"cluster": PUBLIC, "groups": groups(its=())}),
    (
        API,
        "failed",
        {"cluster": PUBLIC, "groups": groups(own=(rule("10.0.0.0/8", 443, egress=True),))},
    ),
    (KUBELET, "failed", {"groups": groups(own=(ALL_OUT,))}),
    (KUBELET, "failed", {"groups": groups(its=(rule("sg-node", 443),))}),
    (KUBELET, "passed", {"groups": groups(own=(ALL_OUT, rule("10.0.1.0/24", 10250)))}),
    (KUBELET, "unknown", {"groups": None}),
    (ROUTE, "unknown", {"cluster": cluster(vpc="vpc-2")}),
    (ROUTE, "passed", {"cluster": PUBLIC}),
    (ROUTE, "failed", {"cluster": PUBLIC, "subnets": subnet("")}),
    (ROUTE, "failed", {"cluster": PUBLIC, "subnets": subnet("nat-1 (blackhole)")}),
    (ROUTE, "failed", {"cluster": PUBLIC, "subnets": subnet("igw-1")}),
    (
        ROUTE,
        "passed",
        {
            "cluster": PUBLIC,
            "subnets": subnet("igw-1"),
            "instance": instance(public_ip="198.51.100.7"),
        },
    ),
    (ROUTE, "unknown", {"cluster": PUBLIC, "subnets": subnet("?")}),
    (ROUTE, "unknown", {"cluster": PUBLIC, "subnets": None}),
    (ENDPOINT, "passed", {"cluster": PUBLIC}),
    (ENDPOINT, "failed", {"cluster": cluster(public=False, private=False)}),
    (ENDPOINT, "unknown", {"cluster": NARROW}),
    (
        ENDPOINT,
        "passed",
        {
            "cluster": NARROW,
            "subnets": subnet("igw-1"),
            "instance": instance(public_ip="198.51.100.7"),
        },
    ),
    (
        ENDPOINT,
        "failed",
        {
            "cluster": NARROW,
            "subnets": subnet("igw-1"),
            "instance": instance(public_ip="203.0.113.9"),
        },
    ),
    (TAG, "failed", {"instance": instance(tags={})}),
    (TAG, "failed", {"instance": instance(tags={"kubernetes.io/cluster/other": "owned"})}),
    (TAG, "failed", {"instance": instance(tags={"kubernetes.io/cluster/demo": "yes"})}),
    (TAG, "passed", {"instance": instance(tags={"eks:eks-cluster-name": "demo"})}),
    (SKEW, "failed", {"kubelet": "1.34"}),
    (SKEW, "failed", {"kubelet": "1.29"}),
    (SKEW, "passed", {"kubelet": "1.30"}),
    (SKEW, "unknown", {"kubelet": ""}),
    (CSR, "failed", {"signing": (signing("Pending", 600),)}),
    (CSR, "failed", {"signing": (signing("Approved", 600),)}),
    (CSR, "unknown", {"signing": (signing("Pending", 20),)}),
    (CSR, "failed", {"signing": (signing("Denied", 20),)}),
    (CSR, "failed", {"signing": (signing("Failed", 20),)}),
    (CSR, "failed", {"signing": (signing("Pending", 100), signing("Issued", 3000))}),
    (CSR, "unknown", {"signing": (signing("Pending", 600, "system:node:other"),)}),
    (CSR, "unknown", {"signing": None}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_a_check_is(name: str, expected: str, changes: dict[str, Any]) -> None:
    assert result(name, **changes).result == expected


MORE_EVIDENCE: list[tuple[str, str, dict[str, Any]]] = [
    (RUNNING, "passed", {"instance": instance(launched=None)}),
    (RUNNING, "failed", {"instance": instance(state="", state_reason="Server.InternalError")}),
    (STATUS, "failed", {"status": StatusRow(ID, "impaired", "impaired")}),
    (STATUS, "failed", {"status": StatusRow(ID, "", "impaired")}),
    (STATUS, "unknown", {"status": StatusRow(ID, "insufficient-data", "")}),
    (MAPPED, "unknown", {"cluster": None}),
    (MAPPED, "failed", {"auth": AwsAuth(NOW), "entries": (), "role": "arn:aws:iam::1:role/a/b/c"}),
    (MAPPED, "unknown", {"cluster": cluster(authentication="API"), "entries": None}),
    (MAPPED, "unknown", {"cluster": cluster(authentication="CONFIG_MAP"), "auth": None}),
    (TAG, "unknown", {"cluster": None}),
    (TAG, "passed", {"instance": instance(tags={"kubernetes.io/cluster/demo": "shared"})}),
    (TAG, "failed", {"instance": instance(tags={"eks:eks-cluster-name": "other"})}),
    (SKEW, "unknown", {"cluster": None}),
    (SKEW, "unknown", {"cluster": cluster(version="")}),
    (SKEW, "failed", {"kubelet": "2.1"}),
    (CSR, "unknown", {"signing": (signing("Pending", 59.9),)}),
    (CSR, "failed", {"signing": (signing("Pending", 60),)}),
    (CSR, "passed", {"signing": (signing("Issued", 5, f"system:node:{ID}"),)}),
    (CSR, "unknown", {"signing": (signing("Issued", 5, "system:node:"),)}),
    (
        CSR,
        "unknown",
        {"instance": instance(private_dns=""), "signing": (signing("Issued", 5, "system:node:"),)},
    ),
    (ROUTE, "unknown", {"cluster": None}),
    (ROUTE, "unknown", {"cluster": PUBLIC, "instance": instance(subnet="")}),
    (ROUTE, "failed", {"cluster": PUBLIC, "subnets": subnet("igw-1 (blackhole)")}),
    (ENDPOINT, "unknown", {"cluster": None}),
    (ENDPOINT, "unknown", {"cluster": NARROW, "instance": instance(public_ip="198.51.100.7")}),
    (ENDPOINT, "unknown", {"cluster": NARROW, "subnets": subnet("igw-1")}),
    (
        ENDPOINT,
        "unknown",
        {"cluster": NARROW, "subnets": None, "instance": instance(public_ip="198.51.100.7")},
    ),
    (
        ENDPOINT,
        "passed",
        {
            "cluster": cluster(private=False, cidrs=("192.0.2.0/24", "198.51.100.0/24")),
            "subnets": subnet("igw-1"),
            "instance": instance(public_ip="198.51.100.7"),
        },
    ),
    (API, "unknown", {"cluster": None}),
    (API, "failed", {"cluster": PUBLIC, "groups": groups(own=())}),
    (API, "unknown", {"cluster": PUBLIC, "groups": None}),
    (
        API,
        "passed",
        {"cluster": PUBLIC, "groups": groups(own=(rule("0.0.0.0/0", 443, egress=True),))},
    ),
    (API, "failed", {"groups": groups(own=(), its=(ALL_OUT,))}),
    (
        API,
        "unknown",
        {"groups": {"sg-cluster": group("sg-cluster", ALL_OUT, rule("sg-node", 443))}},
    ),
    (API, "failed", {"groups": groups(its=(ALL_OUT, rule("sg-node", 444, 500)))}),
    (API, "failed", {"groups": groups(its=(ALL_OUT, rule("sg-node", 1, 442)))}),
    (API, "passed", {"groups": groups(its=(ALL_OUT, rule("sg-node", 443, 443, protocol="6")))}),
    (API, "passed", {"groups": groups(its=(ALL_OUT, rule("sg-node", -1, -1)))}),
    (API, "passed", {"groups": groups(its=(ALL_OUT, rule("sg-node", 5, 6, protocol="-1")))}),
    (API, "failed", {"groups": groups(its=(ALL_OUT, rule("sg-node", 443, egress=True)))}),
    (API, "failed", {"groups": groups(its=(ALL_OUT, rule("2001:db8::/32", 443)))}),
    (
        API,
        "passed",
        {
            "cluster": cluster(security_group="", security_groups=("sg-cluster",)),
            "instance": instance(private_ip="2001:db8::7"),
            "groups": groups(its=(ALL_OUT, rule("2001:db8::/32", 443))),
        },
    ),
    (
        API,
        "failed",
        {
            "cluster": cluster(security_groups=("sg-more",)),
            "groups": groups(its=(ALL_OUT,)) | {"sg-more": group("sg-more", ALL_OUT)},
        },
    ),
    (
        API,
        "failed",
        {"cluster": PUBLIC, "groups": groups(own=(rule("sg-cluster", 443, egress=True),))},
    ),
    (API, "failed", {"groups": groups(own=(), its=(ALL_OUT, rule("pl-1", 443)))}),
    (KUBELET, "failed", {"cluster": cluster(security_group=""), "groups": groups(own=())}),
    (MAPPED, "passed", {"cluster": cluster(authentication="API")}),
    (MAPPED, "unknown", {"instance": instance(profile="arn:aws:iam::1:p/a/b/c"), "role": ""}),
    (KUBELET, "unknown", {"cluster": None}),
    (KUBELET, "failed", {"groups": groups(own=(), its=())}),
    (KUBELET, "passed", {"groups": groups(its=(rule("10.0.1.17/32", 10250, egress=True),))}),
    (KUBELET, "unknown", {"groups": {"sg-node": group("sg-node", rule("sg-cluster", 10250))}}),
    (KUBELET, "unknown", {"groups": groups(own=(rule("pl-1", 10250),))}),
    (KUBELET, "unknown", {"subnets": None, "groups": groups(own=(rule("10.0.0.0/16", 10250),))}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), MORE_EVIDENCE)
def test_a_check_of_a_rarer_case_is(name: str, expected: str, changes: dict[str, Any]) -> None:
    assert result(name, **changes).result == expected


def test_the_evidence_of_every_case_reads_as_it_was_written_down() -> None:
    fine = [f"{check.name}: {check.result}: {check.evidence}" for check in why_not_joined(facts())]
    cases = [(name, result(name, **changes)) for name, _, changes in CASES + MORE_EVIDENCE]
    path = Path(__file__).with_name("join_evidence.txt")
    hold_to(path, fine + [f"{name}: {check.result}: {check.evidence}" for name, check in cases])


@pytest.mark.parametrize(("name", "_", "changes"), [each for each in CASES if each[1] == "failed"])
def test_a_failed_check_gives_its_evidence_in_a_sentence(
    name: str, _: str, changes: dict[str, Any]
) -> None:
    assert result(name, **changes).evidence.endswith(".")


def test_what_to_change_fits_the_clusters_way_of_letting_in() -> None:
    nobody = {"entries": (), "auth": AwsAuth(NOW, exists=True)}
    assert "access entry" in result(MAPPED, **nobody).evidence
    by_map = cluster(authentication="CONFIG_MAP")
    assert "aws-auth" in result(MAPPED, cluster=by_map, **nobody).evidence


def test_the_group_that_must_change_is_named() -> None:
    assert result(API, groups=groups(its=(ALL_OUT,))).evidence.startswith(
        "No rule of sg-cluster allows TCP 443 in"
    )
    assert result(API, groups=groups(own=())).evidence.startswith(
        "No rule of sg-node allows TCP 443 out"
    )
    assert result(KUBELET, groups=groups(own=(ALL_OUT,))).evidence.startswith(
        "No rule of sg-node allows TCP 10250 in"
    )


def test_names_from_aws_cant_move_the_cursor() -> None:
    bad = "\x1b[2J"
    hostile = facts(
        instance=instance(state=bad, state_reason=bad, subnet=bad, tags={f"a{bad}": bad}),
        cluster=cluster(name=bad, status=bad, vpc=bad, cidrs=(bad,), private=False),
        role=f"arn:aws:iam::1:role/{bad}",
    )
    assert not any("\x1b" in check.evidence for check in why_not_joined(hostile))


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("amazon-eks-node-al2023-x86_64-standard-1.33-v20251001", "1.33"),
        ("amazon-eks-node-1.29-v20240202", "1.29"),
        ("bottlerocket-aws-k8s-1.33-x86_64-v1.40.0-8667670f", "1.33"),
        ("ubuntu-eks/k8s_1.31/images/hvm-ssd", "1.31"),
        ("my-own-image-v7", ""),
        ("golden-containerd-1.24-2025", ""),
        ("golden-EKS-1.33-2025", "1.33"),
        ("", ""),
    ],
)
def test_an_ami_of_eks_tells_the_kubelets_version(name: str, version: str) -> None:
    assert kubelet_of_image(name) == version


@pytest.mark.parametrize("owner", ["", "111122223333", "444455556666"])
def test_the_account_that_shares_a_subnet_changes_it(owner: str) -> None:
    """Only the owner changes a VPC, its routes and its network ACLs (VPC User Guide)."""
    where = ", which shares the subnet"
    row = replace(subnet("")["subnet-a"], owner=owner)
    deny = AclRule(1, True, False, "6", 443, 443, "0.0.0.0/0")
    for name, changes in (
        (DNS_OF_VPC, {"vpcs": {"vpc-1": VpcRow("vpc-1", True, False)}}),
        (ROUTE, {"cluster": PUBLIC}),
        (ACLS, {"cluster": PUBLIC, "acls": (acl(deny),)}),
    ):
        check = result(name, subnets={"subnet-a": row}, **changes)
        assert check.result == "failed"
        assert (f"in account {owner}{where}" in check.evidence) is (owner == "444455556666")
