"""Why a pod is Pending: the scheduler's reasons, the nearest nodes, and what holds its start up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import is_
from typing import Any

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.clock import Clock
from eksview.domain.base.json_values import Json, items
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.kube import EventRow
from eksview.domain.scheduling.claims import ClaimState, VolumeReach
from eksview.domain.scheduling.nearest import Gap, nearest, wanted
from eksview.domain.scheduling.refusal import Cause, Refusal, refusal
from eksview.store.store import Store
from eksview.ui.text.layout import beside
from eksview.ui.text.object_fields import text
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
        self._of: tuple[Json, Sequence[ClaimState] | None] | None = None
        self._at = float("-inf")
        self._gaps: Sequence[Gap] = ()

    def of(self, pod: Json, claims: Sequence[ClaimState] | None = ()) -> Sequence[Gap]:
        """Return them for a whole pod and its claims."""
        now, made_of = self._clock(), (pod, claims)
        same = self._of is not None and all(map(is_, made_of, self._of))
        if not same or abs(now - self._at) >= AGAIN:
            self._of, self._at = made_of, now
            nodes, totals_of = self._store.nodes.values(), self._store.pod_totals_of
            reaches = [claim.reach for claim in claims or () if claim.reach is not None]
            self._gaps = nearest(wanted(pod, reaches), nodes, totals_of)
        return self._gaps

    def fitting(self, reach: VolumeReach) -> tuple[int, int]:
        """Return the number of nodes that a volume can be used on, and that of all nodes."""
        nodes = self._store.nodes.values()
        return sum(reach.has(node.labels, node.name) for node in nodes), len(nodes)


class PendingVolumes(Struct, frozen=True):
    """The claims of a pod as last read, None before; `left_out` counts those that aren't read."""

    states: Sequence[ClaimState] | None = ()
    left_out: int = 0
    fitting: Callable[[VolumeReach], tuple[int, int]] = lambda _: (0, 0)
    events_of: Callable[[Clean], Iterable[EventRow]] = lambda _: ()


NO_VOLUMES = PendingVolumes()


def pending_lines(
    pod: Json,
    now: float,
    width: int,
    nearest_to: Callable[[Json, Sequence[ClaimState] | None], Sequence[Gap]],
    events: Iterable[EventRow],
    volumes: PendingVolumes = NO_VOLUMES,
) -> Iterator[Words]:
    """Yield why a pod is Pending; nothing for another."""
    if text(pod, "status", "phase") != "Pending":
        return
    yield (("Why it is Pending", "strong"),)
    conditions = items(pod, "status", "conditions")
    scheduled = next((row for row in conditions if text(row, "type") == "PodScheduled"), None)
    if text(scheduled, "status") == "True" or text(pod, "spec", "nodeName"):
        yield from _starting(events, now, width)
    elif text(scheduled, "reason") == "SchedulingGated":
        yield from _gated(pod, width)
    elif (refused := refusal(text(scheduled, "message"))) is not None:
        yield from _refused(refused, width)
        yield from _volumes(volumes, now, width)
        yield from _nearest(nearest_to(pod, volumes.states), width)
    else:
        scheduler = text(pod, "spec", "schedulerName", empty="default-scheduler")
        sentence = f"{scheduler} hasn't tried it yet, or isn't running."
        yield from beside((("  ", "text"),), clean(sentence), "text", width)
        yield from _volumes(volumes, now, width)
    yield ()


def _gated(pod: Json, width: int) -> Iterator[Words]:
    names = ", ".join(text(gate, "name") for gate in items(pod, "spec", "schedulingGates"))
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


def _volumes(volumes: PendingVolumes, now: float, width: int) -> Iterator[Words]:
    """Yield the state of each claim, the nodes of its volume, and its newest event."""
    if volumes.states is None:
        yield (("  Its volumes: loading", "dim"),)
        return
    if volumes.states:
        yield (("  Its volumes:", "text"),)
    for claim in volumes.states:
        head: Words = (("    claim ", "dim"), (claim.name, "strong"), ("  ", "text"))
        yield from beside(head, claim.sentence, "dim" if claim.holds is False else "warn", width)
        if claim.reach is not None and claim.reach.place:
            nodes, total = volumes.fitting(claim.reach)
            place = clean(f"usable on {nodes:,} of {total:,} nodes: {claim.reach.place}")
            yield from beside((("      ", "text"),), place, "dim" if nodes else "warn", width)
        if claim.holds is not False:
            yield from _newest(volumes.events_of(claim.name), now, width)
    if volumes.left_out:
        yield ((f"    {volumes.left_out:,} more claims aren't read", "dim"),)


def _newest(events: Iterable[EventRow], now: float, width: int) -> Iterator[Words]:
    """Yield the newest warning, or the newest event where there is no warning."""
    listed = sorted(events, key=lambda event: (event.type == "Warning", event.last or 0.0))
    for event in listed[-1:]:
        ago = f" {human_duration(now - event.last)} ago" if event.last else ""
        head: Words = (("      ", "text"), (event.reason, "warn"), (f"{ago}  ", "dim"))
        yield from beside(head, event.message, "text", width)


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
