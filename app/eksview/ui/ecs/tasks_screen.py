"""The table of the tasks of an ECS cluster."""

from typing import Any, ClassVar

from eksview.domain.rows.ecs import EcsTaskRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs_cluster import members
from eksview.ui.ecs.table_screen import EcsTableScreen
from eksview.ui.ecs.task_table import EcsTaskTable
from eksview.ui.table.live_table import LiveTable


class EcsTasksScreen(EcsTableScreen):
    """A screen of tasks, those too that stopped within the last hour; Enter opens one."""

    NOUN = "ECS tasks"
    NOUNS = ("task", "tasks")
    LINK = Kind.ECS_TASK.link
    TITLE: ClassVar[str | None] = "ECS tasks"
    LINKS = (Kind.ECS_TASK.link,)
    PARTS = (Kind.ECS_CLUSTER.part, Kind.ECS_TASK.part)
    KINDS = (Kind.ECS_TASK, Kind.ECS_INSTANCE)

    def make_table(self) -> LiveTable[Any, Any]:
        return EcsTaskTable(self.view, lambda: members(self.view.store, EcsTaskRow, self.ecs or ""))

    def none(self) -> str:
        return f"The cluster {self.ecs} has no task."
