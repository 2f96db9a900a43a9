"""A search in lines: as in less, it goes on from the visible line and round at the end."""

import pytest

from eksview.ui.base.text_search import TextSearch
from eksview.ui.text.words import Words

LINES: tuple[Words, ...] = (
    (("kind: ", "dim"), ("Pod", "text")),
    (("name: ", "dim"), ("web-pod", "text")),
    (),
    (("pods pod", "text"),),
)


def search(text: str, top: int = 0) -> TextSearch:
    made = TextSearch()
    made.find(text, LINES, top)
    return made


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("pod", [0, 1, 3, 3]),
        ("^pod", [3]),
        ("d: po", [0]),
        ("web|kind", [0, 1]),
        ("x*", []),
        ("  ", []),
        ("absent", []),
    ],
)
def test_it_is_told_in_which_lines_a_text_is(text: str, lines: list[int]) -> None:
    assert [hit.line for hit in search(text).hits] == lines


def test_it_begins_at_the_visible_line_and_goes_round() -> None:
    made = search("pod", top=2)
    assert made.at == 2
    made.step(1)
    made.step(1)
    assert made.at == 0
    made.step(-1)
    assert made.at == 3


def test_a_broken_expression_is_named() -> None:
    made = search("pod(")
    assert "isn't a regular expression" in made.problem
    assert not made.hits
    made.step(1)
    assert made.current is None


def test_matches_are_marked_across_styles_and_the_current_one_apart() -> None:
    made = search("d: po|pod")
    assert made.shown(0, LINES[0]) == (
        ("kin", "dim"), ("d: ", "current"), ("Po", "current"), ("d", "text"),
    )  # fmt: skip
    assert made.shown(3, LINES[3]) == (
        ("pod", "match"), ("s ", "text"), ("pod", "match"),
    )  # fmt: skip
    assert search("").shown(3, LINES[3]) == LINES[3]


def test_other_lines_keep_the_match_that_it_is_at() -> None:
    made = search("pod")
    made.step(-1)
    made.refresh((*LINES, (("pod", "text"),)))
    assert (made.at, len(made.hits)) == (3, 5)
    made.refresh(LINES[:1])
    assert (made.at, len(made.hits)) == (0, 1)
