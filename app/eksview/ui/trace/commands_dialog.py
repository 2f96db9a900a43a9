"""The equivalent commands of what is on a screen, to copy."""

from collections.abc import Collection, Iterator
from typing import ClassVar

from msgspec import Struct
from textual.binding import Binding, BindingType

from eksview.domain.base.reading import last_of, value_of
from eksview.domain.base.text import clean
from eksview.domain.ecs.commands import cluster_commands, object_command
from eksview.domain.fields.field import FieldValue
from eksview.domain.fields.kube_fields import printed_name
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.api_call import ApiCall, command
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.ecs import EcsInstanceRow, EcsServiceRow, EcsTaskRow
from eksview.store.store import Store
from eksview.ui.base.command_context import command_context
from eksview.ui.base.messages import (
    OpenCall,
    OpenEcsCluster,
    OpenInstance,
    OpenMapped,
    OpenNode,
    OpenObject,
    OpenPod,
    Subject,
)
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, command_lines, indented_lines
from eksview.ui.dialogs.picker import PickerScreen


class EquivalentCommand(Struct, frozen=True):
    """A command line and the subject that it reads."""

    subject: str
    command: str


def commands(
    store: Store, subject: Subject | None, context: CommandContext, links: Collection[str] = ()
) -> tuple[EquivalentCommand, ...]:
    """Return the commands about the subject, then the last ones of these links (none: of all)."""
    entries = [
        *_kubeconfig(store, context),
        *_about(store, subject, context),
        *_links(store, context, links),
    ]
    return tuple({entry.command: entry for entry in entries}.values())


def commands_about(store: Store, subject: Subject, context: CommandContext) -> Iterator[FieldValue]:
    """Yield the commands about the subject as fields to copy: `Command: describe node`."""
    for entry in _about(store, subject, context):
        verb = next((word for word in entry.command.split() if word in _VERBS), "")
        what = f": {verb} {entry.subject.partition(' ')[2]}" if verb else ""
        yield FieldValue(f"Command{what}", clean(entry.command))


_VERBS = frozenset({"get", "describe", "describe-instances"})


def _about(
    store: Store, subject: Subject | None, context: CommandContext
) -> Iterator[EquivalentCommand]:
    match subject:
        case OpenNode(name=name):
            yield from _of_node(store, name, context)
        case OpenInstance(instance=instance):
            yield EquivalentCommand("this instance", _instance(instance, context))
        case OpenMapped():
            yield from _about(store, subject.target(store), context)
        case OpenPod(uid=uid):
            if (pod := store.pods.get(uid)) is not None:
                named = pod.name, "-n", pod.namespace
                get = context.kubectl("get", "pod", *named, "-o", "yaml")
                yield EquivalentCommand("this pod", get)
                yield EquivalentCommand("this pod", context.kubectl("describe", "pod", *named))
        case OpenObject():
            yield from _of_object(subject.ref(store), context)
        case OpenCall(number=number):
            if (request := store.requests.get(number)) is not None:
                yield EquivalentCommand("this call", command(request, context))
        case None:
            return
        case _:
            yield from _of_ecs(store, subject, context)


def _of_ecs(store: Store, subject: Subject, context: CommandContext) -> Iterator[EquivalentCommand]:
    """Yield the commands about a row of ECS; of a machine without an agent, EC2's."""
    if isinstance(subject, OpenEcsCluster):
        for line in cluster_commands(subject.text(store), context):
            yield EquivalentCommand("this cluster", line)
    key = subject.key
    tables = store.table(EcsServiceRow), store.table(EcsInstanceRow), store.table(EcsTaskRow)
    row = next((table[key] for table in tables if key in table), None)
    if row is not None:
        yield EquivalentCommand("this object", object_command(row, context))
    machine = row.instance if isinstance(row, EcsInstanceRow) else key
    if machine.startswith("i-"):
        yield EquivalentCommand("its instance", _instance(machine, context))


def _of_object(ref: ObjectRef, context: CommandContext) -> Iterator[EquivalentCommand]:
    named = (printed_name(ref), *ref.namespace_words)
    yield EquivalentCommand("this object", context.kubectl("get", *named, "-o", "yaml"))
    yield EquivalentCommand("this object", context.kubectl("describe", *named))


def _of_node(store: Store, name: str, context: CommandContext) -> Iterator[EquivalentCommand]:
    yield EquivalentCommand("this node", context.kubectl("get", "node", name, "-o", "yaml"))
    yield EquivalentCommand("this node", context.kubectl("describe", "node", name))
    pods = context.kubectl("get", "pods", "-A", "--field-selector", f"spec.nodeName={name}")
    yield EquivalentCommand("its pods", pods)
    node = store.nodes.get(name)
    if node is not None and (instance := instance_id(node.provider_id)):
        yield EquivalentCommand("its instance", _instance(instance, context))


def _instance(instance: str, context: CommandContext) -> str:
    return context.aws("ec2", "describe-instances", "--instance-ids", instance)


def _kubeconfig(store: Store, context: CommandContext) -> Iterator[EquivalentCommand]:
    """Yield what makes the context of a cluster that EKS described: it is in no kubeconfig yet.

    The context's name is the cluster's ARN, as `update-kubeconfig` writes it.
    """
    target, identity = value_of(store.facts.target), last_of(store.facts.aws_identity)
    if target is not None and target.kubectl is None and identity is not None:
        made = context.aws("eks", "update-kubeconfig", "--name", identity.cluster)
        yield EquivalentCommand("first: the context for kubectl", made)


def _links(
    store: Store, context: CommandContext, links: Collection[str]
) -> Iterator[EquivalentCommand]:
    latest: dict[tuple[str, str, str], ApiCall] = {}
    for request in store.requests.values():
        path = request.target.partition("?")[0]
        reviewed = str(request.parameters) if request.verb == "create" else ""
        latest[request.source, request.verb, path + reviewed] = request
    for request in latest.values():
        if request.source in links or (not links and request.source not in ("detail", "access")):
            yield EquivalentCommand(request.source or "eksview", command(request, context))


class CommandsDialog(PickerScreen[EquivalentCommand, str | None]):
    """A picker that returns the command to copy, or None."""

    HEADING = "Equivalent commands"
    KEYS = "{choices.pick} copy · {picker.back} close"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K", "dismiss(None)", "Back", show=False, tooltip="Close", id="asking.back"),
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="asking.copy"),
    ]

    def __init__(self, view: View, subject: Subject | None, links: Collection[str] = ()) -> None:
        super().__init__(view, commands(view.store, subject, command_context(view), links))

    def on_mount(self) -> None:
        if not self.choices:
            self.say("No request of this screen has been sent yet.")

    def entries(self, room: int) -> Iterator[Entry]:
        """Return each command under its subject."""
        for choice in self.choices:
            yield [
                *indented_lines(clean(choice.subject), "dim", room, ""),
                *command_lines(clean(choice.command), room),
            ]

    def pick(self, choice: EquivalentCommand) -> None:
        self.dismiss(choice.command)

    def action_copy(self) -> None:
        self.dismiss(self.chosen.command if self.chosen else None)
