"""The sessions on one instance, a line for each."""

from collections.abc import Iterator, Sequence

from eksview.domain.aws.ssm_sessions import ended, lasted, opened, person, role, state
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.link import Link
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.sections import Figure, marked

SHOWN = 5  # of those that have ended, on an instance's own page


def session_figures(
    rows: Sequence[SessionRow] | None, link: Link | None, now: float, glyphs: Glyphs
) -> Iterator[Figure]:
    """The sessions on one instance."""
    if rows is None:
        why = clean(link.why) if link is not None else ""
        yield marked("", Health.UNKNOWN, why or "not read", glyphs)
        return
    there = opened(rows)
    for number, row in enumerate(there):
        yield "" if number else "Open", _sentence(row, now), "accent"
    if not there:
        yield "Open", "nobody is connected", "text"
    for number, row in enumerate(ended(rows)[:SHOWN]):
        yield "" if number else "Ended", _sentence(row, now), "dim"


def _sentence(row: SessionRow, now: float) -> str:
    """`ada as Ops, for 12m, SSM-SessionManagerRunShell, connected`."""
    how_long = lasted(row, now)
    parts = [
        f"{person(row)} as {role(row)}" if role(row) else person(row),
        f"for {how_long}" if how_long else "",
        "" if row.ended is None else f"until {human_duration(max(0.0, now - row.ended))} ago",
        clean(row.document),
        state(row),
        clean(row.reason),
    ]
    return ", ".join(filter(None, parts))
