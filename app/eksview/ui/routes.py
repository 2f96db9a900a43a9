"""The screens and dialogs about what is on the screen, each imported when it is first opened.

Those that can be opened from anywhere are in `registry`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.screen import Screen

from eksview.ui.frame import LiveScreen
from eksview.ui.intents import (
    Open,
    OpenComponent,
    OpenGroup,
    OpenInstance,
    OpenNode,
    OpenPod,
    OpenRequest,
)
from eksview.ui.view import View

if TYPE_CHECKING:
    from eksview.ui.entering import Which
    from eksview.ui.intents import Subject
    from eksview.ui.screens.asking import AskingScreen
    from eksview.ui.screens.command import CommandScreen
    from eksview.ui.screens.help import HelpScreen
    from eksview.ui.screens.ways import WaysScreen


def detail(view: View, message: Open) -> LiveScreen | None:
    """Return the screen of what a message names; None when it is gone already."""
    return _DETAILS[type(message)](view, message)


def _node(view: View, message: OpenNode) -> LiveScreen:
    from eksview.ui.screens.node import NodeScreen

    return NodeScreen(view, message.name, message.tab)


def _pod(view: View, message: OpenPod) -> LiveScreen | None:
    from eksview.ui.screens.pod import PodScreen

    row = view.store.pods.get(message.uid)
    return None if row is None else PodScreen(view, row, message.tab)


def _instance(view: View, message: OpenInstance) -> LiveScreen:
    from eksview.ui.screens.instance import InstanceScreen

    return InstanceScreen(view, message.instance, message.tab)


def _component(view: View, message: OpenComponent) -> LiveScreen:
    """Return a component of the control plane, or all of it as EKS describes it."""
    from eksview.ui.estate import EKS
    from eksview.ui.screens.cluster import ClusterScreen
    from eksview.ui.screens.component import ComponentScreen

    return ClusterScreen(view) if message.name == EKS else ComponentScreen(view, message.name)


def _group(view: View, message: OpenGroup) -> LiveScreen:
    from eksview.ui.screens.group import GroupScreen

    return GroupScreen(view, message.key)


def _request(view: View, message: OpenRequest) -> LiveScreen | None:
    from eksview.ui.screens.request import RequestScreen

    request = view.store.requests.get(message.number)
    return None if request is None else RequestScreen(view, request)


_DETAILS: Mapping[type[Open], Callable[[View, Any], LiveScreen | None]] = {
    OpenNode: _node,
    OpenPod: _pod,
    OpenInstance: _instance,
    OpenComponent: _component,
    OpenGroup: _group,
    OpenRequest: _request,
}


def asking(view: View, subject: "Subject | None", askers: Collection[str]) -> "AskingScreen":
    """Return the commands that ask what is on the screen."""
    from eksview.ui.screens.asking import AskingScreen

    return AskingScreen(view, subject, askers)


def ways(view: View, subject: "Subject | None", which: "Which | None") -> "WaysScreen | None":
    """Return the ways into a machine; None when it has gone, or the cursor is on none.

    Without a `which` that finds programs nothing is run.
    """
    from eksview.domain.node_sessions import ways_into
    from eksview.ui.entering import door_of, reach_of
    from eksview.ui.screens.ways import WaysScreen

    door = door_of(view.store, subject)
    if door is None:
        return None
    offered = ways_into(door, reach_of(view, which))
    return WaysScreen(view, door.node or door.instance, offered, runs=which is not None)


def command(view: View, choices: Mapping[str, Sequence[str]]) -> "CommandScreen":
    """Return the command line."""
    from eksview.ui.screens.command import CommandScreen

    return CommandScreen(view, choices)


def keys(view: View, screen: Screen[Any], show: Callable[[Binding], str]) -> "HelpScreen":
    """Return help on what works on a screen."""
    from eksview.ui.keys import sections
    from eksview.ui.screens.help import HelpScreen

    return HelpScreen(view, sections(screen, show))
