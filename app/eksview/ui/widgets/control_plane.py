"""The control plane: a card per component, each judged only by what can be seen of it."""

from rich.style import Style
from textual.binding import Binding

from eksview.domain.control_plane import Component
from eksview.domain.health import Health
from eksview.domain.text import clean, fit
from eksview.ui.intents import OpenComponent
from eksview.ui.overview import Overview
from eksview.ui.view import View
from eksview.ui.widgets.panel import Panel
from eksview.ui.widgets.spans import Spans, pad

WIDE = 110  # cells from which the components stand side by side
CARD_LINES = 4
GAP = 2


class ControlPlane(Panel):
    """Cards side by side where there is room, else one line each."""

    BINDINGS = [  # noqa: RUF012 - Textual reads it from the class
        Binding("left,h,up,k", "step(-1)", "previous", id="component.previous", show=False),
        Binding("right,l,down,j", "step(1)", "next", id="component.next", show=False),
        Binding("enter", "open", "open", id="component.open", tooltip="Checks, leases, latency"),
    ]

    def __init__(self, view: View, overview: Overview) -> None:
        super().__init__(view, id="control-plane")
        self._overview = overview
        self._found: tuple[Component, ...] = ()
        self._at = 0

    def look(self, now: float) -> None:
        """Judge anew and paint what differs."""
        self._found = self._overview.components(now)
        self._at = min(self._at, max(0, len(self._found) - 1))
        self.paint()

    def height_for(self, width: int) -> int:
        """Lines that it wants, its frame included."""
        return 2 + (CARD_LINES if width >= WIDE else max(4, len(self._found)))

    def title(self) -> Spans:
        palette, glyphs = self.view.palette(), self.view.glyphs
        flavour, version = self._overview.flavour, self._overview.version
        spans: Spans = [("Control plane", palette.strong)]
        if version is not None:
            by = f"managed by {flavour.label}" if flavour.managed else flavour.label
            spans.append((f" {glyphs.dot} {by}", palette.dim))
            spans.append((f" {glyphs.dot} {clean(version.git)}", palette.dim))
        return spans

    def lines(self, width: int, height: int) -> list[Spans]:
        if not self._found:
            return [[("asking the API server how it is", self.view.palette().dim)]]
        if self.size.width >= WIDE:
            return self._cards(width)
        return [self._row(number, each, width) for number, each in enumerate(self._found)]

    def _cards(self, width: int) -> list[Spans]:
        count = len(self._found)
        each = (width - GAP * (count - 1)) // count
        style = self.view.palette().text
        rows: list[Spans] = [[] for _ in range(CARD_LINES)]
        for number, component in enumerate(self._found):
            for row, spans in zip(rows, self._card(number, component), strict=True):
                row.extend(pad(spans, each, style, self.view.glyphs.more))
                row.append((" " * GAP, style))
        return rows

    def _card(self, number: int, component: Component) -> list[Spans]:
        palette = self.view.palette()
        evidence = [[("  " + line, self._said(component))] for line in component.lines]
        evidence = [*evidence, [], [], []][: CARD_LINES - 1]
        head = self._head(number, component)
        return [head, *(list(line) or [(" ", palette.text)] for line in evidence)]

    def _row(self, number: int, component: Component, width: int) -> Spans:
        head = pad(self._head(number, component), 24, self.view.palette().text)
        said = f"  {self.view.glyphs.dot}  ".join(component.lines)
        return [*head, (fit(said, max(0, width - 24)), self._said(component))]

    def _head(self, number: int, component: Component) -> Spans:
        palette, chosen = self.view.palette(), self.has_focus and number == self._at
        mark = (f"{self.view.glyphs.mark(component.health)} ", palette.state(component.health))
        name = palette.strong + palette.cursor if chosen else palette.strong
        return [mark, (f"{component.title}{' ' if chosen else ''}", name)]

    def _said(self, component: Component) -> Style:
        palette = self.view.palette()
        if component.health in (Health.BAD, Health.WARN):
            return palette.state(component.health)
        return palette.dim

    def action_step(self, by: int) -> None:
        if self._found:
            self._at = max(0, min(len(self._found) - 1, self._at + by))
            self.paint()

    def action_open(self) -> None:
        if self._found:
            self.post_message(OpenComponent(self._found[self._at].name))
