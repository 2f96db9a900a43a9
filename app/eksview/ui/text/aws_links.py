"""The links to AWS: their age, their use of the rate limit, and their errors."""

from collections.abc import Iterable, Iterator, Mapping

from eksview.domain.aws.poll_plan import PLANS, PollPlan
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, clean, fit
from eksview.domain.rows.aws import Call
from eksview.domain.rows.link import Link, Phase
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import TONE_OF, Tone, Words, tone_of

THROTTLED = 60.0
"""Seconds for which a link is shown as throttled after AWS throttled a call."""


def link_health(link: Link | None, call: Call | None, now: float) -> Health:
    """Return the health of a link."""
    if link is None or link.phase in (Phase.OFF, Phase.CONNECTING, Phase.LISTING):
        return Health.UNKNOWN
    if link.phase is Phase.REFUSED:
        return Health.BAD
    return Health.WARN if link.phase is Phase.RETRYING or throttled(call, now) else Health.OK


def throttled(call: Call | None, now: float) -> bool:
    """Return whether AWS has throttled the call lately."""
    return call is not None and call.throttled is not None and now - call.throttled < THROTTLED


def state_words(link: Link | None, call: Call | None, now: float) -> str:
    """Return the state of a link in one or two words."""
    if link is None:
        return "not started"
    if throttled(call, now):
        return "throttled"
    words = {Phase.LIVE: "live", Phase.LISTING: "reading"}
    return words.get(link.phase, link.phase.value)


def link_words(
    link: Link | None,
    call: Call | None,
    unusable: str,
    now: float,
    glyphs: Glyphs,
    source: str = "EC2",
) -> Words:
    """Return `EC2 12s ago · every 30s · 4 of 180 calls a minute`, or why there is no answer."""
    if unusable:
        return ((f"{glyphs.warn} ", "warn"), (clean(unusable), "text"))
    health = link_health(link, call, now)
    heard = link.heard if link is not None else None
    if heard is None:
        cause = link.reason if link is not None else ""
        tone: Tone = "dim" if health is Health.UNKNOWN else "text"
        return (
            (f"{glyphs.mark(health)} ", TONE_OF[health]),
            (cause or f"Loading from {source}{glyphs.more}", tone),
        )
    between = f" {glyphs.dot} "
    parts = [f"{source} {human_duration(max(0.0, now - heard))} ago"]
    if call is not None:
        parts += [f"every {human_duration(call.period)}", _cost(call)]
    state = "" if health is Health.OK else f"  {state_words(link, call, now)}"
    cause = f": {link.reason}" if link is not None and state and link.reason else ""
    return ((between.join(parts), "faint"), (f"{state}{cause}", TONE_OF[health]))


def _cost(call: Call) -> str:
    return f"{call.used} of {call.budget} calls a minute"


def link_lines(
    links: Mapping[str, Link], calls: Mapping[str, Call], now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield a line for each link, and its error below."""
    head = fit("LINK", 16) + fit("STATE", 12)
    ages = fit("AGE", 6, "right") + fit("EVERY", 7, "right") + fit("CALLS/MIN", 11, "right")
    yield ((f"  {head}{ages}  REQUEST", "dim"),)
    yield from plan_lines(PLANS.values(), links, calls, now, width, glyphs)


def plan_lines(
    plans: Iterable[PollPlan],
    links: Mapping[str, Link],
    calls: Mapping[str, Call],
    now: float,
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """Yield the same lines of some links, without the heading."""
    for plan in plans:
        link, call = links.get(plan.name), calls.get(plan.name)
        health = link_health(link, call, now)
        tone = tone_of(health, "dim")
        yield (
            (f"{glyphs.mark(health)} ", TONE_OF[health]),
            (fit(plan.name, 16), "text"),
            (fit(state_words(link, call, now), 12), tone),
            (fit(link_age(link, now), 6, "right"), "text"),
            (fit(human_duration(call.period if call else plan.period), 7, "right"), "dim"),
            (fit(_used(plan, call), 11, "right"), "dim"),
            (f"  {call.name if call else plan.action}", "dim"),
        )
        cause = link.reason if link is not None and health is not Health.OK else EMPTY
        for line in fold(cause, width - 4) if cause else ():
            yield ((f"    {line}", "text"),)


def _used(plan: PollPlan, call: Call | None) -> str:
    return f"{call.used}/{call.budget}" if call is not None else f"0/{plan.budget}"


def link_age(link: Link | None, now: float) -> str:
    """Return the age of a link's last answer."""
    if link is None or link.heard is None:
        return "-"
    return human_duration(max(0.0, now - link.heard))
