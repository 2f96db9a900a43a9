"""The screen of a task: its containers, why it stopped, and its definition."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.aws.poll_plan import ECS_TASKS
from eksview.domain.base.age import age
from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.ecs.task_status import task_health, task_type
from eksview.domain.rows.ecs import EcsInstanceRow, EcsTaskRow, TaskDefinitionRow
from eksview.domain.rows.kube import Kind
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.domain.tables.ecs_task_columns import place_of
from eksview.store.selectors.ecs import container_log, unread_sentence_of
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.messages import OpenContainerInstance, OpenTask
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.base.view import View
from eksview.ui.ecs.object_screen import DETAILS, EcsObjectScreen
from eksview.ui.ecs.task_text import container_lines, definition_lines, stop_lines, task_lines
from eksview.ui.text.words import Words

CONTAINERS = Tab("containers", "b", "Containers")
SHORT = 12
"""Characters of the ID of a task in the path."""


class TaskScreen(EcsObjectScreen):
    """Containers with their exit codes and logs, and what the task definition says."""

    TITLE = "Task"
    BINDING_GROUP_TITLE = "Task"
    KIND = Kind.ECS_TASK
    TABS = (CONTAINERS, DETAILS)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        CONTAINERS.id: (ECS_TASKS,),
        DETAILS.id: (ECS_TASKS,),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "task",
            (CONTAINERS, "Containers, exit codes and where their logs are"),
            (DETAILS, "Task definition: roles, network, limits"),
        ),
        Binding("n", "instance", "Open instance", id="task.instance",
                tooltip="Open the container instance that it runs on"),
    ]  # fmt: skip

    def __init__(self, view: View, subject: OpenTask) -> None:
        self._row = view.store.table(EcsTaskRow).get(subject.key)
        super().__init__(view, subject, subject.tab)

    def look_up(self) -> bool:
        row = self.view.store.table(EcsTaskRow).get(self._key)
        self._row = row or self._row
        return row is not None

    def cluster_name(self) -> str:
        return self._row.cluster if self._row else EMPTY

    @property
    def crumb(self) -> str:
        """The group and the beginning of the ID, by which the tasks of a service differ."""
        group = self._row.group.partition(":")[2] if self._row else ""
        return f"{group} {super().crumb[:SHORT]}".strip()

    def state(self) -> tuple[Health, Clean, Sequence[Clean]]:
        row = self._row
        if row is None:
            return Health.UNKNOWN, EMPTY, ()
        place = (
            age(self.now, row.started or row.created),
            task_type(row),
            row.group,
            row.zone,
        )
        return *task_health(row), place

    def text_lines(self, tab: str, width: int) -> Iterator[Words]:
        row, store = self._row, self.view.store
        if row is None:
            return
        if tab == DETAILS.id:
            definition = store.table(TaskDefinitionRow).get(row.definition)
            unread = unread_sentence_of(store, Kind.ECS_DEFINITION)
            yield from definition_lines(row, definition, unread, width)
            return
        machine = place_of(row, EcsContext(self.now, store.table(EcsInstanceRow).get))
        yield from stop_lines(row, width, self.view.glyphs)
        for container in row.containers:
            log = container_log(store, row, container)
            yield from container_lines(container, row, log, width, self.view.glyphs)
        if not row.containers:
            yield (("ECS reports no container of this task.", "dim"),)
            yield ()
        yield from task_lines(row, machine, self.now, width, self.view.glyphs)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why there is no instance to open."""
        if action != "instance" or (self._row is not None and self._row.on):
            return ""
        serverless = self._row is not None and self._row.launch_type == "FARGATE"
        return "Fargate shows no instance." if serverless else "The task is on no instance yet."

    def action_instance(self) -> None:
        """Open the container instance."""
        if self._row is not None and self._row.on:
            self.post_message(OpenContainerInstance(self._row.on))
