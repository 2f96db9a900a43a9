"""Colors and attributes that a program gives its output, read from SGR sequences (ECMA-48)."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.whole_numbers import whole_number_of

Color: TypeAlias = int | tuple[int, int, int] | None
"""A number of the 256 colors, red, green and blue, or None for the terminal's own."""


class Sgr(Struct, frozen=True):
    """A style of text; what hides text (conceal) and what blinks is left out."""

    fg: Color = None
    bg: Color = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


PLAIN = Sgr()
_CHANGES: dict[int, dict[str, Any]] = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underline": True},
    7: {"reverse": True}, 9: {"strike": True}, 21: {"underline": True},
    22: {"bold": False, "dim": False}, 23: {"italic": False}, 24: {"underline": False},
    27: {"reverse": False}, 29: {"strike": False}, 39: {"fg": None}, 49: {"bg": None},
    **{30 + number: {"fg": number} for number in range(8)},
    **{40 + number: {"bg": number} for number in range(8)},
    **{90 + number: {"fg": 8 + number} for number in range(8)},
    **{100 + number: {"bg": 8 + number} for number in range(8)},
}  # fmt: skip


def after(style: Sgr, parameters: str) -> Sgr:
    """Return the style after a sequence such as `1;38;5;208`; what isn't known changes nothing."""
    codes = iter(parameters.replace(":", ";").split(";"))
    for text in codes:
        code = whole_number_of(text or "0")
        style = style if code is None else _applied(style, code, codes)
    return style


def _applied(style: Sgr, code: int, rest: Iterator[str]) -> Sgr:
    if code == 0:
        return PLAIN
    if code in (38, 48):
        color = _extended(rest)
        return replace(style, fg=color) if code == 38 else replace(style, bg=color)
    return replace(style, **_CHANGES.get(code, {}))


def _extended(rest: Iterator[str]) -> Color:
    """Return the color after 38 or 48: `5;208` or `2;255;128;0`."""
    match next(rest, ""):
        case "5":
            return _byte(next(rest, ""))
        case "2":
            red, green, blue = (_byte(next(rest, "")) for _ in range(3))
            if red is not None and green is not None and blue is not None:
                return red, green, blue
    return None


def _byte(text: str) -> int | None:
    number = whole_number_of(text)
    return number if number is not None and number < 256 else None
