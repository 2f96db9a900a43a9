"""Sends only the cells of a partial repaint. Textual 8.2 sends the cells left of them too.

Its `ChopsUpdate.render_segments` crops a span on its right only. A table in which one column ticks
then rewrites every row from the left border on, four times the bytes (measured over SSH).
"""

from rich.console import Console
from rich.control import Control

from eksview.ui.terminal.textual_private import ChopsUpdate, Compositor


class NarrowUpdate(ChopsUpdate):
    """An update that is cropped on both sides."""

    def render_segments(self, console: Console) -> str:
        sequences: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, first), min(end, last)
                if strip is None or left >= right:
                    continue
                if (left, right) != (x, end):
                    strip = strip.crop(left - x, right - x)  # noqa: PLW2901
                sequences += Control.move_to(left, y).segment.text, strip.render(console)
        return "".join(sequences)


class NarrowCompositor(Compositor):
    """The compositor of a screen, set before its first layout."""

    def render_partial_update(self) -> NarrowUpdate | None:
        update = super().render_partial_update()
        if update is None:
            return None
        return NarrowUpdate(update.chops, update.spans, update.chop_ends)
