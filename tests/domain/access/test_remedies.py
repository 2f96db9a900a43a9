"""What is offered to copy: by the authentication mode, and by what there is already."""

import shlex

import pytest
import yaml

from eksview.domain.access.iam_mapping import Match
from eksview.domain.access.remedies import mapping, rights
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.access import AccessRequest
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.server import Mapped
from tests.domain.eks import eks_cluster

SESSION = "arn:aws:sts::111122223333:assumed-role/ops/ada"
ROLE = "arn:aws:iam::111122223333:role/team/ops"
NODES, METRICS = AccessRequest("list", "nodes"), AccessRequest("get", path="/metrics")
VIEW = "AmazonEKSAdminViewPolicy cluster"


def entry(type_: str = "STANDARD", *policies: str, groups: tuple[str, ...] = ()) -> Match:
    row = AccessEntryRow(ROLE, type_, "ada", groups, policies)
    return Match(row, None, "access entry", "")


PROD = CommandContext("prod", "us-west-2", "dev", files=("/my config",))
MAPPED = Match(None, Mapped(SESSION, "ada", PROD), "aws-auth", "")
NOTHING = Match(None, None, "", "")


@pytest.mark.parametrize(
    ("arn", "part", "row"),
    [
        (
            SESSION,
            "mapRoles",
            {"rolearn": "arn:aws:iam::111122223333:role/ops", "username": "ops"},
        ),
        (
            "arn:aws:iam::111122223333:user/ada",
            "mapUsers",
            {"userarn": "arn:aws:iam::111122223333:user/ada", "username": "ada"},
        ),
    ],
)
def test_where_only_aws_auth_counts_a_row_of_it_is_offered(arn, part, row):
    snippet, edit, objects = mapping(eks_cluster("CONFIG_MAP"), arn, [NODES], PROD)
    assert f"data.{part}:" in snippet
    assert yaml.safe_load(snippet) == [row]
    assert shlex.split(edit.replace("\\\n", "")) == [
        "kubectl", "--kubeconfig", "/my config", "--context", "prod",
        "edit", "configmap", "aws-auth", "--namespace", "kube-system",
    ]  # fmt: skip
    _, binding = yaml.safe_load_all(objects)
    assert binding["subjects"][0]["name"] == row["username"]


@pytest.mark.parametrize(
    ("mode", "found", "asks", "commands"),
    [
        ("API", NOTHING, [NODES], ["create-access-entry", "associate-access-policy"]),
        ("API", entry(), [NODES], ["associate-access-policy"]),
        ("API", entry(), [NODES, METRICS], ["associate-access-policy"]),
        ("API", entry(), [METRICS], ["update-access-entry"]),
        ("API", entry("STANDARD", VIEW), [NODES], ["update-access-entry"]),
        ("API", entry("EC2_LINUX"), [NODES], []),
        ("API_AND_CONFIG_MAP", MAPPED, [NODES], []),
        ("CONFIG_MAP", MAPPED, [NODES], []),
    ],
)
def test_which_commands_are_offered_beside_the_rbac_objects(mode, found, asks, commands):
    objects, *rest = rights(eks_cluster(mode), SESSION, found, asks, "ada", PROD)
    assert "kind: ClusterRoleBinding" in objects
    words = "".join(rest).split()
    assert [after for aws, after in zip(words, words[2:], strict=False) if aws == "aws"] == commands


def test_an_entry_is_named_with_its_path_and_keeps_its_groups():
    found = entry("STANDARD", VIEW, groups=("ops", "dev"))
    _, command = rights(eks_cluster(), SESSION, found, [METRICS], "ada", PROD)
    words = shlex.split(command.replace("\\\n", "").partition("\n")[0])
    assert words[words.index("--principal-arn") + 1] == ROLE
    assert words[-8:] == [
        "--kubernetes-groups", "ops", "dev", "eksview",
        "--region", "us-west-2", "--profile", "dev",
    ]  # fmt: skip
    _, binding = yaml.safe_load_all(command.partition("<<'END'\n")[2].removesuffix("END\n"))
    assert binding["subjects"][0] == {
        "apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "eksview"
    }  # fmt: skip


def test_without_eks_only_the_rbac_objects_are_offered():
    assert len(rights(None, "", NOTHING, [NODES], "ada", PROD)) == 1
