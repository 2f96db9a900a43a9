"""The AWS CLI's cache of assumed roles: it is read, and eksview writes no file into it."""

from pathlib import Path

import pytest

from eksview.aws.client import session
from eksview.aws.client.session import AwsSession
from eksview.domain.aws.target import AwsTarget


def test_roles_of_the_cli_are_read_and_new_ones_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CACHE", tmp_path)
    (tmp_path / "of-the-cli.json").write_text('{"Credentials": {"AccessKeyId": "AKIA1"}}')
    aws = AwsSession(AwsTarget(region="us-west-2"), {"AWS_CONFIG_FILE": "/nowhere"})
    aws._quieten()
    providers = aws._session.get_component("credential_provider")
    cache = providers.get_provider("assume-role").cache
    assert "of-the-cli" in cache
    assert cache["of-the-cli"]["Credentials"]["AccessKeyId"] == "AKIA1"
    assert "unknown" not in cache
    cache["of-the-cli"] = {"Credentials": {"AccessKeyId": "AKIA2"}}
    cache["assumed"] = {"Credentials": {"AccessKeyId": "AKIA3"}}
    assert cache["of-the-cli"]["Credentials"]["AccessKeyId"] == "AKIA2"
    assert cache["assumed"]["Credentials"]["AccessKeyId"] == "AKIA3"
    assert [file.name for file in tmp_path.iterdir()] == ["of-the-cli.json"]
    assert "AKIA1" in (tmp_path / "of-the-cli.json").read_text()
