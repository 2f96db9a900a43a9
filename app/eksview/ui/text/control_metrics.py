"""The metrics that EKS publishes of its scheduler and controller manager."""

from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.plural import plural
from eksview.domain.base.reading import Read, ReadFailed, Refused, value_of
from eksview.domain.control_plane.components import LEADERS
from eksview.domain.rows.server import ControllerMetrics, EksMetrics, SchedulerMetrics
from eksview.ui.text.bars import milliseconds
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.sections import Figure, figures, marked
from eksview.ui.text.words import Words

SCHEDULER, CONTROLLERS = LEADERS[:2]
UNSCHEDULABLE = "unschedulable"
LONGEST = 8
"""Work queues that are listed."""


def pending_words(metrics: EksMetrics | None, component: str) -> str:
    """Return `3 pending` or `3 queued`; empty where nothing was read."""
    if metrics is None:
        return ""
    if component == SCHEDULER and (seen := value_of(metrics.scheduler)) is not None:
        return f"{sum(count for _, count in seen.pending):,} pending"
    if component == CONTROLLERS and (queues := value_of(metrics.controllers)) is not None:
        return f"{sum(depth for _, depth in queues.waiting):,} queued"
    return ""


def metrics_lines(
    metrics: EksMetrics | None, component: str, now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield the metrics of a component, or why they can't be read."""
    if metrics is None or component not in (SCHEDULER, CONTROLLERS):
        return
    match metrics.scheduler if component == SCHEDULER else metrics.controllers:
        case Read(SchedulerMetrics() as seen):
            yield from figures("Scheduling", _scheduler(seen, now, glyphs), width)
        case Read(ControllerMetrics() as seen):
            yield from figures("Work queues", _controllers(seen, now), width)
        case Refused(reason) | ReadFailed(reason):
            for number, line in enumerate(fold(reason, width - 2)):
                yield ((f"{glyphs.unknown} " if number == 0 else "  ", "unknown"), (line, "text"))
            yield ()


def _scheduler(seen: SchedulerMetrics, now: float, glyphs: Glyphs) -> Iterator[Figure]:
    for queue, count in seen.pending:
        stuck = queue == UNSCHEDULABLE and count > 0
        name = f"Pending, {queue}" if queue else "Pending"
        pods = plural(count, "pod")
        yield marked(name, Health.WARN if stuck else Health.OK, pods, glyphs)
    for result, count in seen.attempts:
        yield f"Attempts, {result}", f"{count:,} since it started", "text"
    yield "Attempts a minute", "" if seen.rate is None else f"{seen.rate:.0f}", "text"
    took = "" if seen.took is None else f"{milliseconds(seen.took)} on average"
    yield "Attempt duration", took, "text"
    yield _read(seen.at, now)


def _controllers(seen: ControllerMetrics, now: float) -> Iterator[Figure]:
    yield "Queues", f"{seen.queues:,}", "text"
    for name, depth in seen.waiting[:LONGEST]:
        yield name, f"{depth:,} waiting", "text"
    if not seen.waiting:
        yield "Waiting", "nothing", "text"
    yield _read(seen.at, now)


def _read(at: float, now: float) -> Figure:
    return (
        "Read",
        f"{human_duration(max(0.0, now - at))} ago, from metrics.eks.amazonaws.com",
        "dim",
    )
