"""Each action that reads ECS is denied alone: `eksview get` names it where it changes its words."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import pytest
from msgspec.structs import replace

from eksview.domain.aws.target import AwsTarget
from eksview.engine import ecs_once
from tests.aws.denied_estate import denied
from tests.cli.command import Done, call
from tests.ui.ecs.ecs_estate import ACTIONS, FullEcs

WORDS = ("ecs-clusters", "ecs-services", "ecs-instances", "ecs-tasks")
HOME = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_REGION": "us-west-2"}
Ask: TypeAlias = Callable[[str, Mapping[str, Any]], Done]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Prints a list of the account, some of whose actions answer otherwise."""

    def asking(word: str, answers: Mapping[str, Any]) -> Done:
        session = FullEcs().session
        session.answers |= answers

        @asynccontextmanager
        async def opened(target: AwsTarget, _: object) -> AsyncIterator[Any]:
            session.place = replace(target, region="us-west-2")
            session.server_clock = ecs_once.time
            yield session

        monkeypatch.setattr(ecs_once, "aws_session", opened)
        return call("get", word, "-o", "wide", "--ecs-cluster", "web", env=HOME)

    return asking


@pytest.mark.parametrize("word", WORDS)
def test_a_denied_action_is_named_where_it_changes_what_is_printed(word: str, ask: Ask) -> None:
    whole = ask(word, {})
    assert (whole.returncode, whole.stderr) == (0, "")
    for action in ACTIONS:
        done = ask(word, {action: denied(action)})
        if done.stdout != whole.stdout:
            assert action in done.stdout + done.stderr, action
            assert "No " not in done.stderr, action
