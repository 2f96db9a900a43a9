"""As many colors as a terminal has, for the dashboards of one process on several terminals."""

from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


class ColorDepth(LineFilter):
    """A line filter that draws with the colors of one system.

    A style keeps the codes of the terminal that it was first rendered for, whatever terminal it is
    rendered for next, and all dashboards share their styles. Those that this filter makes have the
    same codes for any terminal.
    """

    def __init__(self, system: ColorSystem) -> None:
        super().__init__()
        self._system = system

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments in colors of the system."""
        return [
            Segment(text, style and _reduced(style, self._system), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _reduced(style: Style, system: ColorSystem) -> Style:
    colors = Style(color=_nearest(style.color, system), bgcolor=_nearest(style.bgcolor, system))
    return style.without_color + colors


def _nearest(color: RichColor | None, system: ColorSystem) -> RichColor | None:
    return color and color.downgrade(system)
