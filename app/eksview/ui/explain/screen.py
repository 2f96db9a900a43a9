"""Explain: how the cluster works, in chapters of one page each, with its own values."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from eksview.config.explain_texts import explain_texts
from eksview.domain.base.text import Clean, clean
from eksview.domain.explain.chapter_text import ChapterText, ExplainTexts
from eksview.domain.explain.chapters import CHAPTER_IDS, CHAPTERS, ChapterSpec, chapter_of
from eksview.domain.explain.commands import chapter_commands
from eksview.domain.explain.value import Absent, ChapterValues, Values
from eksview.domain.fields.field import FieldValue
from eksview.domain.live.trust import Trust
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.explain.chapters import chapter_values
from eksview.store.selectors.explain.source import ExplainSource
from eksview.ui.base.bindings import hidden_bindings
from eksview.ui.base.command_context import command_context
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.view import View
from eksview.ui.explain.blocks import Block, draw
from eksview.ui.explain.drawings import DRAWINGS
from eksview.ui.explain.page import Page, page_lines
from eksview.ui.explain.page_view import PageView
from eksview.ui.text.wording import Wording
from eksview.ui.text.words import Words


class ExplainScreen(LiveScreen):
    """A page for each chapter; the arrows turn it, and Enter opens the screen it is about."""

    TITLE = "Explain"
    BINDING_GROUP_TITLE = "Explain"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "turn(1)", "Next", tooltip="Next chapter", id="explain.next"),
        Binding(
            "left,h", "turn(-1)", "Previous", tooltip="Previous chapter", id="explain.previous"
        ),
        Binding(
            "enter", "open", "Open", tooltip="Open the screen of this chapter", id="explain.open"
        ),
        *hidden_bindings(
            "explain",
            ("command", "tab", "choose(1)", "Next command"),
            ("command-before", "shift+tab", "choose(-1)", "Previous command"),
        ),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "PageView"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.now = view.clock()
        self.tab = CHAPTER_IDS[0]
        self._second = -1
        self._chosen = 0
        self._commands: Sequence[Clean] = ()
        self._line = TextLine(view, id="chapter")
        self._page = PageView(view)

    def compose(self) -> ComposeResult:
        yield self._line
        yield self._page

    def on_resize(self) -> None:
        self.call_after_refresh(self.fill)

    def frame(self, frame: Frame) -> None:
        """Show the current values once a second, and when facts arrive."""
        self.now = frame.now
        second = int(frame.now)
        if frame.full or second != self._second or frame.changes.facts:
            self._second = second
            self.fill()

    @property
    def chapter(self) -> ChapterSpec:
        """The chapter that is shown."""
        return CHAPTERS[self._at]

    @property
    def path(self) -> tuple[str, ...]:
        return (*super().path, clean(self._text.title))

    def look(self, tab: str) -> bool:
        """Show a chapter by its id or its number; return False if there is none."""
        chapter = chapter_of(tab)
        if chapter is None:
            return False
        self.tab, self._chosen = chapter.id, 0
        self._page.action_top()
        self.fill()
        return True

    def copied(self) -> str:
        return self._commands[self._chosen] if self._commands else ""

    def fields(self) -> tuple[FieldValue, ...]:
        return tuple(FieldValue("Command", command) for command in self._commands)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable turning past the ends, choosing of one command, and Enter of no screen."""
        match action, parameters:
            case "turn", (int(by),):
                return 0 <= self._at + by < len(CHAPTER_IDS)
            case "choose", _:
                return len(self._commands) > 1
            case "open", _:
                return bool(self.chapter.screen)
        return super().check_action(action, parameters)

    def action_turn(self, by: int) -> None:
        self.look(CHAPTER_IDS[self._at + by])
        self.refresh_bindings()

    def action_choose(self, by: int) -> None:
        self._chosen = (self._chosen + by) % len(self._commands)
        self.fill()

    async def action_open(self) -> None:
        """Open the screen that shows what the chapter is about."""
        await self.run_action(f"app.go({self.chapter.screen!r})")

    def on_page_view_turned(self, event: PageView.Turned) -> None:
        if self.check_action("turn", (event.by,)):
            self.action_turn(event.by)

    def fill(self) -> None:
        """Show the chapter with the current values."""
        values = chapter_values(self._source, self.tab)
        read = ChapterValues({}) if isinstance(values, Absent) else values
        wording = Wording(self._texts, read.values, self.now, self.view.glyphs)
        page = self._page_of(values, wording)
        width, height = self._page.room, self._page.size.height
        if self._page.size.width:
            self._page.show(page_lines(page, width, height, self.view.glyphs))
        self._line.show(self._heading(), self._state(wording, read.values))

    def _page_of(self, values: ChapterValues | Absent, wording: Wording) -> Page:
        if isinstance(values, Absent):
            sentence = self._text.absent.get(values.reason, values.reason)
            return Page([((sentence, "dim"),)], lambda _: [])
        text = self._text
        body = text.variants.get(values.variant, text.body)
        paragraphs = [wording.words(line) for line in body.strip().splitlines()]
        places = wording.places(text.drawing)
        drawing = DRAWINGS.get(self.tab)
        draws = partial(draw, drawing, places) if drawing else None
        glyphs = self.view.glyphs

        def drawn(width: int) -> Block:
            return draws(width, glyphs) if draws else []

        context = command_context(self.view)
        commands = chapter_commands(self.chapter, values.values, context)
        self._commands = tuple(map(clean, commands))
        hint = self._hint(wording)
        return Page(paragraphs, drawn, wording.notes(), self._commands, self._chosen, hint)

    def _hint(self, wording: Wording) -> Words:
        if not self.chapter.screen:
            return ()
        opens = wording.screen("opens", screen=self._text.opens)
        return ((f"{self.view.keyed('{explain.open}')} ", "accent"), (opens, "dim"))

    def _heading(self) -> Words:
        number = f"{self._at + 1}/{len(CHAPTER_IDS)}"
        return ((f"  {number} ", "accent"), (clean(self._text.title), "strong"))

    def _state(self, wording: Wording, values: Values) -> Words:
        """Return when the newest of the values was read, or that all are old; then the progress."""
        read = [value.at for value in values.values() if value.at is not None]
        glyphs = self.view.glyphs
        if self.overview.trust(Kind.NODE) is Trust.STALE:
            state: Words = ((f"{glyphs.warn} {wording.screen('stale')}  ", "warn"),)
        else:
            age = wording.age(max(read)) if read else ""
            state = ((f"{wording.screen('read', age=age)}  ", "faint"),) if read else ()
        done, left = glyphs.ok * (self._at + 1), glyphs.idle * (len(CHAPTERS) - self._at - 1)
        return (*state, (done, "accent"), (left, "faint"))

    @property
    def _at(self) -> int:
        return CHAPTER_IDS.index(self.tab)

    @property
    def _texts(self) -> ExplainTexts:
        return explain_texts(self.view.language)

    @property
    def _text(self) -> ChapterText:
        return self._texts.chapters[self.tab]

    @property
    def _source(self) -> ExplainSource:
        return ExplainSource(self.view.store, self.overview, self.now, command_context(self.view))
