"""The commands of the AWS CLI, each of which botocore's model knows with its flags."""

import shlex

import botocore.session
import pytest
from botocore import xform_name

from eksview.domain.ecs.commands import cluster_commands, object_command
from eksview.domain.ecs.sessions import ways_into_container
from eksview.domain.join.node_shell import Reach
from eksview.domain.live.command_context import CommandContext
from tests.domain.ecs_objects import container, ecs_instance, service, task

CONTEXT = CommandContext(region="us-west-2")
WAY = ways_into_container(container(), task(exec_enabled=True), None, Reach(commands=CONTEXT))[0]
COMMANDS = (
    *cluster_commands("shop", CONTEXT),
    *(object_command(row, CONTEXT) for row in (ecs_instance(), service(), task())),
    WAY.line,
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_of_the_api_with_its_members(command: str) -> None:
    program, name, verb, *words = shlex.split(command)
    assert (program, name) == ("aws", "ecs")
    model = botocore.session.get_session().get_service_model("ecs")
    operations = {xform_name(each, "-"): each for each in model.operation_names}
    members = model.operation_model(operations[verb]).input_shape.members
    flags = {word[2:] for word in words if word.startswith("--")} - {"region"}
    assert flags <= {xform_name(each, "-") for each in members}


def test_a_task_is_described_in_its_cluster() -> None:
    command = "aws ecs describe-tasks --cluster shop --tasks t1 --region us-west-2"
    assert object_command(task(), CONTEXT) == command
