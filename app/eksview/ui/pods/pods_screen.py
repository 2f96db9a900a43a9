"""All pods, or those of a namespace, live."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.kube.pod_status import status_health
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenPod
from eksview.ui.base.view import View
from eksview.ui.dialogs.namespace_picker import NamespacePicker
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.pod_table import PodTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.text.words import TONE_OF, Tone, Words

SPELLED = 6
"""States named in the line above the table, the worst first; the others are one number."""


class PodsScreen(TableScreen):
    """`kubectl get pods -A -o wide`, and what they ask for."""

    NOUN = "pods"
    LINK = Kind.POD
    TITLE: ClassVar[str | None] = "Pods"
    ASKERS = ("pods",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "n", "namespace", "Namespace", tooltip="Pods of one namespace", id="pods.namespace"
        ),
        Binding("0", "all", "All", tooltip="Pods of all namespaces", id="pods.all"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._namespace = ""
        if view.settings.namespace:
            self.choose(view.settings.namespace)

    def make_table(self) -> LiveTable[Any, Any]:
        """All pods of the store."""
        return PodTable(self.view, id="pods")

    def subject(self) -> OpenPod | None:
        """The pod under the cursor."""
        row = self.table.current
        return OpenPod(row.uid) if row else None

    def head(self) -> Words:
        """`150,000 pods: 3 CrashLoopBackOff, 12 Pending, 149,985 Running`."""
        where: Words = ()
        if self._namespace:
            where = (" in ", "dim"), (clean(self._namespace), "accent")
        return tuple(pod_words(self.table.tallies, where))

    def touched(self, frame: Frame) -> Collection[str]:
        """Pods."""
        return frame.changes.pods

    def known(self) -> bool:
        """Not when only those of the nodes are there that somebody looks at."""
        return not self._apart and super().known()

    def unread(self) -> str:
        """Or nothing is to be read."""
        return "Pods are read of the nodes that are opened." if self._apart else super().unread()

    @property
    def _apart(self) -> bool:
        link = self.view.store.links.get(Kind.POD)
        return link is not None and link.phase is Phase.OFF

    def nothing(self) -> str:
        """None has been made."""
        if self._namespace:
            return f"There are no pods in {clean(self._namespace)}. 0 shows all namespaces."
        return "This cluster has no pods."

    def choose(self, namespace: str | None) -> None:
        """Only the pods of a namespace; of all when it is empty. None leaves all as it is."""
        if namespace is None or namespace == self._namespace:
            return
        self._namespace = namespace
        if namespace:
            self.table.admit(lambda pod: pod.namespace == namespace, hide={"namespace"})
        else:
            self.table.admit(None)

    def action_namespace(self) -> None:
        """Pick one of the namespaces there are."""
        counts = Counter(pod.namespace for pod in self.view.store.pods.values())
        self.app.push_screen(NamespacePicker(self.view, counts, self._namespace), self._chosen)

    def action_all(self) -> None:
        """All namespaces."""
        self._chosen("")

    def _chosen(self, namespace: str | None) -> None:
        self.choose(namespace)
        self.table.say(*self._said())
        self._count()


def pod_words(tallies: Mapping[str, int], where: Words = ()) -> Iterator[tuple[str, Tone]]:
    """Say how many pods there are and in which states, the worst states first.

    `tallies` counts pods by their status; one with a blank behind it is of pods that aren't ready.
    """
    total = sum(tallies.values())
    yield f"{total:,} {'pod' if total == 1 else 'pods'}", "strong"
    yield from where
    states = sorted(tallies, key=lambda state: (_RANK[_health(state)], -tallies[state], state))
    spelled, rest = states[:SPELLED], states[SPELLED:]
    if rest:  # what most pods are in is said even when much is wrong
        spelled[-1] = max(states[SPELLED - 1 :], key=tallies.__getitem__)
    before = ": "
    for state in spelled:
        health = _health(state)
        name = clean(state.strip())
        name = "not ready" if name == "Running" and health is not Health.OK else name
        yield before, "dim"
        yield f"{tallies[state]:,} {name}", "text" if health is Health.OK else TONE_OF[health]
        before = ", "
    others = total - sum(tallies[state] for state in spelled)
    if others:
        yield f", {others:,} others", "dim"


_RANK = {Health.BAD: 0, Health.UNKNOWN: 1, Health.WARN: 2, Health.OK: 3}


def _health(state: str) -> Health:
    return status_health(state.rstrip(), all_ready=not state.endswith(" "))
