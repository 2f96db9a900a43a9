"""The marks of home: how each is written, and what it means."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from eksview.domain.base.health import Health
from eksview.ui.base.lines.footer import AWS, KUBERNETES
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.workers.marks import behind_mark, heart_mark, session_mark


class Mark(NamedTuple):
    """A mark with an example, and its meaning."""

    shown: Callable[[Glyphs], str]
    meaning: str


LEGEND = (
    Mark(lambda glyphs: glyphs.mark(Health.OK), "healthy"),
    Mark(lambda glyphs: glyphs.mark(Health.WARN), "works, but needs a look"),
    Mark(lambda glyphs: glyphs.mark(Health.BAD), "broken"),
    Mark(lambda glyphs: glyphs.mark(Health.UNKNOWN), "unknown or no longer confirmed"),
    Mark(lambda glyphs: heart_mark("3s", glyphs), "age of the last heartbeat"),
    Mark(lambda glyphs: behind_mark(1, glyphs), "minor versions behind the API server"),
    Mark(lambda _: f"{session_mark(1)} {session_mark(2)}", "open sessions on the node"),
    Mark(lambda glyphs: f"2a 3 {glyphs.dot} 2b 4", "nodes of a group in each zone"),
    Mark(lambda _: "7/58", "pods of those that may run here"),
    Mark(lambda glyphs: glyphs.bar[0], "used CPU or memory"),
    Mark(lambda glyphs: glyphs.bar[1], "requested, but not used"),
    Mark(lambda glyphs: glyphs.bar[2], "neither"),
    Mark(
        lambda glyphs: glyphs.spark,
        "recent rates; in the map: load, yellow where high",
    ),
    Mark(lambda glyphs: glyphs.heavy_corner + glyphs.heavy_line, "frame of the node at the cursor"),
    Mark(lambda glyphs: glyphs.corner + glyphs.line, "other frames, in a problem's color"),
    Mark(
        lambda glyphs: f"{glyphs.tee} {glyphs.line[1]} {glyphs.down}",
        "a stream of the API link",
    ),
    Mark(lambda glyphs: glyphs.cut, "a stream without data"),
    Mark(lambda glyphs: f"{glyphs.up} {glyphs.down}", "nodes above and below the window"),
    Mark(lambda _: "p50", "median latency of `/readyz`"),
    Mark(lambda _: "ev/s", "watch events per second"),
    Mark(lambda _: f"{KUBERNETES} 0s", "since the API server answered"),
    Mark(lambda _: f"{AWS} 12s", "since EC2 answered"),
)


def legend(glyphs: Glyphs) -> Iterator[tuple[str, str]]:
    """Yield each mark as it is drawn, and its meaning."""
    return ((mark.shown(glyphs), mark.meaning) for mark in LEGEND)
