"""The sessions in a container of ECS and on a container instance: exact commands, or why not.

Sources: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec"; AWS CLI
reference, "ecs execute-command"; Bottlerocket's `ecs-settings-applier`, which sets the attribute.
"""

from eksview.domain.base.text import Clean
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.join.node_shell import (
    AWS,
    DEBUG,
    PLUGIN,
    OperatingSystem,
    Reach,
    ShellAccess,
    ShellCommand,
    missing_program,
    ways_into,
)
from eksview.domain.rows.ecs import EcsContainer, EcsInstanceRow, EcsTaskRow

EXEC = "ECS Exec"
SHELL = "/bin/sh"
NOT_ENABLED = (
    "ECS Exec isn't enabled for the task: it is set when a task starts (enableExecuteCommand)."
)
NO_AGENT = "The agent of ECS Exec in the container is {status}: it needs a task role and a route."
OPENS = "It opens /bin/sh in the container."
FARGATE = "Fargate has no instance that allows sessions."


def ways_into_container(
    container: EcsContainer, task: EcsTaskRow, pair: EcsPair | None, reach: Reach
) -> tuple[ShellCommand, ...]:
    """Return the sessions in a container, then those on its instance, which may be unknown."""
    inside = _exec(container, task, reach)
    if task.launch_type == "FARGATE":
        return (inside, ShellCommand("Fargate", reason=FARGATE))
    return (inside, *(ways_into_instance(pair, reach) if pair is not None else ()))


def ways_into_instance(pair: EcsPair, reach: Reach) -> tuple[ShellCommand, ...]:
    """Return the sessions on the machine of a container instance; kubectl opens none there."""
    return tuple(way for way in ways_into(shell_access(pair), reach) if way.name != DEBUG)


def shell_access(pair: EcsPair) -> ShellAccess:
    """Return how the machine of a container instance is reached."""
    machine, row = pair.machine, pair.instance
    anywhere = row is not None and row.anywhere
    windows = machine is not None and machine.platform == "windows"
    return ShellAccess(
        instance="" if anywhere else pair.id,
        state=machine.state if machine else "",
        private=machine.private_ip if machine else "",
        public=machine.public_ip if machine else "",
        kind="hybrid" if anywhere else "none",
        os="windows" if windows else _os_of(row),
        machine=pair.id if anywhere else "",
    )


def _exec(container: EcsContainer, task: EcsTaskRow, reach: Reach) -> ShellCommand:
    if reason := _closed(container, task):
        return ShellCommand(EXEC, reason=reason)
    words = ("--cluster", task.cluster, "--task", task.id, "--container", container.name)
    how = ("--interactive", "--command", SHELL)
    command = reach.commands.aws_words("ecs", "execute-command", *words, *how)
    return ShellCommand(EXEC, command, missing_program(reach, AWS, PLUGIN), OPENS)


def _closed(container: EcsContainer, task: EcsTaskRow) -> str:
    """Return why no session opens in a container; empty if one does."""
    if task.status != "RUNNING":
        return f"The task is {task.status or 'in an unknown state'}."
    if container.status != "RUNNING":
        return f"The container is {container.status or 'in an unknown state'}."
    if not task.exec_enabled:
        return NOT_ENABLED
    if container.exec_agent not in ("", "RUNNING"):
        return NO_AGENT.format(status=container.exec_agent)
    return ""


def _os_of(row: EcsInstanceRow | None) -> OperatingSystem:
    attributes: dict[str, Clean] = (
        {} if row is None else {str(key): text for key, text in row.attributes}
    )
    if attributes.get("ecs.os-type") == "windows":
        return "windows"
    return "bottlerocket" if "bottlerocket.variant" in attributes else "linux"
