"""The screen of a service: its deployments, events and tasks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.aws.poll_plan import ECS, ECS_TASKS
from eksview.domain.base.age import age
from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.service_status import service_health
from eksview.domain.rows.ecs import EcsServiceRow, EcsTaskRow
from eksview.domain.rows.kube import Kind
from eksview.domain.tables.ecs_service_columns import service_type
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.messages import OpenService
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.base.view import View
from eksview.ui.ecs.object_screen import DETAILS, TASKS, EcsObjectScreen
from eksview.ui.ecs.service_text import service_event_lines, service_lines
from eksview.ui.text.words import Words

EVENTS = Tab("events", "e", "Events")


class ServiceScreen(EcsObjectScreen):
    """What ECS reports of a service, and its tasks."""

    TITLE = "Service"
    BINDING_GROUP_TITLE = "Service"
    KIND = Kind.ECS_SERVICE
    HIDDEN = frozenset({"cluster", "group"})
    TABS = (DETAILS, TASKS, EVENTS)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        DETAILS.id: (ECS,),
        TASKS.id: (ECS_TASKS,),
        EVENTS.id: (ECS,),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_bindings(
            "ecs-service",
            (DETAILS, "Counts and deployments"),
            (TASKS, "Tasks of the service"),
            (EVENTS, "Events of the service, the newest first"),
        )
    ]

    def __init__(self, view: View, subject: OpenService) -> None:
        self._row = view.store.table(EcsServiceRow).get(subject.key)
        super().__init__(view, subject, subject.tab)

    def look_up(self) -> bool:
        row = self.view.store.table(EcsServiceRow).get(self._key)
        self._row = row or self._row
        return row is not None

    def cluster_name(self) -> str:
        return self._row.cluster if self._row else EMPTY

    def own_task(self, row: EcsTaskRow) -> bool:
        return self._row is not None and row.group == f"service:{self._row.name}"

    def state(self) -> tuple[Health, Clean, Sequence[Clean]]:
        row = self._row
        if row is None:
            return Health.UNKNOWN, EMPTY, ()
        place = (age(self.now, row.created), clean(service_type(row)), row.cluster)
        return *service_health(row, self.now), place

    def text_lines(self, tab: str, width: int) -> Iterator[Words]:
        if self._row is None:
            return
        if tab == EVENTS.id:
            yield from service_event_lines(self._row, self.now, width)
        else:
            yield from service_lines(self._row, self.now, width, self.view.glyphs)
