"""The screen of an EC2 instance without a node: its details, lifecycle and join checks."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.aws import poll_plan
from eksview.domain.base.age import age
from eksview.domain.base.text import clean
from eksview.domain.join.checks.claims import claim_health
from eksview.domain.join.manager import manager_words
from eksview.domain.join.mapping_row import RowKind, word_at
from eksview.domain.live.trust import Trust, trust
from eksview.store.selectors.machine import machine_of_instance
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenInstance, OpenNode
from eksview.ui.base.tabbed_screen import PagesScreen, tab_bindings
from eksview.ui.base.view import View
from eksview.ui.nodes.ec2 import kind_health
from eksview.ui.nodes.machine_tabs import EC2, LIFECYCLE, MachineTabs
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Tone, Words, faded


class InstanceScreen(PagesScreen):
    """A screen with a node's AWS tabs; Enter opens the node, once there is one."""

    TITLE = "Instance"
    BINDING_GROUP_TITLE = "Instance"
    TABS = (LIFECYCLE, EC2)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {EC2.id: (poll_plan.EC2,)}
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "instance",
            (EC2, "Everything that EC2 reports"),
            (LIFECYCLE, "Progress from launch to node, and what blocks it"),
        ),
        Binding("enter", "node", "Open node", tooltip="Open its node", id="instance.node"),
    ]

    def __init__(self, view: View, instance: str, tab: str = "") -> None:
        super().__init__(view, tab)
        self._instance_id = instance
        self._machine = MachineTabs(view, lambda: machine_of_instance(view.store, instance))
        self.sources = (self._machine,)
        self._node = ""

    def frame(self, frame: Frame) -> None:
        super().frame(frame)
        row = self._machine.machine.row
        self._node = row.node if row is not None else ""

    @property
    def crumb(self) -> str:
        return clean(self._instance_id)

    def subject(self) -> OpenNode | None:
        return OpenNode(self._node) if self._node else None

    def entered(self) -> OpenInstance:
        return OpenInstance(self._instance_id)

    def copied(self) -> str:
        """Return the console's URL on the EC2 tab, else the ID."""
        return (self._machine.url if self.tab == EC2.id else "") or clean(self._instance_id)

    def head(self) -> Sequence[Slot]:
        machine, glyphs = self._machine.machine, self.view.glyphs
        row, instance = machine.row, machine.instance
        name: tuple[str, Tone] = (clean(self._instance_id), "strong")
        if row is not None and row.kind is RowKind.CLAIM:
            health = claim_health(row, self.now)
            word: Words = ((word_at(row, self.now), TONE_OF[health]),)
            return Slot(((f" {glyphs.mark(health)} ", TONE_OF[health]), name)), Slot(word)
        if instance is None or row is None:
            live = trust(machine.link) is Trust.LIVE
            words = "no longer listed by EC2" if live else "EC2 not read"
            gone = Slot(((words, "dim"),), folds=True)
            return Slot(((f" {glyphs.unknown} ", "unknown"), name)), gone
        health = kind_health(row, self.now)
        place = (
            (manager_words(machine.manager), 2),
            (instance.zone, 3),
            (instance.type, 4),
            (instance.state, 1),
            (age(self.now, instance.launched), 1),
        )
        state: tuple[Words, ...] = (
            ((f" {glyphs.mark(health)} ", TONE_OF[health]), name),
            ((word_at(row, self.now), TONE_OF[health]),),
        )
        if trust(machine.link) is Trust.STALE:
            state = tuple(faded(words, glyphs) for words in state)
        return (
            Slot(state[0]),
            Slot(state[1], folds=True),
            *(Slot(((clean(text), "dim"),), rank, "right") for text, rank in place),
        )

    def action_node(self) -> None:
        if (node := self.subject()) is not None:
            self.post_message(node)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why Enter would do nothing."""
        unknown = action == "node" and not self._node
        return "This instance has no node: it hasn't joined the cluster." if unknown else ""
