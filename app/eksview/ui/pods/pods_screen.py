"""The table of pods, of all namespaces or of one."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.pod_status import status_health
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.ui.base.count_line import separated
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.usage_shown import ShowsUsage, UsageShown, usage_words
from eksview.ui.base.view import View
from eksview.ui.dialogs.namespace_picker import NamespacePicker
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.pod_table import FAILED, UNREADY, PodTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.text.words import Tone, Words, tone_of

SPELLED = 6
"""States named above the table, the worst first; the rest is one number."""


class PodsScreen(ShowsUsage, TableScreen):
    """A screen with the columns of `kubectl get pods -A -o wide` and requests."""

    NOUN = "pods"
    LINK = Kind.POD
    TITLE: ClassVar[str | None] = "Pods"
    LINKS = ("pods",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "namespace", "Namespace", tooltip="Show one namespace", id="pods.namespace"),
        Binding("0", "all", "All", tooltip="Show all namespaces", id="pods.all"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._namespace = ""
        self.usage = UsageShown(view)
        if view.settings.namespace:
            self.choose(view.settings.namespace)

    def make_table(self) -> LiveTable[Any, Any]:
        return PodTable(self.view)

    def head(self) -> Words:
        """Return `150,000 pods: 3 CrashLoopBackOff, 12 Pending, 149,985 Running`."""
        place: Words = ()
        if self._namespace:
            place = (" in ", "dim"), (clean(self._namespace), "accent")
        return tuple(pod_words(self.table.tallies, place))

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
        return "Pods are loaded for opened nodes only." if self._unwatched else super().unread()

    @property
    def _unwatched(self) -> bool:
        link = self.view.store.links.get(Kind.POD)
        return link is not None and link.phase is Phase.OFF

    def nothing(self) -> str:
        if self._namespace:
            ways = self.view.keyed("Press {pods.all} for all namespaces.")
            return f"No pods in {clean(self._namespace)}. {ways}"
        only = self.view.store.links[Kind.POD].only
        return f"No pods in {only}." if only else "This cluster has no pods."

    def within(self) -> str:
        return f" in {clean(self._namespace)}" if self._namespace else ""

    def ways_out(self) -> Iterator[Clean]:
        yield from super().ways_out()
        if self._namespace:
            yield clean(self.view.keyed("{pods.all} shows all namespaces"))

    def choose(self, namespace: str | None) -> None:
        """Show the pods of a namespace, or all for an empty name; None changes nothing."""
        if namespace is None or namespace == self._namespace:
            return
        self._namespace = namespace
        if namespace:
            self.table.admit(lambda pod: pod.namespace == namespace, hide={"namespace"})
        else:
            self.table.admit(None)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why `0` would do nothing."""
        shown = action == "all" and not self._namespace
        return "The pods of all namespaces are shown." if shown else ""

    def action_namespace(self) -> None:
        counts: Counter[str] = Counter(pod.namespace for pod in self.view.store.pods.values())
        self.app.push_screen(NamespacePicker(self.view, counts, self._namespace), self._chosen)

    def action_all(self) -> None:
        self._chosen("")

    def _chosen(self, namespace: str | None) -> None:
        self.choose(namespace)
        self.table.say(*self._note())
        self._count()


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
