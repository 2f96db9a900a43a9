"""The usage of pods on a screen: read while it is visible, and dated."""

import re
from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.live.polled import POD_USAGE
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.usage_age import KEPT
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


def usage_words(view: View, now: float) -> Iterator[Words]:
    """Yield the age of the newest figure of pods or why there is none, then shorter words."""
    link, at = view.store.links.get(POD_USAGE), view.store.pod_usage.at
    if link is not None and link.phase in _SILENT:
        dated = f", newest {human_duration(now - at)} old" if at else ""
        yield from missing_usage_words(link, dated)
    elif link is None or link.phase is not Phase.LIVE:
        yield ((f"reading usage{view.glyphs.more}", "dim"),)
    elif at and now - at >= KEPT:
        yield ((f"usage {human_duration(now - at)} old, too old to show", "warn"),)
        yield (("usage too old", "warn"),)
    elif at:
        yield ((f"usage {human_duration(now - at)} old", "faint"),)
    else:
        yield (("usage: no figures yet", "dim"),)


_SILENT = (Phase.REFUSED, Phase.RETRYING, Phase.OFF)
_STATUS = re.compile(r"failed with \d{3}\b")


def missing_usage_words(link: Link | None, dated: str = "") -> Iterator[Words]:
    """Yield why a link reads no usage, then shorter words; nothing while it does."""
    match link.phase if link else None:
        case Phase.REFUSED if link is not None:
            yield ((clean(f"usage: RBAC denies{_rule(link)}"), "warn"),)
            yield (("usage refused", "warn"),)
        case Phase.RETRYING if link is not None:
            yield ((clean(f"usage: {link.reason.rstrip('.')}{dated}"), "warn"),)
            if (status := _STATUS.search(link.reason)) is not None:
                yield ((clean(f"usage {status[0]}{dated}"), "warn"),)
            yield ((clean(f"usage not read{dated}"), "warn"),)
        case Phase.OFF:
            yield (("no usage: metrics.k8s.io isn't installed", "dim"),)
            yield (("no metrics API", "dim"),)


def why_no_usage(link: Link | None, now: float) -> str:
    """Return why rows can't be sorted by usage: a sentence, empty while there are figures."""
    silent = link is not None and link.phase in _SILENT
    if link is None or not silent or (link.heard is not None and now - link.heard < KEPT):
        return ""
    if link.phase is Phase.OFF:
        return "There is no usage: metrics.k8s.io isn't installed."
    if link.phase is Phase.REFUSED:
        return clean(f"There is no usage: RBAC denies{_rule(link)}.")
    return clean(f"There is no usage. {link.reason}")


def _rule(link: Link) -> str:
    return f" `list {link.missing.resource}.{link.missing.group}`" if link.missing else ""
