"""The comparison of EKS and ECS: the same questions asked of both, with live values."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from eksview.config.package_texts import compare_texts, explain_texts
from eksview.domain.base.text import Clean, clean
from eksview.domain.compare.question_text import CompareTexts
from eksview.domain.compare.questions import QUESTIONS, ComparedQuestion, Names, System
from eksview.domain.explain.value import Values
from eksview.domain.fields.field import FieldValue
from eksview.store.selectors.compare import compared_names, compared_values
from eksview.store.selectors.ecs_cluster import shown_name
from eksview.store.selectors.explain.source import ExplainSource
from eksview.ui.base.command_context import command_context
from eksview.ui.base.lines.text_line import TextLine, WordLines
from eksview.ui.base.live_screen import Frame, LiveScreen
from eksview.ui.base.view import View
from eksview.ui.compare.lines import (
    SideColumns,
    answer_lines,
    columns_of,
    heading,
    question_lines,
)
from eksview.ui.dialogs.choice_list import BAR, MARGIN, ChoiceList
from eksview.ui.text.prose import fold_words
from eksview.ui.text.wording import Notes, Wording
from eksview.ui.text.words import Words

PERIOD = 30
"""Seconds between two requests for who one is, which nothing else asks for here."""
LOW = 20
"""Lines of a terminal below which the answers stand below their question."""


class Answers(WordLines):
    """Both answers to the chosen question."""

    DEFAULT_CSS = "Answers { height: 0; }"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._lines: list[Words] = []

    def show(self, lines: list[Words]) -> None:
        """Replace the lines."""
        if len(lines) != len(self._lines):
            self.styles.height = len(lines)
        self._lines = lines
        self.paint()

    def window(self, width: int, height: int) -> list[Words]:  # noqa: ARG002 - as folded
        return self._lines[:height]


class QuestionList(ChoiceList):
    """The questions, of which one is chosen."""

    DEFAULT_CSS = "QuestionList { height: 1fr; }"
    BINDING_GROUP_TITLE = "Questions"

    class QuestionChosen(Message):
        """A notice that another question is chosen."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._before: int | None = None

    def paint(self) -> None:
        """Paint, and report another choice."""
        super().paint()
        if self.at != self._before:
            self._before = self.at
            self.post_message(self.QuestionChosen())


class CompareScreen(LiveScreen):
    """A row for each question with the values of both sides; below it the chosen one's answers."""

    TITLE = "EKS and ECS"
    BINDING_GROUP_TITLE = "Compare"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "side('EKS')", "EKS", tooltip="Choose the side of EKS", id="compare.eks"),
        Binding("right", "side('ECS')", "ECS", tooltip="Choose the side of ECS", id="compare.ecs"),
        Binding(
            "enter", "open", "Open", priority=True,
            tooltip="Open the screen of the chosen side", id="compare.open",
        ),
    ]  # fmt: skip
    AUTO_FOCUS: ClassVar[str | None] = "QuestionList"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.now = view.clock()
        self._second = -1
        self._inspected = float("-inf")
        self._side = System.EKS
        self._heads = TextLine(view, id="sides")
        self._questions = QuestionList(view)
        self._questions.at = 0
        self._answers = Answers(view)

    def compose(self) -> ComposeResult:
        yield self._heads
        yield self._questions
        yield self._answers

    def on_resize(self) -> None:
        self.call_after_refresh(self.fill)

    def frame(self, frame: Frame) -> None:
        """Show the current values once a second, and when facts arrive."""
        self.now = frame.now
        self.ecs = shown_name(self.view.store, self.view.ecs_cluster)
        if abs(self.now - self._inspected) >= PERIOD:
            self._inspected = self.now
            self.view.backend.inspect()
        second = int(frame.now)
        if frame.full or second != self._second or frame.changes.facts:
            self._second = second
            self.fill()

    @property
    def question(self) -> ComparedQuestion:
        """The chosen question."""
        return QUESTIONS[self._questions.at or 0]

    def copied(self) -> str:
        return self._commands()[self._side]

    def fields(self) -> tuple[FieldValue, ...]:
        return tuple(
            FieldValue(f"{system.value} command", command)
            for system, command in self._commands().items()
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the choice of the side that is chosen."""
        if action == "side":
            return parameters != (self._side.value,)
        return super().check_action(action, parameters)

    def action_side(self, system: str) -> None:
        self._side = System(system)
        self.refresh_bindings()
        self.fill()

    async def action_open(self) -> None:
        """Open the screen that shows the chosen side's answer."""
        await self.run_action(f"app.go({self.question.side(self._side).screen!r})")

    def on_question_list_question_chosen(self) -> None:
        self.fill()

    async def on_choice_list_picked(self) -> None:
        await self.action_open()

    def fill(self) -> None:
        """Show the questions with the current values, and the chosen one's answers."""
        if not self._questions.size.width:
            return
        wordings, names = self._wordings(), compared_names(self._source, self.ecs or "")
        columns = columns_of(self._room)
        self._heads.display = not columns.stacked
        self._heads.show(self._heading(wordings, columns))
        entries = [self._entry(question, wordings, columns) for question in QUESTIONS]
        chosen = entries[QUESTIONS.index(self.question)]
        notes = self._notes_of(chosen, wordings[System.EKS].notes())
        low = self.app.size.height < LOW
        if low:
            chosen += self._answer(self.question, names)
        self._questions.show(entries, self._questions.at)
        self._answers.show(notes if low else self._below(names, notes))

    def _entry(
        self, question: ComparedQuestion, wordings: Mapping[System, Wording], columns: SideColumns
    ) -> list[Words]:
        text = self._texts.questions[question.id]
        sides = {
            system: wording.words(text.value(system), "dim") for system, wording in wordings.items()
        }
        return [*question_lines(text, sides, columns)]

    def _notes_of(self, entry: list[Words], notes: Iterable[Words]) -> list[Words]:
        """Return the notes whose marks are in an entry, folded."""
        marks = "".join(text for words in entry for text, _ in words)
        own = [note for note in notes if note[0][0].strip() in marks]
        return [line for note in own for line in fold_words(note, self._room)]

    def _answer(self, question: ComparedQuestion, names: Names) -> list[Words]:
        text = self._texts.questions[question.id]
        command = _commands_of(question, names)[self._side]
        return [*answer_lines(text, command, self._side, self._room, self.view.glyphs)]

    def _below(self, names: Names, notes: Iterable[Words]) -> list[Words]:
        """Return the answers below a line, as high for each question, then the notes."""
        answers = {question: self._answer(question, names) for question in QUESTIONS}
        height = max(map(len, answers.values()))
        blank: Iterable[Words] = [()] * (height - len(answers[self.question]))
        margin: Words = ((" " * MARGIN, "text"),)
        lines = (*answers[self.question], *blank, *notes)
        rule = self.view.glyphs.line[0] * self.size.width
        return [((rule, "border"),), *((*margin, *words) for words in lines)]

    def _heading(self, wordings: Mapping[System, Wording], columns: SideColumns) -> Words:
        texts = self._texts.screen
        sides: dict[System, Words] = {
            System.EKS: wordings[System.EKS].words(texts["eks"], "dim"),
            System.ECS: wordings[System.ECS].words(texts["ecs"], "dim"),
        }
        title: Words = ((clean(texts["question"]), "dim"),)
        return ((" " * MARGIN, "text"), *heading(title, sides, columns))

    def _wordings(self) -> dict[System, Wording]:
        texts, notes = explain_texts(self.view.language), Notes()
        return {
            system: Wording(texts, values, self.now, self.view.glyphs, notes)
            for system, values in self._values().items()
        }

    def _values(self) -> dict[System, Values]:
        return compared_values(self._source, self.ecs or "")

    def _commands(self) -> dict[System, Clean]:
        return _commands_of(self.question, compared_names(self._source, self.ecs or ""))

    @property
    def _room(self) -> int:
        return max(1, self.size.width - MARGIN - BAR)

    @property
    def _texts(self) -> CompareTexts:
        return compare_texts(self.view.language)

    @property
    def _source(self) -> ExplainSource:
        return ExplainSource(self.view.store, self.overview, self.now, command_context(self.view))


def _commands_of(question: ComparedQuestion, names: Names) -> dict[System, Clean]:
    return {system: clean(question.side(system).command(names)) for system in System}
