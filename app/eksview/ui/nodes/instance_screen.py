"""An EC2 instance that has no node: what it is, how far it came, and why it may not have joined."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.age import age
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.join.node_instance import word_at
from eksview.store.selectors.machine import machine_of_instance
from eksview.ui.base.bindings import session
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenInstance, OpenNode
from eksview.ui.base.pages_screen import PagesScreen
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.base.view import View
from eksview.ui.nodes.ec2 import kind_health, manager_words
from eksview.ui.nodes.machine_tabs import EC2, LIFECYCLE, MachineTabs
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF


class InstanceScreen(PagesScreen):
    """The tabs of a node that AWS fills; Enter opens the node, once there is one."""

    TITLE = "Instance"
    BINDING_GROUP_TITLE = "Instance"
    TABS = (LIFECYCLE, EC2)
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "instance",
            (EC2, "All that EC2 says"),
            (LIFECYCLE, "How far it came, and why no further"),
        ),
        Binding(
            "enter", "node", "Its node", tooltip="The node that runs on it", id="instance.node"
        ),
        session("instance"),
    ]

    def __init__(self, view: View, instance: str, tab: str = "") -> None:
        super().__init__(view, tab)
        self._name_of = instance
        self._machine = MachineTabs(view, lambda: machine_of_instance(view.store, instance))
        self.sources = (self._machine,)
        self._node = ""

    def frame(self, frame: Frame) -> None:
        """What EC2 says of it, and what was asked for."""
        super().frame(frame)
        row = self._machine.machine.row
        node = row.node if row is not None else ""
        if node != self._node:
            self._node = node
            self.refresh_bindings()

    def subject(self) -> OpenNode | None:
        """Its node, if there is one."""
        return OpenNode(self._node) if self._node else None

    def entered(self) -> OpenInstance:
        """The instance, with or without a node."""
        return OpenInstance(self._name_of)

    def copied(self) -> str:
        """The console's URL where that is shown, else the id."""
        return (self._machine.url if self.tab == EC2.id else "") or clean(self._name_of)

    def head(self) -> Sequence[Slot]:
        """Its state, its id, and where it belongs."""
        machine, glyphs = self._machine.machine, self.view.glyphs
        row, instance = machine.row, machine.instance
        if instance is None or row is None:
            gone = "EC2 doesn't list it any more"
            mark = glyphs.mark(Health.UNKNOWN)
            return (
                Slot(((f" {mark} ", "unknown"), (clean(self._name_of), "strong"))),
                Slot(((gone, "dim"),)),
            )
        health = kind_health(row, self.now)
        place = (
            (manager_words(machine.manager), 2),
            (instance.zone, 3),
            (instance.type, 4),
            (instance.state, 1),
            (age(self.now, instance.launched), 1),
        )
        return (
            Slot(((f" {glyphs.mark(health)} ", TONE_OF[health]), (clean(self._name_of), "strong"))),
            Slot(((word_at(row, self.now), TONE_OF[health]),)),
            *(Slot(((clean(text), "dim"),), rank, "right") for text, rank in place),
        )

    def action_node(self) -> None:
        """Into its node."""
        node = self.subject()
        if node is not None:
            self.post_message(node)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only where there is a node."""
        if action == "node":
            return bool(self._node)
        return super().check_action(action, parameters)
