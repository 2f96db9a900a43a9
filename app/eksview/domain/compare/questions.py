"""The questions asked of EKS and of ECS, in their order.

Their texts are in the data files beside them, their live values in `store.selectors.compare`.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.live.command_context import CommandContext


class System(Enum):
    """A side of the comparison."""

    EKS = "EKS"
    ECS = "ECS"


class Names(Struct, frozen=True):
    """The names that commands are about; a placeholder stands for one that isn't known."""

    context: CommandContext
    eks: str = "CLUSTER"
    ecs: str = "default"
    node: str = "NODE"
    instance: str = "INSTANCE_ARN"
    task: str = "TASK_ARN"
    pod: str = "POD"
    namespace: str = "default"


CommandOf: TypeAlias = Callable[[Names], str]


class Side(Struct, frozen=True):
    """One system's answer: the screen that shows it, and the command that reads it."""

    screen: str  # its name in the registry of screens
    command: CommandOf


class ComparedQuestion(Struct, frozen=True):
    """A question with both sides; `id` names its texts and its values."""

    id: str
    eks: Side
    ecs: Side

    def side(self, system: System) -> Side:
        """Return the side of a system."""
        return self.eks if system is System.EKS else self.ecs


def _eks(*words: str) -> CommandOf:
    return lambda names: names.context.aws("eks", *words, names.eks)


def _ecs(*words: str) -> CommandOf:
    """Return a command whose last word is the cluster's name."""
    return lambda names: names.context.aws("ecs", *words, names.ecs)


def _kubectl(*words: str) -> CommandOf:
    return lambda names: names.context.kubectl(*words)


def _described_instances(names: Names) -> str:
    return names.context.aws(
        "ecs", "describe-container-instances", "--cluster", names.ecs,
        "--container-instances", names.instance,
    )  # fmt: skip


def _agent(names: Names) -> str:
    return names.context.aws(
        "ecs", "describe-container-instances", "--cluster", names.ecs,
        "--container-instances", names.instance, "--query", "containerInstances[].agentConnected",
    )  # fmt: skip


def _lease(names: Names) -> str:
    return names.context.kubectl("get", "lease", names.node, "-n", "kube-node-lease", "-o", "yaml")


def _pod_logs(names: Names) -> str:
    return names.context.kubectl("logs", names.pod, "-n", names.namespace)


def _task_definition(names: Names) -> str:
    described = ("--query", "tasks[].taskDefinitionArn")
    return names.context.aws(
        "ecs", "describe-tasks", "--cluster", names.ecs, "--tasks", names.task, *described
    )


def _shell(names: Names) -> str:
    return names.context.kubectl("exec", "-it", names.pod, "-n", names.namespace, "--", "sh")


def _ecs_exec(names: Names) -> str:
    return names.context.aws(
        "ecs", "execute-command", "--cluster", names.ecs, "--task", names.task,
        "--interactive", "--command", "/bin/sh",
    )  # fmt: skip


def _caller(names: Names) -> str:
    return names.context.aws("sts", "get-caller-identity")


QUESTIONS: tuple[ComparedQuestion, ...] = (
    ComparedQuestion(
        "plane",
        Side("eks", _eks("describe-cluster", "--name")),
        Side("ecs", _ecs("describe-clusters", "--clusters")),
    ),
    ComparedQuestion(
        "managed",
        Side("nodegroups", _eks("list-nodegroups", "--cluster-name")),
        Side("ecs", lambda names: names.context.aws("ecs", "describe-capacity-providers")),
    ),
    ComparedQuestion(
        "api",
        Side("trace", _kubectl("get", "nodes", "-v=8")),
        Side("trace", _described_instances),
    ),
    ComparedQuestion(
        "listed",
        Side("nodes", _kubectl("get", "nodes")),
        Side("ecs-instances", _ecs("list-container-instances", "--cluster")),
    ),
    ComparedQuestion(
        "who",
        Side("access", _kubectl("auth", "whoami")),
        Side("access", _caller),
    ),
    ComparedQuestion(
        "join",
        Side("instances", _kubectl("get", "csr")),
        Side("ecs-instances", _described_instances),
    ),
    ComparedQuestion("heartbeat", Side("home", _lease), Side("ecs", _agent)),
    ComparedQuestion(
        "runs",
        Side("pods", _kubectl("get", "pods", "-A")),
        Side("ecs-tasks", _ecs("list-tasks", "--cluster")),
    ),
    ComparedQuestion("logs", Side("pods", _pod_logs), Side("ecs-tasks", _task_definition)),
    ComparedQuestion("shell", Side("pods", _shell), Side("ecs-tasks", _ecs_exec)),
)
"""Every question, from the control plane down to a container."""
