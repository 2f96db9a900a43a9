"""An ECS cluster as its architecture: control plane, agents and polls, and the workers."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from eksview.domain.aws.poll_plan import ECS_PLANS
from eksview.domain.base.text import clean
from eksview.domain.rows.ecs import EcsClusterRow
from eksview.domain.rows.kube import Kind
from eksview.store.changes import Changes
from eksview.store.selectors.ecs_cluster import shown_name
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.messages import OpenContainerInstance, OpenEcsCluster, OpenTask
from eksview.ui.base.screen_registry import ECS
from eksview.ui.base.view import View
from eksview.ui.ecs.control_plane import EcsControlPlane
from eksview.ui.ecs.links import EcsLinks
from eksview.ui.ecs.members import EcsMembers
from eksview.ui.ecs.workers import EcsWorkers
from eksview.ui.text.glyphs import Glyphs

_FRAME = 3  # lines of header, path and footer
_TALL = 34  # lines from which on each poll and each capacity provider has its own
_WORKERS = 7  # the fewest useful lines of the workers, frame included
TABLES = (
    Kind.ECS_CLUSTER, Kind.ECS_PROVIDER, Kind.ECS_SERVICE, Kind.ECS_INSTANCE, Kind.ECS_MACHINE,
    Kind.ECS_TASK, Kind.ECS_DEFINITION,
)  # fmt: skip


def has_news(changes: Changes) -> bool:
    """Return whether any row or link of ECS has changed."""
    return any(kind in changes.tables for kind in TABLES) or bool(changes.links & ECS_PLANS.keys())


class EcsScreen(LiveScreen):
    """Three panels: what AWS runs, how agents and eksview reach it, and what runs the tasks."""

    TITLE = "ECS"
    LINKS = tuple(ECS_PLANS)
    BINDING_GROUP_TITLE = "ECS"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "n", "app.go('ecs-clusters')", "Clusters", id="ecs.clusters",
            tooltip="Choose another ECS cluster",
        ),
        Binding(
            "v", "app.go('ecs-services')", "Services", id="ecs.services",
            tooltip="Services of the cluster",
        ),
        Binding(
            "i", "app.go('ecs-instances')", "Instances", id="ecs.instances",
            tooltip="Container instances with their EC2 instances",
        ),
        Binding(
            "p", "app.go('ecs-tasks')", "Tasks", id="ecs.tasks", tooltip="Tasks of the cluster"
        ),
        Binding(
            "d", "cluster", "Describe", id="ecs.cluster", show=False,
            tooltip="Describe the cluster and its capacity providers",
        ),
    ]  # fmt: skip

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.place = ECS
        self.ecs = ""
        members = EcsMembers(view.store)
        self.control = EcsControlPlane(view)
        self.links = EcsLinks(view, members)
        self.workers_panel = EcsWorkers(view, members)

    def compose(self) -> ComposeResult:
        yield self.control
        yield self.links
        yield self.workers_panel

    def on_mount(self) -> None:
        self.workers_panel.focus()

    def on_resize(self) -> None:
        self._set_heights()

    def frame(self, frame: Frame) -> None:
        cluster = shown_name(self.view.store, self.view.ecs_cluster)
        self.ecs = cluster
        news = frame.full or frame.changes.reset or has_news(frame.changes)
        self.control.sync(frame.now)
        self.workers_panel.sync(frame.now, cluster, news=news)
        self.links.sync(frame.now)
        self._set_heights()

    @property
    def crumb(self) -> str:
        return f"ECS {clean(self.ecs)}" if self.ecs else "ECS"

    def subject(self) -> OpenContainerInstance | OpenTask | None:
        return self.workers_panel.opened()

    def legend(self) -> Iterable[tuple[str, str]]:
        return legend(self.view.glyphs)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why the cluster can't be described."""
        unknown = action == "cluster" and self._cluster is None
        return "No ECS cluster is known." if unknown else ""

    def action_cluster(self) -> None:
        """Describe the cluster."""
        if (row := self._cluster) is not None:
            self.post_message(OpenEcsCluster(row.arn))

    @property
    def _cluster(self) -> EcsClusterRow | None:
        rows = self.view.store.table(EcsClusterRow).values()
        return next((row for row in rows if row.name == self.ecs), None)

    def _set_heights(self) -> None:
        width, height = self.size
        room = height - _FRAME - _WORKERS
        low = height < _TALL
        links = min(1 if low else self.links.needed(width), max(0, room - 3))
        control = min(self.control.height_for(width, low=low), room - links)
        _height(self.control, control if control >= 3 else 0)
        _height(self.links, max(0, links))


def legend(glyphs: Glyphs) -> Iterable[tuple[str, str]]:
    """Yield the marks that only ECS has."""
    yield f"{glyphs.heart} agent", "the container agent is connected to ECS"
    yield "3+1", "running and pending tasks"
    yield "2/2", "containers that run, of a task on Fargate"


def _height(widget: Widget, lines: int) -> None:
    current = widget.styles.height
    if current is None or current.value != lines:  # setting it is a layout
        widget.display = lines > 0
        widget.styles.height = max(1, lines)
