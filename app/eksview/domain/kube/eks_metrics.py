"""What EKS shows of the scheduler and the controller manager: their metrics as text.

Source: Amazon EKS User Guide, "Fetch control plane raw metrics in Prometheus format"; Kubernetes
metrics reference; Prometheus, "Exposition formats".
"""

import math
import re
from collections.abc import Iterator

from msgspec import Struct

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
    """One line: a metric's name, its labels and its value."""

    name: str
    labels: dict[str, str]
    value: float


def samples(text: str, *prefixes: str) -> Iterator[Sample]:
    """The samples whose names begin so; lines that aren't samples are passed over."""
    for line in text.splitlines():
        if not line.startswith(prefixes):
            continue
        found = _SAMPLE.fullmatch(line)
        value = _number(found["value"]) if found else None
        if found is not None and value is not None:
            yield Sample(found["name"], dict(_LABEL.findall(found["labels"] or "")), value)


def scheduler_metrics(
    text: str, at: float, before: SchedulerMetrics | None = None
) -> SchedulerMetrics:
    """What the scheduler counts; with the reading before, also how fast it goes."""
    pending: dict[str, int] = {}
    attempts: dict[str, int] = {}
    total = count = 0.0
    for each in samples(text, _PENDING, _ATTEMPTS, f"{_TOOK}_sum", f"{_TOOK}_count"):
        if each.name == _PENDING:
            _add(pending, each.labels.get("queue", ""), each.value)
        elif each.name == _ATTEMPTS:
            _add(attempts, each.labels.get("result", ""), each.value)
        elif each.name.endswith("_sum"):
            total += each.value
        else:
            count += each.value
    made = sum(attempts.values())
    return SchedulerMetrics(
        at=at,
        pending=tuple(sorted(pending.items())),
        attempts=tuple(sorted(attempts.items())),
        rate=_rate(made, at, before),
        took=total / count if count else None,
    )


def controller_metrics(text: str, at: float) -> ControllerMetrics:
    """How much waits in the controllers' work queues, the longest first."""
    depths: dict[str, int] = {}
    for each in samples(text, _DEPTH):
        if each.name == _DEPTH:
            _add(depths, each.labels.get("name", ""), each.value)
    waiting = [(name, depth) for name, depth in depths.items() if depth > 0]
    waiting.sort(key=lambda pair: (-pair[1], pair[0]))
    return ControllerMetrics(at=at, queues=len(depths), waiting=tuple(waiting))


def _rate(made: int, at: float, before: SchedulerMetrics | None) -> float | None:
    """Attempts a minute; None for a first reading, and when another instance counts from zero."""
    if before is None or at <= before.at:
        return None
    since = made - sum(count for _, count in before.attempts)
    return None if since < 0 else since * 60 / (at - before.at)


def _add(counts: dict[str, int], name: str, value: float) -> None:
    counts[name] = counts.get(name, 0) + int(value)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
