"""A node's conditions and its heartbeat; the worst first."""

from collections.abc import Iterator

from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.kube.node_status import condition_health, heartbeat_age, heartbeat_health
from eksview.domain.rows.kube import Condition, LeaseRow, NodeRow
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import TONE_OF, Tone, Words

STATUS, HEARTBEAT, CHANGED = 9, 11, 9
TYPE = (16, 24)
"""Cells of the column of types, at least and at most."""
_ORDER = {Health.BAD: 0, Health.WARN: 1, Health.UNKNOWN: 2, Health.OK: 3}


def condition_lines(
    row: NodeRow, lease: LeaseRow | None, now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """A line for each condition, with what the kubelet says about it below."""
    yield _heartbeat(lease, now, glyphs)
    if row.unschedulable:
        yield ((f"{glyphs.warn} ", "warn"), ("cordoned: no new pods are scheduled here", "text"))
    if row.deleted is not None:
        since = human_duration(now - row.deleted)
        yield ((f"{glyphs.warn} ", "warn"), (f"being deleted since {since}", "text"))
    yield ()
    if not row.conditions:
        yield (("This node has reported no conditions.", "dim"),)
        return
    longest = max(cells(clean(each.type)) for each in row.conditions)
    kind = max(TYPE[0], min(TYPE[1], longest)) + 2
    reason = max(8, width - 2 - kind - STATUS - HEARTBEAT - CHANGED)
    head = fit("TYPE", kind) + fit("STATUS", STATUS) + fit("REASON", reason)
    ages = fit("HEARTBEAT", HEARTBEAT, "right") + fit("CHANGED", CHANGED, "right")
    yield ((f"  {head}{ages}", "dim"),)
    for each in sorted(row.conditions, key=_rank):
        yield from _condition(each, now, (kind, reason), glyphs)


def _rank(condition: Condition) -> tuple[int, bool]:
    return _ORDER[condition_health(condition)], condition.type != "Ready"


def _condition(
    condition: Condition, now: float, widths: tuple[int, int], glyphs: Glyphs
) -> Iterator[Words]:
    kind, reason = widths
    health = condition_health(condition)
    tone = TONE_OF[health]
    said: Tone = "text" if health is Health.OK else tone
    more = glyphs.more
    yield (
        (f"{glyphs.mark(health)} ", tone),
        (fit(clean(condition.type), kind, more=more), said),
        (fit(clean(condition.status), STATUS, more=more), said),
        (fit(clean(condition.reason), reason, more=more), "text"),
        (fit(age(now, condition.heartbeat), HEARTBEAT, "right", more), "dim"),
        (fit(age(now, condition.transition), CHANGED, "right", more), "dim"),
    )
    for line in fold(clean(condition.message), reason + STATUS + HEARTBEAT + CHANGED):
        if line:
            yield ((" " * (2 + kind), "text"), (line, "dim"))


def _heartbeat(lease: LeaseRow | None, now: float, glyphs: Glyphs) -> Words:
    since = heartbeat_age(lease, now)
    if lease is None or since is None:
        return ((f"{glyphs.heart} ", "faint"), ("no heartbeat is visible to you", "dim"))
    health = heartbeat_health(lease, now)
    tone: Tone = "text" if health is Health.OK else TONE_OF[health]
    ago = human_duration(since)
    return (
        (f"{glyphs.heart} ", TONE_OF[health]),
        (f"heartbeat {ago} ago", tone),
        (f"   lease of {lease.duration or 40} s in kube-node-lease", "faint"),
    )
