"""Why a pod is Pending: the scheduler's reasons, the nearest nodes, and what holds its start up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from eksview.domain.base.age import human_duration
from eksview.domain.base.clock import Clock
from eksview.domain.base.text import clean
from eksview.domain.rows.kube import EventRow
from eksview.domain.scheduling.nearest import Gap, nearest, wanted
from eksview.domain.scheduling.refusal import Cause, Refusal, refusal
from eksview.store.store import Store
from eksview.ui.text.layout import beside
from eksview.ui.text.object_fields import Json, objects, text
from eksview.ui.text.words import Words

AGAIN = 5.0
"""Seconds between two looks for the nearest nodes, of which there may be thousands."""
COUNT = 6
"""Cells of the column of counts."""


class NearestNodes:
    """The nodes that come nearest to taking a pod, looked for at times."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._of: Any = None
        self._at = float("-inf")
        self._gaps: Sequence[Gap] = ()

    def of(self, pod: Json) -> Sequence[Gap]:
        """Return them for a whole pod."""
        now = self._clock()
        if pod is not self._of or abs(now - self._at) >= AGAIN:
            self._of, self._at = pod, now
            nodes, totals_of = self._store.nodes.values(), self._store.pod_totals_of
            self._gaps = nearest(wanted(pod), nodes, totals_of)
        return self._gaps


def pending_lines(
    pod: Json,
    now: float,
    width: int,
    nearest_to: Callable[[Json], Sequence[Gap]],
    events: Iterable[EventRow],
) -> Iterator[Words]:
    """Yield why a pod is Pending; nothing for another."""
    if text(pod, "status", "phase") != "Pending":
        return
    yield (("Why it is Pending", "strong"),)
    conditions = objects(pod, "status", "conditions")
    scheduled = next((row for row in conditions if text(row, "type") == "PodScheduled"), None)
    if text(scheduled, "status") == "True" or text(pod, "spec", "nodeName"):
        yield from _starting(events, now, width)
    elif text(scheduled, "reason") == "SchedulingGated":
        yield from _gated(pod, width)
    elif (refused := refusal(text(scheduled, "message"))) is not None:
        yield from _refused(refused, width)
        yield from _nearest(nearest_to(pod), width)
    else:
        scheduler = text(pod, "spec", "schedulerName", empty="default-scheduler")
        sentence = f"{scheduler} hasn't tried it yet, or isn't running."
        yield from beside((("  ", "text"),), clean(sentence), "text", width)
    yield ()


def _gated(pod: Json, width: int) -> Iterator[Words]:
    names = ", ".join(text(gate, "name") for gate in objects(pod, "spec", "schedulingGates"))
    sentence = f"Scheduling gates hold it back until their owners remove them: {names}"
    yield from beside((("  ", "text"),), clean(sentence), "text", width)


def _refused(refused: Refusal, width: int) -> Iterator[Words]:
    if refused.nodes:
        noun = "node" if refused.nodes == 1 else "nodes"
        yield ((f"  No node of {refused.nodes:,} {noun} takes it:", "text"),)
    for cause in refused.causes:
        yield from _cause(cause, "warn", width)
    if refused.preemption:
        yield (("  Removing other pods (preemption):", "text"),)
        for cause in refused.preemption:
            yield from _cause(cause, "dim", width)
    if refused.claims:
        yield from beside((("  Resource claims: ", "text"),), refused.claims, "dim", width)


def _cause(cause: Cause, tone: Any, width: int) -> Iterator[Words]:
    count = "" if cause.nodes is None else f"{cause.nodes:,}"
    yield from beside(((f"{count:>{COUNT}}  ", "strong"),), cause.reason, tone, width)


def _nearest(gaps: Sequence[Gap], width: int) -> Iterator[Words]:
    if not gaps:
        return
    title = clean("Nearest nodes, by requests and rules that eksview has read:")
    yield from beside((("  ", "text"),), title, "text", width)
    for gap in gaps:
        yield (("    ", "text"), (gap.node, "host"))
        for reason in (*gap.rules, *gap.lacks):
            yield from beside((("      ", "text"),), reason, "warn", width)
        if not gap.rules and not gap.lacks:
            yield (("      nothing known is against it", "dim"),)
        if gap.unknown:
            unknown = clean(f"unknown: {', '.join(gap.unknown)}")
            yield from beside((("      ", "text"),), unknown, "dim", width)


def _starting(events: Iterable[EventRow], now: float, width: int) -> Iterator[Words]:
    """Yield the newest warning of a pod that has a node; its containers say the rest."""
    warnings = [event for event in events if event.type == "Warning"]
    if not warnings:
        sentence = clean("It has a node; its containers below say what they wait for.")
        yield from beside((("  ", "text"),), sentence, "text", width)
        return
    newest = max(warnings, key=lambda event: event.last or 0.0)
    ago = f" {human_duration(now - newest.last)} ago" if newest.last else ""
    head: Words = (("  ", "text"), (newest.reason, "warn"), (f"{ago}  ", "dim"))
    yield from beside(head, newest.message, "text", width)
