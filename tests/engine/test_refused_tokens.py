"""The sentence for a fresh token that an API server refuses, by whose it is in AWS."""

import base64
from contextlib import asynccontextmanager
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from eksview.domain.aws.target import AwsTarget
from eksview.engine.refused_tokens import RefusedTokens
from tests.aws.fakes import FakeSession

ACCOUNT = "111122223333"
NOW = 1_795_824_000.0  # 2026-11-28
ENTRY = "If nothing maps it, an administrator adds an access entry or a row of aws-auth"
CREDENTIALS = "EKS creates access entries only for roles and users: use credentials of one"


def token() -> str:
    query = {"X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20261128", "X-Amz-Date": "20261128T000000Z"}
    url = f"https://sts.us-west-2.amazonaws.com/?{urlencode(query)}"
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


async def sentence(arn: str) -> str:
    session = FakeSession(
        {"sts:GetCallerIdentity": {"Account": ACCOUNT, "Arn": arn, "UserId": "me"}}
    )
    session.place = AwsTarget("prod", "us-west-2")

    @asynccontextmanager
    async def opened(_):
        yield session

    tokens = RefusedTokens(lambda _: session.place, opened, {})
    credential = SimpleNamespace(token=token(), own=True)
    access = SimpleNamespace(user="u", cluster="prod")
    return await tokens(credential, access, NOW)


@pytest.mark.parametrize(
    ("arn", "remedy"),
    [
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/ada", ENTRY),
        (f"arn:aws-cn:iam::{ACCOUNT}:user/team/ada", ENTRY),
        (f"arn:aws:iam::{ACCOUNT}:root", CREDENTIALS),  # "Create access entries": not for these
        (f"arn:aws:sts::{ACCOUNT}:federated-user/ada", CREDENTIALS),
    ],
)
async def test_an_entry_is_proposed_only_to_who_can_have_one(arn: str, remedy: str) -> None:
    said = await sentence(arn)
    assert f"but cluster prod refuses the token (401). {remedy} (see `eksview doctor`)." in said
    # The identity may be mapped, and the token be for another cluster.
    assert "maps it to no user" not in said
