"""The screens by name, each imported when it is first opened: the first frame waits for home."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.screen import Screen

from eksview.ui.frame import LiveScreen
from eksview.ui.view import View

if TYPE_CHECKING:
    from eksview.ui.entering import Which
    from eksview.ui.intents import Subject
    from eksview.ui.screens.asking import AskingScreen
    from eksview.ui.screens.clusters import ClustersScreen
    from eksview.ui.screens.command import CommandScreen
    from eksview.ui.screens.contexts import ContextsScreen
    from eksview.ui.screens.help import HelpScreen
    from eksview.ui.screens.pods import PodsScreen
    from eksview.ui.screens.ways import WaysScreen

HOME, NODES, PODS, ACCESS = "architecture", "nodes", "pods", "access"
NETWORK, TRACE, INSTANCES, NODEGROUPS = "network", "trace", "instances", "nodegroups"
PLACES = (HOME, NODES, PODS, INSTANCES, NODEGROUPS, ACCESS, NETWORK, TRACE)


def kept(view: View, place: str) -> LiveScreen | None:
    """A screen that is made once and kept, by its place; None for home, and for no place."""
    make = {
        NODES: nodes,
        PODS: pods,
        INSTANCES: instances,
        NODEGROUPS: nodegroups,
        ACCESS: access,
        NETWORK: network,
        TRACE: trace,
    }.get(place)
    return make(view) if make else None


def home(view: View) -> LiveScreen:
    """Where every way back ends."""
    from eksview.ui.screens.architecture import ArchitectureScreen

    return ArchitectureScreen(view)


def nodes(view: View) -> LiveScreen:
    """All nodes."""
    from eksview.ui.screens.nodes import NodesScreen

    return NodesScreen(view)


def pods(view: View) -> "PodsScreen":
    """All pods."""
    from eksview.ui.screens.pods import PodsScreen

    return PodsScreen(view)


def instances(view: View) -> LiveScreen:
    """Nodes and EC2 instances, joined."""
    from eksview.ui.screens.instances import InstancesScreen

    return InstancesScreen(view)


def nodegroups(view: View) -> LiveScreen:
    """Nodegroups and Auto Scaling groups."""
    from eksview.ui.screens.nodegroups import NodegroupsScreen

    return NodegroupsScreen(view)


def access(view: View) -> LiveScreen:
    """Why the nodes can be seen."""
    from eksview.ui.screens.access import AccessScreen

    return AccessScreen(view)


def network(view: View) -> LiveScreen:
    """How the API endpoint is reached."""
    from eksview.ui.screens.network import NetworkScreen

    return NetworkScreen(view)


def trace(view: View) -> LiveScreen:
    """Every call."""
    from eksview.ui.screens.trace import TraceScreen

    return TraceScreen(view)


def request(view: View, number: str) -> LiveScreen | None:
    """One call; None when it is forgotten already."""
    from eksview.ui.screens.request import RequestScreen

    found = view.store.requests.get(number)
    return None if found is None else RequestScreen(view, found)


def asking(view: View, subject: "Subject | None", askers: Collection[str]) -> "AskingScreen":
    """The commands that ask what is on the screen."""
    from eksview.ui.screens.asking import AskingScreen

    return AskingScreen(view, subject, askers)


def ways(view: View, subject: "Subject | None", which: "Which | None") -> "WaysScreen | None":
    """The ways into a machine; None when it has gone, or the cursor is on none.

    Without a `which` that finds programs nothing is run.
    """
    from eksview.domain.node_sessions import ways_into
    from eksview.ui.entering import door_of, reach_of
    from eksview.ui.screens.ways import WaysScreen

    door = door_of(view.store, subject)
    if door is None:
        return None
    found = ways_into(door, reach_of(view, which))
    return WaysScreen(view, door.node or door.instance, found, runs=which is not None)


def node(view: View, name: str, tab: str) -> LiveScreen:
    """One node."""
    from eksview.ui.screens.node import NodeScreen

    return NodeScreen(view, name, tab)


def pod(view: View, uid: str, tab: str) -> LiveScreen | None:
    """One pod; None when it is gone already."""
    from eksview.ui.screens.pod import PodScreen

    row = view.store.pods.get(uid)
    return None if row is None else PodScreen(view, row, tab)


def component(view: View, name: str) -> LiveScreen:
    """One component of the control plane, or all of it as EKS describes it."""
    from eksview.ui.estate import EKS
    from eksview.ui.screens.cluster import ClusterScreen
    from eksview.ui.screens.component import ComponentScreen

    return ClusterScreen(view) if name == EKS else ComponentScreen(view, name)


def instance(view: View, name: str, tab: str) -> LiveScreen:
    """One EC2 instance."""
    from eksview.ui.screens.instance import InstanceScreen

    return InstanceScreen(view, name, tab)


def group(view: View, key: str) -> LiveScreen:
    """One nodegroup or Auto Scaling group."""
    from eksview.ui.screens.group import GroupScreen

    return GroupScreen(view, key)


def sessions(view: View) -> LiveScreen:
    """Who looks."""
    from eksview.ui.screens.sessions import SessionsScreen

    return SessionsScreen(view)


def clusters(view: View) -> "ClustersScreen":
    """The EKS clusters one can switch to."""
    from eksview.ui.screens.clusters import ClustersScreen

    return ClustersScreen(view)


def contexts(view: View, ask: str) -> "ContextsScreen":
    """The contexts one can switch to."""
    from eksview.ui.screens.contexts import ContextsScreen

    return ContextsScreen(view, ask)


def command(view: View, choices: Mapping[str, Sequence[str]]) -> "CommandScreen":
    """The command line."""
    from eksview.ui.screens.command import CommandScreen

    return CommandScreen(view, choices)


def keys(view: View, screen: Screen[Any], show: Callable[[Binding], str]) -> "HelpScreen":
    """Help on what works on a screen."""
    from eksview.ui.keys import sections
    from eksview.ui.screens.help import HelpScreen

    return HelpScreen(view, sections(screen, show))
