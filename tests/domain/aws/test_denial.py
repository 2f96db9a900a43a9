"""Which policy denies, by AWS's messages; an allow is proposed only where it has an effect.

The messages are those of the IAM User Guide, "Troubleshoot access denied error messages".
"""

from itertools import product

import pytest

from eksview.domain.aws.denial import denied

USER = "User: arn:aws:sts::777788889999:assumed-role/ops/ada is not authorized to perform: "
ACTION = "eks:ListNodegroups"
KINDS = (
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "identity-based policy",
    "resource-based policy",
)
WHO = {
    "service control policy": "the organization's administrators",
    "resource control policy": "the organization's administrators",
    "permissions boundary": "the boundary",
    "session policy": "session",
    "VPC endpoint policy": "VPC endpoint",
    "identity-based policy": "MFA",
    "resource-based policy": "resource",
}


def explicit(kind: str) -> str:
    article = "an" if kind.startswith("identity") else "a"
    return f"{USER}{ACTION} on resource: arn with an explicit deny in {article} {kind}"


def implicit(kind: str) -> str:
    return f"{USER}{ACTION} because no {kind} allows the {ACTION} action"


@pytest.mark.parametrize("kind", KINDS)
def test_no_allow_is_proposed_against_an_explicit_deny(kind: str) -> None:
    sentence = denied(ACTION, explicit(kind))
    assert f"allow {ACTION}" not in sentence
    assert f"explicitly denies {ACTION}" in sentence
    assert WHO[kind] in sentence


@pytest.mark.parametrize("kind", KINDS)
def test_an_allow_for_the_identity_is_proposed_only_where_that_policy_lacks_it(kind: str) -> None:
    sentence = denied(ACTION, implicit(kind))
    own = kind == "identity-based policy"
    assert (f"allow {ACTION} for these AWS credentials" in sentence) is own
    assert ACTION in sentence
    if not own:
        assert WHO[kind] in sentence


@pytest.mark.parametrize(
    "message",
    [
        f"{USER}{ACTION} with an explicit deny in a service control policy: "
        "arn:aws:organizations::777788889999:policy/o-1/service_control_policy/p-1",
        f"{USER}{ACTION} with an explicit deny",
        f"{USER}{ACTION} with an explicit deny in a policy of a kind that is yet to come",
    ],
)
def test_a_deny_of_any_wording_is_no_missing_allow(message: str) -> None:
    sentence = denied(ACTION, message)
    assert f"allow {ACTION}" not in sentence
    assert "arn:" not in sentence


@pytest.mark.parametrize("message", ["", "You can't.", f"{USER}{ACTION}"])
def test_without_a_reason_the_allow_is_the_remedy(message: str) -> None:
    assert denied(ACTION, message) == (f"Access denied: allow {ACTION} for these AWS credentials.")


@pytest.mark.parametrize(
    "reason",
    ["", " on resource: arn:aws:iam::1:role/x", " because no role trust policy allows the action"],
)
def test_assuming_a_role_takes_an_allow_on_both_sides(reason: str) -> None:
    sentence = denied("sts:AssumeRole", f"{USER}sts:AssumeRole{reason}")
    assert "trust policy of the role" in sentence


def test_the_encoded_message_of_ec2_is_not_shown_but_how_it_is_decoded() -> None:
    message = "You are not authorized. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6X"
    sentence = denied("ec2:GetConsoleOutput", message)
    assert "`aws sts decode-authorization-message`" in sentence
    assert "4GIOHlTk" not in sentence


def test_every_sentence_is_one_that_fits_a_screen() -> None:
    for make, kind in product((explicit, implicit), KINDS):
        assert len(denied(ACTION, make(kind))) < 200
