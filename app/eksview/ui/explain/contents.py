"""The contents of a chapter's page: its text, drawing and commands with the current values."""

from collections.abc import Sequence
from functools import partial

from eksview.config.package_texts import explain_texts
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.explain.chapter_text import ChapterText, ExplainTexts
from eksview.domain.explain.chapters import CHAPTER_IDS, CHAPTERS, ChapterSpec
from eksview.domain.explain.checks import CHECKS, EverydayCheck
from eksview.domain.explain.commands import chapter_commands
from eksview.domain.explain.request_phases import Replay, replay_of
from eksview.domain.explain.value import Absent, ChapterValues, Values
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.measured_request import MeasuredRequest
from eksview.store.selectors.explain.chapters import chapter_values
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.overview import Overview
from eksview.ui.base.command_context import command_context
from eksview.ui.base.view import View
from eksview.ui.explain.blocks import Block, Labels, draw, joined_words
from eksview.ui.explain.drawings import DRAWINGS
from eksview.ui.explain.page import Page
from eksview.ui.explain.request_bars import request_bars
from eksview.ui.text.wording import Wording
from eksview.ui.text.words import Words

MEASURED, CHECKED = "request", "commands"
"""The chapters with a measured request, and with checks that run here."""
ABOUT_NODE = ("joining", CHECKED)
"""The chapters that show one node, which can be chosen."""


class Contents:
    """The chapter that is shown, its commands, and the request that was measured."""

    def __init__(self, view: View, overview: Overview) -> None:
        self._view = view
        self._overview = overview
        self.id = CHAPTER_IDS[0]
        self.chosen = 0
        """The number of the command under the cursor."""
        self.commands: Sequence[Clean] = ()
        self.checks: Sequence[EverydayCheck] = ()
        self.wanted = EMPTY
        """The node that was chosen; empty for the one that joined last."""
        self.node = EMPTY
        """The node that is shown, and that checks are about."""
        self.measured: MeasuredRequest | None = None
        self._replay = Replay(())

    @property
    def at(self) -> int:
        """The place of the chapter, from 0 on."""
        return CHAPTER_IDS.index(self.id)

    @property
    def chapter(self) -> ChapterSpec:
        return CHAPTERS[self.at]

    @property
    def texts(self) -> ExplainTexts:
        return explain_texts(self._view.language)

    @property
    def text(self) -> ChapterText:
        return self.texts.chapters[self.id]

    def forget(self) -> None:
        """Forget what is of one cluster: the node that was chosen, and the measured request."""
        self.wanted = self.node = EMPTY
        self.measured, self._replay = None, Replay(())

    async def measure(self) -> str:
        """Measure a request, and show all its phases; return why that isn't possible."""
        try:
            self.measured = await self._view.backend.measure_request()
        except UserError as problem:
            return problem.sentence
        phases = replay_of(self.measured).phases
        self._replay = Replay(phases, len(phases))
        return ""

    def replay(self) -> None:
        """Show the next phase of the measured request; after the last one begin again."""
        replay = self._replay
        self._replay = Replay(replay.phases, 0 if replay.ended else replay.shown).forward()

    def values(self, now: float) -> ChapterValues | Absent:
        """Return the values of the chapter, or why it doesn't apply."""
        context = command_context(self._view)
        source = ExplainSource(
            self._view.store,
            self._overview,
            now,
            context,
            node=self.wanted,
            measured=self.measured,
        )
        return chapter_values(source, self.id)

    def applies(self, now: float) -> bool:
        """Return whether the chapter applies to this cluster, as far as is known."""
        return not isinstance(self.values(now), Absent)

    def page(self, values: ChapterValues | Absent, wording: Wording) -> Page:
        """Return the page with the values, and keep its commands."""
        self.commands, self.checks = (), ()
        text = self.text
        if isinstance(values, Absent):
            sentence = clean(text.absent.get(values.reason, values.reason))
            return Page([((sentence, "dim"),)], lambda _width, _tight: [])
        body = text.variants.get(values.variant, text.body)
        paragraphs = [wording.words(line) for line in body.strip().splitlines()]
        draws = partial(self._drawn, wording.places(text.drawing))
        remarks = self._offer(values.values)
        hint = self._hint(wording)
        notes = wording.notes()
        short = self._commands(values.values, CommandContext())
        return Page(paragraphs, draws, notes, self.commands, self.chosen, remarks, short, hint)

    def _offer(self, values: Values) -> Sequence[Clean]:
        """Keep the commands of the chapter, and return their remarks if they have any."""
        if self.id in ABOUT_NODE:
            self.node = values["node"].text
        checked = self.id == CHECKED
        self.checks = tuple(each for each in CHECKS if checked and self._can_run(each))
        self.commands = self._commands(values, command_context(self._view))
        return tuple(clean(self.text.drawing[each.id]) for each in self.checks)

    def _can_run(self, check: EverydayCheck) -> bool:
        return bool(self.node) or not check.needs_node

    def _commands(self, values: Values, context: CommandContext) -> Sequence[Clean]:
        """Return the commands of the chapter with the options of a context."""
        if self.id == CHECKED:
            return tuple(clean(each.command(context, self.node)) for each in self.checks)
        return tuple(map(clean, chapter_commands(self.chapter, values, context)))

    def _drawn(self, places: Labels, width: int, tight: bool) -> Block:
        """Return the drawing of the chapter; of the measured request its bars."""
        glyphs = self._view.glyphs
        if self.id == MEASURED and self.measured is not None:
            return request_bars(self.measured, self._replay, places, width, glyphs, tight=tight)
        drawing = DRAWINGS.get(self.id)
        return draw(drawing, places, width, glyphs, tight=tight) if drawing else []

    def _hint(self, wording: Wording) -> Words:
        """Return what the keys of the chapter do."""
        keys = []
        if self.id == MEASURED and self.measured is not None:
            keys += [("explain.replay", "replays"), ("explain.measure", "measures")]
        if self.id in ABOUT_NODE and self.node:
            keys.append(("explain.node", "chooses"))
        hints = [(key, wording.screen(word)) for key, word in keys]
        if self.chapter.screen:
            hints.append(("explain.open", wording.screen("opens", screen=self.text.opens)))
        return joined_words([
            ((f"{self._view.keyed(f'{{{key}}}')} ", "accent"), (words, "dim"))
            for key, words in hints
        ])  # fmt: skip
