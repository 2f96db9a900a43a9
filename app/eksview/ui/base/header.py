"""The line on top of every screen."""

from eksview.domain.base.reading import value_of
from eksview.domain.control_plane.distribution import Flavour, flavour
from eksview.ui.base.header_content import slots
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.priority_line import choose, join


class HeaderLine(TextLine):
    """Repaints when its words change, which is once a second at most while all is well."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._flavour: Flavour | None = None
        self._now = view.clock()

    def sync(self, now: float, *, judge: bool) -> None:
        """Say what is so now; `judge` when it may be another cluster, or another sort of one."""
        self._now = now
        if judge or self._flavour is None:
            self._flavour = self._judge()
        self._say()

    def on_resize(self) -> None:
        """More or fewer slots."""
        self._say()

    def _say(self) -> None:
        store, links = self.view.store, self.view.store.links
        rate = sum(self.view.rates.current(name) for name in links)
        said = slots(store, self._flavour or self._judge(), rate, self._now, self.view.glyphs)
        kept = choose(said, self.size.width, more=self.view.glyphs.more)
        self.show(join(kept, "left"), join(kept, "right"))

    def _judge(self) -> Flavour:
        facts = self.view.store.facts
        target = value_of(facts.target)
        return flavour(
            value_of(facts.version),
            target.server if target else "",
            self.view.store.nodes.values(),
        )
