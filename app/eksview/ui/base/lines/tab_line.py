"""The tabs of a screen in one line, each with its key."""

from collections.abc import Sequence

from msgspec import Struct
from textual import events

from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.priority_line import GAP, Slot, choose, join, key_at


class Tab(Struct, frozen=True):
    """A tab of a screen and its key; `short` is a title for narrow terminals."""

    id: str
    key: str
    title: str
    short: str = ""


class TabLine(TextLine):
    """The line of tabs; a click presses a tab's key."""

    def __init__(self, view: View, tabs: Sequence[Tab]) -> None:
        super().__init__(view)
        self._tabs = tabs
        self._chosen = ""
        self._counts: dict[str, int | None] = {}
        self._slots: list[Slot] = []
        self._gap = GAP

    def choose(self, tab: str) -> None:
        """Mark a tab as shown."""
        self._chosen = tab
        self._paint_slots()

    def count(self, tab: str, number: int | None) -> None:
        """Show the number of things in a tab; None for an unknown one."""
        if self._counts.get(tab) != number:
            self._counts[tab] = number
            self._paint_slots()

    def on_resize(self) -> None:
        self._paint_slots()

    def on_click(self, event: events.Click) -> None:
        if key := key_at(self._slots, event.x, self._gap):
            self.app.simulate_key(key)

    def _paint_slots(self) -> None:
        slots = [self._slot(tab, tab.title) for tab in self._tabs]
        room = self.size.width - 1 - sum(slot.width for slot in slots)
        # Without room the brackets separate them well enough.
        self._gap = GAP if room >= GAP * len(slots) else 0
        if room < 0:
            slots = self._narrow()
        self._slots = choose(slots, self.size.width - 1, self._gap)
        self.show(join(self._slots, "left", self._gap))

    def _narrow(self) -> list[Slot]:
        """Return the tabs with short titles, or only their keys from the right on."""
        slots = [self._slot(tab, tab.short or tab.title) for tab in self._tabs]
        for number in reversed(range(len(slots))):
            if sum(slot.width for slot in slots) < self.size.width:
                break
            if self._tabs[number].id != self._chosen:
                slots[number] = self._slot(self._tabs[number], "")
        return slots

    def _slot(self, tab: Tab, title: str) -> Slot:
        chosen = tab.id == self._chosen
        left, right = ("[", "]") if chosen else (" ", " ")
        number = self._counts.get(tab.id)
        count = "" if number is None else f" {number}"
        return Slot(
            (
                (left, "accent"),
                (tab.key, "accent"),
                (f" {title}" if title else "", "strong" if chosen else "dim"),
                (count if title else "", "dim"),
                (right, "accent"),
            ),
            rank=0 if chosen else 1,
            key=tab.key,
        )
