"""The workers panel: nodes by nodegroup and zone as cards, chips or a heat map."""

from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.live.polled import USAGE
from eksview.domain.live.trust import Trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.store.changes import Changes
from eksview.store.selectors.overview import Overview
from eksview.store.selectors.unjoined import first_unjoined
from eksview.ui.base.command_context import command_context
from eksview.ui.base.messages import OpenInstance, OpenNode, OpenRule
from eksview.ui.base.view import View
from eksview.ui.home.node_states import NodeStates
from eksview.ui.home.notice import missing_rule, notice
from eksview.ui.home.workers_border import legend_words, title_words, unjoined, usage_words
from eksview.ui.text.styled_text import Spans
from eksview.ui.workers.border import StateCounts
from eksview.ui.workers.layout import MAPS
from eksview.ui.workers.panel import WorkersPanel, worker_bindings
from eksview.ui.workers.worker import FINE, Scene

_TITLE = "Workers"
_TITLE_FRAME = 5  # cells of corners, lines and blanks around a title


class Workers(WorkersPanel):
    """The panel of the nodes."""

    NOUN = "node"
    NOTHING_TO_OPEN = "There is no node or instance to open."
    BINDING_GROUP_TITLE = "Workers"
    BINDINGS: ClassVar[list[BindingType]] = worker_bindings("node", "Open conditions and pods")

    def __init__(self, view: View, overview: Overview, states: NodeStates) -> None:
        super().__init__(view, states)
        self._overview = overview
        self._states = states
        self._unjoined: StateCounts = ()

    def sync(self, now: float, changes: Changes, *, full: bool = False) -> None:
        """Bring the plan and the picture up to date."""
        every = self._states.check_heartbeats(now) or full or changes.reset
        names = self.view.store.nodes.keys() if every else changes.nodes | _tied(self.view, changes)
        changed = self._states.update(names, now)
        if int(now) != self._second:  # once a second, as it goes over all nodes
            changed |= self._states.update(self._states.overdue(now), now)
        gone = (every or Kind.NODE in changes.members) and self._states.drop_gone()
        if self._states.regrouped() or gone:
            self.regroup()
        self._lines.redraw_headings(changed)
        self._dirty.update(names, changed)
        if every or changes.mapping or int(now) != self._second:
            self._unjoined = unjoined(self.view, now)
        self.show(now)

    def scene_at(self, now: float) -> Scene:
        version, plan = self._overview.version, self._lines.plan
        measured, usage = usage_words(self.view.store.links.get(USAGE), now)
        many = plan.zoom in MAPS or len(plan.places) > FINE
        return Scene(
            now=now,
            stale=self._overview.trust(Kind.NODE) is Trust.STALE,
            counted=self._overview.trust(Kind.POD) is not Trust.ABSENT,
            unwatched=self._overview.phase(Kind.POD) is Phase.OFF,
            fine=not many,
            server=version.git if version else "",
            chosen=self.chosen if self.has_focus else "",
            measured=measured,
            usage=usage,
        )

    def notice_at(self, now: float) -> list[Spans]:
        return notice(self.view, self._overview, now, self.inner[0], self.ink)

    def title(self) -> Spans:
        words = title_words(
            self._overview,
            self._states,
            self._unjoined,
            self._scene.now,
            self.size.width - _TITLE_FRAME - len(_TITLE),
            self.ink,
        )
        return [(_TITLE, self.heading), *words]

    def meaning(self) -> Spans:
        return legend_words(self._lines.plan, self._scene, self.ink)

    def opened(self) -> OpenNode | OpenInstance | OpenRule | None:
        return subject_at(self.view, self._overview, self.chosen)


def subject_at(
    view: View, overview: Overview, chosen: str
) -> OpenNode | OpenInstance | OpenRule | None:
    """Return the chosen node; without nodes the instance or the rule that the notice is about."""
    if chosen in view.store.nodes:
        return OpenNode(chosen)
    if rule := missing_rule(view, overview):
        return OpenRule(rule)
    if view.store.nodes or not overview.trust(Kind.NODE).whole:
        return None
    unjoined = first_unjoined(view.store, view.clock(), command_context(view))
    return OpenInstance(unjoined.key) if unjoined else None


def _tied(view: View, changes: Changes) -> set[str]:
    """Return the nodes whose instances have changed."""
    rows = view.store.mapping.rows
    return {row.node for key in changes.mapping if (row := rows.get(key)) and row.node}
