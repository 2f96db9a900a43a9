"""The dialog of commands that open a shell on a node, each runnable or with its reason."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.reading import value_of
from eksview.domain.base.text import clean
from eksview.domain.join.mapping_row import RowKind
from eksview.domain.join.node_shell import (
    PROGRAMS,
    OperatingSystem,
    Reach,
    ShellAccess,
    ShellCommand,
)
from eksview.domain.join.replacement import stopped_by_spot
from eksview.domain.kube.node_labels import GroupKind, group_of, instance_id, session_target
from eksview.store.selectors.machine import Machine, machine_of_instance, machine_of_node
from eksview.store.store import Store
from eksview.ui.base.command_context import command_context
from eksview.ui.base.messages import OpenInstance, OpenMapped, OpenNode, Subject
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import INDENT, Entry, command_lines, indented_lines
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.text.words import Words

FindProgram = Callable[[str], str | None]
"""Returns the path of a program on PATH, or None."""


def shell_access(store: Store, subject: Subject | None) -> ShellAccess | None:
    """Return how the machine under the cursor is reached; None if there is no machine."""
    match subject:
        case OpenNode(name=name):
            return _of_machine(machine_of_node(store, name))
        case OpenInstance(instance=instance):
            return _of_machine(machine_of_instance(store, instance))
        case OpenMapped():
            return shell_access(store, subject.target(store))
    return None


def reach_of(view: View, find_program: FindProgram | None) -> Reach:
    """Return the options of all shell commands; without `find_program` none of them is run."""
    target = value_of(view.store.facts.target)
    settings = view.settings
    return Reach(
        programs=None if find_program is None else frozenset(filter(find_program, PROGRAMS)),
        commands=command_context(view),
        kubeconfig=target is None or target.kubectl is not None,
        jump=settings.jump,
        user=settings.ssh_user,
        image=settings.debug_image,
        writes=settings.allow_writes,
    )


def _of_machine(machine: Machine) -> ShellAccess | None:
    node, instance, row = machine.node, machine.instance, machine.row
    if node is None and instance is None:
        return None
    return ShellAccess(
        node=node.name if node else "",
        instance=instance.id if instance else instance_id(node.provider_id) if node else "",
        state=instance.state if instance else "",
        private=(node.internal_ip if node else "") or (instance.private_ip if instance else ""),
        public=(node.external_ip if node else "") or (instance.public_ip if instance else ""),
        kind=_kind(machine),
        os=os_of(machine),
        machine=session_target(node.labels, node.provider_id) if node else "",
        spot_stopped=instance is not None and stopped_by_spot(instance),
        idle=row.reason if row is not None and row.kind is RowKind.NO_NODE else "",
    )


def _kind(machine: Machine) -> GroupKind:
    """Return the node's kind; of an instance without a node whether it is one of Auto Mode."""
    if machine.node is not None:
        return group_of(machine.node.labels, machine.node.provider_id).kind
    return "auto" if machine.manager.kind == "auto" else "none"


def os_of(machine: Machine) -> OperatingSystem:
    """Return the operating system by the node, else by the instance and its image."""
    node, instance, image = machine.node, machine.instance, machine.image
    windows = node is not None and node.labels.get("kubernetes.io/os") == "windows"
    if windows or (instance is not None and instance.platform == "windows"):
        return "windows"
    name = node.os_image if node else image.name if image else ""
    return "bottlerocket" if name.lower().startswith("bottlerocket") else "linux"


READ_ONLY = "Read-only view: copy the command and run it in your shell."


class NodeShellDialog(PickerScreen[ShellCommand, ShellCommand | None]):
    """A picker that returns the command to run, or None; without `runs` it only copies."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "dismiss(None)", "Back", show=False, tooltip="Close", id="ways.back"),
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="ways.copy"),
    ]

    def __init__(
        self, view: View, name: str, commands: Sequence[ShellCommand], *, runs: bool
    ) -> None:
        super().__init__(view, commands)
        self._runs = runs
        self.heading, self.keys = f"Session on {view.store.names.short(name)}", self._keys()

    def on_mount(self) -> None:
        """Tell a person on a served view to copy."""
        if not self._runs:
            self.say(READ_ONLY)

    def start(self) -> int | None:
        """Return the first command that runs, else the first that can be copied, else the first."""
        choices = self.choices
        ranks = [(not choice.command, bool(choice.reason)) for choice in choices]
        return min(range(len(choices)), key=ranks.__getitem__, default=None)

    def pick(self, choice: ShellCommand) -> None:
        """Run or copy the command, or show the reason why it isn't run."""
        if not choice.command:
            self.say(clean(choice.reason), failed=True)
        elif not self._runs:
            self._copy(choice)
        elif choice.reason:
            words = "eksview can't run this command; press {ways.copy} to copy it."
            self.say(self.view.keyed(words), failed=True)
        else:
            self.dismiss(choice)

    def action_copy(self) -> None:
        if (chosen := self.chosen) is None:
            return
        if chosen.command:
            self._copy(chosen)
        else:
            self.say(clean(chosen.reason), failed=True)

    def _keys(self) -> str:
        copies = any(choice.command for choice in self.choices)
        runs = self._runs and any(choice.command and not choice.reason for choice in self.choices)
        copy = ("{ways.copy} copy" if self._runs else "{choices.pick} copy",) if copies else ()
        return " · ".join(
            (*(("{choices.pick} run",) if runs else ()), *copy, "{picker.back} close")
        )

    def _copy(self, choice: ShellCommand) -> None:
        self.app.copy_to_clipboard(clean(choice.line))
        self.dismiss(None)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the name, the command and the reason why it can't be run, of each."""
        for choice in self.choices:
            yield list(self._entry(choice, room))

    def _entry(self, choice: ShellCommand, room: int) -> Iterator[Words]:
        glyphs = self.view.glyphs
        mark: Words = ((f"{glyphs.ok} ", "ok"),)
        if choice.reason:
            mark = ((f"{glyphs.unknown} ", "dim"),)
        yield from indented_lines(clean(choice.name), "strong", room, INDENT, mark)
        if choice.line:
            yield from command_lines(clean(choice.line), room)
        if choice.note:
            yield from indented_lines(clean(choice.note), "dim", room, INDENT)
        if choice.reason:
            yield from indented_lines(
                clean(choice.reason), "warn" if choice.command else "dim", room, INDENT
            )
