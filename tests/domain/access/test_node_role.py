"""Which mappings let a node in: the rules of EKS and aws-iam-authenticator, one estate a row.

Sources: Amazon EKS User Guide, "Create access entries", "Create a Node Class", "Deploy Windows
nodes", "Amazon EKS Pod execution IAM role", "Prepare cluster access for hybrid nodes", "Grant IAM
users access to Kubernetes with a ConfigMap"; aws-iam-authenticator `ConfigMapMapper.Map`; nodeadm's
documentation of InstanceIdNodeName.
"""

from typing import Any

import pytest

from eksview.domain.access.iam_mapping import MappingSources, match
from eksview.domain.access.node_role import NodeKind, RoleVerdict, judge_role, node_roles
from eksview.domain.base.reading import Read, Refused
from eksview.domain.rows.aws import AccessEntryRow, FargateRow, NodegroupRow
from eksview.domain.rows.server import AwsAuth, Mapped
from tests.domain.readings import as_readings

ROLE = "arn:aws:iam::111122223333:role/nodes"
WITH_PATH = "arn:aws:iam::111122223333:role/eks/team/nodes"
DNS, SESSION = "system:node:{{EC2PrivateDNSName}}", "system:node:{{SessionName}}"
NODES = ("system:bootstrappers", "system:nodes")
WINDOWS = (*NODES, "eks:kube-proxy-windows")
FARGATE = (*NODES, "system:node-proxier")
AUTO = ("AmazonEKSAutoNodePolicy cluster",)
BOTH, MAP, API = "API_AND_CONFIG_MAP", "CONFIG_MAP", "API"


def entry(kind: str, user: str = "", policies: tuple[str, ...] | None = ()) -> AccessEntryRow:
    return AccessEntryRow(ROLE, kind, user, (), policies)


def row(user: str = DNS, groups: tuple[str, ...] = NODES, arn: str = ROLE) -> Mapped:
    return Mapped(arn, user, groups)


def judged(
    kind: NodeKind,
    mode: str,
    *sources: AccessEntryRow | Mapped,
    role: str = ROLE,
    named_by_id: bool = False,
    **more: Any,
) -> RoleVerdict:
    entries = tuple(each for each in sources if isinstance(each, AccessEntryRow))
    rows = tuple(each for each in sources if isinstance(each, Mapped))
    given = {"entries": entries, "auth": AwsAuth(0.0, exists=True, roles=rows)} | more
    found = MappingSources(mode=mode, **as_readings(given))
    return judge_role(role, kind, found, named_by_id=named_by_id)


@pytest.mark.parametrize(
    ("kind", "mode", "sources", "authorized", "word"),
    [
        ("linux", API, [entry("EC2_LINUX", DNS)], True, "EC2_LINUX"),
        ("linux", API, [entry("EC2_LINUX")], True, "EC2_LINUX"),
        ("linux", API, [entry("EC2_WINDOWS", DNS)], True, "EC2_WINDOWS"),
        ("windows", API, [entry("EC2_WINDOWS", DNS)], True, "EC2_WINDOWS"),
        ("windows", API, [entry("EC2_LINUX", DNS)], False, "create one of type EC2_WINDOWS"),
        ("linux", API, [entry("STANDARD", "worker")], False, "create one of type EC2_LINUX"),
        ("linux", API, [entry("FARGATE_LINUX", SESSION)], False, "no Linux nodes"),
        ("linux", API, [entry("HYBRID_LINUX", SESSION)], False, "no Linux nodes"),
        ("linux", API, [entry("HYPERPOD_LINUX", SESSION)], False, "no Linux nodes"),
        ("linux", API, [entry("EC2_LINUX", SESSION)], False, "{{SessionName}}"),
        ("linux", API, [entry("EC2_MARS")], None, "EC2_MARS"),
        ("linux", API, [entry("", policies=None)], None, "isn't read yet"),
        ("auto", API, [entry("EC2", SESSION, AUTO)], True, "AmazonEKSAutoNodePolicy"),
        ("auto", API, [entry("EC2", SESSION)], False, "without AmazonEKSAutoNodePolicy"),
        ("auto", API, [entry("EC2", SESSION, None)], None, "eks:ListAssociatedAccessPolicies"),
        ("auto", API, [entry("EC2_LINUX", DNS)], False, "no nodes of Auto Mode"),
        ("linux", API, [entry("EC2", SESSION)], False, "without AmazonEKSAutoNodePolicy"),
        ("linux", API, [entry("EC2", SESSION, AUTO)], None, "others need EC2_LINUX"),
        ("fargate", API, [entry("FARGATE_LINUX", SESSION)], True, "FARGATE_LINUX"),
        ("fargate", API, [entry("EC2_LINUX", DNS)], False, "create one of type FARGATE_LINUX"),
        ("linux", MAP, [row()], True, DNS),
        ("linux", MAP, [row(SESSION)], False, f"set username to {DNS}"),
        ("linux", MAP, [row("worker")], False, "the username worker, which is no node's"),
        ("linux", MAP, [row("")], False, "the username (none)"),
        ("linux", MAP, [row("system:node:ip-10-0-0-1")], False, "which isn't the node's name"),
        ("linux", MAP, [row("system:node:{{EC2PrivateDnsName}}")], False, "isn't the node's name"),
        ("linux", MAP, [row(groups=NODES[:1])], False, "without group system:nodes"),
        ("linux", MAP, [row(groups=NODES[1:])], False, "without group system:bootstrappers"),
        ("linux", MAP, [row(groups=())], False, "system:bootstrappers and system:nodes: add them"),
        ("linux", MAP, [row(groups=WINDOWS)], True, DNS),
        ("windows", MAP, [row(groups=WINDOWS)], True, DNS),
        ("windows", MAP, [row()], False, "without group eks:kube-proxy-windows"),
        ("fargate", MAP, [row(SESSION, FARGATE)], True, SESSION),
        ("fargate", MAP, [row(DNS, FARGATE)], False, f"set username to {SESSION}"),
        ("fargate", MAP, [row(SESSION)], False, "without group system:node-proxier"),
        ("linux", MAP, [row(arn=ROLE.upper())], True, DNS),  # without case, as saveMap stores it
        ("linux", MAP, [row(arn=WITH_PATH)], False, "with its path, which never matches"),
        # A role twice: the last row replaces the first, with its groups and all.
        ("linux", MAP, [row(), row("worker", ("ops",))], False, "without groups"),
        ("linux", MAP, [row(), row("worker", ("system:masters",))], None, "but not as nodes"),
        ("linux", MAP, [row(SESSION, (*NODES, "system:masters"))], False, "set username to"),
        ("linux", MAP, [row("worker", ("system:masters",)), row()], True, DNS),
        # Both sources: the entry is asked first where the mode has entries.
        ("linux", BOTH, [entry("STANDARD", "x"), row()], False, "of type STANDARD"),
        ("linux", BOTH, [entry("EC2_LINUX", DNS), row("worker", ())], True, "EC2_LINUX"),
        ("linux", BOTH, [row()], True, DNS),
        ("linux", MAP, [entry("EC2_LINUX", DNS)], False, "CONFIG_MAP ignores its access entry"),
        ("linux", API, [row()], False, "API ignores aws-auth"),
        ("linux", API, [], False, "create an access entry of type EC2_LINUX"),
        ("fargate", BOTH, [], False, "create an access entry of type FARGATE_LINUX"),
        ("windows", MAP, [], False, "eks:kube-proxy-windows"),
        ("linux", "", [row()], None, "the authentication mode isn't known (eks:DescribeCluster)"),
    ],
)
def test_whether_a_role_lets_its_nodes_in(
    kind: NodeKind,
    mode: str,
    sources: list[AccessEntryRow | Mapped],
    authorized: bool | None,
    word: str,
) -> None:
    verdict = judged(kind, mode, *sources)
    assert verdict.authorized is authorized
    assert word in verdict.says
    assert verdict.says.endswith((".", "}}."))


def test_a_role_with_a_path_is_mapped_without_it() -> None:
    assert judged("linux", MAP, row(), role=WITH_PATH).authorized is True
    with_path = AccessEntryRow(WITH_PATH, "EC2_LINUX", DNS, (), ())
    assert judged("linux", API, with_path, role=ROLE).authorized is True


def test_where_nodes_are_named_by_their_instance_a_session_may_be_right() -> None:
    verdict = judged("linux", MAP, row(SESSION), named_by_id=True)
    assert verdict.authorized is None
    assert judged("linux", MAP, row("worker"), named_by_id=True).authorized is False


def test_what_is_unread_is_unknown_and_names_the_action() -> None:
    denied = Refused("Not permitted: allow eks:ListAccessEntries.", "eks:ListAccessEntries", 0.0)
    for mode in (API, BOTH):
        verdict = judged("linux", mode, row(), entries=denied)
        assert (verdict.authorized, "eks:ListAccessEntries" in verdict.says) == (None, True)
    assert judged("linux", MAP, row(), entries=denied).authorized is True
    for mode in (MAP, BOTH):
        assert judged("linux", mode, auth=None).authorized is None


def test_a_broken_aws_auth_is_named_as_the_reason() -> None:
    broken = AwsAuth(0.0, exists=True, faults=("mapRoles isn't YAML (line 3).",))
    verdict = judged("linux", MAP, auth=broken)
    assert (verdict.authorized, "isn't YAML (line 3)" in verdict.says) == (False, True)


def test_the_roles_in_use_are_those_of_nodegroups_and_fargate_profiles() -> None:
    def group(name: str, ami: str, status: str = "ACTIVE") -> NodegroupRow:
        shape = (name, "", status, "1.33", "", ami, "", (), 1, 1, 1, (), "", ROLE, (), (), None)
        return NodegroupRow(*shape)

    groups = (group("a", "AL2023_x86_64_STANDARD"), group("w", "WINDOWS_CORE_2022_x86_64"))
    profile = FargateRow("batch", "ACTIVE", "arn:aws:iam::1:role/pods", (), ())
    found = node_roles((*groups, group("old", "", "DELETING")), (profile,))
    assert [(role.used_by, role.kind) for role in found] == [
        ("Fargate profile batch", "fargate"),
        ("nodegroup a", "linux"),
        ("nodegroup w", "windows"),
    ]


@pytest.mark.parametrize(
    ("created", "listed", "authorized"),
    [
        (100.0, {ROLE: 50.0}, True),
        (100.0, {ROLE: 150.0}, False),
        (100.0, {}, True),  # IAM isn't read
        (None, {ROLE: 150.0}, True),
    ],
)
def test_an_entry_of_a_role_that_was_deleted_and_made_again_is_dead(
    created: float | None, listed: dict[str, float], authorized: bool
) -> None:
    # Amazon EKS User Guide: an entry names the role's ID, which a new role doesn't have.
    old = AccessEntryRow(ROLE, "EC2_LINUX", DNS, (), (), created)
    sources = MappingSources(mode=API, entries=Read((old,), 0.0), roles_created=listed)
    verdict = judge_role(ROLE, "linux", sources)
    assert verdict.authorized is authorized
    assert ("create it again" in verdict.says) is not authorized
    assert (match(ROLE, sources).winner == "access entry") is authorized
