"""The drawings of Explain: boxes and arrows for every width, exact by cells."""

import pytest

from eksview.config.package_texts import explain_texts
from eksview.domain.explain.chapters import CHAPTER_IDS
from eksview.domain.explain.checks import CHECKS
from eksview.ui.explain.blocks import Box, Flow, Steps, draw, places
from eksview.ui.explain.drawings import DRAWINGS
from eksview.ui.explain.request_bars import PLACES
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.styled_text import width_of

PAIR = Flow((Box("a", (("b",),)), Box("c", (("d", "e"),))), (("wire",),))
WORDS = {
    "a": "Client", "b": "1.2.3.4", "c": "Server", "d": "ok", "e": "fast", "wire": "TLS",
}  # fmt: skip


def labels(**words):
    return {name: ((text, "text"),) for name, text in words.items()}


def drawn(drawing, width, glyphs=UNICODE, **words):
    lines = draw(drawing, labels(**words), width, glyphs)
    return ["".join(text for text, _ in line) for line in lines]


def test_boxes_are_side_by_side_where_there_is_room():
    assert drawn(PAIR, 60, **WORDS) == [
        "╭─ Client ╮ TLS ╭─ Server ────╮",
        "│ 1.2.3.4 │────→│ ok     fast │",
        "╰─────────╯     ╰─────────────╯",
    ]


def test_boxes_are_below_each_other_where_there_is_none():
    assert drawn(PAIR, 24, **WORDS) == [
        "╭─ Client ────────╮",
        "│ 1.2.3.4         │",
        "╰─────┬───────────╯",
        "      ▾ TLS",
        "╭─ Server ────────╮",
        "│ ok       fast   │",
        "╰─────────────────╯",
    ]


def test_a_tight_drawing_is_one_box_with_a_line_for_each_arrow():
    lines = draw(PAIR, labels(**WORDS), 24, UNICODE, tight=True)
    assert ["".join(text for text, _ in line) for line in lines] == [
        "╭─ Client ─────────────╮",
        "│ 1.2.3.4              │",
        "├─▾ TLS  Server ───────┤",
        "│ ok         fast      │",
        "╰──────────────────────╯",
    ]


def test_boxes_side_by_side_split_no_word():
    words = WORDS | {"b": "ClusterRoleBinding"}
    narrow = drawn(PAIR, 38, **words)
    assert narrow[0].count("╮") == 1
    assert any("ClusterRoleBinding" in line for line in narrow)


def test_arrows_give_way_before_a_word_is_split():
    row = Flow(tuple(Box("", ((name,),)) for name in "abcd"))
    words = {
        "a": "system:authenticated", "b": "ClusterRoleBinding readers", "c": "ClusterRole reader",
        "d": "list nodes: ● yes",
    }  # fmt: skip
    assert drawn(row, 76, **words)[1:3] == [
        "│ system:        │  │ ClusterRoleBinding │  │ ClusterRole │  │ list nodes: │",
        "│ authenticated  │─→│ readers            │─→│ reader      │─→│ ● yes       │",
    ]


def test_a_locale_without_unicode_gets_ascii():
    assert all(line.isascii() for line in drawn(PAIR, 60, ASCII, **WORDS))


def test_places_without_words_and_boxes_without_places_are_left_out():
    assert drawn(PAIR, 60, a="Client", wire="TLS") == ["╭─ Client ╮", "│         │", "╰─────────╯"]
    assert drawn(PAIR, 60, wire="TLS") == []


def test_steps_are_below_each_other():
    steps = Steps(("node",), ("one", "two", "three"))
    assert drawn(steps, 40, node="n1", one="launched 1", three="Ready 3") == [
        "n1",
        "●  launched 1",
        "●  Ready 3",
    ]


@pytest.mark.parametrize("width", [*range(20, 41), 76, 96])
@pytest.mark.parametrize("value", ["x", "値の長い日本語の文字列です", "averylongname" * 4])
@pytest.mark.parametrize("tight", [False, True])
@pytest.mark.parametrize("chapter", DRAWINGS)
def test_no_line_is_wider_than_the_page_and_all_edges_are_aligned(chapter, tight, value, width):
    drawing = DRAWINGS[chapter]
    words = {place: f"{place}: {value}" for place in places(drawing)}
    lines = draw(drawing, labels(**words), width, UNICODE, tight=tight)
    assert all(width_of(line) <= width for line in lines)
    if isinstance(drawing, Flow):
        text = "".join(piece for line in lines for piece, _ in line)
        assert text.count("╭") == text.count("╮") == text.count("╰") == text.count("╯")
        ends = {
            width_of(line) for line in lines if line[-1][0].strip()[-1:] in ("╮", "╯", "│", "┤")
        }
        assert len(ends) == 1


@pytest.mark.parametrize("chapter", CHAPTER_IDS)
def test_the_places_of_a_drawing_are_those_of_its_text(chapter):
    others = {"request": PLACES, "commands": frozenset(check.id for check in CHECKS)}
    drawing = DRAWINGS.get(chapter)
    named = (places(drawing) if drawing else frozenset()) | others.get(chapter, frozenset())
    assert named == explain_texts("en").chapters[chapter].drawing.keys()
