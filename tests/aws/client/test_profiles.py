"""Profiles of the AWS configuration: their regions, and what is said of one that is missing."""

import os
from pathlib import Path
from typing import Any

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
from eksview.domain.aws.credential_errors import missing_profile
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
[profile old]
sso_start_url = https://corp.awsapps.com/start
[profile session]
aws_access_key_id = X
aws_session_token = t
[profile static]
aws_access_key_id = AKIAX
[profile own]
role_arn = arn:aws:iam::111122223333:role/own
source_profile = own
aws_access_key_id = AKIAX
[profile env]
role_arn = arn:aws:iam::111122223333:role/env
credential_source = Environment
[profile process]
credential_process = login
[profile web]
role_arn = arn:aws:iam::111122223333:role/web
web_identity_token_file = /token
"""


@pytest.mark.parametrize(
    ("profile", "logs_in"),
    [
        ("keys", ""),
        ("sso", "sso"),
        ("admin", "sso"),  # assumes a role from sso: the CLI logs in with that profile only
        ("old", "old"),
        ("absent", ""),
        ("a", ""),
        ("static", ""),
        ("own", ""),
        ("process", ""),
        ("web", ""),
    ],
)
def test_only_a_profile_with_an_sso_session_is_told_to_log_in(
    profile: str, logs_in: str, config: Path
) -> None:
    config.write_text(PROFILES)
    for name in ("ExpiredToken", "InvalidClientTokenId"):
        error = ClientError({"Error": {"Code": name}}, "GetCallerIdentity")
        sentence = from_exception(error, "sts:X", AwsTarget(profile=profile), os.environ).sentence
        command = f"aws sso login --profile {logs_in}`"
        assert ("aws sso login" in sentence, command in sentence) == (bool(logs_in),) * 2
    missing = from_exception(
        NoCredentialsError(), "sts:X", AwsTarget(profile=profile), os.environ
    ).sentence
    assert ("aws sso login" in missing) == bool(logs_in)


@pytest.mark.parametrize(
    ("place", "environ", "words"),
    [
        ({}, {"AWS_ACCESS_KEY_ID": "AKIAX"}, "keys in the environment"),
        ({}, {"AWS_ACCESS_KEY_ID": "AKIAX", "AWS_PROFILE": "sso"}, "keys in the environment"),
        ({"profile": "static"}, {"AWS_ACCESS_KEY_ID": "AKIAX"}, "static keys of profile static"),
        ({}, {"AWS_PROFILE": "env"}, "keys in the environment"),
        ({"profile": "own"}, {}, "static keys of profile own"),
        ({"env": (("AWS_ACCESS_KEY_ID", "AKIAX"),)}, {}, "the exec block of the kubeconfig"),
        ({"profile": "process"}, {}, "the credential_process of profile process"),
        ({"profile": "web"}, {}, "AWS_WEB_IDENTITY_TOKEN_FILE"),
        ({}, {"AWS_WEB_IDENTITY_TOKEN_FILE": "/t"}, "AWS_WEB_IDENTITY_TOKEN_FILE"),
        ({}, {}, "have expired: renew them."),
        ({}, {"AWS_ACCESS_KEY_ID": "ASIAX"}, "session token of the AWS credentials has expired"),
        ({}, {"AWS_ACCESS_KEY_ID": "ASIAX"}, "temporary keys in the environment"),
        ({}, {"AWS_ACCESS_KEY_ID": "X", "AWS_SESSION_TOKEN": "t"}, "temporary keys in the env"),
        ({}, {"AWS_PROFILE": "session"}, "temporary keys of profile session"),
        ({"env": (("AWS_ACCESS_KEY_ID", "ASIAX"),)}, {}, "temporary keys in the exec block"),
        (
            {"profile": "static"},
            {"AWS_ACCESS_KEY_ID": "X", "AWS_SESSION_TOKEN": "t"},
            "static keys of profile static",
        ),
    ],
)
def test_expired_credentials_are_renewed_where_they_come_from(
    place: dict[str, Any], environ: dict[str, str], words: str, config: Path
) -> None:
    config.write_text(PROFILES)
    error = ClientError({"Error": {"Code": "ExpiredToken"}}, "GetCallerIdentity")
    environ = {"AWS_CONFIG_FILE": str(config)} | environ
    assert words in from_exception(error, "sts:X", AwsTarget(**place), environ).sentence


def test_profiles_that_name_each_other_are_a_sentence(config: Path) -> None:
    config.write_text(PROFILES)
    with pytest.raises(InfiniteLoopConfigError) as loop:
        Session(profile="a").get_credentials()
    sentence = from_exception(
        loop.value, "sts:GetCallerIdentity", AwsTarget(profile="a"), os.environ
    ).sentence
    assert sentence.startswith("The AWS configuration of profile a can't be used: Infinite loop")
    assert "aws sso login" not in sentence
