"""Each failure of an AWS API is one sentence that says what to do."""

from functools import partial

import pytest

from eksview.domain.aws import errors
from eksview.domain.aws.credential_errors import Caller, CredentialSource
from eksview.domain.aws.error_codes import kind_of
from eksview.domain.live.command_context import CommandContext

DENIED = (
    "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: "
    "ec2:DescribeInstances because no identity-based policy allows it"
)
refusal_of = partial(errors.refusal_of, caller=Caller())


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("UnauthorizedOperation", 403, "denied"),
        ("Client.UnauthorizedOperation", 403, "denied"),
        ("AccessDeniedException", 400, "denied"),
        ("RequestLimitExceeded", 503, "throttled"),
        ("ThrottlingException", 400, "throttled"),
        ("Whatever", 429, "throttled"),
        ("ExpiredToken", 403, "expired"),
        ("InvalidClientTokenId", 403, "no-credentials"),
        ("AuthFailure", 401, "no-credentials"),
        ("InvalidInstanceID.NotFound", 400, "not-found"),
        ("ResourceNotFoundException", 404, "not-found"),
        ("NoSuchEntity", 404, "not-found"),
        ("InternalFailure", 500, "broken"),
        ("", 502, "broken"),
        ("OptInRequired", 401, "not-enabled"),
        ("", 403, "denied"),
        ("InvalidParameterValue", 400, "other"),
    ],
)
def test_an_errors_kind_is_by_its_code_and_else_by_its_status(code, status, expected):
    assert kind_of(code, status) == expected


def test_a_denial_names_the_action_that_aws_names():
    refusal = refusal_of("AccessDenied", DENIED, "ec2:DescribeTags")
    assert refusal.action == "ec2:DescribeInstances"
    assert refusal.sentence == (
        "Access denied: allow ec2:DescribeInstances for these AWS credentials."
    )


def test_a_denial_that_names_none_is_of_what_was_asked():
    refusal = refusal_of("UnauthorizedOperation", "You can't.", "ec2:DescribeInstances")
    assert refusal.action == "ec2:DescribeInstances"


@pytest.mark.parametrize(
    ("code", "profile", "says"),
    [
        ("ExpiredToken", "dev", "run `aws sso login --profile dev`"),
        ("ExpiredToken", "", "have expired: run `aws sso login`"),
        ("OptInRequired", "", "enable the service or me-south-1 in the account"),
        ("InvalidClientTokenId", "dev", "these credentials in me-south-1 (InvalidClientTokenId)"),
        ("Throttling", "", "AWS is throttling eks:ListClusters (Throttling)"),
        ("ResourceNotFoundException", "", "eks:ListClusters: It isn't there."),
        ("InvalidParameter", "", "eks:ListClusters failed with InvalidParameter: It isn't there."),
    ],
)
def test_the_sentence_says_what_to_do(code, profile, says):
    commands = CommandContext(profile=profile)
    caller = Caller(commands, CredentialSource("sso", profile), "me-south-1")
    refusal = refusal_of(code, "It isn't there.", "eks:ListClusters", caller=caller)
    assert says in refusal.sentence


def test_a_web_page_is_no_error_of_awss():
    refusal = refusal_of("503", "<html><body>Bad gateway</body></html>", "ec2:DescribeInstances")
    assert refusal.kind == "broken"
    assert "isn't AWS" in refusal.sentence


def test_how_long_to_wait_is_handed_on():
    assert refusal_of("Throttling", "", "x:Y", retry_after=7.0).retry_after == 7.0


def test_text_of_an_answer_cant_style_a_screen():
    assert "\x1b" not in refusal_of("Odd\x1b[31m", "a\x1b]0;x\x07b", "x:Y").sentence
