"""The values of the chapter about one request's way."""

from collections.abc import Callable

from eksview.domain.base.reading import NOT_ASKED, Read, ReadFailed, Reading
from eksview.domain.base.text import clean
from eksview.domain.explain.request_phases import end_of
from eksview.domain.explain.value import LiveValue, Values
from eksview.domain.rows.kube import NodeRow
from eksview.domain.rows.measured_request import MeasuredRequest, ServerMeans
from eksview.domain.rows.server import Timing
from eksview.store.selectors.explain.live import count_now, live, read_text
from eksview.store.selectors.explain.network import path_values
from eksview.store.selectors.explain.source import ExplainSource


def request(source: ExplainSource) -> Values:
    """Return where a request for the nodes goes, and what the measured one took."""
    measured = source.measured
    return {
        **path_values(source),
        "nodes": count_now(source.store, NodeRow),
        **_answer(measured),
        **_means(NOT_ASKED if measured is None else measured.means),
    }


def _answer(measured: MeasuredRequest | None) -> Values:
    made = NOT_ASKED if measured is None else Read(measured, measured.at)
    answered = _answered(measured)
    return {
        "total": live(made, lambda made: f"{end_of(made) * 1000:.0f} ms"),
        "status": live(answered, lambda answer: f"{answer.status}"),
        "items": live(answered, _number(lambda answer: answer.items)),
        "remaining": live(answered, _number(lambda answer: answer.remaining)),
        "received": live(answered, _number(lambda answer: answer.received)),
        "size": live(answered, _number(lambda answer: answer.size)),
        "protocol": live(answered, lambda answer: answer.http),
        "tls_version": live(answered, lambda answer: answer.tls),
        "flow_schema": live(answered, lambda answer: answer.flow_schema),
        "priority_level": live(answered, lambda answer: answer.priority_level),
    }


def _answered(measured: MeasuredRequest | None) -> Reading[MeasuredRequest]:
    """Return the answer to the request; a refusal is one, too."""
    if measured is None:
        return NOT_ASKED
    if measured.status is None:
        return ReadFailed(measured.reason, measured.at)
    return Read(measured, measured.at)


def _number(
    of_answer: Callable[[MeasuredRequest], int | None],
) -> Callable[[MeasuredRequest], str | None]:
    def shown(answer: MeasuredRequest) -> str | None:
        number = of_answer(answer)
        return None if number is None else f"{number:,}"

    return shown


def _means(means: Reading[ServerMeans]) -> Values:
    return {
        "authentication": live(means, lambda counted: _mean(counted.authentication)),
        "authorization": live(means, lambda counted: _mean(counted.authorization)),
        "storage": live(means, lambda counted: _mean(counted.storage)),
    }


def _mean(timing: Timing) -> LiveValue | None:
    """Return the mean of a step; None where the server has counted none."""
    mean = timing.mean
    return None if mean is None else read_text(clean(f"{mean * 1000:.2g} ms"), None)
