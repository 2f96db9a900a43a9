"""The picker of contexts: it opens at once, searches while one types and shows what differs."""

import asyncio
from unittest.mock import AsyncMock

import pytest

from eksview.domain.base.errors import UserError
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.ui.dialogs.contexts import ContextsScreen
from tests.crowded_kubeconfig import CONTEXTS, arn
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows, until

OPEN = ("colon", *"ctx", "enter")


def crowded() -> TestedApp:
    app = TestedApp()
    contexts = tuple(
        ContextInfo(arn(at), arn(at), arn(at), "", f"https://{at:032X}.example.com", at == 1_500)
        for at in range(CONTEXTS)
    )
    app.fake.contexts = AsyncMock(return_value=contexts)  # type: ignore[method-assign]
    return app


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_each_context_is_told_from_the_others(size: tuple[int, int]) -> None:
    app = crowded()
    async with running(app, size) as press:
        await press(*OPEN)
        await shows(app, "Contexts · 2,000", "● payments-1500")
        lines = [line for line in app.lines() if "payments" in line and "us-west-2" in line]
        assert len({line.index("us-west-2") for line in lines}) == 1, "columns are aligned"
        assert not any("arn:aws" in line for line in app.lines())


async def test_on_a_narrow_terminal_no_part_is_lost() -> None:
    app = crowded()
    async with running(app, (40, 12)) as press:
        await press(*OPEN, *"ml-platform-0002")
        await shows(app, "1 of 2,000", "ml-platform-0002", "ap-southeast-2", "777788889999")


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("payments-0012", 12),
        ("0013 444455556666", 13),
        ("EU 0001 search", 1),
        ("/ml-platform-0002", 2),
    ],
)
async def test_typed_words_search_all_parts(typed: str, at: int) -> None:
    app = crowded()
    async with running(app) as press:
        await press(*OPEN)
        await shows(app, "2,000")
        await press(*("space" if key == " " else key for key in typed))
        await shows(app, "1 of 2,000")
        await press("enter")
        await until(app.pilot, lambda: f"switch {arn(at)}" in app.fake.calls)


async def test_a_whole_name_is_highlighted_before_the_current_context_that_holds_it() -> None:
    app = TestedApp()
    contexts = tuple(
        ContextInfo(name, name, name, "", "https://prod", name == "demo-nobody")
        for name in ("demo-nobody", "demo")
    )
    app.fake.contexts = AsyncMock(return_value=contexts)  # type: ignore[method-assign]
    async with running(app) as press:
        await press(*OPEN, *"demo")
        await shows(app, "2 of 2")
        await press("enter")
        await until(app.pilot, lambda: "switch demo" in app.fake.calls)


async def test_what_nothing_has_is_said() -> None:
    app = crowded()
    async with running(app) as press:
        await press(*OPEN, *"qzx")
        await shows(app, "0 of 2,000", "No context has qzx.")
        await press("enter", "backspace", "backspace", "backspace")
        await shows(app, "Contexts · 2,000")
        assert not any(call.startswith("switch") for call in app.fake.calls)


async def test_nothing_waits_for_the_file() -> None:
    app, gate = crowded(), asyncio.Event()
    contexts = app.fake.contexts.return_value  # type: ignore[attr-defined]

    async def slow() -> tuple[ContextInfo, ...]:
        await gate.wait()
        return tuple(contexts)

    app.fake.contexts = slow  # type: ignore[method-assign]
    async with running(app) as press:
        await press(*OPEN)
        await shows(app, "Reading the kubeconfig…")
        await press("escape", "2", *OPEN, *"0012")
        await shows(app, "Reading the kubeconfig…")
        gate.set()
        await shows(app, "1 of 2,000", "payments-0012")


async def test_a_file_that_cant_be_read_stays_explained() -> None:
    app = TestedApp()
    problem = UserError("The kubeconfig x isn't valid YAML (line 3).")
    app.fake.contexts = AsyncMock(side_effect=problem)  # type: ignore[method-assign]
    async with running(app) as press:
        await press(*OPEN, "a")
        await shows(app, "isn't valid YAML (line 3)")


async def test_a_wrong_name_is_answered_with_the_near_ones() -> None:
    app = crowded()
    async with running(app):
        app.push_screen(ContextsScreen(app.view, "paymnts-0012"))
        await shows(app, "There is no context paymnts-0012; did you mean", "payments-0012")
        screen = app.screen
        assert isinstance(screen, ContextsScreen)
        assert screen.chosen is not None
        assert screen.chosen.context.name == arn(12)
        assert not any(call.startswith("switch") for call in app.fake.calls)
