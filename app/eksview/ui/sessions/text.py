"""The lines of the Session Manager sessions and of the viewers of a served dashboard."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from eksview.domain.aws.ssm_sessions import ended, lasted, opened, person, role, state
from eksview.domain.base.age import human_duration
from eksview.domain.base.quantity import show_size
from eksview.domain.base.reading import Reading, value_of
from eksview.domain.base.text import Clean, cells, clean, fit
from eksview.domain.live.viewers import Viewer, Viewers
from eksview.domain.rows.aws import Call, PastSessions, SessionRow
from eksview.domain.rows.link import Link, Phase
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.unread import unread_lines
from eksview.ui.text.words import Tone, Words

SOURCE = "Session Manager"
_TITLES = ("DURATION", "STATE", "DOCUMENT", "INSTANCE", "ROLE", "REASON")
_MOST = (30, 20, 10, 8, 12)
"""Cells of the first columns at most; they are shown in any case, in part on narrow terminals."""
_LEAST = 10
"""Cells of a later column at least, if its texts have more; it is left out otherwise."""
ALONE = Clean(
    "This dashboard isn't served. `eksview serve` shows it to any SSH client whose public key you "
    "allow, with one set of watches for all."
)
_USER, _ADDRESS, _SIZE, _AGE, _SENT = 14, 18, 10, 16, 10


class SessionsFacts(Struct, frozen=True):
    """The input of the session lines; `rows` is None until the sessions are read."""

    rows: Sequence[SessionRow] | None
    link: Link | None
    call: Call | None
    unusable: str  # the reason why AWS can't be called at all
    past: PastSessions | None
    reading: Reading[Any]  # of the sessions
    history: Reading[Any]  # of those that have ended
    node: Callable[[str], str]  # the clean name of an instance's node; empty where it has none


def session_lines(facts: SessionsFacts, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the age of the data, the open sessions and those that have ended."""
    yield from _freshness(facts, now, width, glyphs)
    if facts.rows is None:
        return
    yield from unread_lines("sessions", facts.reading, now, width, glyphs)
    yield from unread_lines("ended sessions", facts.history, now, width, glyphs)
    none_open = "No open sessions." if value_of(facts.reading) is not None else "None known."
    none_ended = "None." if value_of(facts.history) is not None else "None known."
    texts = {id(row): _texts(row, facts, now) for row in facts.rows}
    tables = [
        ((("Open", "strong"),), opened(facts.rows), "SINCE", none_open),
        ((("Ended", "strong"), *_since(facts.past, now)), ended(facts.rows), "ENDED", none_ended),
    ]
    heads = ["USER", "NODE", "SINCE", *_TITLES]
    widths = _widths([heads, *texts.values()], width)
    for title, rows, when, empty in tables:
        yield ()
        yield title
        heads[2] = when
        yield ((f"  {_columns(heads, widths) if rows else empty}", "dim"),)
        for row in rows:
            yield _line(row, _columns(texts[id(row)], widths, glyphs.more), glyphs)


def _freshness(facts: SessionsFacts, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    link, reason = facts.link, facts.unusable
    if not reason and link is not None and link.phase is Phase.REFUSED:
        reason = link.reason
    if not reason:
        yield link_words(link, facts.call, "", now, glyphs, SOURCE)
        return
    for number, line in enumerate(fold(clean(reason), width - 2)):
        yield ((f"{glyphs.warn} " if number == 0 else "  ", "warn"), (line, "text"))


def _since(past: PastSessions | None, now: float) -> Words:
    if past is None:
        return ()
    opened_in = f"  opened in the last {human_duration(now - past.since)}"
    cut = "" if past.whole else "; incomplete: more sessions than one reading returns"
    return ((f"{opened_in}{cut}", "dim"),)


def _line(row: SessionRow, text: str, glyphs: Glyphs) -> Words:
    tone: Tone = "text" if row.open else "dim"
    mark = glyphs.ok if row.open else glyphs.unknown
    return ((f"{mark} ", "accent" if row.open else "faint"), (text, tone))


def _texts(row: SessionRow, facts: SessionsFacts, now: float) -> Sequence[str]:
    at = row.started if row.open else row.ended
    return (
        person(row),
        facts.node(row.target) or row.target,
        f"{human_duration(max(0.0, now - at))} ago" if at is not None else "-",
        lasted(row, now) or "-",
        state(row),
        row.document,
        row.target,
        role(row),
        row.reason,
    )


def _widths(rows: Sequence[Sequence[str]], width: int) -> Sequence[int]:
    """Return the cells of each column by its texts; 0 for one that doesn't fit."""
    room = width - len("  ")
    widths: list[int] = []
    for number, texts in enumerate(zip(*rows, strict=True)):
        wanted = max(map(cells, texts))
        if number < len(_MOST):
            widths.append(min(wanted, _MOST[number]))
        else:
            shown = min(wanted, room)
            widths.append(shown if shown >= min(wanted, _LEAST) else 0)
        room -= widths[-1] + len("  ") * bool(widths[-1])
    return widths


def _columns(texts: Sequence[str], widths: Sequence[int], more: str = "") -> str:
    pairs = zip(texts, widths, strict=True)
    return "  ".join(fit(text, width, more=more or " ") for text, width in pairs if width)


def viewer_lines(
    viewers: Viewers | None, now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield the open sessions, then those that have ended."""
    if viewers is None:
        for line in fold(ALONE, width - 2):
            yield ((line, "dim"),)
        return
    key = max(8, width - 2 - _USER - _ADDRESS - _SIZE - _AGE - _SENT)
    head = fit("USER", _USER) + fit("KEY", key) + fit("ADDRESS", _ADDRESS) + fit("SIZE", _SIZE)
    yield ((f"  {head}{fit('SINCE', _AGE)}{fit('SENT', _SENT, 'right')}", "dim"),)
    for viewer in sorted(viewers.sessions, key=lambda session: session.ended is not None):
        yield _viewer_line(viewer, now, key, glyphs)
    if not viewers.sessions:
        yield (("  No viewers yet.", "dim"),)


def _viewer_line(viewer: Viewer, now: float, key: int, glyphs: Glyphs) -> Words:
    ended = viewer.ended is not None
    more = glyphs.more
    since = viewer.since if viewer.ended is None else viewer.ended
    ago = human_duration(max(0.0, now - since)) + (" ago" if ended else "")
    text = (
        fit(viewer.user, _USER, more=more)
        + fit(viewer.key, key - 1, more=more)
        + " "
        + fit(viewer.address, _ADDRESS, more=more)
        + fit(f"{viewer.columns}x{viewer.rows}", _SIZE, more=more)
        + fit("left " + ago if ended else ago, _AGE, more=more)
        + fit(show_size(viewer.sent), _SENT, "right", more)
    )
    mark = glyphs.unknown if ended else glyphs.ok
    return ((f"{mark} ", "faint" if ended else "ok"), (text, "faint" if ended else "text"))
