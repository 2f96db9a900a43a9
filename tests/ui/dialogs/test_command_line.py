"""The command line as it is typed in: history, completion, what a line means, and errors."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any
from unittest.mock import AsyncMock

import pytest
from textual.widgets import Input

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.ui.dialogs.command import CommandScreen
from eksview.ui.pods.pods_screen import PodsScreen
from tests.crowded_kubeconfig import arn
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows, until

Press = Callable[..., "asyncio.Future[Any]"]


def keys(text: str) -> Iterable[str]:
    names = {" ": "space", "=": "equals_sign", "/": "slash", "-": "minus", "!": "exclamation_mark"}
    return (names.get(character, character) for character in text)


async def type_command(press: Press, text: str, *after: str) -> None:
    await press("colon", *keys(text), *after)


def line(app: TestedApp) -> str:
    return app.screen.query_one(Input).value


async def test_up_and_down_go_through_the_commands_of_the_session() -> None:
    app = TestedApp()
    async with running(app) as press:
        for text in ("nodes", "ns shop", "frobnicate"):
            await type_command(press, text, "enter")
        await press("escape")
        await type_command(press, "po", "up")
        assert line(app) == "ns shop"
        await press("up", "up")
        assert line(app) == "nodes"
        await press("down", "down")
        assert line(app) == "po"
        await press("up", "enter")
        await shows(app, "14 pods", "in shop")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no", ("→ Nodes: all nodes",)),
        ("ns all", ("→ Pods of all namespaces",)),
        ("nodes zone=2a", ("→ Nodes with zone=2a",)),
    ],
)
async def test_the_line_shows_what_enter_does(text: str, words: tuple[str, ...]) -> None:
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        await type_command(press, text)
        await shows(app, *words)


@pytest.mark.parametrize("ascii_mode", [False, True])
async def test_a_notice_hides_nothing_of_the_line(ascii_mode: bool) -> None:
    app = TestedApp(settings=Settings(ascii=ascii_mode, animate=False))
    async with running(app, (80, 24)) as press:
        await press("1")
        await shows(app, "Home is shown.")
        await press("colon")
        await shows(app, "nodegroups  access  network  ecs  trace", "Home is shown.")
        await press("escape")
        await type_command(press, "clusters")
        await shows(app, "Clusters: the EKS clusters of the account", "Home is shown.")


async def test_a_notice_in_ascii_has_a_frame() -> None:
    app = TestedApp(settings=Settings(ascii=True, animate=False))
    async with running(app, (80, 24)) as press:
        await press("1")
        await shows(app, "| Home is shown. ")
        assert app.text().isascii()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nodse", ("Unknown command nodse (did you mean nodes or pods?)",)),
        ("pods kube-sytem", ("No pods in namespace kube-sytem (did you mean kube-system?)",)),
        ("ctx stagign", ("Unknown context stagign (did you mean staging?)",)),
        ("access now", (":access takes no argument.",)),
    ],
)
async def test_a_wrong_line_stays_with_the_reason_above_it(
    text: str, words: tuple[str, ...]
) -> None:
    app = TestedApp()
    async with running(app) as press:
        await type_command(press, text, "enter")
        await shows(app, *words)
        assert isinstance(app.screen, CommandScreen)
        assert line(app) == text


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("ku", "pods kube-system"),
        ("al", "pods all"),
    ],
)
async def test_tab_completes_namespaces(text: str, done: str) -> None:
    app = TestedApp()
    async with running(app) as press:
        await type_command(press, f"pods {text}", "tab")
        assert line(app) == done


def slow_contexts(app: TestedApp) -> asyncio.Event:
    """Give the kubeconfig 2,000 contexts, which are read once the returned event is set."""
    gate = asyncio.Event()

    async def contexts() -> tuple[ContextInfo, ...]:
        await gate.wait()
        return tuple(ContextInfo(arn(at), arn(at), "", "", "") for at in range(2_000))

    app.fake.contexts = contexts  # type: ignore[method-assign]
    return gate


async def test_tab_completes_contexts_once_they_are_read() -> None:
    app = TestedApp()
    gate = slow_contexts(app)
    async with running(app) as press:
        await type_command(press, "ctx payments-0012", "tab")
        assert line(app) == "ctx payments-0012"
        await press("enter")
        await shows(app, "Reading the kubeconfig…")
        await press("x", "backspace")  # an edited line is no longer submitted
        gate.set()
        await shows(app, f"→ Contexts {arn(12)}", "payments-0012 us-west-2 111122223333")
        await press("tab")
        assert line(app) == f"ctx {arn(12)}"
        await press("enter")
        await until(app.pilot, lambda: f"switch {arn(12)}" in app.fake.calls)


async def test_enter_waits_for_the_contexts() -> None:
    app = TestedApp()
    gate = slow_contexts(app)
    async with running(app) as press:
        await type_command(press, "ctx paymnts-0012", "enter")
        gate.set()
        await shows(app, "Unknown context paymnts-0012 (did you mean", "payments-0012")
        assert line(app) == "ctx paymnts-0012"


async def test_a_kubeconfig_that_cant_be_read_is_explained_by_the_switch() -> None:
    app = TestedApp()
    app.fake.contexts = AsyncMock(side_effect=UserError("No kubeconfig."))  # type: ignore[method-assign]
    async with running(app) as press:
        await type_command(press, "ctx old", "enter")
        await shows(app, "No kubeconfig.")


async def test_theme_alone_lists_the_themes_and_takes_one() -> None:
    app = TestedApp()
    async with running(app) as press:
        await type_command(press, "theme", "enter")
        await shows(app, "eksview-night, eksview-day, eksview-safe")
        assert line(app) == "theme "
        await press(*"day", "enter")
        assert app.theme == "eksview-day"


async def test_a_namespace_may_follow_pods_and_all_ends_it() -> None:
    app = TestedApp()
    async with running(app) as press:
        await type_command(press, "pods kube-system", "enter")
        await shows(app, "13 pods", "in kube-system")
        assert isinstance(app.screen, PodsScreen)
        await type_command(press, "ns all", "enter")
        await shows(app, "40 pods")
        assert "in kube-system" not in app.text()


async def test_a_filter_may_follow_a_table() -> None:
    app = TestedApp()
    async with running(app) as press:
        await type_command(press, "nodes 10-0-2", "enter")
        await shows(app, "2 of 6")
        await type_command(press, "pods shop /web", "enter")
        await shows(app, "in shop", "14 of 14")
        await type_command(press, "pods app=worker", "enter")
        await shows(app, "0 of 14")
