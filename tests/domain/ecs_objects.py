"""Rows of ECS, each with only what a test is about said."""

from typing import Any

from msgspec.structs import replace

from eksview.domain.base.text import Clean
from eksview.domain.rows.ecs import (
    ContainerSpec,
    EcsAmounts,
    EcsClusterRow,
    EcsContainer,
    EcsDeployment,
    EcsInstanceRow,
    EcsMachineRow,
    EcsServiceRow,
    EcsTaskRow,
    TaskDefinitionRow,
)
from tests.domain.aws_objects import ID, NOW, instance

ARN = "arn:aws:ecs:us-west-2:111122223333"
CLUSTER = "shop"
DEFINITION = f"{ARN}:task-definition/web:7"

_INSTANCE = EcsInstanceRow(
    arn=Clean(f"{ARN}:container-instance/{CLUSTER}/aaaa"),
    cluster=Clean(CLUSTER),
    instance=Clean(ID),
    status=Clean("ACTIVE"),
    reason=Clean(""),
    connected=True,
    agent=Clean("1.89.3"),
    docker=Clean("DockerVersion: 25.0.6"),
    update=Clean(""),
    registered=EcsAmounts(cpu=2048, memory=7764),
    remaining=EcsAmounts(cpu=1024, memory=5716),
    running=3,
    pending=0,
    provider=Clean("shop-cp"),
    since=NOW - 3600,
)
_TASK = EcsTaskRow(
    arn=Clean(f"{ARN}:task/{CLUSTER}/t1"),
    cluster=Clean(CLUSTER),
    group=Clean("service:web"),
    definition=Clean(DEFINITION),
    status=Clean("RUNNING"),
    desired=Clean("RUNNING"),
    health=Clean("UNKNOWN"),
    launch_type=Clean("EC2"),
    provider=Clean("shop-cp"),
    on=_INSTANCE.arn,
    zone=Clean("us-west-2a"),
    cpu=Clean("256"),
    memory=Clean("512"),
    created=NOW - 620,
    started=NOW - 600,
    stopped=None,
    stop_code=Clean(""),
    reason=Clean(""),
)
_SERVICE = EcsServiceRow(
    arn=Clean(f"{ARN}:service/{CLUSTER}/web"),
    cluster=Clean(CLUSTER),
    name=Clean("web"),
    status=Clean("ACTIVE"),
    scheduling=Clean("REPLICA"),
    launch_type=Clean("EC2"),
    strategy=(),
    definition=Clean(DEFINITION),
    desired=4,
    running=4,
    pending=0,
    created=NOW - 86_400,
)


def ecs_instance(**changes: Any) -> EcsInstanceRow:
    return replace(_INSTANCE, **changes)


def ecs_machine(configured: str | None = CLUSTER, **changes: Any) -> EcsMachineRow:
    """Return a machine of the group; the changes are those of its EC2 instance."""
    row = EcsMachineRow(instance(**changes), Clean(CLUSTER), Clean("shop-asg"))
    return replace(row, configured=configured)


def task(**changes: Any) -> EcsTaskRow:
    return replace(_TASK, **changes)


def container(name: str = "web", **changes: Any) -> EcsContainer:
    row = EcsContainer(
        Clean(name), Clean("web:7"), Clean("RUNNING"), None, Clean(""), Clean("UNKNOWN")
    )
    return replace(row, **changes)


def service(**changes: Any) -> EcsServiceRow:
    return replace(_SERVICE, **changes)


def deployment(**changes: Any) -> EcsDeployment:
    row = EcsDeployment(
        id=Clean("ecs-svc/1"),
        status=Clean("PRIMARY"),
        rollout=Clean("COMPLETED"),
        reason=Clean(""),
        definition=Clean(DEFINITION),
        desired=4,
        running=4,
        pending=0,
        failed=0,
        created=NOW - 300,
        updated=NOW - 60,
    )
    return replace(row, **changes)


def ecs_cluster(**changes: Any) -> EcsClusterRow:
    name = Clean(CLUSTER)
    row = EcsClusterRow(Clean(f"{ARN}:cluster/{name}"), name, Clean("ACTIVE"), 3, 8, 0, 2)
    return replace(row, **changes)


def definition(*containers: ContainerSpec) -> TaskDefinitionRow:
    return TaskDefinitionRow(
        arn=Clean(DEFINITION),
        family=Clean("web"),
        revision=7,
        status=Clean("ACTIVE"),
        network=Clean("awsvpc"),
        cpu=Clean("256"),
        memory=Clean("512"),
        task_role=Clean(""),
        execution_role=Clean(""),
        containers=containers,
    )


def spec(driver: str = "awslogs", **options: str) -> ContainerSpec:
    """Return the container `web`; an option of its log driver has `_` for `-`, and `__` for `_`."""
    named = {
        name.replace("__", " ").replace("_", "-").replace(" ", "_"): text
        for name, text in options.items()
    }
    return ContainerSpec(
        name=Clean("web"),
        image=Clean("web:7"),
        essential=True,
        cpu=256,
        memory=512,
        reserved=None,
        log_driver=Clean(driver),
        log_options=tuple((Clean(name), Clean(text)) for name, text in named.items()),
    )
