"""Makes the screens and dialogs of an object, each imported when it is first opened.

Screens that open from anywhere are in `registry`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.screen import Screen

from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import (
    Open,
    OpenCall,
    OpenComponent,
    OpenContainerInstance,
    OpenControlPlaneLog,
    OpenEcsCluster,
    OpenGroup,
    OpenInstance,
    OpenJournal,
    OpenLogs,
    OpenNode,
    OpenObject,
    OpenPod,
    OpenResource,
    OpenRule,
    OpenService,
    OpenTask,
    OpenTaskLog,
)
from eksview.ui.base.view import View

if TYPE_CHECKING:
    from eksview.domain.actions.drain_options import DrainOptions
    from eksview.domain.actions.offer import OfferedAction
    from eksview.domain.actions.question import Question
    from eksview.domain.actions.registry import Verb
    from eksview.domain.base.text import Clean
    from eksview.domain.drain.plan import DrainPlan
    from eksview.domain.join.node_shell import ShellCommand
    from eksview.domain.kube.object_ref import ObjectRef
    from eksview.ui.actions.action_picker import ActionPicker
    from eksview.ui.actions.drain_progress import DrainProgress
    from eksview.ui.actions.question_dialog import QuestionDialog
    from eksview.ui.base.messages import Subject
    from eksview.ui.dialogs.command import CommandScreen
    from eksview.ui.dialogs.command_history import CommandHistory
    from eksview.ui.dialogs.container_picker import ContainerPicker
    from eksview.ui.dialogs.help import HelpScreen
    from eksview.ui.export.copy_dialog import CopyDialog
    from eksview.ui.export.save_dialog import SaveDialog
    from eksview.ui.logs.control_plane_logs import ControlPlaneLogPicker
    from eksview.ui.logs.node_logs import NodeLogPicker
    from eksview.ui.sessions.node_shell_dialog import FindProgram, NodeShellDialog
    from eksview.ui.trace.commands_dialog import CommandsDialog


def detail(view: View, message: Open) -> LiveScreen | None:
    """Return the screen of the object that a message names; None if it no longer exists."""
    return _DETAILS[type(message)](view, message)


def _node(view: View, message: OpenNode) -> LiveScreen:
    from eksview.ui.nodes.node_screen import NodeScreen

    return NodeScreen(view, message.name, message.tab)


def _pod(view: View, message: OpenPod) -> LiveScreen | None:
    from eksview.ui.pods.pod_screen import PodScreen

    row = view.store.pods.get(message.uid)
    return None if row is None else PodScreen(view, row, message.tab)


def _object(view: View, message: OpenObject) -> LiveScreen | None:
    """Return the screen of an object; a pod and a node have their own."""
    ref = message.ref(view.store)
    match ref.api, ref.kind:
        case "v1", "Node":
            return _node(view, OpenNode(ref.name, message.tab))
        case "v1", "Pod":
            return _pod(view, OpenPod(ref.uid, message.tab))
    from eksview.ui.resources.object_screen import ResourceObjectScreen

    return ResourceObjectScreen(view, ref, message.tab)


def resource(view: View, message: OpenResource) -> LiveScreen:
    """Return the table of a resource."""
    from eksview.ui.resources.screen import ResourceScreen

    return ResourceScreen(view, message.resource, message.within, message.named)


def _logs(view: View, message: OpenLogs) -> LiveScreen:
    from eksview.ui.logs.feed import ContainerFeed
    from eksview.ui.logs.screen import LogScreen

    feed = ContainerFeed(view.backend, message.ref(view.store), message.container)
    return LogScreen(view, feed)


def _journal(view: View, message: OpenJournal) -> LiveScreen:
    from eksview.domain.base.text import clean
    from eksview.domain.join.node_journal import session_line
    from eksview.ui.logs.feed import JournalFeed
    from eksview.ui.logs.screen import LogScreen

    ref = message.ref(view.store)
    line = session_line(_journal_ways(view, OpenNode(ref.name), message.service, None))
    press = view.keyed("Press {app.logs} to follow it by a session")
    remedy = clean(f"{press}: {line}" if line else "")
    return LogScreen(view, JournalFeed(view.backend, ref, message.service, remedy))


def _journal_ways(
    view: View, subject: "Subject | None", service: str, find_program: "FindProgram | None"
) -> "Sequence[ShellCommand]":
    from eksview.domain.join.node_journal import ways_to_journal
    from eksview.ui.sessions.node_shell_dialog import reach_of, shell_access

    access = shell_access(view.store, subject)
    return () if access is None else ways_to_journal(access, reach_of(view, find_program), service)


def _control_plane_log(view: View, message: OpenControlPlaneLog) -> LiveScreen:
    from eksview.ui.logs.feed import ControlPlaneFeed
    from eksview.ui.logs.screen import LogScreen

    feed = ControlPlaneFeed(view.backend, message.log_type, message.pattern)
    return LogScreen(view, feed)


def control_plane_logs(view: View, component: str) -> "ControlPlaneLogPicker":
    """Return the dialog of the control plane's logs, beginning with that of a component."""
    from eksview.domain.base.reading import last_of
    from eksview.store.selectors.readings import cluster_reading
    from eksview.ui.base.command_context import command_context
    from eksview.ui.logs.control_plane_logs import ControlPlaneLogPicker, type_choices

    choices = type_choices(last_of(cluster_reading(view.store)), command_context(view))
    return ControlPlaneLogPicker(view, tuple(choices), component)


def _instance(view: View, message: OpenInstance) -> LiveScreen:
    from eksview.ui.nodes.instance_screen import InstanceScreen

    return InstanceScreen(view, message.instance, message.tab)


def _component(view: View, message: OpenComponent) -> LiveScreen:
    """Return the screen of a control-plane component, or of the cluster as EKS describes it."""
    from eksview.store.selectors.eks import EKS
    from eksview.ui.cluster.component_screen import ComponentScreen
    from eksview.ui.cluster.screen import ClusterScreen

    return ClusterScreen(view) if message.name == EKS else ComponentScreen(view, message.name)


def _group(view: View, message: OpenGroup) -> LiveScreen:
    from eksview.ui.nodes.nodegroup_screen import NodegroupScreen

    return NodegroupScreen(view, message.key)


def _request(view: View, message: OpenCall) -> LiveScreen | None:
    from eksview.ui.trace.call_screen import CallScreen

    request = view.store.requests.get(message.number)
    return None if request is None else CallScreen(view, request)


def _ecs_cluster(view: View, message: OpenEcsCluster) -> LiveScreen:
    from eksview.ui.ecs.cluster_screen import EcsClusterScreen

    return EcsClusterScreen(view, message)


def _service(view: View, message: OpenService) -> LiveScreen:
    from eksview.ui.ecs.service_screen import ServiceScreen

    return ServiceScreen(view, message)


def _container_instance(view: View, message: OpenContainerInstance) -> LiveScreen:
    from eksview.ui.ecs.instance_screen import ContainerInstanceScreen

    return ContainerInstanceScreen(view, message)


def _task(view: View, message: OpenTask) -> LiveScreen:
    from eksview.ui.ecs.task_screen import TaskScreen

    return TaskScreen(view, message)


def _task_log(view: View, message: OpenTaskLog) -> LiveScreen | None:
    """Return the log of a container; None where CloudWatch Logs doesn't have it."""
    from eksview.domain.ecs.log_source import TaskLogSource
    from eksview.store.selectors.ecs import task_logs
    from eksview.ui.logs.feed import TaskFeed
    from eksview.ui.logs.screen import LogScreen

    source = task_logs(view.store, message.key).get(message.container)
    if not isinstance(source, TaskLogSource):
        return None
    return LogScreen(view, TaskFeed(view.backend, message.key, message.container, source))


def container_picker(view: View, names: "Sequence[Clean]") -> "ContainerPicker":
    """Return the dialog to choose one of the containers of a task."""
    from eksview.ui.dialogs.container_picker import ContainerPicker

    return ContainerPicker(view, names)


def _rule(view: View, message: OpenRule) -> LiveScreen:
    from eksview.ui.access.rule_screen import RuleScreen

    return RuleScreen(view, message.key)


_DETAILS: Mapping[type[Open], Callable[[View, Any], LiveScreen | None]] = {
    OpenNode: _node,
    OpenPod: _pod,
    OpenObject: _object,
    OpenLogs: _logs,
    OpenJournal: _journal,
    OpenControlPlaneLog: _control_plane_log,
    OpenInstance: _instance,
    OpenComponent: _component,
    OpenGroup: _group,
    OpenCall: _request,
    OpenRule: _rule,
    OpenEcsCluster: _ecs_cluster,
    OpenService: _service,
    OpenContainerInstance: _container_instance,
    OpenTask: _task,
    OpenTaskLog: _task_log,
}


def equivalent_commands(
    view: View, subject: "Subject | None", links: Collection[str]
) -> "CommandsDialog":
    """Return the dialog of the commands that read what is on the screen."""
    from eksview.ui.trace.commands_dialog import CommandsDialog

    return CommandsDialog(view, subject, links)


def copy_dialog(view: View, screen: LiveScreen) -> "CopyDialog":
    """Return the dialog of the fields of what is marked, under the cursor or on the screen."""
    from eksview.ui.base.command_context import command_context
    from eksview.ui.export.copied_fields import fields_to_copy
    from eksview.ui.export.copy_dialog import CopyDialog
    from eksview.ui.trace.commands_dialog import commands_about

    context = command_context(view)
    commands = partial(commands_about, view.store, context=context)
    return CopyDialog(view, fields_to_copy(view, screen, commands))


def save_dialog(
    view: View, screen: LiveScreen, picture: Callable[[], str], text: Callable[[], str]
) -> "SaveDialog":
    """Return the dialog of what a screen can be saved as; it is drawn when the dialog is closed."""
    from eksview.ui.export.save_dialog import SaveDialog
    from eksview.ui.export.saved_documents import documents, saved_title

    return SaveDialog(
        view, tuple(documents(view, screen, picture, text)), saved_title(view, screen)
    )


def node_shells(
    view: View, subject: "Subject | None", find_program: "FindProgram | None"
) -> "NodeShellDialog | None":
    """Return the dialog of the commands that open a shell on a node; None without a node.

    Without `find_program` the commands can only be copied.
    """
    from eksview.domain.join.node_shell import ways_into
    from eksview.ui.sessions.node_shell_dialog import NodeShellDialog, reach_of, shell_access

    if isinstance(subject, OpenTask | OpenContainerInstance):
        return _ecs_shells(view, subject, find_program)
    access = shell_access(view.store, subject)
    if access is None:
        return None
    offered = ways_into(access, reach_of(view, find_program))
    return NodeShellDialog(
        view, access.node or access.instance, offered, runs=find_program is not None
    )


def _ecs_shells(
    view: View,
    subject: OpenTask | OpenContainerInstance,
    find_program: "FindProgram | None",
) -> "NodeShellDialog | None":
    """Return the dialog of the commands that open a shell in a task or on its machine."""
    from eksview.store.selectors.ecs import ways_into_instance_of, ways_into_task
    from eksview.ui.sessions.node_shell_dialog import NodeShellDialog, reach_of

    of = ways_into_task if isinstance(subject, OpenTask) else ways_into_instance_of
    ways = of(view.store, subject.key, reach_of(view, find_program))
    name = subject.text(view.store)
    return NodeShellDialog(view, name, ways, runs=find_program is not None) if ways else None


def node_logs(view: View, node: str) -> "NodeLogPicker":
    """Return the dialog of the logs of a node."""
    from eksview.ui.logs.node_logs import NodeLogPicker

    return NodeLogPicker(view, node)


def journal_shells(
    view: View, node: str, service: str, find_program: "FindProgram | None"
) -> "NodeShellDialog":
    """Return the dialog of the commands that follow a journal by a session.

    Without `find_program` the commands can only be copied.
    """
    from eksview.ui.sessions.node_shell_dialog import NodeShellDialog

    ways = _journal_ways(view, OpenNode(node), service, find_program)
    return NodeShellDialog(view, node, ways, runs=find_program is not None)


def actions(
    view: View, refs: "Sequence[ObjectRef]", choices: "Sequence[OfferedAction]"
) -> "ActionPicker":
    """Return the dialog of the actions on objects."""
    from eksview.ui.actions.action_picker import ActionPicker

    return ActionPicker(view, refs, choices)


def drain(
    view: View, server: str, plans: "Sequence[DrainPlan]", options: "DrainOptions"
) -> "DrainProgress":
    """Return the dialog that drains nodes of the cluster at a URL, by their plans."""
    from eksview.ui.actions.drain_progress import DrainProgress
    from eksview.ui.actions.drain_run import DrainRun

    pods = view.store.pods
    run = DrainRun(
        view.backend, server, plans, lambda uid: uid in pods, view.clock, options=options
    )
    return DrainProgress(view, run, [plan.node for plan in plans])


def action_question(
    view: View, verb: "Verb", make: "Callable[[], Awaitable[Question]]"
) -> "QuestionDialog":
    """Return the question before an action."""
    from eksview.ui.actions.question_dialog import QuestionDialog

    return QuestionDialog(view, verb, make)


def command(
    view: View, choices: Mapping[str, Sequence[str]], history: "CommandHistory"
) -> "CommandScreen":
    from eksview.ui.dialogs.command import CommandScreen

    return CommandScreen(view, choices, history)


def keys(view: View, screen: Screen[Any], show: Callable[[Binding], str]) -> "HelpScreen":
    """Return the help of a screen."""
    from eksview.ui.dialogs.help import HelpScreen
    from eksview.ui.dialogs.key_list import sections

    return HelpScreen(view, sections(screen, show))
