"""Explain on a terminal of a size, and what is on its page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from eksview.store.store import Store
from eksview.ui.explain.page_view import PageView
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows

Press = Callable[..., Awaitable[None]]


@asynccontextmanager
async def explained(
    store: Store | None = None, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[TestedApp, Press]]:
    """Yield the application at the first chapter of Explain, and what presses keys."""
    app = TestedApp(store)
    async with running(app, size) as press:
        await press("f1")
        await shows(app, "1/11")
        yield app, press


def page_text(app: TestedApp) -> str:
    """Return the whole text of the page, also what is scrolled away."""
    lines = app.screen.query_one(PageView)._lines
    return "\n".join("".join(text for text, _ in line) for line in lines)
