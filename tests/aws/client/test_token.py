"""A token minted here is, byte for byte, the one the AWS CLI prints."""

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.credentials import ReadOnlyCredentials

from eksview.aws.client.session import AwsSession
from eksview.aws.client.token import EXPIRES, PREFIX, StsEndpoint, mint
from eksview.domain.aws.target import AwsTarget

RECORDED = json.loads((Path(__file__).parent / "get_token.json").read_text())
NOWHERE = {
    **{"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"},
    **{"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s3cret"},
}
CASES = RECORDED["cases"]


def credentials(session_token: str = "") -> ReadOnlyCredentials:
    return ReadOnlyCredentials(
        RECORDED["access_key"], RECORDED["secret_key"], session_token or None
    )


def sts(region: str) -> StsEndpoint:
    return StsEndpoint(f"https://sts.{region}.amazonaws.com", region)


def url_of(token: str) -> str:
    body = token.removeprefix(PREFIX)
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()


@pytest.mark.parametrize("case", CASES, ids=[f"{c['cluster']}-{c['region']}" for c in CASES])
async def test_it_is_the_one_the_cli_printed_at_the_same_time(case):
    endpoint = await AwsSession(AwsTarget(region=case["region"]), NOWHERE).token_endpoint()
    assert endpoint is not None
    signing = credentials(case["session_token"])
    token, expires = mint(signing, case["cluster"], endpoint, RECORDED["at"])
    assert token == case["printed"]["status"]["token"]
    assert expires == RECORDED["at"] + 14 * 60


async def test_an_endpoint_for_tests_is_never_signed_for():
    environ = dict.fromkeys(("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"), "http://127.0.0.1:9")
    session = AwsSession(AwsTarget(region="us-west-2"), NOWHERE | environ)
    assert await session.token_endpoint() == sts("us-west-2")


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("cn-northwest-1", "sts.cn-northwest-1.amazonaws.com.cn"),
        ("us-gov-east-1", "sts.us-gov-east-1.amazonaws.com"),
        ("us-isob-east-1", "sts.us-isob-east-1.sc2s.sgov.gov"),
        ("eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu"),
    ],
)
async def test_every_partition_has_its_own_sts(region: str, host: str):
    session = AwsSession(AwsTarget(region=region), NOWHERE)
    assert await session.token_endpoint() == StsEndpoint(f"https://{host}", region)


async def test_there_is_no_endpoint_without_a_region():
    assert await AwsSession(AwsTarget(), NOWHERE).token_endpoint() is None


def test_it_names_the_cluster_and_lasts_a_minute():
    token, _ = mint(credentials(), "prod", sts("eu-west-1"), RECORDED["at"])
    query = parse_qs(urlsplit(url_of(token)).query)
    assert query["X-Amz-Expires"] == [str(EXPIRES)]
    assert query["X-Amz-SignedHeaders"] == ["host;x-k8s-aws-id"]
    assert "=" not in token


def test_another_second_is_another_token():
    first, _ = mint(credentials(), "prod", sts("eu-west-1"), RECORDED["at"])
    later, _ = mint(credentials(), "prod", sts("eu-west-1"), RECORDED["at"] + 1)
    assert first != later


def test_the_secret_isnt_logged(caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    token, _ = mint(credentials(), "prod", sts("eu-west-1"), RECORDED["at"])
    signature = parse_qs(urlsplit(url_of(token)).query)["X-Amz-Signature"][0]
    assert signature not in caplog.text
