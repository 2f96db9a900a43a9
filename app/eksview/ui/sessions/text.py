"""The Session Manager sessions on the nodes, a line each: who is there, then who was."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from eksview.domain.aws.ssm_sessions import ended, lasted, opened, person, role, state
from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean, fit
from eksview.domain.rows.aws import Call, PastSessions, SessionRow
from eksview.domain.rows.link import Link, Phase
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Tone, Words

SOURCE = "Session Manager"
_SHELL = 26  # cells of `SSM-SessionManagerRunShell`
_SPARE = 22  # cells of an instance's id, and of a role's name


class SessionsFacts(Struct, frozen=True):
    """What is known of the sessions; `rows` None while nobody has read them."""

    rows: Sequence[SessionRow] | None
    link: Link | None
    call: Call | None
    unusable: str  # why AWS can't be asked at all
    past: PastSessions | None
    node: Callable[[str], str]  # the clean name of an instance's node; empty where it has none


def session_lines(visits: SessionsFacts, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """How fresh this is, the open sessions, and those that have ended."""
    yield from _freshness(visits, now, width, glyphs)
    if visits.rows is None:
        return
    there, over = opened(visits.rows), ended(visits.rows)
    yield ()
    yield (("Open", "strong"),)
    if there:
        yield _head("SINCE", width)
    for row in there:
        yield _line(row, visits, now, width, glyphs)
    if not there:
        yield (("  Nobody is connected to the nodes.", "dim"),)
    yield ()
    yield (("Ended", "strong"), *_since(visits.past, now))
    if over:
        yield _head("ENDED", width)
    for row in over:
        yield _line(row, visits, now, width, glyphs)
    if not over:
        yield (("  None.", "dim"),)


def _freshness(visits: SessionsFacts, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """One line while all is well; a refusal is a sentence, folded."""
    link, why = visits.link, visits.unusable
    if not why and link is not None and link.phase is Phase.REFUSED:
        why = link.why
    if not why:
        yield link_words(link, visits.call, "", now, glyphs, SOURCE)
        return
    for number, line in enumerate(fold(clean(why), width - 2)):
        yield ((f"{glyphs.warn} " if number == 0 else "  ", "warn"), (line, "text"))


def _since(past: PastSessions | None, now: float) -> Words:
    if past is None:
        return ()
    opened_in = f"  opened in the last {human_duration(now - past.since)}"
    cut = "" if past.whole else "; there are more than are read at a time"
    return ((f"{opened_in}{cut}", "dim"),)


def _head(when: str, width: int) -> Words:
    return ((f"  {_columns(width, 'WHO', 'NODE', when, 'FOR', 'STATE', *_TITLES)}", "dim"),)


_TITLES = ("DOCUMENT", "INSTANCE", "AS", "REASON")


def _line(row: SessionRow, visits: SessionsFacts, now: float, width: int, glyphs: Glyphs) -> Words:
    at = row.started if row.open else row.ended
    said = _columns(
        width,
        person(row),
        visits.node(row.target) or clean(row.target),
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
    return ((f"{mark} ", "accent" if row.open else "faint"), (said, tone))


def _columns(width: int, *texts: str, more: str = "") -> str:
    """The first five always; document, instance, role and reason as far as there is room."""
    room = width - 2
    widths = [16, 17, 10, 7, 14]
    spare = room - sum(widths)
    for least in (_SHELL + 2, _SPARE, _SPARE, _SPARE):
        widths.append(min(least, max(0, spare)))
        spare -= widths[-1]
    widths[0] += max(0, min(spare, 14))
    pieces = [
        fit(text, taken - 1, more=more or " ") + " "
        for text, taken in zip(texts, widths, strict=True)
        if taken > 1
    ]
    return "".join(pieces)
