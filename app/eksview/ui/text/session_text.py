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

SHOWN = 5  # ended sessions on an instance's screen


def session_figures(
    rows: Sequence[SessionRow] | None, link: Link | None, now: float, glyphs: Glyphs
) -> Iterator[Figure]:
    """Yield the sessions on one instance."""
    if rows is None:
        reason = clean(link.why) if link is not None else ""
        yield marked("", Health.UNKNOWN, reason or "unknown", glyphs)
        return
    active = opened(rows)
    for number, row in enumerate(active):
        yield "" if number else "Open", _sentence(row, now), "accent"
    if not active:
        yield "Open", "none", "text"
    for number, row in enumerate(ended(rows)[:SHOWN]):
        yield "" if number else "Ended", _sentence(row, now), "dim"


def _sentence(row: SessionRow, now: float) -> str:
    """Return `ada as Ops, for 12m, SSM-SessionManagerRunShell, connected`."""
    duration = lasted(row, now)
    parts = [
        f"{person(row)} as {role(row)}" if role(row) else person(row),
        f"for {duration}" if duration else "",
        "" if row.ended is None else f"until {human_duration(max(0.0, now - row.ended))} ago",
        clean(row.document),
        state(row),
        clean(row.reason),
    ]
    return ", ".join(filter(None, parts))
