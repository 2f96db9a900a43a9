"""What is no longer confirmed has no color of a state: old is never shown as live."""

import pytest
from msgspec.structs import replace

from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.text.glyphs import UNICODE
from tests.ui.harness import TestedApp, populate
from tests.ui.shell.test_app import running, until

COLORS = ("ok", "warn", "bad")
MARKS = (UNICODE.ok, UNICODE.bad)


def cut_off(app: TestedApp, seconds: float = 34.0) -> None:
    """Let the API server be gone: the probe fails, and the streams still look live."""
    store = app.view.store
    for link in list(store.links.values()):
        store.set_link(replace(link, heard=app.now - seconds))
    store.set_link(
        Link(
            "health", Phase.RETRYING, app.now, "Connection refused by https://api.",
            heard=app.now - seconds, retry_at=app.now + 5,
        )
    )  # fmt: skip


def states(app: TestedApp) -> list[str]:
    """Return the texts below the header that are drawn in the color of a state."""
    palette = app.view.palette()
    colors = {getattr(palette, name).color for name in COLORS} - {None}
    strips = app.screen._compositor.render_strips()[1:-1]
    return [
        segment.text.strip()
        for strip in strips
        for segment in strip
        if segment.style is not None and segment.style.color in colors and segment.text.strip()
    ]


@pytest.mark.parametrize(
    "keys",
    [
        ("2",),
        ("3",),
        ("2", "enter"),
        ("2", "enter", "p"),
        ("2", "enter", "u"),
        ("3", "enter"),
    ],
)
async def test_no_state_is_green_or_red_while_the_server_is_gone(keys: tuple[str, ...]) -> None:
    app = TestedApp(populate(Store()))
    async with running(app, (160, 48)) as press:
        await press(*keys)
        await until(app.pilot, lambda: states(app))
        cut_off(app)
        app.now += 1
        app._frames.flush()
        await until(app.pilot, lambda: "STALE" in app.text())
        await until(app.pilot, lambda: not _lies(states(app)))
        if "enter" in keys:
            assert "last update 35s ago" in app.text()
        app.view.store.set_link(Link("health", Phase.LIVE, app.now, heard=app.now))
        app.now += 1
        app._frames.flush()
        await until(app.pilot, lambda: "STALE" not in app.text())
        await until(app.pilot, lambda: any(mark in " ".join(states(app)) for mark in MARKS))


def _lies(texts: list[str]) -> list[str]:
    """Return the states among colored texts; the control plane and the link's state are current."""
    return [text for text in texts if text in MARKS or text in ("Ready", "NotReady", "Running")]
