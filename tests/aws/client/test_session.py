"""The models of AWS's services: every session reads them by the same loader."""

from typing import Any

import pytest
from botocore.exceptions import ProfileNotFound

from eksview.aws.client.session import AwsSession
from eksview.domain.aws.target import AwsTarget

NOWHERE = {"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}


def loader(session: AwsSession) -> Any:
    return session._session.get_component("data_loader")


async def test_sessions_share_the_models_and_keep_them_when_they_are_renewed() -> None:
    first, second = (AwsSession(AwsTarget(region="us-west-2"), NOWHERE) for _ in range(2))
    shared = loader(first)
    assert loader(second) is shared
    await first.renew()
    assert loader(first) is shared


def test_models_of_another_folder_have_a_loader_of_their_own() -> None:
    target = AwsTarget(region="us-west-2")
    usual = loader(AwsSession(target, NOWHERE))
    special = loader(AwsSession(target, NOWHERE | {"AWS_DATA_PATH": "/models"}))
    assert special is not usual
    assert "/models" in special.search_paths


async def test_a_missing_profile_fails_only_when_the_session_is_used() -> None:
    session = AwsSession(AwsTarget(region="us-west-2", profile="nope"), NOWHERE)
    with pytest.raises(ProfileNotFound):
        await session.client("sts")
    await session.renew()
    with pytest.raises(ProfileNotFound):
        await session.client("sts")
