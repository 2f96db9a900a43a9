"""The last check of painted text: nothing but printable characters reaches a terminal.

Text from outside is cleaned where rows are made, and there it stays readable. This filter sees
every line that any widget draws, and holds for what was forgotten.
"""

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from eksview.ui.text.glyphs import ASCII, UNICODE

REPLACEMENT = "?"


class PrintableText(LineFilter):
    """A line filter that replaces what a terminal would interpret, and drops hyperlinks.

    Rich writes a hyperlink (OSC 8) with its address as it is. Widths stay what Textual measured.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments; the same list if nothing is wrong, as in nearly every line."""
        if all(map(_is_harmless, segments)):
            return segments
        return [_harmless(segment) for segment in segments]


class AsciiEllipsis(LineFilter):
    """A line filter for ASCII mode: Textual ends the titles that it cuts with its own `…`."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments; the same list if nothing was cut."""
        if not any(UNICODE.more in segment.text for segment in segments):
            return segments
        return [
            Segment(text.replace(UNICODE.more, ASCII.more), style, control)
            for text, style, control in segments
        ]


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    return control is None and text.isprintable() and (style is None or style.link is None)


def _harmless(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style.link is not None:
        style = style.update_link(None)
    if not text.isprintable():
        text = "".join(map(_printable, text))
    return Segment(text, style)


def _printable(character: str) -> str:
    return character if character.isprintable() else REPLACEMENT * cell_len(character)
