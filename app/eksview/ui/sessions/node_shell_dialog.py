"""The ways into a node: each with its command, and with why it can't be gone where it can't."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from eksview.domain.base.reading import last_of, value_of
from eksview.domain.base.text import cells, clean
from eksview.domain.join.node_shell import PROGRAMS, Reach, ShellAccess, ShellCommand
from eksview.domain.kube.node_labels import group_of, instance_id
from eksview.store.selectors.machine import Machine, machine_of_instance, machine_of_node
from eksview.store.store import Store
from eksview.ui.base.messages import OpenInstance, OpenMapped, OpenNode, Subject
from eksview.ui.base.view import View
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.text.layout import fold

Which = Callable[[str], str | None]
"""Where a program is on PATH; None where it isn't."""


def door_of(store: Store, subject: Subject | None) -> ShellAccess | None:
    """The machine that a cursor is on; None where there is none any more."""
    match subject:
        case OpenNode(name=name):
            return _door(machine_of_node(store, name))
        case OpenInstance(instance=instance):
            return _door(machine_of_instance(store, instance))
        case OpenMapped(key=key) if row := store.mapping.rows.get(key):
            machine = machine_of_node(store, row.node) if row.node else (
                machine_of_instance(store, row.instance)
            )  # fmt: skip
            return _door(machine)
    return None


def reach_of(view: View, which: Which | None) -> Reach:
    """How machines are reached; None: nothing is run, so what is on PATH here doesn't matter."""
    target = value_of(view.store.facts.target)
    identity = last_of(view.store.facts.aws_identity)
    settings = view.settings
    return Reach(
        programs=None if which is None else frozenset(filter(which, PROGRAMS)),
        region=identity.region if identity else settings.region or "",
        profile=identity.profile if identity else settings.profile or "",
        context=target.kubectl if target else settings.context or "",
        kubeconfig=settings.kubeconfig or "",
        jump=settings.jump,
        user=settings.ssh_user,
        image=settings.debug_image,
        writes=settings.allow_writes,
    )


def _door(machine: Machine) -> ShellAccess | None:
    node, instance = machine.node, machine.instance
    if node is None and instance is None:
        return None
    return ShellAccess(
        node=node.name if node else "",
        instance=instance.id if instance else instance_id(node.provider_id) if node else "",
        state=instance.state if instance else "",
        private=(node.internal_ip if node else "") or (instance.private_ip if instance else ""),
        public=(node.external_ip if node else "") or (instance.public_ip if instance else ""),
        kind=group_of(node.labels, node.provider_id).kind if node else "none",
    )


INDENT = "  "
FRAME = 8 + len(INDENT)
"""Cells around a command."""
SHOWN = "This dashboard is served: it runs no commands. Copy one, for a shell of yours."


class NodeShellDialog(PickerScreen[ShellCommand, ShellCommand | None]):
    """Gives the way to go, or None. Without `runs` commands are only copied."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "dismiss(None)", "Back", show=False, tooltip="Close", id="ways.back"),
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="ways.copy"),
    ]

    def __init__(self, view: View, name: str, ways: Sequence[ShellCommand], *, runs: bool) -> None:
        super().__init__(view, ways)
        self._runs = runs
        self.heading, self.keys = f"Session on {clean(name)}", self._keys()

    def on_mount(self) -> None:
        """Have room for the title, and say why nothing is run."""
        self.query_one(".box").styles.min_width = cells(self.heading) + FRAME
        if not self._runs:
            self.say(SHOWN)

    def start(self) -> int | None:
        """Return the first that works, else the first that can be copied."""
        ranked = sorted(range(len(self.choices)), key=lambda at: bool(self.choices[at].why))
        return next((at for at in ranked if self.choices[at].command), None)

    def pick(self, choice: ShellCommand) -> None:
        """Go, or say why not."""
        if not self._runs:
            self._copy(choice)
        elif choice.why:
            self.say("It isn't run from here; c copies the command.", failed=True)
        else:
            self.dismiss(choice)

    def action_copy(self) -> None:
        """The command of the one that is highlighted."""
        if self.chosen is not None:
            self._copy(self.chosen)

    def _keys(self) -> str:
        if not any(way.command for way in self.choices):
            return "Esc closes"
        return "Enter runs, c copies, Esc closes" if self._runs else "Enter copies, Esc closes"

    def _copy(self, way: ShellCommand) -> None:
        self.app.copy_to_clipboard(way.line)
        self.app.notify("Copied the command", markup=False)
        self.dismiss(None)

    def option(self, choice: ShellCommand) -> Option:
        """Return its name over its command, and why it can't be gone."""
        glyphs, room = self.view.glyphs, self.app.size.width * 9 // 10 - FRAME
        mark, tone = (glyphs.unknown, "$dim") if choice.why else (glyphs.ok, "$success")
        lines = [Content.assemble((f"{mark} ", tone), (choice.name, "bold"))]
        told = ((choice.line, ""), (choice.why, "$warning" if choice.command else "$dim"))
        for text, style in told:
            folded = fold(clean(text), room) if text else []
            lines += [Content.styled(f"{INDENT}{line}", style) for line in folded]
        return Option(Content("\n").join(lines), disabled=not choice.command)
