"""The line below every screen: the keys of the focus, and the age of the data."""

from collections.abc import Iterator

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from eksview.domain.aws.poll_plan import EC2
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NotAsked, value_of, why_unread
from eksview.domain.rows.link import Link, Phase
from eksview.ui.base.header import kubernetes
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.aws_links import link_health
from eksview.ui.text.priority_line import Slot, choose, join, key_at
from eksview.ui.text.words import TONE_OF, Words

ALWAYS = frozenset({"app.help", "app.leave"})
"""Keys that are shown even when there isn't room for all."""
HEARD = 4
"""Cells of the age at the right, fixed so that its changes don't move the keys."""
STATE = 6
"""Cells of the age of AWS, or of a word instead."""


class FooterLine(TextLine):
    """The footer; its keys change with the focus only. A click presses a key."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._keys: list[Slot] = []
        self._shown: list[Slot] = []
        self._heard = ""
        self._aws: Words = ()

    def sync(self, now: float) -> None:
        """Show how long ago the cluster and AWS were last read."""
        links = kubernetes(self.view.store.links)
        heard = [link.heard for link in links.values() if link.heard is not None]
        ago = human_duration(max(0.0, now - max(heard))) if heard else "-"
        aws = self._aws_words(now)
        if (ago, aws) != (self._heard, self._aws):
            self._heard, self._aws = ago, aws
            self._paint_slots()

    def _aws_words(self, now: float) -> Words:
        """Return `aws 12s` since EC2 answered, or the state instead; nothing without AWS."""
        store = self.view.store
        link, call = store.links.get(EC2), value_of(store.facts.call(EC2))
        identity = store.facts.aws_identity
        if link is None and isinstance(identity, NotAsked):
            return ()
        health = link_health(link, call, now)
        age = "off" if why_unread(identity) else _age(link, now)
        if health is Health.WARN:
            age = f"{self.view.glyphs.warn} {age}"
        state = TONE_OF[health] if health in (Health.WARN, Health.BAD) else "dim"
        return (("aws ", "faint"), (age.rjust(STATE), state))

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._collect_keys()

    def on_resize(self) -> None:
        self._paint_slots()

    def on_click(self, event: events.Click) -> None:
        """Press the clicked key."""
        if key := key_at(self._shown, event.x):
            self.app.simulate_key(key)

    def _changed(self, _: Screen[object]) -> None:
        self._collect_keys()

    def _collect_keys(self) -> None:
        self._keys = [
            Slot(
                ((self.app.get_key_display(key), "accent"), (f" {key.description}", "dim")),
                rank=0 if key.id in ALWAYS else number + 2,
                key=key.key,
            )
            for number, key in enumerate(self._active())
        ]
        self._paint_slots()

    def _paint_slots(self) -> None:
        heard = Slot((("k8s ", "faint"), (self._heard.rjust(HEARD), "dim")), rank=1, side="right")
        aws = Slot(self._aws, rank=1, side="right")
        self._shown = choose((*self._keys, heard, aws), self.size.width)
        self.show(join(self._shown, "left"), join(self._shown, "right"))

    def _active(self) -> Iterator[Binding]:
        """Yield one binding per action, those of the focused widget first."""
        seen: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in seen:
                seen.add(binding.action)
                yield binding


def _age(link: Link | None, now: float) -> str:
    if link is None or link.phase is Phase.OFF:
        return "off"
    if link.phase is Phase.REFUSED:
        return "denied"
    return "-" if link.heard is None else human_duration(max(0.0, now - link.heard))
