"""The screen of a text that grants a missing right, whole."""

from collections.abc import Iterable, Iterator, Sequence

from eksview.domain.base.text import clean
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.base.view import View
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import Words


class RuleScreen(TabbedScreen):
    """A role with its binding, or commands, which `c` copies."""

    TITLE = "Missing right"
    TABS = (Tab("rule", "", "Missing right"),)

    def __init__(self, view: View, rule: str) -> None:
        super().__init__(view)
        self._rule = rule

    def frame(self, frame: Frame) -> None:
        super().frame(frame)
        if frame.full:
            self.fill()

    def copied(self) -> str:
        return self._rule

    def head(self) -> Sequence[Slot]:
        return (
            Slot(((" A cluster administrator can apply it", "strong"),)),
            Slot(((self.view.keyed("{app.copy} copies it whole"), "dim"),), rank=1, side="right"),
        )

    def lines(self, tab: str, width: int) -> Iterator[Words]:  # noqa: ARG002 - it has one tab
        for line in self._rule.splitlines():
            yield ((clean(line), "text"),)

    def whole_lines(self, tab: str, width: int) -> Iterable[Words]:
        return self.lines(tab, width)  # folded YAML would be another document
