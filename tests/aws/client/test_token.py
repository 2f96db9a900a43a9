"""A token minted here is, byte for byte, the one the AWS CLI prints."""

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.credentials import ReadOnlyCredentials

from eksview.aws.client.session import AwsSession
from eksview.aws.client.token import EXPIRES, PREFIX, mint
from eksview.domain.aws.target import AwsTarget

RECORDED = json.loads((Path(__file__).parent / "get_token.json").read_text())
CASES = RECORDED["cases"]


def credentials(session_token: str = "") -> ReadOnlyCredentials:
    return ReadOnlyCredentials(
        RECORDED["access_key"], RECORDED["secret_key"], session_token or None
    )


def url_of(token: str) -> str:
    body = token.removeprefix(PREFIX)
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()


@pytest.mark.parametrize("case", CASES, ids=[f"{c['cluster']}-{c['region']}" for c in CASES])
def test_it_is_the_one_the_cli_printed_at_the_same_time(case):
    token, expires = mint(
        credentials(case["session_token"]), case["cluster"], case["region"], RECORDED["at"]
    )
    assert token == case["printed"]["status"]["token"]
    assert expires == RECORDED["at"] + 14 * 60


def test_an_endpoint_for_tests_is_never_signed_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    token, _ = mint(credentials(), "prod", "us-west-2", RECORDED["at"])
    assert urlsplit(url_of(token)).hostname == "sts.us-west-2.amazonaws.com"


def test_it_names_the_cluster_and_lasts_a_minute():
    token, _ = mint(credentials(), "prod", "eu-west-1", RECORDED["at"])
    query = parse_qs(urlsplit(url_of(token)).query)
    assert query["X-Amz-Expires"] == [str(EXPIRES)]
    assert query["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"]
    assert "=" not in token


def test_another_second_is_another_token():
    first, _ = mint(credentials(), "prod", "eu-west-1", RECORDED["at"])
    later, _ = mint(credentials(), "prod", "eu-west-1", RECORDED["at"] + 1)
    assert first != later


def test_the_secret_isnt_logged(caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    token, _ = mint(credentials(), "prod", "eu-west-1", RECORDED["at"])
    signature = parse_qs(urlsplit(url_of(token)).query)["X-Amz-Signature"][0]
    assert signature not in caplog.text


@pytest.mark.parametrize(
    ("environ", "profile"),
    [
        ({"AWS_PROFILE": "dev"}, "dev"),
        ({"AWS_PROFILE": "dev", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"}, None),
        ({}, None),
    ],
)
def test_keys_in_the_environment_come_before_a_profile_as_in_the_cli(
    environ: dict[str, str], profile: str | None
):
    assert AwsSession(AwsTarget(), environ)._profile == profile
    named = AwsSession(AwsTarget(profile="mine"), environ)
    assert named._profile == "mine"
