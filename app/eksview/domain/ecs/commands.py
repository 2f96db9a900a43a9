"""The commands of the AWS CLI that read what a screen of ECS shows."""

from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.ecs import EcsInstanceRow, EcsServiceRow, EcsTaskRow


def cluster_commands(cluster: str, context: CommandContext) -> tuple[str, ...]:
    """Return the commands that list what is in a cluster."""
    lists = ("list-services", "list-container-instances", "list-tasks")
    described = context.aws("ecs", "describe-clusters", "--clusters", cluster)
    return (described, *(context.aws("ecs", each, "--cluster", cluster) for each in lists))


def object_command(
    row: EcsInstanceRow | EcsServiceRow | EcsTaskRow, context: CommandContext
) -> str:
    """Return the command that describes a container instance, a service or a task."""
    match row:
        case EcsInstanceRow():
            verb, named = "describe-container-instances", ("--container-instances", row.id)
        case EcsServiceRow():
            verb, named = "describe-services", ("--services", row.name)
        case EcsTaskRow():
            verb, named = "describe-tasks", ("--tasks", row.id)
    return context.aws("ecs", verb, "--cluster", row.cluster, *named)
