"""The workers panel of ECS: container instances and Fargate tasks as cards, chips or a heat map."""

from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.plural import plural
from eksview.domain.base.text import Clean, clean
from eksview.domain.live.trust import Trust, awaited, trust
from eksview.domain.rows.ecs import EcsTaskRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs_cluster import unread_tables, why_no_clusters
from eksview.ui.base.messages import OpenContainerInstance, OpenTask
from eksview.ui.base.view import View
from eksview.ui.ecs.members import EcsMembers
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import Spans
from eksview.ui.workers.border import state_words
from eksview.ui.workers.layout import MAPS
from eksview.ui.workers.panel import WorkersPanel, worker_bindings
from eksview.ui.workers.worker import Scene

_TITLE = "Workers"
_TITLE_FRAME = 5  # cells of corners, lines and blanks around a title
_TABLES = (Kind.ECS_INSTANCE, Kind.ECS_MACHINE, Kind.ECS_TASK, Kind.ECS_PROVIDER)
READ_EVERY = 10
"""Seconds after which words with a duration in them are made again, without any news."""


class EcsWorkers(WorkersPanel):
    """The panel of the workers of an ECS cluster."""

    NOUN = "worker"
    NOTHING_TO_OPEN = "There is no container instance or task to open."
    BINDING_GROUP_TITLE = "Workers"
    BINDINGS: ClassVar[list[BindingType]] = worker_bindings(
        "worker", "Open the container instance or the task"
    )

    def __init__(self, view: View, members: EcsMembers) -> None:
        super().__init__(view, members)
        self._members = members
        self._shown_cluster = ""
        self._read_at = float("-inf")

    def sync(self, now: float, cluster: str, *, news: bool) -> None:
        """Bring the plan and the picture up to date; `news` are changed rows of ECS."""
        if news or cluster != self._shown_cluster or abs(now - self._read_at) >= READ_EVERY:
            before = _places(self._members)
            self._shown_cluster, self._read_at = cluster, now
            changed = self._members.update(cluster)
            if _places(self._members) != before:
                self.regroup()
            self._lines.redraw_headings(changed)
            self._dirty |= changed
        self.show(now)

    def scene_at(self, now: float) -> Scene:
        links = self.view.store.links
        return Scene(
            now=now,
            stale=trust(links.get(Kind.ECS_INSTANCE.link)) is Trust.STALE,
            counted=True,
            fine=False,
            server="",
            chosen=self.chosen if self.has_focus else "",
        )

    def notice_at(self, now: float) -> list[Spans]:
        """Return what isn't read, or why there is nothing."""
        width, palette = self.inner[0], self.ink.palette
        if not self._shown_cluster:
            reason = why_no_clusters(self.view.store, self.view.ecs_cluster)
            text = reason or clean(f"Loading ECS clusters{self.ink.glyphs.more}")
            return self._sentence(text, Health.WARN if reason else Health.UNKNOWN)
        unread = unread_tables(self.view.store, now, *_TABLES)
        lines = [line for text in unread for line in self._sentence(text, Health.WARN)]
        if lines or self._members.workers:
            return lines
        links = self.view.store.links
        if any(awaited(links.get(kind.link)) for kind in _TABLES):
            more = self.ink.glyphs.more
            return [[(clean(f"Loading container instances and tasks{more}"), palette.dim)]]
        none = Clean(
            "No container instance is registered in this cluster, its capacity providers have no "
            "EC2 instance, and no task runs on Fargate."
        )
        return [[(line, palette.text)] for line in fold(none, width)]

    def title(self) -> Spans:
        dot, palette = self.ink.glyphs.dot, self.ink.palette
        total = len(self._members.workers)
        if not total:
            return [(_TITLE, self.heading)]
        pairs = len(self._members.pairs)
        machines = len({pair.id for pair in self._members.pairs.values()})  # some are twice here
        parts: list[str] = [plural(machines, "machine")] if machines else []
        parts += [f"{plural(total - pairs, 'task')} on Fargate"] if total > pairs else []
        head = f" {dot} {', '.join(parts)}"
        room = self.size.width - _TITLE_FRAME - len(_TITLE) - len(head)
        stale: Spans = [(f"  {self.ink.glyphs.warn} stale", palette.warn)]
        return [
            (_TITLE, self.heading),
            (head, palette.dim),
            *(stale if self._scene.stale else []),
            *state_words(self._members.counts, room, self.ink),
        ]

    def meaning(self) -> Spans:
        dim, dot = self.ink.palette.dim, self.ink.glyphs.dot
        if self._lines.plan.zoom in MAPS:
            low, high = self.ink.glyphs.spark[:-1], self.ink.glyphs.spark[-1:]
            return [("reserved ", dim), (low, self.ink.palette.ok), (high, self.ink.palette.warn)]
        return [(f"cpu, memory: reserved of registered {dot} tasks {dot} age", dim)]

    def opened(self) -> OpenContainerInstance | OpenTask | None:
        if self.chosen in self._members.pairs:
            return OpenContainerInstance(self.chosen)
        task = self.view.store.table(EcsTaskRow).get(self.chosen)
        return OpenTask(task.arn) if task is not None else None

    def _sentence(self, text: Clean, health: Health) -> list[Spans]:
        style = self.ink.palette.state(health)
        first, *rest = fold(text, self.inner[0] - 2)
        head: Spans = [(f"{self.ink.glyphs.mark(health)} ", style), (first, style)]
        return [head, *([(f"  {line}", style)] for line in rest)]


def _places(members: EcsMembers) -> list[tuple[object, ...]]:
    """Return what the plan depends on."""
    workers = members.workers.items()
    return [(key, worker.group, worker.zone, worker.order) for key, worker in workers]
