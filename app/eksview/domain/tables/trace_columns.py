"""The table of API calls."""

import time
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import clean
from eksview.domain.live.api_call import ApiCall
from eksview.domain.tables.column import NONE, Column, Measure, text_column


class TraceContext(Struct, frozen=True):
    """The values that a call's cells need beside its row."""

    now: float


TraceColumn: TypeAlias = Column[ApiCall, TraceContext]


def clock_time(at: float) -> str:
    """Return `16:04:09.123` in local time, as logs have it."""
    return time.strftime("%H:%M:%S", time.localtime(at)) + f".{int(at % 1 * 1000):03d}"


def took_words(seconds: float | None) -> str:
    """Return `12 ms` or `1.2 s`; `-` without an answer."""
    if seconds is None:
        return "-"
    return f"{seconds:.1f} s" if seconds >= 0.9995 else f"{seconds * 1000:.0f} ms"


def outcome(request: ApiCall) -> str:
    """Return the HTTP status, or `failed`."""
    if request.status is not None:
        return str(request.status)
    return "failed" if request.reason else "-"


def _took_key(request: ApiCall, _: TraceContext) -> int:
    return int((request.took or 0.0) * 1e6)


TRACE_COLUMNS: tuple[TraceColumn, ...] = (
    Column(
        id="time",
        title="TIME",
        cell=lambda row, _: clean(clock_time(row.at)),
        sort=lambda row, _: -row.number,
        width=12,
        tier=0,
        key="T",
    ),
    replace(
        text_column("SOURCE", lambda row, _: row.source, 13, 1, "A"), sort=lambda row, _: row.source
    ),
    replace(text_column("API", lambda row, _: row.service, 10, 2, "O"), id="service"),
    text_column("VERB", lambda row, _: row.verb, 7, 0, "V"),
    Column(
        id="status",
        title="STATUS",
        cell=lambda row, _: clean(outcome(row)),
        sort=lambda row, _: -(row.status or 999),
        width=6,
        tier=0,
        key="S",
        align="right",
        measure=Measure("number", lambda row, _: row.status),
    ),
    Column(
        id="took",
        title="DURATION",
        cell=lambda row, _: clean(took_words(row.took)),
        sort=_took_key,
        width=8,
        tier=0,
        key="D",
        align="right",
        measure=Measure("duration", lambda row, _: row.took),
    ),
    Column(
        id="size",
        title="SIZE",
        cell=lambda row, _: show_size(row.size) if row.size else NONE,
        sort=lambda row, _: row.size,
        width=7,
        tier=2,
        key="Z",
        align="right",
        measure=Measure("size", lambda row, _: row.size),
    ),
    Column(
        id="items",
        title="ITEMS",
        cell=lambda row, _: NONE if row.items is None else clean(f"{row.items:,}"),
        sort=lambda row, _: -1 if row.items is None else row.items,
        width=6,
        tier=3,
        key="I",
        align="right",
        measure=Measure("number", lambda row, _: row.items),
    ),
    replace(
        text_column("REQUEST", lambda row, _: row.reason or row.target, 60, 0, "W"), id="target"
    ),
)
