"""The line below every screen: the keys of the focus, and the age of the data."""

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from eksview.domain.aws.poll_plan import EC2, ECS
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NotAsked, value_of, why_unread
from eksview.domain.rows.link import Link, Phase
from eksview.ui.base.availability import why_not
from eksview.ui.base.lines.header import kubernetes
from eksview.ui.base.lines.path_line import KEYED
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.aws_links import link_health
from eksview.ui.text.priority_line import Slot, choose, join, key_at
from eksview.ui.text.words import TONE_OF, Words

RANKS = {
    "app.help": 0, "app.leave": 0, "app.command": 2, "screens": 3, "table.filter": 4,
    "trace.filter": 4, "home.filter": 4, "tabs.search": 4,
}  # fmt: skip
"""The keys that are dropped last where there isn't room for all."""
ENTER_RANK = 1
"""Of what Enter does; the digits are in the line below the header too."""
HEARD_RANK = 5
REST = 6
SCREENS = Slot((("1-7", "accent"), (" Screens", "dim")), rank=RANKS["screens"])
"""The keys of the screens, which the line below the header spells out."""
KUBERNETES, AWS = "k8s", "aws"
"""Before the time since each was heard."""
HEARD = 4
"""Cells of the age at the right, fixed so that its changes don't move the keys."""
STATE = 4
"""Cells of the age of AWS; a word instead is longer."""


def update_footer(app: App[Any]) -> None:
    """Show the keys that count now, also those of a dialog, whose screen has no footer itself."""
    for screen in app.screen_stack:
        screen.refresh_bindings()


class FooterLine(TextLine):
    """The footer; its keys change with the focus only. A click presses a key."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._keys: list[Slot] = []
        self._shown: list[Slot] = []
        self._heard = ""
        self._aws: Words = ()
        self._bound_at: tuple[Screen[Any], Widget | None] | None = None
        self._bound_keys: Sequence[tuple[DOMNode, Binding]] = ()
        self._has_screens = False

    def sync(self, now: float) -> None:
        """Show how long ago the cluster and AWS were last read."""
        ago = self._heard_ago(now)
        aws = self._aws_words(now)
        keys = self._working_keys()
        if (ago, aws, keys) != (self._heard, self._aws, self._keys):
            self._heard, self._aws, self._keys = ago, aws, keys
            self._paint_slots()

    def _heard_ago(self, now: float) -> str:
        """Return the time since the cluster was heard; empty where there is no Kubernetes."""
        links = kubernetes(self.view.store.links).values()
        if links and all(link.phase is Phase.OFF for link in links):
            return ""
        heard = [link.heard for link in links if link.heard is not None]
        return human_duration(max(0.0, now - max(heard))) if heard else "-"

    def _aws_words(self, now: float) -> Words:
        """Return `aws 12s` since EC2 answered, or the state instead; nothing without AWS.

        ECS counts where only that is read.
        """
        store = self.view.store
        name = ECS if self._heard_ago(now) == "" else EC2
        link, call = store.links.get(name), value_of(store.facts.call(name))
        identity = store.facts.aws_identity
        if link is None and isinstance(identity, NotAsked):
            return ()
        health = link_health(link, call, now)
        age = "off" if why_unread(identity) else _age(link, now)
        if health is Health.WARN:
            age = f"{self.view.glyphs.warn} {age}"
        state = TONE_OF[health] if health in (Health.WARN, Health.BAD) else "dim"
        return ((f"{AWS} ", "faint"), (age.rjust(STATE), state))

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_resize(self) -> None:
        self._paint_slots()

    def on_click(self, event: events.Click) -> None:
        """Press the clicked key."""
        if key := key_at(self._shown, event.x):
            self.app.simulate_key(key)

    def _changed(self, screen: Screen[object]) -> None:
        self._bound_at = None
        top = self.app.screen
        if top is screen or top.is_modal:  # a hidden one is synced when it is shown
            self._keys = self._working_keys()
            self._paint_slots()

    def _working_keys(self) -> list[Slot]:
        """Return the keys that do something now: of the dialog, if one is open."""
        app = self.app
        keys = [
            Slot(
                ((app.get_key_display(key), "accent"), (f" {key.description}", "dim")),
                rank=RANKS.get(key.id or "", ENTER_RANK if key.key == "enter" else number + REST),
                key=key.key,
            )
            for number, (node, key) in enumerate(self._bound())
            if not why_not(app, node, key.action)
        ]
        at = next((at for at, key in enumerate(keys) if key.rank in (0, 2)), len(keys))
        moved = any(f"app.{spec.name}" in self.view.settings.keys for spec in KEYED)
        digits = [SCREENS] if self._has_screens and not moved else []
        return [*keys[:at], *digits, *keys[at:]]

    def _paint_slots(self) -> None:
        age: Words = ((f"{KUBERNETES} ", "faint"), (self._heard.rjust(HEARD), "dim"))
        heard = Slot(age if self._heard else (), rank=HEARD_RANK, side="right")
        aws = Slot(self._aws, rank=HEARD_RANK, side="right")
        self._shown = choose((*self._keys, heard, aws), self.size.width)
        self.show(join(self._shown, "left"), join(self._shown, "right"))

    def _bound(self) -> Sequence[tuple[DOMNode, Binding]]:
        """Return one binding per action, those of the focused widget first.

        Reading them takes a millisecond, so they are kept until the screen or the focus changes.
        Whether each does something now is checked more often.
        """
        screen = self.app.screen
        place = (screen, screen.focused)
        if place != self._bound_at:
            self._bound_at = place
            active = screen.active_bindings.values()
            bound: dict[str, tuple[DOMNode, Binding]] = {}
            for key in active:
                if key.binding.show:
                    bound.setdefault(key.binding.action, (key.node, key.binding))
            self._bound_keys = tuple(bound.values())
            self._has_screens = any(
                key.binding.key.isdigit() and key.binding.action.startswith("go(") for key in active
            )
        return self._bound_keys


def _age(link: Link | None, now: float) -> str:
    if link is None or link.phase is Phase.OFF:
        return "off"
    if link.phase is Phase.REFUSED:
        return "denied"
    return "-" if link.heard is None else human_duration(max(0.0, now - link.heard))
