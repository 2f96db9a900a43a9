"""The lines of the Session Manager sessions and of the viewers of a served dashboard."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from eksview.domain.aws.ssm_sessions import ended, lasted, opened, person, role, state
from eksview.domain.base.age import human_duration
from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import Clean, clean, fit
from eksview.domain.live.viewers import Viewer, Viewers
from eksview.domain.rows.aws import Call, PastSessions, SessionRow
from eksview.domain.rows.link import Link, Phase
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Tone, Words

SOURCE = "Session Manager"
_SHELL = 26  # cells of `SSM-SessionManagerRunShell`
_SPARE = 22  # cells of an instance's id, and of a role's name
_TITLES = ("DOCUMENT", "INSTANCE", "ROLE", "REASON")
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
    node: Callable[[str], str]  # the clean name of an instance's node; empty where it has none


def session_lines(facts: SessionsFacts, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the age of the data, the open sessions and those that have ended."""
    yield from _freshness(facts, now, width, glyphs)
    if facts.rows is None:
        return
    for title, rows, when, empty in (
        ((("Open", "strong"),), opened(facts.rows), "SINCE", "No open sessions."),
        ((("Ended", "strong"), *_since(facts.past, now)), ended(facts.rows), "ENDED", "None."),
    ):
        yield ()
        yield title
        if rows:
            columns = _columns(width, "USER", "NODE", when, "DURATION", "STATE", *_TITLES)
            yield ((f"  {columns}", "dim"),)
        else:
            yield ((f"  {empty}", "dim"),)
        for row in rows:
            yield _line(row, facts, now, width, glyphs)


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


def _line(row: SessionRow, facts: SessionsFacts, now: float, width: int, glyphs: Glyphs) -> Words:
    at = row.started if row.open else row.ended
    text = _columns(
        width,
        person(row),
        facts.node(row.target) or clean(row.target),
        f"{human_duration(max(0.0, now - at))} ago" if at is not None else "-",
        lasted(row, now) or "-",
        state(row),
        clean(row.document),
        clean(row.target),
        role(row),
        clean(row.reason),
        more=glyphs.more,
    )
    tone: Tone = "text" if row.open else "dim"
    mark = glyphs.ok if row.open else glyphs.unknown
    return ((f"{mark} ", "accent" if row.open else "faint"), (text, tone))


def _columns(width: int, *texts: str, more: str = "") -> str:
    """Return the first five texts in columns, and of the rest what fits."""
    widths = [16, 17, 10, 9, 14]
    spare = width - 2 - sum(widths)
    for least in (_SHELL + 2, _SPARE, _SPARE, _SPARE):
        widths.append(min(least, max(0, spare)))
        spare -= widths[-1]
    widths[0] += max(0, min(spare, 14))
    return "".join(
        fit(text, taken - 1, more=more or " ") + " "
        for text, taken in zip(texts, widths, strict=True)
        if taken > 1
    )


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
        fit(clean(viewer.user), _USER, more=more)
        + fit(clean(viewer.key), key - 1, more=more)
        + " "
        + fit(clean(viewer.address), _ADDRESS, more=more)
        + fit(f"{viewer.columns}x{viewer.rows}", _SIZE, more=more)
        + fit("left " + ago if ended else ago, _AGE, more=more)
        + fit(show_size(viewer.sent), _SENT, "right", more)
    )
    mark = glyphs.unknown if ended else glyphs.ok
    return ((f"{mark} ", "faint" if ended else "ok"), (text, "faint" if ended else "text"))
