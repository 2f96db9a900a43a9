"""The sessions in a container and on a container instance."""

from typing import Any

import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.ecs.sessions import (
    EXEC,
    FARGATE,
    NO_AGENT,
    NOT_ENABLED,
    shell_access,
    ways_into_container,
    ways_into_instance,
)
from eksview.domain.join.node_shell import DEBUG, SSM, Reach
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.aws import InstanceRow
from tests.domain.aws_objects import ID, instance
from tests.domain.ecs_objects import CLUSTER, container, ecs_instance, task

REACH = Reach(commands=CommandContext(region="us-west-2", profile="ops"))


def pair(machine: InstanceRow | None = None, **changes: Any) -> EcsPair:
    row = ecs_instance(**changes)
    return EcsPair(row, machine, Health.OK, Clean("ACTIVE"), (), Clean(CLUSTER))


def test_ecs_exec_opens_a_shell_in_the_container() -> None:
    way, *_ = ways_into_container(container(), task(exec_enabled=True), None, REACH)
    assert (way.name, way.reason) == (EXEC, "")
    assert way.line == (
        "aws ecs execute-command --cluster shop --task t1 --container web --interactive "
        "--command /bin/sh --region us-west-2 --profile ops"
    )


@pytest.mark.parametrize(
    ("of_task", "of_container", "reason"),
    [
        ({}, {}, NOT_ENABLED),
        ({"status": "STOPPED"}, {}, "The task is STOPPED."),
        ({"exec_enabled": True}, {"status": "STOPPED"}, "The container is STOPPED."),
        (
            {"exec_enabled": True},
            {"exec_agent": "STOPPED"},
            NO_AGENT.format(status="STOPPED"),
        ),
    ],
)
def test_ecs_exec_says_why_it_opens_no_shell(
    of_task: dict[str, Any], of_container: dict[str, Any], reason: str
) -> None:
    way, *_ = ways_into_container(container(**of_container), task(**of_task), None, REACH)
    assert (way.command, way.reason) == ((), reason)


def test_a_missing_plugin_is_named() -> None:
    reach = Reach(programs=frozenset({"aws"}))
    way, *_ = ways_into_container(container(), task(exec_enabled=True), None, reach)
    assert way.reason.startswith("session-manager-plugin isn't on PATH")


def test_fargate_has_no_instance() -> None:
    row = task(launch_type="FARGATE", exec_enabled=True)
    assert [way.reason for way in ways_into_container(container(), row, None, REACH)] == [
        "",
        FARGATE,
    ]


def test_an_instance_opens_a_session_of_session_manager_but_no_debug_pod() -> None:
    ways = {way.name: way for way in ways_into_instance(pair(instance()), REACH)}
    assert DEBUG not in ways
    assert ways[SSM].line == (
        f"aws ssm start-session --target {ID} --region us-west-2 --profile ops"
    )
    ways_of_container = ways_into_container(container(), task(), pair(instance()), REACH)
    assert [way.name for way in ways_of_container] == [EXEC, *ways]


def test_a_machine_of_ecs_anywhere_is_a_managed_node_of_session_manager() -> None:
    ways = {way.name: way for way in ways_into_instance(pair(instance="mi-0a"), REACH)}
    assert ways[SSM].command[:5] == ("aws", "ssm", "start-session", "--target", "mi-0a")
    assert [way.name for way in ways.values() if not way.reason] == [SSM]


@pytest.mark.parametrize(
    ("machine", "attributes", "system"),
    [
        (instance(), (), "linux"),
        (instance(platform="windows"), (), "windows"),
        (None, ((Clean("ecs.os-type"), Clean("windows")),), "windows"),
        (instance(), ((Clean("bottlerocket.variant"), Clean("aws-ecs-2")),), "bottlerocket"),
    ],
)
def test_the_operating_system_is_that_of_ec2_or_of_the_attributes(
    machine: InstanceRow | None, attributes: tuple[Any, ...], system: str
) -> None:
    assert shell_access(pair(machine, attributes=attributes)).os == system


def test_a_stopped_instance_opens_no_session() -> None:
    ways = ways_into_instance(pair(instance(state="terminated")), REACH)
    assert all(way.reason for way in ways)
