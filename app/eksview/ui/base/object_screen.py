"""The screen of one object: its row is live, the whole object is fetched for a tab."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import replace

from eksview.domain.base.age import human_duration
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean
from eksview.domain.base.yaml_text import yaml_object
from eksview.domain.guides.owners import owners_of
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.link import Link
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.tabbed_screen import TabbedScreen, age_text
from eksview.ui.base.view import View
from eksview.ui.text.layout import whole_sentences
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import Words, faded

_KEY = re.compile(r"""(?P<lead>\s*(?:- )*)(?P<key>"[^"]*"|'[^']*'|[^\s"'#-][^:]*|-[^\s:][^:]*):"""
                  r"""(?:$|\s(?P<value>.*))""")  # fmt: skip
_BLOCK = re.compile(r"[|>][-+0-9]*")
_LISTED_BLOCK = re.compile(r"\s*(?:- )+[|>][-+0-9]*")


def yaml_lines(whole: Mapping[str, Any]) -> Iterator[Words]:
    """Yield the lines as kubectl prints them, without `metadata.managedFields`."""
    metadata = whole.get("metadata")
    shown = dict(whole)
    if isinstance(metadata, Mapping):
        shown["metadata"] = {key: metadata[key] for key in metadata if key != "managedFields"}
    block: int | None = None  # the indent of the key of a multi-line text
    for line in mask(yaml_object(shown)).splitlines():  # a name may be on another line
        indent = len(line) - len(line.lstrip())
        if block is not None and (indent > block or not line):
            yield ((clean(line), "text"),)
            continue
        block = indent if _LISTED_BLOCK.fullmatch(line) else None
        match = _KEY.fullmatch(line)
        if match is None:
            yield _plain(line)
            continue
        value = match["value"] or ""
        if _BLOCK.fullmatch(value):
            block = len(match["lead"])
        yield (
            (match["lead"], "faint"),
            (f"{clean(match['key'])}:", "dim"),
            (f" {clean(value)}" if value else "", "text"),
        )


def _plain(line: str) -> Words:
    text = line.lstrip()
    lead = line[: len(line) - len(text)]
    if text.startswith("- "):
        return ((f"{lead}- ", "faint"), (clean(text[2:]), "text"))
    return ((lead, "text"), (clean(text), "text"))


DETAILS = Tab("details", "d", "Details")
EVENTS = Tab("events", "e", "Events")
YAML = Tab("yaml", "y", "YAML")


class ObjectScreen(TabbedScreen):
    """The base of the screens of a node, a pod and an object of any other resource.

    Row and events are live; the whole object is fetched when a tab that needs it is shown, and
    again when its row has changed.
    """

    FETCHED: ClassVar[frozenset[str]] = frozenset({DETAILS.id, YAML.id})
    """Tabs that show the whole object."""

    def __init__(self, view: View, tab: str) -> None:
        super().__init__(view, tab)
        self.gone: float | None = None
        self._fetch = Fetch(self.ask, view.clock)
        self._yaml_of: object = None
        self._yaml: Sequence[Words] = ()

    @property
    @abstractmethod
    def row(self) -> object:
        """The row as last known."""

    @abstractmethod
    def look_up(self) -> bool:
        """Take the newest row from the store; return False if it no longer exists."""

    @abstractmethod
    def subject_slots(self) -> Sequence[Slot]:
        """Return the parts of the line that names the object, as last read."""

    @abstractmethod
    def tab_lines(self, tab: str, width: int) -> Iterable[Words]:
        """Return the lines of a tab; the whole object may not have been fetched yet."""

    @abstractmethod
    async def ask(self) -> dict[str, Any]:
        """Fetch the whole object; raises only UserError."""

    @abstractmethod
    def stale_for(self, tab: str = "") -> float | None:
        """Return the seconds since the row, or a tab, was last confirmed; None while it is live."""

    @property
    def whole(self) -> Any:
        """The whole object; None before it was fetched."""
        return self._fetch.result

    @property
    def events_link(self) -> Link | None:
        """The link of the events."""
        return self.view.store.links.get("events")

    def frame(self, frame: Frame) -> None:
        """Update the row and the visible tab."""
        super().frame(frame)
        if self.look_up():
            self.gone = None
        elif self.gone is None:
            self.gone = frame.now
        self.fill()
        if self.tab in self.FETCHED and self.gone is None and self._fetch.due(self.row):
            self.request(lambda: self._fetch.ask(self.row), "object")

    def owner(self) -> ObjectRef | None:
        """Return the owner of what is under the cursor, else the one of the whole object."""
        return super().owner() or next(iter(owners_of(self.whole)), None)

    def copied(self) -> str:
        """Return the YAML on its tab, else the name."""
        return self.yaml_text() or super().copied()

    def yaml_text(self) -> str:
        if self.tab != YAML.id or self.whole is None:
            return ""
        return "\n".join("".join(text for text, _ in words) for words in self._as_yaml())

    def why_not_copy(self) -> str:
        return ""  # it has a name at least

    def head(self) -> Sequence[Slot]:
        """Return the parts of the line that names the object, and since when it is gone."""
        slots = self.subject_slots()
        if self.gone is None:
            return self._dated(slots)
        since = human_duration(self.now - self.gone)
        return (
            *(slot for slot in slots if slot.side == "left"),
            Slot(((f"{self.view.glyphs.bad} gone for {since}", "bad"),), side="right"),
            Slot((("last known state", "dim"),), rank=1, side="right"),
        )

    def _dated(self, slots: Sequence[Slot]) -> Sequence[Slot]:
        """Return the parts, without colors and with their age once they are no longer live."""
        since, glyphs = self.stale_for(), self.view.glyphs
        if since is None:
            return slots
        age = age_text(since, glyphs)
        old = (replace(slot, words=faded(slot.words, glyphs)) for slot in slots)
        return (*old, Slot(((age, "warn"),), side="right"))

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        """Yield a tab's lines, below the age of the whole object where it is shown."""
        if tab in self.FETCHED:
            yield self._state()
            yield ()
            if self.whole is None:
                return
        if tab == YAML.id:
            yield from self._as_yaml()
        elif self.stale_for(tab) is None:
            yield from self.tab_lines(tab, width)
        else:
            yield from (faded(words, self.view.glyphs) for words in self.tab_lines(tab, width))

    def whole_lines(self, tab: str, width: int) -> Iterable[Words]:
        lines = self.lines(tab, width)
        return lines if tab == YAML.id and self.whole is not None else whole_sentences(lines, width)

    def _as_yaml(self) -> Sequence[Words]:
        if self._yaml_of is not self._fetch.result and self._fetch.result is not None:
            self._yaml_of = self._fetch.result
            self._yaml = tuple(yaml_lines(self._fetch.result))
        return self._yaml

    def _state(self) -> Words:
        """Return the age of the whole object, or why there is none."""
        fetch = self._fetch
        if fetch.problem:
            return ((f"{self.view.glyphs.warn} {fetch.problem}", "warn"),)
        if fetch.since is None:
            return ((f"Loading from the API server{self.view.glyphs.more}", "dim"),)
        return ((f"fetched {human_duration(self.now - fetch.since)} ago", "faint"),)
