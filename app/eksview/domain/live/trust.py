"""The freshness of a link's data."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.rows.link import Link, Phase

HEALTH = "health"
"""The link of the probe, which runs every few seconds and notices a lost network first."""


class Trust(StrEnum):
    """The freshness of a link's data."""

    LIVE = "live"
    LISTED = "listed"  # whole, but of the last of the lists that are read instead of a watch
    LOADING = "loading"  # the first list is incomplete
    STALE = "stale"  # the last known data, no longer confirmed
    ABSENT = "absent"  # never read, and not being read

    @property
    def whole(self) -> bool:
        """Check for data that is confirmed and complete, so what isn't there doesn't exist."""
        return self in (Trust.LIVE, Trust.LISTED)

    @property
    def aged(self) -> bool:
        """Check for data whose age is to be shown, because the cluster may be ahead of it."""
        return self in (Trust.STALE, Trust.LISTED)


def trust(link: Link | None, health: Link | None = None) -> Trust:
    """Judge a stream by its phase and by the probe's link.

    A stream whose peer vanished looks live until its read times out. The probe fails within
    seconds, so no stream is live while the probe gets no answer.
    """
    if link is None or link.phase in (Phase.REFUSED, Phase.OFF):
        return Trust.ABSENT
    unconfirmed = health is not None and health.phase is Phase.RETRYING
    if link.phase is Phase.LIVE:
        if unconfirmed:
            return Trust.STALE
        return Trust.LISTED if link.every else Trust.LIVE
    if link.phase is Phase.RETRYING:
        return Trust.STALE if link.heard is not None else Trust.ABSENT
    return Trust.LOADING


def awaited(link: Link | None) -> bool:
    """Check for a link whose first list is still to come; one that isn't started yet is awaited."""
    return link is None or trust(link) is Trust.LOADING


def why_unopened(links: Mapping[str, Link]) -> Clean:
    """Return why no API server is asked at all, as with --ecs-cluster; empty where one is."""
    health = links.get(HEALTH)
    return health.reason if health is not None and health.phase is Phase.OFF else EMPTY


def outdated(at: float, health: Link | None) -> bool:
    """Check for an answer from before the API server stopped answering."""
    return health is not None and health.phase is Phase.RETRYING and at <= health.since


def progress(link: Link) -> float | None:
    """Return the part of a list that has been read, 0 to 1; None if the server sends no count."""
    if link.remaining is None:
        return None
    total = link.loaded + link.remaining
    return link.loaded / total if total else 1.0


def summary(links: Mapping[str, Link], now: float) -> str:
    """Return the state of all links in a few words for a header, the worst first."""
    for phase in (Phase.RETRYING, Phase.REFUSED, Phase.LISTING, Phase.CONNECTING):
        affected = [link for link in links.values() if link.phase is phase]
        if affected:
            return _words(phase, affected, now)
    listed = [link for link in links.values() if link.every]
    if listed:
        period = human_duration(max(link.every for link in listed))
        return f"{_names(listed)} listed every {period}"
    if links and all(link.phase is Phase.OFF for link in links.values()):
        return "not watched"
    return "live" if links else "starting"


def _words(phase: Phase, links: Sequence[Link], now: float) -> str:
    names = _names(links)
    if phase is Phase.RETRYING:
        wait = soonest(links)
        later = "" if wait is None else f", next try in {max(0, round(wait - now))} s"
        return f"{names} retrying{later}"
    if phase is Phase.REFUSED:
        return f"{names} refused"
    if phase is Phase.LISTING:
        return f"reading {names}"
    return "connecting"


def _names(links: Sequence[Link]) -> str:
    # `pods/NODE` and `table/deployments.apps` are too long for a header
    name = links[0].name.removeprefix("table/").partition("/")[0]
    return name if len(links) == 1 else f"{name} +{len(links) - 1}"


def soonest(links: Iterable[Link]) -> float | None:
    """Return the time of the next retry of these links; None without one."""
    return min((link.retry_at for link in links if link.retry_at is not None), default=None)
