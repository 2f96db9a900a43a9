"""Text from the cluster: nothing in it acts, and its width is what the compositor takes."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from eksview.domain.base.text import cells, clean, fit

ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("ip-10-0-1-234", "ip-10-0-1-234"),
        ("[bold]red[/]", "[bold]red[/]"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("a\nb\tc\r\nd", "a b c  d"),
        ("bell\x07 back\x08 del\x7f", "bell\\x07 back\\x08 del\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("iso\u2066late", "iso\\u2066late"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("non\xa0breaking\u3000wide", "non breaking wide"),
        ("line\u2028para\u2029", "line para "),
        ("⚠\ufe0f", "⚠\\ufe0f"),
        ("\u0301accent", " \u0301accent"),
        ("日本 שלום é", "日本 שלום é"),
        ("", ""),
    ],
)
def test_clean_shows_what_would_act(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@pytest.mark.parametrize("text", ["plain", "ip-10-0-1-234.us-west-2", "日本", "naïve"])
def test_clean_returns_harmless_text_itself(text: str) -> None:
    assert clean(text) is text


@given(ANYTHING)
def test_clean_leaves_nothing_that_acts(text: str) -> None:
    cleaned = clean(text)
    acting = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not acting & {unicodedata.category(character) for character in cleaned}
    assert "".join(cleaned.splitlines()) == cleaned
    assert clean(cleaned) == cleaned


@given(ANYTHING, st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_fit_is_exactly_as_wide_as_asked(text: str, width: int, align: str) -> None:
    fitted = fit(clean(text), width, align)  # type: ignore[arg-type]  # sampled from its values
    assert cells(fitted) == width
    assert cell_len(fitted) == width


@pytest.mark.parametrize(
    ("text", "width", "align", "expected"),
    [
        ("pod", 5, "left", "pod  "),
        ("pod", 5, "right", "  pod"),
        ("pod", 3, "left", "pod"),
        ("podname", 4, "left", "pod…"),
        ("podname", 1, "left", "…"),
        ("podname", 0, "left", ""),
        ("日本語", 4, "left", "日… "),
        ("日本語", 5, "left", "日本…"),
        ("日本語", 5, "right", "日本…"),
        ("日本語", 4, "right", " 日…"),
    ],
)
def test_fit_cuts_and_pads(text: str, width: int, align: str, expected: str) -> None:
    assert fit(text, width, align) == expected  # type: ignore[arg-type]


def test_fit_cuts_with_what_the_terminal_can_draw() -> None:
    assert fit("podname", 4, more="~") == "pod~"


def test_every_character_is_as_wide_as_the_compositor_takes_it_to_be() -> None:
    kept = (chr(code) for code in range(32, sys.maxunicode) if clean(chr(code)) == chr(code))
    assert [hex(ord(each)) for each in kept if cells(each) != cell_len(each)] == []
