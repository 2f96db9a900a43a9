"""The legend of home, held to what home paints."""

import re

import pytest

from eksview.config.settings import Settings
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.home.legend import legend
from eksview.ui.text.glyphs import ASCII, UNICODE
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.painted import settle
from tests.ui.snapshots.screens import full_store, healthy_store, large_store

PUNCTUATION = {UNICODE.more, UNICODE.dot, UNICODE.trail, UNICODE.line[0]}
"""What stands between words and needs no explanation."""


WORDS = (
    r"⇣\d", r">_", r"♥ +\d+s", r"\d[abc] \d+ · \d[abc] \d+", r"\b\d+/\d+\b", r"k8s +\d+s",
    r"aws +\d+s", "p50", "ev/s",
)  # fmt: skip


def stale_store() -> Store:
    store = full_store()
    for kind in (Kind.NODE, Kind.POD):
        reason = "connection refused"
        store.set_link(Link(str(kind), Phase.RETRYING, NOW - 60, reason=reason, retry_at=NOW + 4))
    return store


def loading_store() -> Store:
    store = populate(Store(), nodes=0, pods=0)
    store.set_link(Link(str(Kind.NODE), Phase.LISTING, NOW - 1, loaded=500, remaining=500))
    return store


STORES = [full_store, healthy_store, large_store, stale_store, loading_store]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("make", STORES, ids=lambda make: make.__name__)
async def test_every_glyph_painted_on_home_is_in_its_legend(
    make: type[Store], size: tuple[int, int]
) -> None:
    explained = "".join(shown for shown, _ in legend(UNICODE)) + "".join(PUNCTUATION)
    app = TestedApp(make())
    async with app.run_test(size=size) as pilot:
        for key in ("", "t", "minus", "minus", "plus", "tab", "right", "tab", "end"):
            await pilot.press(*[key] if key else ())
            await settle(pilot)
            painted = {char for line in app.lines() for char in line if not char.isascii()}
            assert painted <= set(explained)


async def test_every_kind_of_word_that_home_abbreviates_is_in_its_legend() -> None:
    told = [shown for shown, _ in legend(UNICODE)]
    app = TestedApp(full_store())
    async with app.run_test(size=(200, 60)) as pilot:
        await settle(pilot)
        text = app.text()
    for kind in WORDS:
        assert re.search(kind, text), kind
        assert any(re.search(kind, shown) for shown in told), kind


@pytest.mark.parametrize("ascii_mode", [False, True])
async def test_help_at_home_shows_the_legend(ascii_mode: bool) -> None:
    app = TestedApp(full_store(), settings=Settings(ascii=ascii_mode, animate=False))
    glyphs = ASCII if ascii_mode else UNICODE
    async with app.run_test(size=(200, 120)) as pilot:
        await pilot.press("question_mark")
        await settle(pilot)
        text = app.text()
    for shown, meaning in legend(glyphs):
        assert shown in text
        assert meaning.split()[0] in text


async def test_help_of_another_screen_has_no_legend_of_home() -> None:
    app = TestedApp(full_store())
    async with app.run_test(size=(200, 120)) as pilot:
        await pilot.press("2", "question_mark")
        await settle(pilot)
        assert "Marks" not in app.text()
