"""Every dialog can be read to its end on a small terminal, by keys and by the wheel."""

import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from unittest.mock import AsyncMock

import pytest
from msgspec.structs import replace
from textual.events import MouseScrollDown, MouseScrollUp

from eksview.domain.live.backend_protocol import ContextInfo
from eksview.ui.base.wheel import LINES
from eksview.ui.dialogs.choice_list import ChoiceList
from tests.ui.harness import TestedApp
from tests.ui.nodes.test_aws_screens import ENTRIES
from tests.ui.shell.test_app import running, shows, until
from tests.ui.snapshots.screens import FULL, SCENES, app_of, requests

Press = Callable[..., Awaitable[None]]

SIZES = ((80, 24), (120, 36), (40, 12))
TALL = 400
"""Lines of a terminal that holds any dialog whole."""
ARN = "arn:aws:eks:us-west-2:111122223333:cluster"


class Dialog(NamedTuple):
    """The keys that open a dialog, and those that open what is below it."""

    keys: tuple[str, ...]
    opens: bool = False  # on a node's screen


DIALOGS = {
    "help at home": Dialog(("question_mark",)),
    "help of nodes": Dialog(("2", "question_mark")),
    "help of a node": Dialog(("question_mark",), opens=True),
    "commands at home": Dialog(("K",)),
    "commands of a node": Dialog(("K",), opens=True),
    "contexts": Dialog(("colon", *"ctx", "enter")),
    "clusters": Dialog(("colon", *"clusters", "enter")),
    "namespaces": Dialog(("3", "n")),
    "node shells": Dialog(("s",), opens=True),
}


def crowded() -> TestedApp:
    """Return an application with long names and long lists."""
    app = app_of(SCENES["home-aws"])
    contexts = tuple(
        ContextInfo(f"{ARN}/{'a-' * number}{number}", "", "", "", f"https://{number}.example.com",
                    current=number == 3)
        for number in range(40)
    )  # fmt: skip
    app.fake.contexts = AsyncMock(return_value=contexts)  # type: ignore[method-assign]
    app.fake.entries = tuple(
        replace(ENTRIES[0], name=f"cluster-{'x' * number}-{number}") for number in range(40)
    )
    return app


async def open_dialog(app: TestedApp, press: Press, dialog: Dialog) -> None:
    for request in requests():
        app.view.store.set_request(request)
    if dialog.opens:
        app.post_message(FULL)
        await until(app.pilot, lambda: len(app.screen_stack) > 1)
    await press(*dialog.keys)
    await until(app.pilot, lambda: app.screen.is_modal)
    if "clusters" in "".join(dialog.keys):
        await shows(app, "40 clusters")


def content(app: TestedApp) -> list[str]:
    """Return the lines inside the dialog's frame."""
    box = app.screen.query_one(".box").region
    lines = [line[box.x + 1 : box.right - 1] for line in app.lines()[box.y + 1 : box.bottom - 1]]
    return [re.sub(r"[┃▌]", " ", line).strip() for line in lines]


def has_bar(app: TestedApp) -> bool:
    box = app.screen.query_one(".box").region
    edge = slice(box.right - 4, box.right)  # the legend has such a glyph further to the left
    return any("┃" in line[edge] for line in app.lines()[box.y + 1 : box.bottom - 1])


async def whole(name: str, width: int) -> list[str]:
    """Return all lines of a dialog of this width."""
    app = crowded()
    async with running(app, (width, TALL)) as press:
        await open_dialog(app, press, DIALOGS[name])
        for widget in app.screen.query(ChoiceList):
            widget.styles.height = TALL - 20
        await until(app.pilot, lambda: not has_bar(app))
        lines = [line for line in content(app) if line]
        assert "\n".join(lines).count("\N{HORIZONTAL ELLIPSIS}") == 0
        return lines


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DIALOGS)
async def test_every_line_can_be_reached(name: str, size: tuple[int, int]) -> None:
    wanted = await whole(name, size[0])
    app = crowded()
    async with running(app, size) as press:
        await open_dialog(app, press, DIALOGS[name])
        box = app.screen.query_one(".box").region
        assert box.height <= size[1], "the frame is cut"
        assert box.width <= size[0], "the frame is cut"
        if len(wanted) > box.height - 2:
            assert has_bar(app), "nothing says that there is more"
        shown = await by_wheel(app, len(wanted))
        assert [line for line in wanted if line not in shown] == []
        await press(*["up"] * len(wanted))
        by_keys = set(content(app))
        for _ in wanted:
            await press("down")
            by_keys.update(content(app))
        assert [line for line in wanted if line not in by_keys] == []


async def by_wheel(app: TestedApp, lines: int) -> set[str]:
    """Return what is shown while the wheel turns to the top and then to the end."""
    scrolled = app.screen.query("ChoiceList, HelpScreen > .box > LinesView").first()
    x, y = scrolled.region.offset
    shown = set[str]()
    for kind in (MouseScrollUp, MouseScrollDown):
        for _ in range(lines // LINES + 1):
            scrolled.post_message(kind(scrolled, x, y, 0, 1, 0, False, False, False))
            await app.pilot.pause()
            shown.update(content(app))
    return shown
