"""Explain in Japanese: its frames are straight at every size, and `:lang` changes it at once."""

import pytest

from eksview.config.package_texts import explain_texts
from eksview.config.settings import Settings
from eksview.domain.base.language import Language
from eksview.domain.base.text import cells
from eksview.domain.explain.chapters import CHAPTERS
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows
from tests.ui.snapshots.screens import full_store

JAPANESE = explain_texts(Language.JA)
SIZES = [(40, 12), (80, 24), (120, 36), (200, 60)]


def in_cells(line: str) -> list[str]:
    """Return what is in each cell of a line; nothing in the second one of a wide character."""
    return [part for each in line for part in (each, "")[: cells(each)]]


def broken_sides(lines: list[list[str]]) -> list[tuple[int, int]]:
    """Return the cells of sides of boxes that have neither a side nor a corner below them."""
    return [
        (row, column)
        for row, line in enumerate(lines[:-1])
        for column, each in enumerate(line)
        if each in ("╭", "╮") and lines[row + 1][column] != "│"
    ]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("chapter", [spec.id for spec in CHAPTERS])
async def test_a_page_is_straight(chapter: str, size: tuple[int, int]) -> None:
    app = TestedApp(full_store(), settings=Settings(animate=False, lang=Language.JA))
    async with running(app, size) as press:
        await press("colon", *"explain", "space", *chapter, "enter")
        await shows(app, JAPANESE.chapters[chapter].title[:5])
        lines = [in_cells(line) for line in app.lines()]
    assert {len(line) for line in lines} == {size[0]}
    assert broken_sides(lines) == []


async def test_lang_changes_the_page_at_once() -> None:
    app = TestedApp(full_store())
    async with running(app, (80, 24)) as press:
        await press("f1")
        await shows(app, "Control plane and workers")
        await press("colon", *"lang", "space", *"ja", "enter")
        await shows(app, "コントロールプレーンとワーカー")
