"""The lines above a log: what is read and kept, and what keeps lines from coming."""

from collections.abc import Collection, Iterator

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.logs.inbox import LogSource, SourcePhase
from eksview.domain.logs.ring import BYTES
from eksview.ui.base.lines.count_line import separated
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.words import Tone, Words

_TROUBLE = (SourcePhase.FAILED, SourcePhase.RETRYING, SourcePhase.WAITING)
_MIB = 1024 * 1024


class LogState(Struct):
    """What is known of a log view's reading."""

    following: bool = True
    paused: bool = False
    previous: bool = False
    since: Clean = EMPTY
    lines: int = 0
    size: int = 0
    waiting: int = 0
    left_out: int = 0
    more: int = 0
    problem: Clean = EMPTY
    read_at: float | None = None  # of a source that is polled
    forms: tuple[str, ...] = ()


def count_words(title: Clean, state: LogState, sources: Collection[LogSource]) -> Words:
    """Return `pod shop/web-x2x9f: following, 12,345 lines, 3.2 of 32 MiB, 2 containers`."""
    return (("  ", "text"), (title, "strong"), *separated(_counts(state, sources)))


def _counts(state: LogState, sources: Collection[LogSource]) -> Iterator[tuple[str, Tone]]:
    ended = sum(source.phase is SourcePhase.ENDED for source in sources)
    if state.paused:
        yield f"paused with {state.waiting:,} new lines", "warn"
    elif state.previous:
        yield "previous run", "warn"
    elif not state.following:
        yield "scrolled back", "warn"
    elif ended and ended == len(sources):
        runs = any(source.container for source in sources)
        yield "ended, new runs are read" if runs else "ended", "warn"
    else:
        yield _followed(state, {source.phase for source in sources})
    if state.since:
        yield state.since, "text"
    yield f"{state.lines:,} {'line' if state.lines == 1 else 'lines'}", "text"
    yield f"{state.size / _MIB:.1f} of {BYTES // _MIB} MiB", "dim"
    if len(sources) > 1:
        noun = "containers" if any(source.container for source in sources) else "streams"
        over = f" ({ended:,} ended)" if ended else ""
        yield f"{len(sources):,} {noun}{over}", "dim"
    yield from ((form, "dim") for form in state.forms)


def _followed(state: LogState, phases: Collection[SourcePhase]) -> tuple[str, Tone]:
    """Return whether lines can come: only of a source that answered."""
    if SourcePhase.LIVE in phases:
        return "following", "ok"
    if SourcePhase.WAITING in phases or (state.problem and not phases):
        return "waiting", "warn"
    if SourcePhase.OPENING in phases or not phases:
        return "connecting", "warn"
    return ("retrying", "warn") if SourcePhase.RETRYING in phases else ("not followed", "bad")


def trouble_words(state: LogState, sources: Collection[LogSource], glyphs: Glyphs) -> Words:
    """Return what keeps lines from coming; empty if nothing does."""
    parts = list(_troubles(state, sources))
    out: list[tuple[str, Tone]] = []
    for number, (text, tone) in enumerate(parts):
        out += [(f" {glyphs.dot} " if number else f"  {glyphs.warn} ", tone), (text, tone)]
    return tuple(out)


def _troubles(state: LogState, sources: Collection[LogSource]) -> Iterator[tuple[str, Tone]]:
    if state.left_out:  # first: where there is little room, the ends of the others are cut
        yield f"{state.left_out:,} lines left out, they came too fast", "warn"
    if state.problem:
        yield state.problem, "bad"
    if state.more:
        yield f"{state.more:,} more containers aren't read, too many at once", "warn"
    troubled = sorted(
        (source for source in sources if source.phase in _TROUBLE),
        key=lambda source: _TROUBLE.index(source.phase),
    )
    if troubled:
        first = troubled[0]
        tone: Tone = "bad" if first.phase is SourcePhase.FAILED else "warn"
        name = "" if len(sources) == 1 else f"{first.name}/{first.container}: "
        yield f"{name}{first.reason}", tone
        if len(troubled) > 1:
            yield f"{len(troubled) - 1:,} more wait or fail", tone
