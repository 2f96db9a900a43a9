"""The metrics that EKS has of the scheduler and the controller manager.

Source: Amazon EKS User Guide, "Fetch control plane raw metrics in Prometheus format"; Kubernetes
metrics reference; Prometheus, "Exposition formats".
"""

import math
import re
from collections.abc import Iterator

from msgspec import Struct

from eksview.domain.base.text import Clean, shared
from eksview.domain.rows.server import ControllerMetrics, SchedulerMetrics

_SAMPLE = re.compile(
    r"(?P<name>[A-Za-z_:][\w:]*)(?:\{(?P<labels>.*)\})?\s+(?P<value>\S+)(?:\s+-?\d+)?\s*"
)
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_PENDING = "scheduler_pending_pods"
_ATTEMPTS = "scheduler_schedule_attempts_total"
_TOOK = "scheduler_scheduling_attempt_duration_seconds"
_DEPTH = "workqueue_depth"


class Sample(Struct, frozen=True):
    """A line: a metric's name, its labels and its value."""

    name: str
    labels: dict[str, str]
    value: float


def samples(text: str, *prefixes: str) -> Iterator[Sample]:
    """Yield the samples whose names begin with a prefix."""
    for line in text.splitlines():
        if not line.startswith(prefixes):
            continue
        match = _SAMPLE.fullmatch(line)
        value = _number(match["value"]) if match else None
        if match is not None and value is not None:
            yield Sample(match["name"], dict(_LABEL.findall(match["labels"] or "")), value)


def scheduler_metrics(
    text: str, at: float, before: SchedulerMetrics | None = None
) -> SchedulerMetrics:
    """Return the scheduler's counts, and with the reading before their rate."""
    pending: dict[Clean, int] = {}
    attempts: dict[Clean, int] = {}
    total = count = 0.0
    for sample in samples(text, _PENDING, _ATTEMPTS, f"{_TOOK}_sum", f"{_TOOK}_count"):
        if sample.name == _PENDING:
            _add(pending, sample.labels.get("queue", ""), sample.value)
        elif sample.name == _ATTEMPTS:
            _add(attempts, sample.labels.get("result", ""), sample.value)
        elif sample.name.endswith("_sum"):
            total += sample.value
        else:
            count += sample.value
    made = sum(attempts.values())
    return SchedulerMetrics(
        at=at,
        pending=tuple(sorted(pending.items())),
        attempts=tuple(sorted(attempts.items())),
        rate=_rate(made, at, before),
        took=total / count if count else None,
    )


def controller_metrics(text: str, at: float) -> ControllerMetrics:
    """Return the depths of the controllers' work queues, the longest first."""
    depths: dict[Clean, int] = {}
    for sample in samples(text, _DEPTH):
        if sample.name == _DEPTH:
            _add(depths, sample.labels.get("name", ""), sample.value)
    waiting = [(name, depth) for name, depth in depths.items() if depth > 0]
    waiting.sort(key=lambda pair: (-pair[1], pair[0]))
    return ControllerMetrics(at=at, queues=len(depths), waiting=tuple(waiting))


def _rate(made: int, at: float, before: SchedulerMetrics | None) -> float | None:
    """Return attempts a minute; None for a first reading or one of another instance."""
    if before is None or at <= before.at:
        return None
    since = made - sum(count for _, count in before.attempts)
    return None if since < 0 else since * 60 / (at - before.at)


def _add(counts: dict[Clean, int], label: str, value: float) -> None:
    name = shared(label)
    counts[name] = counts.get(name, 0) + int(value)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
