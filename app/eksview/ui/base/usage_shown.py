"""The usage of pods on a screen: read while it is visible, and dated."""

import re
from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.live.polled import POD_USAGE
from eksview.domain.live.trust import why_unopened
from eksview.domain.rows.kube import UsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.usage_age import KEPT
from eksview.store.store import Store
from eksview.ui.base.view import View
from eksview.ui.text.words import Words


class UsageShown:
    """The namespace whose usage a screen shows, empty for all; None while it shows none."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._namespace: str | None = None

    def show(self, namespace: str | None) -> None:
        """Have the usage of a namespace read from now on, and no longer that of before."""
        before, self._namespace = self._namespace, namespace
        if namespace != before:
            self._view.backend.show_usage(namespace, before)


class ShowsUsage:
    """A screen that shows usage in some of its frames, and none while it is hidden."""

    usage: UsageShown

    def on_screen_suspend(self) -> None:
        self.usage.show(None)

    def on_unmount(self) -> None:
        self.usage.show(None)


def newest_usage(store: Store) -> float:
    """Return the time of the newest figure of a node; 0 without any."""
    return max((row.at for row in store.table(UsageRow).values()), default=0.0)


def usage_words(view: View, now: float) -> Iterator[Words]:
    """Yield the age of the newest figure of pods or why there is none, then shorter words."""
    link, at = view.store.links.get(POD_USAGE), view.store.pod_usage.at
    if missing := [*missing_usage_words(link, at, now)]:
        yield from missing
    elif why_unopened(view.store.links):
        return
    elif link is None or link.phase is not Phase.LIVE:
        yield ((f"reading usage{view.glyphs.more}", "dim"),)
    else:
        yield ((f"usage {human_duration(now - at)} old", "faint"),)


_SILENT = (Phase.REFUSED, Phase.RETRYING, Phase.OFF)
_STATUSES = (
    (re.compile(r"failed with \d{3}\b"), r"\g<0>"),
    (re.compile(r"answered \d{3}\b"), r"\g<0>"),
    (re.compile(r"doesn't accept the credentials"), "refused: 401"),
    (re.compile(r"is throttling requests \(429\)"), "throttled: 429"),
)
"""What is kept of a reason where there is no room for all of it."""


def missing_usage_words(link: Link | None, at: float, now: float) -> Iterator[Words]:
    """Yield why no usage is read, or none that can be shown, then shorter words.

    `at` is the time of the newest figure, 0 without any.
    """
    dated = f", newest {human_duration(now - at)} old" if at else ""
    match link.phase if link else None:
        case Phase.REFUSED if link is not None:
            yield ((clean(f"usage: RBAC denies{_rule(link)}"), "warn"),)
            yield (("usage refused", "warn"),)
        case Phase.RETRYING if link is not None:
            yield ((clean(f"usage: {link.reason.rstrip('.')}{dated}"), "warn"),)
            for pattern, words in _STATUSES:
                if (status := pattern.search(link.reason)) is not None:
                    yield ((clean(f"usage {status.expand(words)}{dated}"), "warn"),)
            yield ((clean(f"usage not read{dated}"), "warn"),)
        case Phase.OFF:
            yield (("no usage: metrics.k8s.io isn't installed", "dim"),)
            yield (("no metrics API", "dim"),)
        case Phase.LIVE if not at:
            yield (("usage: no figures yet", "dim"),)
        case Phase.LIVE if now - at >= KEPT:
            yield ((f"usage {human_duration(now - at)} old, too old to show", "warn"),)
            yield (("usage too old", "warn"),)


def why_no_usage(link: Link | None, at: float, now: float) -> str:
    """Return why rows can't be sorted by usage: a sentence, empty while there are figures."""
    if link is None or (at and now - at < KEPT):
        return ""
    match link.phase:
        case Phase.OFF:
            return "There is no usage: metrics.k8s.io isn't installed."
        case Phase.REFUSED:
            return clean(f"There is no usage: RBAC denies{_rule(link)}.")
        case Phase.RETRYING:
            return clean(f"There is no usage. {link.reason}")
        case Phase.LIVE:
            newest = f"the newest figure is {human_duration(now - at)} old"
            return f"There is no usage: {newest if at else 'metrics.k8s.io has no figures yet'}."
    return ""


def _rule(link: Link) -> str:
    return f" `list {link.missing.resource}.{link.missing.group}`" if link.missing else ""
