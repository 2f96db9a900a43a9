"""How is this asked? The commands behind a screen, to copy."""

import shlex
from collections.abc import Collection, Iterator
from typing import ClassVar

from msgspec import Struct
from textual.binding import Binding, BindingType
from textual.widgets.option_list import Option

from eksview.domain.base.text import clean
from eksview.domain.kube.node_labels import instance_id
from eksview.domain.live.api_call import ApiCall, command
from eksview.store.store import Store
from eksview.ui.base.messages import (
    OpenCall,
    OpenInstance,
    OpenMapped,
    OpenNode,
    OpenPod,
    Subject,
)
from eksview.ui.base.view import View
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.trace.call_screen import asking
from eksview.ui.trace.call_text import Asking


class EquivalentCommand(Struct, frozen=True):
    """What is asked, and the command line that asks it."""

    what: str
    command: str


def commands(
    store: Store, subject: Subject | None, asking: Asking, askers: Collection[str] = ()
) -> tuple[EquivalentCommand, ...]:
    """Of what the cursor is on, then of these links by what each last asked; of all, for none."""
    found = [*_about(store, subject, asking), *_links(store, asking, askers)]
    return tuple({each.command: each for each in found}.values())


def _about(store: Store, subject: Subject | None, asking: Asking) -> Iterator[EquivalentCommand]:
    match subject:
        case OpenNode(name=name):
            yield from _of_node(store, name, asking)
        case OpenInstance(instance=instance):
            yield EquivalentCommand("this instance", _instance(instance, asking))
        case OpenMapped(key=key):
            if (row := store.mapping.rows.get(key)) is not None:
                there = OpenNode(row.node) if row.node else OpenInstance(row.instance)
                yield from _about(store, there, asking)
        case OpenPod(uid=uid):
            if (pod := store.pods.get(uid)) is not None:
                named = f"{shlex.quote(pod.name)} -n {shlex.quote(pod.namespace)}"
                yield EquivalentCommand("this pod", f"{_kubectl(asking)} get pod {named} -o yaml")
                yield EquivalentCommand("this pod", f"{_kubectl(asking)} describe pod {named}")
        case OpenCall(number=number):
            if (request := store.requests.get(number)) is not None:
                yield EquivalentCommand("this call", _command(request, asking))


def _of_node(store: Store, name: str, asking: Asking) -> Iterator[EquivalentCommand]:
    kubectl = _kubectl(asking)
    yield EquivalentCommand("this node", f"{kubectl} get node {shlex.quote(name)} -o yaml")
    yield EquivalentCommand("this node", f"{kubectl} describe node {shlex.quote(name)}")
    selector = shlex.quote(f"spec.nodeName={name}")
    yield EquivalentCommand("its pods", f"{kubectl} get pods -A --field-selector {selector}")
    node = store.nodes.get(name)
    if node is not None and (instance := instance_id(node.provider_id)):
        yield EquivalentCommand("its instance", _instance(instance, asking))


def _kubectl(asking: Asking) -> str:
    return shlex.join(["kubectl", *(("--context", asking.context) if asking.context else ())])


def _instance(instance: str, asking: Asking) -> str:
    words = ["aws", "ec2", "describe-instances", "--instance-ids", instance]
    words += ["--region", asking.region] if asking.region else []
    words += ["--profile", asking.profile] if asking.profile else []
    return shlex.join(words)


def _links(store: Store, asking: Asking, askers: Collection[str]) -> Iterator[EquivalentCommand]:
    latest: dict[tuple[str, str, str], ApiCall] = {}
    for request in store.requests.values():
        path = request.target.partition("?")[0]
        reviewed = str(request.parameters) if request.verb == "create" else ""
        latest[request.asker, request.verb, path + reviewed] = request
    for request in latest.values():
        if request.asker in askers or (not askers and request.asker not in ("detail", "access")):
            yield EquivalentCommand(request.asker or "eksview", _command(request, asking))


def _command(request: ApiCall, asking: Asking) -> str:
    return command(request, context=asking.context, region=asking.region, profile=asking.profile)


class CommandsDialog(PickerScreen[EquivalentCommand, str | None]):
    """Gives the command to copy, or None."""

    HEADING = "How is this asked?"
    KEYS = "Enter copies, Esc closes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K", "dismiss(None)", "Back", show=False, tooltip="Close", id="asking.back"),
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="asking.copy"),
    ]

    def __init__(self, view: View, subject: Subject | None, askers: Collection[str] = ()) -> None:
        super().__init__(view, commands(view.store, subject, asking(view), askers))

    def option(self, choice: EquivalentCommand) -> Option:
        """Return the command under what it asks."""
        return Option(f"{clean(choice.what)}\n  {clean(choice.command)}")

    def pick(self, choice: EquivalentCommand) -> None:
        """Give its command."""
        self.dismiss(choice.command)

    def action_copy(self) -> None:
        """The one that is highlighted."""
        self.dismiss(self.chosen.command if self.chosen else None)
