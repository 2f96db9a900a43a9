"""The state of a table's data: shown above it while the data isn't live."""

from eksview.domain.aws.link_trust import trust_of
from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.aws.unread import capitalized
from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.live.trust import HEALTH, Trust, progress
from eksview.domain.live.watch_scope import only_text
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.readings import unread_parts
from eksview.ui.base.lines.text_line import WordLines
from eksview.ui.base.view import View
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import cut
from eksview.ui.text.waiting import waiting_words
from eksview.ui.text.words import Tone, Words

LINES = 3  # that a low terminal gives at most
BAR = 24  # cells of the progress bar
INDENT = 4


class StreamState(WordLines):
    """Lines above a table that say why its data isn't live; none when it is."""

    DEFAULT_CSS = "StreamState { height: 1; display: none; }"

    def __init__(
        self, view: View, link: str, parts: tuple[str, ...] = (), *, noun: str = ""
    ) -> None:
        super().__init__(view)
        self._noun = noun or link
        self._parts = parts
        self._link_name = link
        self._lines: tuple[str, ...] = ()
        self._tone: Tone = "dim"

    def read_from(self, link: str) -> None:
        """Show the state of another link from now on."""
        self._link_name = link

    @property
    def trust(self) -> Trust:
        """The state of the table's data."""
        return trust_of(self._link_name, self.view.store.links)

    def sync(self, now: float) -> None:
        """Show the current state."""
        state = self.trust
        text = self._text(state, now)
        lines = tuple(fold(clean(text), self._room - INDENT)[: self._most]) if text else ()
        link = self.view.store.links.get(self._link_name)
        calm = state in (Trust.LOADING, Trust.LIVE) or (
            link is not None and link.phase is Phase.OFF
        )
        tone: Tone = "dim" if calm and not self._mismatch() else "warn"
        if len(lines) != len(self._lines):
            self.display = bool(lines)
            self.styles.height = max(1, len(lines))
        self._lines, self._tone = lines, tone
        self.paint()

    def window(self, width: int, height: int) -> list[Words]:  # noqa: ARG002 - as many as there are
        """Return the lines of the sentence, with the mark and the progress before the first."""
        glyphs, tone = self.view.glyphs, self._tone
        mark = glyphs.unknown if tone == "dim" else glyphs.warn
        heads: list[Words] = [((f"  {mark} ", tone), *self._progress())]
        heads += [((" " * INDENT, tone),)] * len(self._lines)
        return [
            tuple(cut((*head, (text, tone)), width, glyphs.more))
            for head, text in zip(heads, self._lines, strict=False)
        ]

    def _progress(self) -> Words:
        link = self.view.store.links.get(self._link_name)
        part = None if link is None or self.trust is not Trust.LOADING else progress(link)
        if part is None:
            return ()
        full, (done, _, left) = round(part * BAR), tuple(self.view.glyphs.bar)
        return (done * full, "used"), (left * (BAR - full) + "  ", "free")

    @property
    def _most(self) -> int:
        return max(LINES, self.app.size.height // 2)

    @property
    def _room(self) -> int:
        # A widget that isn't displayed has no size.
        return self.size.width or self.app.size.width

    def _mismatch(self) -> str:
        """Return why nothing is known of the instances, above the tables that show some."""
        mismatch = self.view.store.mapping.mismatch
        if mismatch is None or self._link_name not in (Kind.NODE.link, *PLANS):
            return ""
        return mismatch.reason

    def _text(self, state: Trust, now: float) -> str:
        return clean(f"{self._mismatch()} {self._link_text(state, now)}".strip())

    def _link_text(self, state: Trust, now: float) -> str:
        links = self.view.store.links
        link = links.get(self._link_name)
        if state is Trust.LIVE:
            unread = unread_parts(self.view.store, self._parts, now)
            return clean(" ".join((only_text(link), *map(capitalized, unread))).strip())
        if link is None:
            return f"waiting for the first {self._noun}"
        if state is Trust.LISTED:
            listed = f"Last listed {human_duration(now - (link.heard or now))} ago."
            return clean(" ".join(filter(None, (link.reason, listed, only_text(link)))))
        if state is Trust.LOADING:
            waiting = "" if link.loaded else waiting_words(self.view.store.facts, now)
            return waiting or _loading(link, self._noun)
        if link.phase in (Phase.REFUSED, Phase.OFF):
            return _sentence(link.phase, link, self._noun)
        unconfirmed = link.phase is Phase.LIVE
        cause, about = (links[HEALTH], HEALTH) if unconfirmed else (link, self._noun)
        return _stale(cause, about, link, now)


def _loading(link: Link, noun: str) -> str:
    if link.phase is Phase.CONNECTING:
        return f"connecting to read {noun}"
    if link.remaining is None and not link.loaded:
        return f"reading {noun}"
    if link.remaining is None:
        return f"reading {noun}: {link.loaded:,} so far"
    return f"reading {noun}: {link.loaded:,} of {link.loaded + link.remaining:,}"


def _stale(cause: Link, about: str, link: Link, now: float) -> str:
    parts = [_sentence("not live", cause, about)]
    if link.heard is not None:
        parts.append(f"Last update {human_duration(now - link.heard)} ago.")
    if cause.retry_at is not None:
        parts.append(f"Next try in {max(0, round(cause.retry_at - now))} s.")
    return " ".join(parts)


def _sentence(word: str, link: Link, about: str) -> str:
    cause = link.reason.strip()
    if not cause:
        return f"{about}: {word}."
    return cause if cause.endswith((".", "!", "?")) else f"{cause}."
