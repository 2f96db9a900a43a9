"""The colors and attributes of text in a terminal (SGR of ECMA-48), and the codes between two."""

from functools import lru_cache
from typing import NamedTuple

FORE, BACK = "38", "48"
OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""The code that ends an attribute; those that aren't listed are ended by a reset."""
ON_BLANKS = frozenset(("4", "7", "9", "21", "51", "52", "53"))
"""Attributes that show on a blank."""


class Pen(NamedTuple):
    """Colors and attributes as SGR codes; an empty color is the terminal's own."""

    fore: str = ""
    back: str = ""
    attributes: frozenset[str] = frozenset()


PLAIN = Pen()


@lru_cache(4096)
def apply(pen: Pen, codes: str) -> Pen:
    """Return the pen after the parameters of an SGR sequence, such as `1;38;5;203`."""
    parts = codes.split(";")
    while parts:
        code = parts.pop(0)
        if code in (FORE, BACK):
            count = 2 if parts[0] == "5" else 4
            color = ";".join((code, *parts[:count]))
            del parts[:count]
            pen = pen._replace(fore=color) if code == FORE else pen._replace(back=color)
        else:
            pen = _apply_code(pen, code)
    return pen


def _apply_code(pen: Pen, code: str) -> Pen:
    number = int(code or "0")
    if number == 0:
        return PLAIN
    if 30 <= number <= 39 or 90 <= number <= 97:
        return pen._replace(fore="" if number == 39 else code)
    if 40 <= number <= 49 or 100 <= number <= 107:
        return pen._replace(back="" if number == 49 else code)
    return pen._replace(attributes=pen.attributes | {code})


@lru_cache(4096)
def on_blank(pen: Pen) -> Pen:
    """Return the part of a pen that shows on a blank: all pens that look alike are one."""
    return pen if pen.attributes & ON_BLANKS else Pen(back=pen.back)


@lru_cache(4096)
def blank_from(now: Pen | None, wanted: Pen) -> Pen:
    """Return a pen nearest to the current one that draws the blank of `wanted`."""
    if now is None or wanted.attributes & ON_BLANKS:
        return wanted
    return now._replace(back=wanted.back, attributes=now.attributes - ON_BLANKS)


@lru_cache(4096)
def change(now: Pen | None, wanted: Pen) -> str:
    """Return the shortest sequence from a pen, or from an unknown one, to another."""
    if now == wanted:
        return ""
    whole = [code for code in (*sorted(wanted.attributes), wanted.fore, wanted.back) if code]
    reset = f"\x1b[{';'.join(['0', *whole])}m" if whole else "\x1b[m"
    step = None if now is None else _step(now, wanted)
    return reset if step is None or len(step) > len(reset) else step


def _step(now: Pen, wanted: Pen) -> str | None:
    """Return a sequence without a reset; None where an attribute can't be ended."""
    ended = now.attributes - wanted.attributes
    if not ended <= OFF.keys():
        return None
    off = {OFF[code] for code in ended}
    begun = {
        code
        for code in wanted.attributes
        if code not in now.attributes or OFF.get(code) in off  # bold and faint end together
    }
    codes = [*sorted(off), *sorted(begun)]
    if now.fore != wanted.fore:
        codes.append(wanted.fore or "39")
    if now.back != wanted.back:
        codes.append(wanted.back or "49")
    return f"\x1b[{';'.join(codes)}m"
