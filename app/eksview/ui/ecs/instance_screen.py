"""The screen of a container instance, or of a machine of the cluster without an agent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.aws.poll_plan import ECS_INSTANCES, ECS_TASKS
from eksview.domain.base.age import age
from eksview.domain.base.health import TROUBLE, Health
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.rows.ecs import EcsMachineRow, EcsTaskRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs import pair_of
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.messages import OpenContainerInstance
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.base.view import View
from eksview.ui.ecs.instance_text import agent_lines, attribute_lines, group_lines, machine_lines
from eksview.ui.ecs.object_screen import DETAILS, TASKS, EcsObjectScreen
from eksview.ui.text.sections import sentence
from eksview.ui.text.words import Words

EC2 = Tab("ec2", "i", "EC2")


class ContainerInstanceScreen(EcsObjectScreen):
    """What ECS and EC2 report of a machine, why it isn't well, and its tasks."""

    TITLE = "Container instance"
    BINDING_GROUP_TITLE = "Container instance"
    KIND = Kind.ECS_INSTANCE
    FOUND_IN = (Kind.ECS_MACHINE,)
    HIDDEN = frozenset({"cluster", "on", "zone"})
    TABS = (DETAILS, TASKS, EC2)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        DETAILS.id: (ECS_INSTANCES,),
        TASKS.id: (ECS_TASKS,),
        EC2.id: (ECS_INSTANCES,),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "container-instance",
            (DETAILS, "Agent, resources and attributes, and what is wrong"),
            (TASKS, "Tasks on it"),
            (EC2, "What EC2 reports of its machine"),
        )
    ]

    def __init__(self, view: View, subject: OpenContainerInstance) -> None:
        self._pair: EcsPair | None = None
        self._view = view
        self._find(view, subject.key)
        super().__init__(view, subject, subject.tab)

    def _find(self, view: View, key: str) -> bool:
        found = pair_of(view.store, key)
        self._pair = found or self._pair
        return found is not None

    def look_up(self) -> bool:
        return self._find(self.view, self._key)

    def cluster_name(self) -> str:
        return self._pair.cluster if self._pair else EMPTY

    def own_task(self, row: EcsTaskRow) -> bool:
        return row.on == self._key

    @property
    def pair(self) -> EcsPair | None:
        """The pair as last read."""
        return self._pair

    def state(self) -> tuple[Health, Clean, Sequence[Clean]]:
        pair = self._pair
        if pair is None:
            return Health.UNKNOWN, EMPTY, ()
        row, machine = pair.instance, pair.machine
        place = (
            age(self.now, pair.since),
            row.provider if row else pair.group,
            machine.zone if machine else EMPTY,
            machine.type if machine else EMPTY,
        )
        return pair.health, pair.words, place

    def text_lines(self, tab: str, width: int) -> Iterator[Words]:
        pair, glyphs = self._pair, self.view.glyphs
        if pair is None:
            return
        row = self.view.store.table(EcsMachineRow).get(pair.machine.id if pair.machine else "")
        if tab == EC2.id:
            yield from machine_lines(pair, row, self.now, width, glyphs)
            return
        health = pair.health if pair.health in TROUBLE else Health.UNKNOWN
        for reason in pair.reasons:
            yield from sentence(health, clean(reason), width, glyphs)
        if pair.instance is not None:
            yield from agent_lines(pair.instance, self.now, width, glyphs)
            yield from attribute_lines(pair.instance, width)
        elif row is not None:
            yield from group_lines(row, pair, width)
