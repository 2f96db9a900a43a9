"""The last check of painted text: what passes is printed, and as wide as it was measured."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from eksview.ui.terminal.text_filter import PrintableText

BLACK = Color(0, 0, 0)


def filtered(*segments: Segment) -> list[Segment]:
    return PrintableText().apply([*segments], BLACK)


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_drawn_a_terminal_only_prints(text: str) -> None:
    (segment,) = filtered(Segment(text))
    assert segment.text.isprintable()
    assert cell_len(segment.text) == sum(map(cell_len, text))


def test_a_line_of_plain_text_is_the_same_object() -> None:
    line = [Segment("ip-10-0-1-234 ● 日本", Style(bold=True)), Segment(" ")]
    assert PrintableText().apply(line, BLACK) is line


def test_a_link_is_drawn_without_its_address() -> None:
    """OSC 8 has the address as it is: `\\x1b]8;;ADDRESS\\x1b\\\\`."""
    bold = Style(bold=True, link="https://example.com\x1b]52;c;cm0=\x07")
    (segment,) = filtered(Segment("here", bold))
    assert segment.text == "here"
    assert segment.style is not None
    assert segment.style.link is None
    assert segment.style.bold
    assert "\x1b]" not in segment.style.render(segment.text)
