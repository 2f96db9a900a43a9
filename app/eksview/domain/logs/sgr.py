"""Colors and attributes that a program gives its output, read from SGR sequences (ECMA-48)."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

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
        code = int(text) if text.isdigit() else 0 if not text else -1
        style = _applied(style, code, codes)
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
            number = next(rest, "")
            return int(number) if number.isdigit() and int(number) < 256 else None
        case "2":
            parts = [next(rest, "") for _ in range(3)]
            if all(part.isdigit() and int(part) < 256 for part in parts):
                red, green, blue = map(int, parts)
                return red, green, blue
    return None
