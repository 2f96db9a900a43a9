"""The line under every screen: the keys that do something where the focus is."""

from collections.abc import Iterator

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from eksview.domain.age import human_duration
from eksview.ui.slots import Slot, choose, join, key_at
from eksview.ui.view import View
from eksview.ui.widgets.text_line import TextLine

ALWAYS = frozenset({"app.help", "app.quit", "app.leave"})
"""Keys that stay when there isn't room for all."""
HEARD = 4
"""Cells of the age at the right: what is said later mustn't push the rest about."""


class FooterLine(TextLine):
    """Keys change with the focus, never by the clock. A click does what the key does."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._keys: list[Slot] = []
        self._shown: list[Slot] = []
        self._heard = ""

    def sync(self, now: float) -> None:
        """Say how long ago the cluster was last heard."""
        heard = [link.heard for link in self._view.store.links.values() if link.heard is not None]
        ago = human_duration(max(0.0, now - max(heard))) if heard else "-"
        if ago != self._heard:
            self._heard = ago
            self._say()

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._find()

    def on_resize(self) -> None:
        """More or fewer keys."""
        self._say()

    def on_click(self, event: events.Click) -> None:
        """Press the key that is shown there."""
        if key := key_at(self._shown, event.x):
            self.app.simulate_key(key)

    def _changed(self, _: Screen[object]) -> None:
        self._find()

    def _find(self) -> None:
        self._keys = [
            Slot(
                ((self.app.get_key_display(each), "accent"), (f" {each.description}", "dim")),
                rank=0 if each.id in ALWAYS else number + 2,
                key=each.key,
            )
            for number, each in enumerate(self._active())
        ]
        self._say()

    def _say(self) -> None:
        heard = Slot((("k8s ", "faint"), (self._heard.rjust(HEARD), "dim")), rank=1, side="right")
        self._shown = choose((*self._keys, heard), self.size.width)
        self.show(join(self._shown, "left"), join(self._shown, "right"))

    def _active(self) -> Iterator[Binding]:
        """One key per action, those of the focused widget first."""
        seen: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in seen:
                seen.add(binding.action)
                yield binding
