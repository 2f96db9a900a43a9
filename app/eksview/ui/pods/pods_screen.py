"""The table of pods, of all namespaces or of one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.kube.pod_status import status_health
from eksview.domain.live.trust import why_unopened
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.ui.base.lines.count_line import separated
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.usage_shown import ShowsUsage, UsageShown, usage_words
from eksview.ui.base.view import View
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.namespaced_screen import NamespacedScreen, namespace_bindings
from eksview.ui.table.pod_table import FAILED, UNREADY, PodTable
from eksview.ui.text.words import Tone, Words, tone_of

SPELLED = 6
"""States named above the table, the worst first; the rest is one number."""


class PodsScreen(ShowsUsage, NamespacedScreen):
    """A screen with the columns of `kubectl get pods -A -o wide` and requests."""

    NOUN = "pods"
    LINK = Kind.POD
    TITLE: ClassVar[str | None] = "Pods"
    LINKS = ("pods",)
    KEYS = "pods"
    BINDINGS: ClassVar[list[BindingType]] = namespace_bindings(KEYS)

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.usage = UsageShown(view)
        self.choose(view.settings.namespace)

    def make_table(self) -> LiveTable[Any, Any]:
        return PodTable(self.view)

    def head(self) -> Words:
        """Return `150,000 pods: 3 CrashLoopBackOff, 12 Pending, 149,985 Running`."""
        return tuple(pod_words(self.table.tallies, self.namespace_words))

    def frame(self, frame: Frame) -> None:
        self.usage.show(self._namespace)
        super().frame(frame)
        if Kind.POD_USAGE in frame.changes.members:
            self.table.outside_changed()

    def extras(self) -> Sequence[Words]:
        return tuple(usage_words(self.view, self.now))

    def touched(self, frame: Frame) -> Collection[str]:
        return frame.changes.pods

    def counted(self) -> bool:
        return not self._unwatched and super().counted()

    def unread(self) -> str:
        if not self._unwatched or why_unopened(self.view.store.links):
            return super().unread()
        return "Pods are loaded for opened nodes only."

    @property
    def _unwatched(self) -> bool:
        link = self.view.store.links.get(Kind.POD)
        return link is not None and link.phase is Phase.OFF


def pod_words(tallies: Mapping[str, int], place: Words = ()) -> Iterator[tuple[str, Tone]]:
    """Yield the number of pods and their states, the worst first.

    `tallies` counts pods by status; its end tells those that aren't ready or have failed.
    """
    total = sum(tallies.values())
    yield f"{total:,} {'pod' if total == 1 else 'pods'}", "strong"
    yield from place
    states = sorted(tallies, key=lambda state: (_RANK[_health(state)], -tallies[state], state))
    spelled, rest = states[:SPELLED], states[SPELLED:]
    if rest:  # the most common state is shown even among many bad ones
        spelled[-1] = max(states[SPELLED - 1 :], key=tallies.__getitem__)
    counts = [(f"{tallies[state]:,} {_name(state)}", tone_of(_health(state))) for state in spelled]
    if more := total - sum(tallies[state] for state in spelled):
        counts.append((f"{more:,} more", "dim"))
    yield from separated(counts)


_RANK = {Health.BAD: 0, Health.UNKNOWN: 1, Health.WARN: 2, Health.OK: 3}


def _name(state: str) -> str:
    name = clean(state.strip()) or "without a status"
    return "not ready" if name == "Running" and _health(state) is not Health.OK else name


def _health(state: str) -> Health:
    failed, all_ready = state.endswith(FAILED), not state.endswith(UNREADY)
    return status_health(state.rstrip(), all_ready=all_ready, failed=failed)
