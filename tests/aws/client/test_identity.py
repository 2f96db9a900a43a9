"""The identity of eksview is the one of the AWS CLI that kubectl starts, case by case."""

import json
import os
import shutil
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
from botocore.credentials import SSOProvider
from botocore.tokens import SSOTokenProvider
from msgspec.structs import replace

from eksview.aws.client.session import AwsSession
from eksview.aws.services.sts import identify
from eksview.config.settings import Settings
from eksview.domain.aws.target import place_of
from eksview.domain.base.errors import UserError
from eksview.engine.connect import EksTokens, clues_of, flags_of
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from tests.golden import aws_identity as golden
from tests.golden.aws_identity import FakeAws, Signer, signer_of
from tests.golden.aws_identity_cases import CASES, IdentityCase

CASE_NAMES = list(CASES)


@cache
def recorded() -> dict[str, dict[str, str] | None]:
    """Return what the AWS CLI signed, by case."""
    answers: dict[str, dict[str, str] | None] = json.loads(golden.RECORD.read_text())
    return answers


@pytest.fixture
async def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeAws]:
    golden.prepare(tmp_path)
    async with golden.fake_aws(tmp_path) as aws:
        # Only these two are of this process; the variables of a case are of a mapping.
        monkeypatch.setenv("HTTPS_PROXY", aws.proxy)
        monkeypatch.setenv("HOME", str(tmp_path))
        for provider in (SSOProvider, SSOTokenProvider):  # botocore reads HOME when it is imported
            cache_folder = str(tmp_path / ".aws" / "sso" / "cache")
            monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", cache_folder)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        yield aws


def environ(case: IdentityCase, aws: FakeAws) -> dict[str, str]:
    return {**golden.around(aws, aws.folder), **golden.variables(case.environ, aws.folder)}


def access(case: IdentityCase, folder: Path) -> ClusterAccess:
    plugin = Exec(
        command="aws",
        args=("eks", "get-token", "--cluster-name", golden.CLUSTER, *case.args),
        env=tuple(golden.variables(case.env, folder).items()),
        api_version="client.authentication.k8s.io/v1beta1",
    )
    return ClusterAccess("prod", "prod", "https://127.0.0.1", "prod", "", "", exec=plugin)


def settings(case: IdentityCase) -> Settings:
    return Settings(profile=case.profile or None, region=case.region or None)


async def ask_eksview(case: IdentityCase, aws: FakeAws) -> Signer | None:
    """Return who signs the token of eksview; None where there is none."""
    tokens = EksTokens(settings(case), environ(case, aws))
    cluster = access(case, aws.folder)
    assert cluster.exec is not None
    try:
        credential = await tokens(cluster.exec, cluster)
    except UserError:
        return None
    return signer_of(credential.token)


def agreed(name: str, ours: Signer | None, cli: Signer | None) -> None:
    """Compare two signers, but for the hosts of endpoints, which a cluster refuses in a token."""
    if ours is not None and cli is not None and cli.host.endswith(".example"):
        assert ours.host == f"sts.{cli.region}.amazonaws.com"
        ours = ours._replace(host=cli.host)
    assert ours == cli, name


@pytest.mark.parametrize("name", CASE_NAMES)
async def test_the_token_is_signed_as_the_aws_cli_signs_it(name: str, aws: FakeAws) -> None:
    answer = recorded()[name]
    agreed(name, await ask_eksview(CASES[name], aws), Signer(**answer) if answer else None)


@pytest.mark.parametrize("name", CASE_NAMES)
async def test_calls_to_aws_have_the_identity_of_the_token(name: str, aws: FakeAws) -> None:
    """The region of the calls is the cluster's; the identity is the token's."""
    case, answer = CASES[name], recorded()[name]
    if answer is None:
        return
    cluster, variables = access(case, aws.folder), environ(case, aws)
    place = place_of(clues_of(cluster), flags_of(settings(case)), variables)
    session = AwsSession(replace(place, region=place.region or "us-west-2"), variables)
    try:
        seen = await identify(session, place, variables)
    finally:
        await session.close()
    assert seen.arn.split()[0] == answer["key"]


@pytest.mark.skipif(shutil.which("aws") is None, reason="there is no AWS CLI")
@pytest.mark.parametrize("name", CASE_NAMES[::12])
async def test_the_aws_cli_on_this_machine_signs_as_recorded(name: str, aws: FakeAws) -> None:
    signer = await golden.ask_cli(CASES[name], aws, aws.folder, await golden.version())
    assert (signer._asdict() if signer else None) == recorded()[name]
