"""The marks and borders, in Unicode and in ASCII, since color alone never carries meaning."""

from msgspec import Struct

from eksview.domain.base.health import Health


class Glyphs(Struct, frozen=True):
    """A set of glyphs, each one cell wide."""

    ok: str = "●"
    warn: str = "▲"
    bad: str = "✖"
    unknown: str = "○"
    heart: str = "♥"
    bar: str = "█▒░"  # used, requested beyond it, free
    spark: str = "▁▂▃▄▅▆▇█"
    cursor: str = "▌"
    corner: str = "╭╮╰╯"
    line: str = "─│"
    heavy: str = "┃"
    heavy_corner: str = "┏┓┗┛"
    heavy_line: str = "━┃"
    tee: str = "┬"
    rule: str = "├┤"  # where a line across a box meets its sides
    cut: str = "┆"  # a wire over which nothing comes
    dot: str = "·"
    up: str = "▴"
    down: str = "▾"
    right: str = "→"
    trail: str = "›"  # between the titles of a path
    behind: str = "⇣"
    more: str = "…"
    half: str = "◐"
    lost: str = "◇"
    away: str = "□"
    claim: str = "◌"
    idle: str = "◦"
    candidate: str = "◔"
    marked: str = "◆"

    def mark(self, health: Health) -> str:
        """Return the mark of a state."""
        return {
            Health.OK: self.ok,
            Health.WARN: self.warn,
            Health.BAD: self.bad,
            Health.UNKNOWN: self.unknown,
        }[health]


UNICODE = Glyphs()
ASCII = Glyphs(
    ok="o",
    warn="!",
    bad="X",
    unknown="?",
    heart="*",
    bar="#=.",
    spark="_.:-=+*#",
    cursor=">",
    corner="++++",
    line="-|",
    heavy="|",
    heavy_corner="####",
    heavy_line="=#",
    tee="+",
    rule="++",
    cut=":",
    dot="-",
    up="^",
    down="v",
    right=">",
    trail=">",
    behind="v",
    more="~",
    half="%",
    lost="<",
    away="=",
    claim="c",
    idle="z",
    candidate="m",
    marked="*",
)
