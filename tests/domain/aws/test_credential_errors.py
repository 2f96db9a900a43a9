"""What is proposed about credentials: only what AWS and its CLI accept for where they come from."""

import pytest
from botocore.session import Session

from eksview.domain.aws.credential_errors import (
    Caller,
    CredentialSource,
    SourceKind,
    expired,
    missing_credentials,
    opt_in,
    renewal,
    unaccepted,
)
from eksview.domain.live.command_context import CommandContext

# The regions that an account has without enabling them: those launched before March 20, 2019.
# Source: AWS Account Management Reference Guide, "Supported Regions".
DEFAULT = {
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "sa-east-1",
}  # fmt: skip
DEV = CommandContext(profile="dev")


@pytest.mark.parametrize(
    ("kind", "logs_in"),
    [
        ("sso", True),
        ("environment", False),
        ("kubeconfig", False),
        ("keys", False),
        ("process", False),
        ("web-identity", False),
        ("unknown", False),
    ],
)
def test_only_an_sso_session_is_renewed_by_a_login(kind: SourceKind, logs_in: bool) -> None:
    for commands in (DEV, CommandContext()):
        caller = Caller(commands, CredentialSource(kind, commands.profile))
        for sentence in (expired(caller), renewal(caller), unaccepted("X", "", caller)):
            assert ("aws sso login" in sentence) is logs_in


def test_the_login_is_of_the_profile_that_has_the_session() -> None:
    caller = Caller(DEV, CredentialSource("sso", "corp"))
    assert "`aws sso login --profile corp`" in expired(caller)


def test_a_running_program_doesnt_get_new_variables() -> None:
    assert "start eksview again" in expired(Caller(source=CredentialSource("environment")))


def test_regions_that_an_account_enables_are_the_later_ones() -> None:
    session = Session()
    regions = [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition)
    ]
    of_aws = set(session.get_available_regions("ec2", "aws"))
    assert of_aws > DEFAULT
    assert {region for region in regions if opt_in(region)} == of_aws - DEFAULT
    assert not opt_in("")


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "UnrecognizedClientException"])
def test_credentials_refused_in_an_opt_in_region_may_be_right(code: str) -> None:
    message = "The security token included in the request is invalid."
    there = Caller(DEV, CredentialSource("sso", "dev"), "me-south-1")
    assert "enable that region in the account" in unaccepted(code, message, there)
    here = Caller(DEV, CredentialSource("sso", "dev"), "us-west-2")
    assert "enable" not in unaccepted(code, message, here)


@pytest.mark.parametrize(
    ("message", "ahead", "words"),
    [
        (
            "Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z "
            "(20260101T002000Z - 5 min.)",
            None,
            "20m behind",
        ),
        (
            "Signature not yet current: 20260101T010000Z is still later than 20260101T000500Z "
            "(20260101T000000Z + 5 min.)",
            None,
            "60m ahead of",
        ),
        ("AWS was not able to validate the provided access credentials", 7200.0, "120m ahead of"),
    ],
)
def test_a_wrong_clock_isnt_repaired_by_other_credentials(
    message: str, ahead: float | None, words: str
) -> None:
    source = CredentialSource("sso", "dev")
    sentence = unaccepted("AuthFailure", message, Caller(DEV, source, "me-south-1", ahead))
    assert f"{words} AWS's: set the clock." in sentence
    assert "aws sso login" not in sentence


@pytest.mark.parametrize("ahead", [None, 0.0, 200.0, -200.0])
def test_a_clock_within_awss_limits_isnt_the_cause(ahead: float | None) -> None:
    assert "clock" not in unaccepted("AuthFailure", "No.", Caller(ahead=ahead))


def test_missing_credentials_promise_nothing_of_kubernetes() -> None:
    # The cluster's token may come from the same credentials.
    assert "Kubernetes" not in missing_credentials(Caller())
