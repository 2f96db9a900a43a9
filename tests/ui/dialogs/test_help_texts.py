"""The help in Japanese: every text has one, none is left over, and no column is out of line."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import eksview.ui
from eksview.config.settings import Settings
from eksview.domain.base.language import Language
from eksview.domain.base.text import cells
from eksview.domain.filter.syntax import SYNTAX
from eksview.ui.base.tabbed_screen import Tab
from eksview.ui.dialogs.commands import COMMANDS
from eksview.ui.dialogs.help import lines_of
from eksview.ui.dialogs.help_texts import HelpTexts, help_texts
from eksview.ui.dialogs.key_list import KeyLine, Section
from eksview.ui.ecs.screen import legend as ecs_legend
from eksview.ui.home.legend import LEGEND
from eksview.ui.text.glyphs import UNICODE
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, until

JAPANESE = help_texts(Language.JA)
COMMON = {"Everywhere", "This screen", "Focused widget", "Marks", "Filters, after /", "Commands"}
"""Titles that `key_list` gives itself."""


def widgets(base: type = DOMNode) -> Iterator[type]:
    for each in base.__subclasses__():
        if each.__module__.startswith("eksview."):
            yield each
        yield from widgets(each)


def all_widgets() -> set[type]:
    for module in pkgutil.walk_packages(eksview.ui.__path__, "eksview.ui."):
        import_module(module.name)
    return set(widgets())


def key_texts() -> set[str]:
    bindings = [
        each
        for widget in all_widgets()
        for each in vars(widget).get("BINDINGS", ())
        if isinstance(each, Binding) and not each.system
    ]
    return {each.tooltip or each.description for each in bindings} - {""}


def title_texts() -> Iterator[str]:
    for widget in all_widgets():
        yield from (vars(widget).get(name) or "" for name in ("TITLE", "BINDING_GROUP_TITLE"))
        yield from (tab.title for tab in vars(widget).get("TABS", ()) if isinstance(tab, Tab))


def lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def test_every_key_has_a_text_and_none_is_left_over() -> None:
    keys = {text for text in key_texts() if not text.startswith("Sort by ")}
    commands = {spec.help for spec in COMMANDS}
    assert {text for text in keys if lowered(text) not in commands} == set(JAPANESE.keys)


def test_every_command_filter_and_mark_has_a_text_and_none_is_left_over() -> None:
    assert {spec.help for spec in COMMANDS} == set(JAPANESE.commands)
    assert {meaning for _, meaning in SYNTAX} == set(JAPANESE.filters)
    of_ecs = {meaning for _, meaning in ecs_legend(UNICODE)}
    assert {mark.meaning for mark in LEGEND} | of_ecs == set(JAPANESE.marks)


def test_every_title_has_a_text_and_none_is_left_over() -> None:
    assert {*title_texts(), *COMMON} - {"", "eksview"} == set(JAPANESE.titles)


def test_keys_that_sort_name_the_column() -> None:
    for text in (each for each in key_texts() if each.startswith("Sort by ")):
        column = text.removeprefix("Sort by ").partition(";")[0]
        assert JAPANESE.line(text).startswith(f"{column} で並べ替える")


def test_english_is_as_written() -> None:
    assert help_texts(Language.EN) == HelpTexts()
    assert HelpTexts().line("Sort by NAME; again") == "Sort by NAME; again"
    assert HelpTexts().line("Close") == "Close"


ALL = (JAPANESE.keys, JAPANESE.commands, JAPANESE.filters, JAPANESE.marks)
NOT_FIRST = "、。」）・ーっゃゅょッャュョ"


def in_cells(line: str) -> list[str]:
    """Return what is in each cell of a line; nothing in the second one of a wide character."""
    return [part for each in line for part in (each, "")[: cells(each)]]


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36), (250, 70)])
@pytest.mark.parametrize("keys", [(), ("3",)], ids=["home", "pods"])
async def test_the_help_is_japanese_and_its_frame_is_straight(
    keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    app = TestedApp(settings=Settings(animate=False, lang=Language.JA))
    async with running(app, size) as press:
        await press(*keys, "question_mark")
        await until(app.pilot, lambda: "閉じる" in app.text())
        lines = [in_cells(line) for line in app.lines()]
    assert {len(line) for line in lines} == {size[0]}
    top = next(at for at, line in enumerate(lines) if "キ" in line)
    bottom = max(at for at, line in enumerate(lines) if "閉" in line)
    left, right = lines[top].index("キ") - 3, lines[bottom].index("╯", lines[bottom].index("閉"))
    rows = lines[top + 1 : bottom]
    assert len(rows) >= size[1] // 2
    assert {(line[left], line[right]) for line in rows} == {("│", "│")}


@pytest.mark.parametrize("width", range(24, 65))
def test_no_line_begins_with_a_closing_mark(width: int) -> None:
    lines = tuple(KeyLine("x", text) for texts in ALL for text in texts.values())
    shown = [words[-1][0] for words in lines_of((Section("", lines),), width) if len(words) > 1]
    assert max(map(cells, shown)) < width
    assert [text for text in shown if text[:1] in NOT_FIRST and text] == []


async def test_lang_changes_the_help_at_once_and_back() -> None:
    app = TestedApp()
    async with running(app, (120, 40)) as press:
        await press("colon", *"lang", "space", *"ja", "enter", "question_mark")
        await until(app.pilot, lambda: "Esc 閉じる" in app.text())
        await press("escape", "colon", *"lang", "space", *"en", "enter", "question_mark")
        await until(app.pilot, lambda: "Esc close" in app.text())


async def test_the_locale_chooses_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    app = TestedApp()
    async with running(app, (80, 24)) as press:
        await press("question_mark")
        await until(app.pilot, lambda: "Esc 閉じる" in app.text())
