"""The text of a line as it may be drawn, with the styles that its program gave it.

Nothing of a log reaches the terminal as it came: SGR sequences become styles, other escape
sequences are dropped, and what else isn't printable is shown as an escape. Secrets are masked as in
all other text; that is done for the lines that are shown or saved, not for those that pass by.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from eksview.domain.base.text import Clean, clean
from eksview.domain.logs.sgr import PLAIN, Sgr, after

TAB = 4
_ESCAPE = re.compile(
    "(?:\x1b\\[|\x9b)(?P<csi>[0-?]*[ -/]*(?:[@-~]|$))?"  # CSI, also one that is cut off
    "|\x1b\\][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"  # OSC: titles, links, the clipboard
    "|\x1b[PX^_][^\x1b\x9c]*(?:\x1b\\\\|\x9c)?"  # DCS, SOS, PM, APC
    "|\x1b[ -/]*[0-~]?"
)
_SGR = re.compile(r"[0-9;:]*m")


class StyleRun(Struct, frozen=True):
    """The style of the characters of a text from `start` up to `end`."""

    start: int
    end: int
    style: Sgr


class DecodedText(Struct, frozen=True):
    """The clean text of a line, and where it is styled."""

    text: Clean
    runs: tuple[StyleRun, ...] = ()


def plain(raw: bytes) -> str:
    """Return a line's text without its escape sequences, to match a filter; it isn't clean."""
    text = raw.decode("utf-8", "backslashreplace")
    return _ESCAPE.sub("", text) if "\x1b" in text or "\x9b" in text else text


def decoded(raw: bytes) -> DecodedText:
    """Return a line as it may be drawn. Bytes that aren't UTF-8 are shown as `\\xff`."""
    text = raw.removesuffix(b"\r").decode("utf-8", "backslashreplace")
    if "\t" in text:
        text = text.expandtabs(TAB)
    text = text.replace("\r", "\\r")
    if "\x1b" not in text and "\x9b" not in text:
        return DecodedText(clean(text))
    pieces = list(_pieces(text))
    whole = clean("".join(piece for piece, _ in pieces))
    runs: list[StyleRun] = []
    at = 0
    for piece, style in pieces:
        end = at + len(clean(piece))
        if style is not PLAIN and end > at:
            runs.append(StyleRun(at, end, style))
        at = end
    # Where a secret was masked, the styles are no longer where they were.
    return DecodedText(whole, tuple(runs) if at == len(whole) else ())


def _pieces(text: str) -> Iterator[tuple[str, Sgr]]:
    style, at = PLAIN, 0
    for match in _ESCAPE.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], style
        at = match.end()
        csi = match["csi"]
        if csi and _SGR.fullmatch(csi):
            style = after(style, csi[:-1])
    if at < len(text):
        yield text[at:], style
