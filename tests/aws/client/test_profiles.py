"""Profiles of the AWS configuration: their regions, and what is said of one that is missing."""

import os
from pathlib import Path

import pytest
from botocore.exceptions import (
    ClientError,
    InfiniteLoopConfigError,
    NoCredentialsError,
    ProfileNotFound,
)
from botocore.session import Session

from eksview.aws.client.errors import from_exception
from eksview.aws.client.profiles import default_region, profile_names
from eksview.domain.aws.errors import missing_profile
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.errors import UserError

CONFIG = "[profile dev]\nregion = eu-west-1\n[profile prod]\n"


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "config"
    path.write_text(CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    return path


def test_the_region_is_the_profiles() -> None:
    assert default_region("dev", os.environ) == "eu-west-1"
    assert default_region("", {**os.environ, "AWS_PROFILE": "dev"}) == "eu-west-1"
    assert default_region("prod", {**os.environ, "AWS_PROFILE": "dev"}) == ""
    assert default_region("", os.environ) == ""


def test_a_missing_profile_is_said_with_those_that_there_are() -> None:
    says = "There is no AWS profile nope: .* Configured: dev, prod[.]"
    with pytest.raises(UserError, match=says):
        default_region("nope", os.environ)
    error = ProfileNotFound(profile="nope")
    assert (
        "Configured: dev, prod." in from_exception(error, "sts:X", AwsTarget(), os.environ).sentence
    )


def test_a_missing_ambient_profile_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nope")
    with pytest.raises(UserError, match="There is no AWS profile nope"):
        default_region("", os.environ)
    assert default_region("dev", os.environ) == "eu-west-1"


def test_files_that_cannot_be_read_have_no_profiles(config: Path) -> None:
    config.write_text("[profile")
    assert profile_names(os.environ) == ()
    config.unlink()
    assert missing_profile("nope", profile_names(os.environ)).endswith("No profile is configured.")


def test_a_sentence_names_only_so_many() -> None:
    names = [f"p{number}" for number in range(10)]
    assert missing_profile("nope", names).endswith(
        "Configured: p0, p1, p2, p3, p4, p5, p6, p7 and 2 more."
    )


PROFILES = """
[profile keys]
region = eu-west-1
[profile sso]
sso_session = corp
[profile admin]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = sso
[profile a]
role_arn = arn:aws:iam::111122223333:role/a
source_profile = b
[profile b]
role_arn = arn:aws:iam::111122223333:role/b
source_profile = a
"""


@pytest.mark.parametrize(
    ("profile", "logs_in"), [("keys", False), ("sso", True), ("admin", True), ("absent", True)]
)
def test_only_a_profile_that_may_use_sso_is_told_to_log_in(
    profile: str, logs_in: bool, config: Path
) -> None:
    config.write_text(PROFILES)
    for name in ("ExpiredToken", "InvalidClientTokenId"):
        error = ClientError({"Error": {"Code": name}}, "GetCallerIdentity")
        sentence = from_exception(error, "sts:X", AwsTarget(profile=profile), os.environ).sentence
        assert ("aws sso login" in sentence, profile in sentence) == (logs_in, True)
    missing = from_exception(
        NoCredentialsError(), "sts:X", AwsTarget(profile=profile), os.environ
    ).sentence
    assert ("aws sso login" in missing) == logs_in


def test_profiles_that_name_each_other_are_a_sentence(config: Path) -> None:
    config.write_text(PROFILES)
    with pytest.raises(InfiniteLoopConfigError) as loop:
        Session(profile="a").get_credentials()
    sentence = from_exception(
        loop.value, "sts:GetCallerIdentity", AwsTarget(profile="a"), os.environ
    ).sentence
    assert sentence.startswith("The AWS configuration of profile a can't be used: Infinite loop")
    assert "aws sso login" not in sentence
