"""The screens that open by a key or a command, in their order.

Key bindings, footer, `:` commands with completion, help and routes are read from `SCREENS`. To add
a screen, write its module and add its entry here.
"""

from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from textual.screen import Screen

    from eksview.ui.base.view import View


class Opens(Enum):
    """The place where a screen appears."""

    PLACE = "in place of the others"
    """The screen is made once and keeps its filter, order and cursor."""
    ON_TOP = "on top of the current screen"
    DIALOG = "as a dialog, which may switch to another cluster"


class ScreenSpec(Struct, frozen=True):
    """A screen's entry in the registry.

    `screen` is `module:class`, imported when the screen is first opened, so that the first frame
    waits for home only. `title` is the label of `key` in the line of screens. `help` describes the
    command and the key. `argument` is the kind of name that may follow the command: a screen in
    place of the others looks at the tab of that name, the class of any other is called with it
    after the view. `narrowed_by` is what may follow the command of a table: `namespace`, `filter`
    or both.
    """

    name: str
    screen: str
    help: str
    title: str = ""
    key: str = ""
    aliases: tuple[str, ...] = ()
    opens: Opens = Opens.PLACE
    argument: str = ""
    narrowed_by: tuple[str, ...] = ()

    def make(self, view: "View", *arguments: str) -> "Screen[Any]":
        """Import the screen's class and return a new screen."""
        module, _, name = self.screen.partition(":")
        screen: Screen[Any] = getattr(import_module(module), name)(view, *arguments)
        return screen


SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec(
        "home", "eksview.ui.home.screen:ArchitectureScreen",
        "the cluster as its architecture",
        title="Home", key="1", aliases=("architecture", "arch", "pulse", "pulses"),
    ),
    ScreenSpec(
        "nodes", "eksview.ui.nodes.nodes_screen:NodesScreen",
        "all nodes",
        title="Nodes", key="2", aliases=("no", "node"), narrowed_by=("filter",),
    ),
    ScreenSpec(
        "pods", "eksview.ui.pods.pods_screen:PodsScreen",
        "all pods",
        title="Pods", key="3", aliases=("po", "pod"), narrowed_by=("namespace", "filter"),
    ),
    ScreenSpec(
        "instances", "eksview.ui.nodes.mapping_screen:MappingScreen",
        "each node with its EC2 instance",
        title="EC2", key="4", aliases=("ec2", "instance"), narrowed_by=("filter",),
    ),
    ScreenSpec(
        "nodegroups", "eksview.ui.nodes.nodegroups_screen:NodegroupsScreen",
        "desired, actual, Ready nodes",
        title="Nodegroups", aliases=("ng", "nodegroup"), narrowed_by=("filter",),
    ),
    ScreenSpec(
        "access", "eksview.ui.access.screen:AccessScreen",
        "access to nodes, step by step",
        title="Access", key="5",
    ),
    ScreenSpec(
        "network", "eksview.ui.network.screen:NetworkScreen",
        "the path to the API endpoint",
        title="Network", key="6",
    ),
    ScreenSpec(
        "ecs", "eksview.ui.ecs.screen:EcsScreen",
        "an ECS cluster as its architecture",
        title="ECS", key="7", argument="ECS cluster",
    ),
    ScreenSpec(
        "trace", "eksview.ui.trace.screen:TraceScreen",
        "every call that eksview makes",
        title="Trace", key="9",
    ),
    ScreenSpec(
        "explain", "eksview.ui.explain.screen:ExplainScreen",
        "how this cluster works, in chapters with its own values",
        title="Explain", key="f1", argument="chapter",
    ),
    ScreenSpec(
        "ecs-clusters", "eksview.ui.ecs.clusters_screen:EcsClustersScreen",
        "the ECS clusters of the region",
        title="ECS clusters", narrowed_by=("filter",),
    ),
    ScreenSpec(
        "ecs-services", "eksview.ui.ecs.services_screen:EcsServicesScreen",
        "services of the ECS cluster",
        title="ECS services", aliases=("ecs-service",), narrowed_by=("filter",),
    ),
    ScreenSpec(
        "ecs-instances", "eksview.ui.ecs.instances_screen:EcsInstancesScreen",
        "container instances with their EC2 instances",
        title="Container instances", aliases=("ecs-instance", "container-instances"),
        narrowed_by=("filter",),
    ),
    ScreenSpec(
        "ecs-tasks", "eksview.ui.ecs.tasks_screen:EcsTasksScreen",
        "tasks of the ECS cluster",
        title="ECS tasks", aliases=("ecs-task",), narrowed_by=("filter",),
    ),
    ScreenSpec(
        "eks", "eksview.ui.cluster.screen:ClusterScreen",
        "the cluster as EKS sees it",
        title="Amazon EKS", aliases=("cluster",), opens=Opens.ON_TOP,
    ),
    ScreenSpec(
        "compare", "eksview.ui.compare.screen:CompareScreen",
        "EKS and ECS side by side",
        title="EKS and ECS", aliases=("sidebyside", "vs"), opens=Opens.ON_TOP,
    ),
    ScreenSpec(
        "clusters", "eksview.ui.dialogs.clusters:ClustersScreen",
        "the EKS clusters of the account",
        title="Clusters", opens=Opens.DIALOG,
    ),
    ScreenSpec(
        "sessions", "eksview.ui.sessions.screen:SessionsScreen",
        "sessions on nodes, and viewers",
        title="Sessions", opens=Opens.ON_TOP,
    ),
    ScreenSpec(
        "forwards", "eksview.ui.actions.forwards:ForwardsScreen",
        "port-forwards in the background",
        title="Port-forwards", opens=Opens.DIALOG,
        aliases=("forward", "pf", "portforward", "portforwards"),
    ),
    ScreenSpec(
        "ctx", "eksview.ui.dialogs.contexts:ContextsScreen",
        "switch to another context",
        title="Contexts", aliases=("context", "contexts"), opens=Opens.DIALOG, argument="context",
    ),
)  # fmt: skip
BY_NAME = {spec.name: spec for spec in SCREENS}
HOME, NODES, PODS, INSTANCES, ECS = "home", "nodes", "pods", "instances", "ecs"
"""The entries that code refers to by name."""


def first_screen(ecs_cluster: str) -> str:
    """Return the first screen, to which Esc leads at last: of ECS where there is no Kubernetes."""
    return ECS if ecs_cluster else HOME
