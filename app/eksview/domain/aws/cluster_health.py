"""The health of the control plane as EKS reports it: one verdict with its parts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from eksview.domain.aws.unread import unread_state
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, worst
from eksview.domain.base.plural import plural
from eksview.domain.base.reading import NotAsked, Reading, last_of, value_of, why_unread
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.aws import AddonRow, ClusterInfo, InsightRow, UpdateRow

SOON = 60 * 86_400.0
"""Seconds before the end of support from which on it is a warning."""

_STATUS = {
    "ACTIVE": Health.OK,
    "CREATING": Health.WARN,
    "UPDATING": Health.WARN,
    "PENDING": Health.WARN,
    "DEGRADED": Health.WARN,
    "DELETING": Health.BAD,
    "FAILED": Health.BAD,
    "CREATE_FAILED": Health.BAD,
    "DELETE_FAILED": Health.BAD,
    "UPDATE_FAILED": Health.BAD,
}
_INSIGHTS = {
    "PASSING": Health.OK,
    "WARNING": Health.WARN,
    "ERROR": Health.BAD,
}
_AFTER_STANDARD = {"EXTENDED": ", then extended support", "STANDARD": ", then upgraded by EKS"}
"""By the cluster's upgrade policy."""


class ClusterPart(Struct, frozen=True):
    """A few clean words, and how serious they are."""

    health: Health
    text: Clean


def _part(health: Health, text: str) -> ClusterPart:
    return ClusterPart(health, clean(text))


class EksState(Struct, frozen=True):
    """The worst of the parts; those that need attention come first."""

    health: Health
    parts: tuple[ClusterPart, ...]


def status_health(status: str) -> Health:
    """Return the health of a cluster, add-on or Fargate profile by its status."""
    return _STATUS.get(status, Health.UNKNOWN)


def insight_health(status: str) -> Health:
    """Return the health of an insight: PASSING, WARNING, ERROR, UNKNOWN."""
    return _INSIGHTS.get(status, Health.UNKNOWN)


def eks_state(
    cluster: ClusterInfo,
    addons: Reading[tuple[AddonRow, ...]],
    insights: Reading[tuple[InsightRow, ...]],
    updates: Reading[tuple[UpdateRow, ...]],
    support: Reading[Any],
    now: float,
    *,
    said: str = "",
) -> EksState:
    """Return the state as EKS reports it, problems first; what wasn't read is UNKNOWN.

    An upgrade insight in ERROR blocks the next version and breaks nothing today, so it only warns.
    A part that is unread for a reason that is `said` anyway doesn't repeat it.
    """
    parts = {"add-ons": addons, "insights": insights, "updates": updates, "support": support}
    words = " ".join(filter(None, (cluster.status, cluster.platform)))
    status = _part(status_health(cluster.status), words or "status unknown")
    rest = [
        *_issues(cluster),
        *_updates(last_of(updates) or ()),
        *_addons(addons),
        *_support(cluster, now),
        *_insights(insights),
        *_unread(parts, now, said),
        _part(Health.OK, endpoint_words(cluster)),
    ]
    rest.sort(key=lambda part: part.health is Health.OK)
    return EksState(worst(status.health, *(part.health for part in rest)), (status, *rest))


def endpoint_words(cluster: ClusterInfo) -> str:
    """Return `public+private endpoint`."""
    sides = [side for side, on in (("public", cluster.public), ("private", cluster.private)) if on]
    return f"{'+'.join(sides) or 'no'} endpoint"


def support_words(cluster: ClusterInfo, now: float) -> tuple[Health, str]:
    """Return the version's support, its end and what follows; empty text if EKS doesn't report it.

    Source: EKS User Guide, "Understand the Kubernetes version lifecycle on EKS".
    """
    standard, extended = cluster.support_ends, cluster.extended_ends
    if standard is not None and now < standard:
        after = _AFTER_STANDARD.get(cluster.support, "")
        health = Health.WARN if standard - now < SOON else Health.OK
        return health, f"standard support until {_date(standard)} ({_in(standard, now)}){after}"
    if extended is not None and now < extended:
        until = f"{_date(extended)} ({_in(extended, now)})"
        return Health.WARN, f"extended support until {until}, then upgraded by EKS"
    ended = extended or standard
    if ended is not None:
        return Health.BAD, f"support ended on {_date(ended)}"
    words = {
        "STANDARD_SUPPORT": (Health.OK, "standard support"),
        "EXTENDED_SUPPORT": (Health.WARN, "extended support"),
        "UNSUPPORTED": (Health.BAD, "no longer supported"),
    }
    return words.get(cluster.support_status, (Health.UNKNOWN, ""))


def _unread(parts: Mapping[str, Reading[Any]], now: float, said: str) -> Iterator[ClusterPart]:
    loading = [name for name, reading in parts.items() if isinstance(reading, NotAsked)]
    if loading:
        yield _part(Health.UNKNOWN, f"loading {', '.join(loading)}")
    for name, reading in parts.items():
        state = unread_state(name, reading, now)
        if state and name not in loading and not (said and why_unread(reading) == said):
            yield _part(Health.UNKNOWN, state)


def _issues(cluster: ClusterInfo) -> Iterator[ClusterPart]:
    if count := len(cluster.issues):
        first = cluster.issues[0].code
        more = f" and {count - 1} more" if count > 1 else ""
        yield _part(Health.BAD, f"health issue {first}{more}")


def _updates(updates: Iterable[UpdateRow]) -> Iterator[ClusterPart]:
    for update in updates:
        if update.status == "InProgress":
            about = f" of {update.about}" if update.about else ""
            yield _part(Health.WARN, f"{update.type}{about} in progress")


def _addons(addons: Reading[tuple[AddonRow, ...]]) -> Iterator[ClusterPart]:
    rows = last_of(addons) or ()
    unwell = [row for row in rows if status_health(row.status) is not Health.OK or row.issues]
    for row in sorted(unwell, key=lambda row: row.name):
        health = status_health(row.status)
        health = Health.WARN if health in (Health.OK, Health.UNKNOWN) else health
        yield _part(health, f"{row.name} {row.status or 'unknown'}")
    if value_of(addons) and not unwell:
        yield _part(Health.OK, f"{plural(len(rows), 'add-on')} ACTIVE")


def _support(cluster: ClusterInfo, now: float) -> Iterator[ClusterPart]:
    """Yield the support in short; the cluster's screen has all of it."""
    health, words = support_words(cluster, now)
    version = cluster.version
    if not words:
        return
    ends = cluster.support_ends if health is Health.OK else None
    if ends is not None:
        yield _part(health, f"{version} supported until {_date(ends)}")
    else:
        yield _part(health, f"{version} {words.split(',')[0]}")


def _insights(insights: Reading[tuple[InsightRow, ...]]) -> Iterator[ClusterPart]:
    rows = last_of(insights) or ()
    bad = sum(insight_health(row.status) is Health.BAD for row in rows)
    warn = sum(insight_health(row.status) is Health.WARN for row in rows)
    words = [f"{n} in {word}" for n, word in ((bad, "ERROR"), (warn, "WARNING")) if n]
    if words:
        yield _part(Health.WARN, f"insights {', '.join(words)}")
    elif value_of(insights):
        yield _part(Health.OK, f"{plural(len(rows), 'insight')} passing")


def _in(then: float, now: float) -> str:
    return f"in {human_duration(then - now)}"


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
