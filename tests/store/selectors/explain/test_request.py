"""The values of the chapter about one request, made by hand."""

import pytest

from eksview.domain.base.reading import Permission, Read, Refused
from eksview.domain.base.text import Clean
from eksview.domain.explain.value import ChapterValues, LiveValue
from eksview.domain.rows.measured_request import (
    MeasuredPhase,
    MeasuredRequest,
    PhaseName,
    ServerMeans,
)
from eksview.domain.rows.server import Timing
from eksview.store.selectors.explain.chapters import chapter_values
from eksview.store.selectors.explain.source import ExplainSource
from tests.store.selectors.explain.sources import eks, source_of
from tests.ui.harness import NOW

PHASES = (
    MeasuredPhase(PhaseName.TCP, 0.0, 0.010),
    MeasuredPhase(PhaseName.ANSWER, 0.010, 0.032),
)
MEANS = ServerMeans(Timing(10, 0.005), Timing(10, 0.001), Timing())
METRICS = Permission("get", "/metrics")
ANSWERED = MeasuredRequest(
    NOW - 3, Clean("https://x"), Clean("/api/v1/nodes"), PHASES,
    status=200, items=500, remaining=4500, received=81_234, size=1_234_567, means=Read(MEANS, NOW),
)  # fmt: skip
DENIED = MeasuredRequest(
    NOW, ANSWERED.server, ANSWERED.path, PHASES, status=403, reason=Clean("No."), received=210,
    size=210, means=Refused(Clean("No metrics."), METRICS, NOW),
)  # fmt: skip
BROKEN = MeasuredRequest(NOW, ANSWERED.server, ANSWERED.path, PHASES[:1], reason=Clean("Cut."))


def value(measured: MeasuredRequest | None, name: str) -> LiveValue:
    source = source_of(eks())
    chosen = ExplainSource(source.store, source.overview, source.now, measured=measured)
    values = chapter_values(chosen, "request")
    assert isinstance(values, ChapterValues)
    return values.values[name]


@pytest.mark.parametrize(
    ("measured", "name", "text", "unread"),
    [
        (None, "total", "", "loading"),
        (None, "authentication", "", "loading"),
        (ANSWERED, "total", "42 ms", ""),
        (ANSWERED, "status", "200", ""),
        (ANSWERED, "items", "500", ""),
        (ANSWERED, "remaining", "4,500", ""),
        (ANSWERED, "received", "81,234", ""),
        (ANSWERED, "size", "1,234,567", ""),
        (ANSWERED, "authentication", "0.5 ms", ""),
        (ANSWERED, "storage", "", "none"),  # the watch cache answered all
        (DENIED, "status", "403", ""),
        (DENIED, "items", "", "none"),
        (DENIED, "authentication", "", "refused"),
        (BROKEN, "total", "10 ms", ""),
        (BROKEN, "status", "", "failed"),
    ],
)
def test_the_request_is_told_as_it_was_measured(measured, name, text, unread) -> None:
    shown = value(measured, name)
    assert (shown.text, shown.unread) == (text, unread)


def test_the_age_and_the_reason_are_those_of_the_request() -> None:
    assert value(ANSWERED, "items").at == ANSWERED.at
    assert value(BROKEN, "status").reason == "Cut."
    assert value(DENIED, "authentication").right == "get /metrics"
