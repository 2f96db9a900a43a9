"""How far a link can be trusted right now, and how to say so."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from eksview.domain.rows.link import Link, Phase

HEALTH = "health"
"""The probe's link: asked every few seconds, so the first to notice a cut cable."""


class Trust(StrEnum):
    """What may be shown of a link's data."""

    LIVE = "live"
    LOADING = "loading"  # arriving for the first time: true but not all of it
    STALE = "stale"  # the last known, no longer confirmed
    ABSENT = "absent"  # never read, and not being read


def trust(link: Link | None, health: Link | None = None) -> Trust:
    """Judge a stream by its own phase and by the probe beside it.

    A stream whose peer vanished without a word looks live until its read times out; the probe fails
    within seconds, so a stream isn't called live while the probe gets no answer.
    """
    if link is None or link.phase in (Phase.REFUSED, Phase.OFF):
        return Trust.ABSENT
    unconfirmed = health is not None and health.phase is Phase.RETRYING
    if link.phase is Phase.LIVE:
        return Trust.STALE if unconfirmed else Trust.LIVE
    if link.phase is Phase.RETRYING:
        return Trust.STALE if link.heard is not None else Trust.ABSENT
    return Trust.LOADING


def progress(link: Link) -> float | None:
    """The part of a list that has been read, 0 to 1; None while the server hasn't said."""
    if link.remaining is None:
        return None
    total = link.loaded + link.remaining
    return link.loaded / total if total else 1.0


def summary(links: Mapping[str, Link], now: float) -> str:
    """The state of all links in a few words, the worst first; for a header."""
    for phase in (Phase.RETRYING, Phase.REFUSED, Phase.LISTING, Phase.CONNECTING):
        # Those of one node's pods are long, and one knows whose: they are pods.
        names = [link.name.partition("/")[0] for link in links.values() if link.phase is phase]
        if names:
            return _words(phase, names, links, now)
    return "live" if links else "starting"


def _words(phase: Phase, names: list[str], links: Mapping[str, Link], now: float) -> str:
    several = "" if len(names) == 1 else f" +{len(names) - 1}"
    if phase is Phase.RETRYING:
        wait = soonest(links.values())
        later = "" if wait is None else f", next try in {max(0, round(wait - now))} s"
        return f"{names[0]}{several} retrying{later}"
    if phase is Phase.REFUSED:
        return f"{names[0]}{several} refused"
    if phase is Phase.LISTING:
        return f"reading {names[0]}{several}"
    return "connecting"


def soonest(links: Iterable[Link]) -> float | None:
    """When the next retry of any link is due."""
    return min((link.retry_at for link in links if link.retry_at is not None), default=None)
