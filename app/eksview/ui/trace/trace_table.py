"""The table of calls, the newest first."""

from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.live.api_call import ApiCall
from eksview.domain.tables.trace_columns import TRACE_COLUMNS, TraceContext, outcome
from eksview.ui.base.messages import OpenCall
from eksview.ui.base.view import View
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import Tone, tone_of

SLOW = 1.0  # seconds from which a call is a warning; a watch is meant to be long


def health_of(request: ApiCall, _: TraceContext | None = None) -> Health:
    """Return BAD for failed, WARN for denied or slow, UNKNOWN while the call is in progress."""
    if request.status is None:
        return Health.BAD if request.reason else Health.UNKNOWN
    if request.status >= 400:
        return Health.WARN if request.status in (403, 404, 410, 429) else Health.BAD
    slow = request.verb != "watch" and (request.took or 0.0) >= SLOW
    return Health.WARN if slow else Health.OK


def _tone(request: ApiCall, _: TraceContext) -> Tone:
    return tone_of(health_of(request), "dim")


def _text(request: ApiCall) -> str:
    parts = (request.source, request.service, request.verb, request.target, request.reason)
    return "\n".join(map(clean, (*parts, outcome(request)))).lower()


def _labels(request: ApiCall) -> dict[str, str]:
    return {"source": request.source, "api": request.service, "verb": request.verb,
            "status": outcome(request)}  # fmt: skip


CALLS: TableSpec[ApiCall, TraceContext] = TableSpec(
    columns=TRACE_COLUMNS,
    name=lambda row: f"{10**12 - row.number}",
    text=_text,
    labels=_labels,
    tally=lambda row: "failed" if row.failed and (row.reason or row.status) else row.service,
    health=health_of,
    tones={"status": _tone, "took": _tone, "verb": lambda *_: "text"},
    quiet=frozenset({"time", "source", "service", "size", "items"}),
    least={"target": 20, "verb": 20},
    falling=frozenset({"took", "size", "items"}),
    opened=OpenCall,
    rank=lambda *_: 0,  # a log: the newest first
    pure=True,
)


class TraceTable(LiveTable[ApiCall, TraceContext]):
    """The table of the calls in the store."""

    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(TRACE_COLUMNS)]

    def __init__(self, view: View) -> None:
        super().__init__(view, CALLS, lambda: view.store.requests, TraceContext)
