"""What the tables of ECS have in common: the cluster that they show, and its rows."""

from collections.abc import Collection, Iterator, Sequence
from typing import ClassVar

from eksview.domain.base.health import WORST_FIRST, Health
from eksview.domain.base.reading import value_of, why_unread
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs_cluster import shown_name, why_no_clusters
from eksview.store.selectors.readings import unread_parts
from eksview.ui.base.lines.count_line import separated
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.view import View
from eksview.ui.table.screen import TableScreen
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.words import Tone, Words, tone_of

PERIOD = 5
"""Seconds after which words with a duration in them are made again, without any news."""


class EcsTableScreen(TableScreen):
    """The base of the tables of what an ECS cluster has."""

    KINDS: ClassVar[tuple[Kind, ...]]
    """The tables that the rows are made of."""
    NOUNS: ClassVar[tuple[str, str]]
    """The name of one row and of several."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.ecs = ""
        self._made_at = float("-inf")
        self._made_of = ""

    def frame(self, frame: Frame) -> None:
        self.ecs = shown_name(self.view.store, self.view.ecs_cluster)
        news = any(kind in frame.changes.tables for kind in self.KINDS)
        full = frame.full or frame.changes.reset or self.ecs != self._made_of
        if full or news or abs(frame.now - self._made_at) >= PERIOD:
            self._made_at, self._made_of = frame.now, self.ecs
            self.collect(frame.now)
        super().frame(frame)

    def collect(self, now: float) -> None:
        """Take the rows of the cluster from the store."""

    def touched(self, frame: Frame) -> Collection[str] | None:
        return None if self._made_at == frame.now else ()

    def within(self) -> str:
        return f" in {self.ecs}" if self.ecs else ""

    def counted(self) -> bool:
        none = not self.table.total and bool(self._gaps)
        return not self._unusable and not none and super().counted()

    def none(self) -> str:
        """Return the sentence for a cluster that has none of it."""
        return super().unread()

    def nothing(self) -> str:
        return self.unread() if self._gaps or not self.ecs else self.none()

    def head(self) -> Words:
        """Return `12 tasks in shop: ✖ 1 STOPPED, ● 11 RUNNING`, the worst first.

        The marks tell apart those of the same word.
        """
        tallies, mark = self.table.tallies, self.view.glyphs.mark
        total = sum(tallies.values())
        ordered = sorted(tallies, key=lambda word: (self._rank(word), -tallies[word], word))
        counts: Iterator[tuple[str, Tone]] = (
            (f"{mark(_health(word))} {tallies[word]:,} {_word(word)}", tone_of(_health(word)))
            for word in ordered
        )
        noun = self.NOUNS[total != 1]
        return (
            (f"{total:,} {noun}", "strong"),
            (clean(self.within()), "dim"),
            *separated(counts),
        )

    def extras(self) -> Sequence[Words]:
        """Return the age of ECS's answers."""
        store = self.view.store
        call, link = value_of(store.facts.call(self.LINK)), store.links.get(self.LINK)
        words = (
            link_words(link, shown, self._unusable, self.now, self.view.glyphs, "ECS")
            for shown in (call, None)
        )
        return [*words]

    def unread(self) -> str:
        reason = why_no_clusters(self.view.store, self.view.ecs_cluster)
        return reason if reason and not self.ecs else super().unread()

    @property
    def _gaps(self) -> tuple[Clean, ...]:
        """Why the rows aren't whole, which the link doesn't say: it reads other tables too."""
        return unread_parts(self.view.store, self.PARTS, self.now)

    @property
    def _unusable(self) -> Clean:
        return clean(why_unread(self.view.store.facts.aws_identity))

    @staticmethod
    def _rank(word: str) -> int:
        return WORST_FIRST[_health(word)]


def tally(health: Health, word: str) -> str:
    """Return what a row counts as: its health and its word."""
    return f"{health.value}\0{word}"


def _health(tallied: str) -> Health:
    return Health(tallied.partition("\0")[0])


def _word(tallied: str) -> Clean:
    return clean(tallied.partition("\0")[2])


def searched(*texts: str) -> str:
    """Return what a plain filter searches."""
    return "\n".join(texts).lower()
