"""No sentence of a screen is cut, at 80 columns and at 40."""

import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.store.store import Store
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.tabbed_screen import TabbedScreen
from tests.ui.harness import TestedApp, populate
from tests.ui.shell.test_app import running, until
from tests.ui.snapshots.screens import SCENES, Scene, app_of, full_store, requests

SENTENCE = re.compile(r"[A-Z`][\w`'’-]*(?: [^\s│┆]+){3,}?[.:?!](?=\s|$)")
"""At least four words with single spaces, up to a full stop or a colon."""
WIDTHS, WIDE = (36, 76), 400


def refused_store() -> Store:
    """Return a cluster in which nothing may be read, with long reasons."""
    store = full_store()
    reason = (
        "Can't list this: RBAC denies `list things` to the user ops of the group viewers, and "
        "access entries of this account grant nothing that would allow it."
    )
    for link in [*store.links.values()]:
        store.set_link(replace(link, phase=Phase.REFUSED, reason=reason))
    return store


def sentences(lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield from SENTENCE.findall(line)


def flat(lines: list[str]) -> str:
    """Return lines as one text without blanks, wire and marks: a long name may be broken."""
    return "".join("".join(re.sub(r"[│┆▲✖●○┃]", " ", line) for line in lines).split())


def texts(screen: TabbedScreen, tab: str, width: int) -> list[str]:
    lines = screen.whole_lines(tab, width)
    return ["".join(text for text, _ in words)[:width] for words in lines]


STORES = {"full": None, "refused": refused_store}


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("name", SCENES)
async def test_every_sentence_of_a_text_is_whole(name: str, store: str) -> None:
    scene = SCENES[name]
    app = app_of(scene._replace(store=STORES[store] or scene.store))
    async with running(app, (120, 36)) as press:
        await _open(app, press, scene)
        screen = next(each for each in reversed(app.screen_stack) if isinstance(each, LiveScreen))
        if not isinstance(screen, TabbedScreen):
            pytest.skip("a screen without text")
        for tab in screen.TABS:
            if tab.id in ("yaml", "pods"):
                continue
            screen.tab = tab.id
            wanted = list(sentences(texts(screen, tab.id, WIDE)))
            for width in WIDTHS:
                shown = flat(texts(screen, tab.id, width))
                assert [text for text in wanted if flat([text]) not in shown] == []


@pytest.mark.parametrize("key", ["1", "2"])
async def test_a_reason_of_wide_characters_is_whole(key: str) -> None:
    store = populate(Store(), nodes=0, pods=0)
    reason = "接続先のサーバーから応答がありません。" * 4  # two cells each
    link = store.links[Kind.NODE.value]
    store.set_link(replace(link, phase=Phase.RETRYING, reason=reason))
    app = TestedApp(store)
    async with running(app, (60, 30)) as press:
        await press(key)
        app._frames.flush(full=True)
        assert reason in flat(app.lines())


async def _open(app, press, scene: Scene) -> None:  # type: ignore[no-untyped-def]
    for request in requests():
        app.view.store.set_request(request)
    if scene.opens is not None:
        app.post_message(scene.opens)
        await until(app.pilot, lambda: len(app.screen_stack) > 1)
    await press(*scene.keys)
    await until(app.pilot, lambda: not isinstance(app.screen, LiveScreen) or app.screen.ready)
    app._frames.flush(full=True)
