"""Every EKS command that is proposed succeeds in an account that refuses what AWS refuses."""

from itertools import product
from typing import TYPE_CHECKING

import pytest
import yaml
from botocore import xform_name

from eksview.domain.access import remedies
from eksview.domain.access.iam_mapping import Match, without_path
from eksview.domain.base.text import clean
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.access import AccessRequest
from eksview.domain.rows.aws import AccessEntryRow
from tests.aws.faults import Refuse
from tests.aws.shapes import model
from tests.aws.strict_account import Entry, Refused, StrictAccount
from tests.cli.command import call
from tests.commands import written
from tests.domain.eks import eks_cluster

if TYPE_CHECKING:
    from tests.aws.moto_account import MotoAccount

SSO = "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
SSO_ABROAD = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
ROLES = (SSO, SSO_ABROAD, "ops", "team/a/ops")
NODES, METRICS = AccessRequest("list", "nodes"), AccessRequest("get", path="/metrics")
VIEW = "AmazonEKSAdminViewPolicy"
NOTHING = Match(None, None, "", clean(""))
DEV = CommandContext("prod", "us-west-2", "my dev", environ=(("AWS_CONFIG_FILE", "/my aws"),))


def role_arn(role: str, partition: str = "aws") -> str:
    return f"arn:{partition}:iam::111122223333:role/{role}"


def session_arn(role: str, partition: str = "aws") -> str:
    """Return the ARN of the session as STS has it: without the role's path."""
    return f"arn:{partition}:sts::111122223333:assumed-role/{role.rsplit('/', 1)[-1]}/ada"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("mode", ["API", "API_AND_CONFIG_MAP"])
@pytest.mark.parametrize(
    ("role", "partition"),
    [*product(ROLES, ["aws"]), (SSO, "aws-us-gov"), ("team/a/ops", "aws-cn")],
)
def test_an_unmapped_role_is_mapped_by_the_commands(
    role: str, partition: str, mode: str, known: bool
) -> None:
    principal = role_arn(role, partition)
    account = StrictAccount("prod", mode, frozenset({principal}), partition)
    roles = account.principals if known else None
    arn = session_arn(role, partition)
    for texts in (
        remedies.mapping(eks_cluster(mode), arn, [NODES], DEV, roles),
        remedies.rights(eks_cluster(mode), arn, NOTHING, [NODES], "", DEV, roles),
    ):
        account.entries.clear()
        for text in texts:
            account.run(text)
        assert account.entries[principal].policies == {VIEW: "cluster"}


def test_a_path_is_asked_for_only_where_it_is_unread() -> None:
    texts = remedies.mapping(
        eks_cluster("API"), session_arn(SSO), [NODES], DEV, frozenset({role_arn(SSO)})
    )
    assert "get-role" not in "".join(texts)
    # A role that is in no list, of another account or newer than the list.
    texts = remedies.mapping(
        eks_cluster("API"), session_arn("other"), [NODES], DEV, frozenset({role_arn(SSO)})
    )
    assert "get-role --role-name other" in "".join(texts)


@pytest.mark.parametrize("user", ["ada", "team/a/ada"])
def test_a_user_keeps_its_path(user: str) -> None:
    arn = f"arn:aws:iam::111122223333:user/{user}"
    account = StrictAccount("prod", "API", frozenset({arn}))
    for text in remedies.mapping(eks_cluster("API"), arn, [NODES], DEV, frozenset()):
        account.run(text)
    assert account.entries[arn].policies == {VIEW: "cluster"}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111122223333:root",
        "arn:aws:sts::111122223333:federated-user/ada",
        "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForX",
    ],
)
def test_an_identity_that_eks_cant_map_gets_no_command(arn: str) -> None:
    (text,) = remedies.mapping(eks_cluster("API"), arn, [NODES], DEV, frozenset())
    assert text == remedies.UNMAPPABLE
    assert len(remedies.rights(eks_cluster("API"), arn, NOTHING, [NODES], "", DEV)) == 1


@pytest.mark.parametrize("asks", [[NODES], [METRICS], [NODES, METRICS]])
@pytest.mark.parametrize("policies", [(), (f"{VIEW} cluster",)])
@pytest.mark.parametrize(
    "type_", ["STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX"]
)
def test_an_entry_that_there_is_takes_the_commands(
    type_: str, policies: tuple[str, ...], asks: list[AccessRequest]
) -> None:
    principal = role_arn(SSO)
    entry = Entry(type_, ["ops"], {VIEW: "cluster"} if policies else {})
    account = StrictAccount("prod", "API", frozenset({principal}), entries={principal: entry})
    row = AccessEntryRow(
        clean(principal), clean(type_), clean("ada"), (clean("ops"),), tuple(map(clean, policies))
    )
    match = Match(row, None, "access entry", clean(""))
    for text in remedies.rights(
        eks_cluster("API"), session_arn(SSO), match, asks, "ada", DEV, None
    ):
        account.run(text)
    assert entry.groups[0] == "ops"


@pytest.mark.parametrize("role", ROLES)
def test_a_row_of_aws_auth_has_no_path(role: str) -> None:
    for arn in (session_arn(role), role_arn(role)):
        snippet, _, objects = remedies.mapping(
            eks_cluster("CONFIG_MAP"), arn, [NODES], DEV, frozenset({role_arn(role)})
        )
        (row,) = yaml.safe_load(snippet)
        assert row["rolearn"] == without_path(role_arn(role))
        _, binding = yaml.safe_load_all(objects)
        assert binding["subjects"][0]["name"] == row["username"]


@pytest.mark.parametrize(
    "line",
    [
        "aws eks create-access-entry --cluster-name prod "
        f"--principal-arn {without_path(role_arn(SSO))}",
        f"aws eks create-access-entry --cluster-name other --principal-arn {role_arn(SSO)}",
        f"aws eks create-access-entry --cluster prod --principal-arn {role_arn(SSO)}",
        f"aws eks create-access-entry --cluster-name prod --principal-arn {role_arn(SSO)} "
        "--kubernetes-groups system:masters",
        f"aws eks associate-access-policy --cluster-name prod --principal-arn {role_arn(SSO)} "
        f"--policy-arn arn:aws:eks::aws:cluster-access-policy/{VIEW} --access-scope type=cluster",
        "aws eks make-it-work",
    ],
)
def test_the_account_refuses_what_aws_refuses(line: str) -> None:
    account = StrictAccount("prod", "API", frozenset({role_arn(SSO)}))
    with pytest.raises(Refused):
        account.run(line)


def test_every_command_that_a_text_has_is_one_of_the_cli() -> None:
    """Most are made by `CommandContext`; tests/e2e/test_shown_commands.py runs all of those."""
    for text, file in written().items():
        program, service, *rest = text.split(" ")
        assert program == "aws", f"{file}: {text}"
        if service == "configure":
            assert rest in ([], ["sso"])
            continue
        names = {xform_name(name, "-") for name in model(service).operation_names}
        assert rest[0] in names, f"{file}: {text}"
    assert "aws configure sso" in written()


USER = "User: arn:aws:sts::123456789012:assumed-role/ops/ada is not authorized to perform: "
OF_TIME = (
    "Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z "
    "(20260101T002000Z - 5 min.)"
)


@pytest.mark.parametrize(
    ("fault", "region", "words", "never"),
    [
        (
            Refuse(
                "AccessDeniedException",
                f"{USER}eks:ListClusters with an explicit deny in a service control policy",
                403,
            ),
            "us-west-2",
            "a service control policy of the organization explicitly denies eks:ListClusters",
            "allow eks:ListClusters",
        ),
        (
            Refuse(
                "AccessDeniedException",
                f"{USER}eks:ListClusters because no session policy allows the action",
                403,
            ),
            "us-west-2",
            "the policy that this session was opened with doesn't allow eks:ListClusters",
            "allow eks:ListClusters for",
        ),
        (
            Refuse("UnrecognizedClientException", "The security token is invalid.", 403),
            "me-south-1",
            "enable that region in the account",
            "sso login",
        ),
        (
            Refuse("InvalidSignatureException", OF_TIME, 403),
            "us-west-2",
            "this machine's clock is 20m behind AWS's: set the clock",
            "renew",
        ),
        (
            Refuse("ExpiredTokenException", "The security token is expired", 403),
            "us-west-2",
            "keys in the environment (AWS_ACCESS_KEY_ID)",
            "sso login",
        ),
    ],
)
def test_a_command_proposes_only_what_aws_accepts(
    moto_account: "MotoAccount", fault: Refuse, region: str, words: str, never: str
) -> None:
    moto_account.layer.faults.add("eks:ListClusters", fault, None)
    done = call("get", "clusters", "--region", region, env=moto_account.environ)
    (line,) = done.stderr.splitlines()
    assert words in line
    assert never not in line
    assert (done.returncode, done.stdout) == (1, "")
