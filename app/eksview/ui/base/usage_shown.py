"""The usage of pods on a screen: read while it is visible, and dated."""

from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.live.polled import POD_USAGE
from eksview.domain.rows.link import Phase
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
    """Yield the age of the newest figure or why there is none, then shorter words."""
    link, at = view.store.links.get(POD_USAGE), view.store.pod_usage.at
    dated = f", newest {human_duration(now - at)} old" if at else ""
    match link.phase if link else None:
        case Phase.REFUSED if link is not None:
            rule = f" `list {link.missing.resource}.{link.missing.group}`" if link.missing else ""
            yield ((clean(f"usage: RBAC denies{rule}"), "warn"),)
            yield (("usage refused", "warn"),)
        case Phase.RETRYING if link is not None:
            yield ((clean(f"usage: {link.reason.rstrip('.')}{dated}"), "warn"),)
            yield ((clean(f"usage not read{dated}"), "warn"),)
        case Phase.OFF:
            yield (("no usage: metrics.k8s.io isn't installed", "dim"),)
            yield (("no metrics API", "dim"),)
        case Phase.LIVE if at:
            yield ((f"usage {human_duration(now - at)} old", "faint"),)
        case Phase.LIVE:
            yield (("usage: no figures yet", "dim"),)
        case _:
            yield ((f"reading usage{view.glyphs.more}", "dim"),)
