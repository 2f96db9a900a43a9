"""The question before an action. Its answer is No until a person says yes."""

from collections.abc import Awaitable, Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from eksview.domain.actions.question import Question
from eksview.domain.actions.registry import Verb
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import Clean, clean
from eksview.ui.actions.answer import NOTHING, PROMPTS, Answer
from eksview.ui.base.lines.footer import update_footer
from eksview.ui.base.lines_view import BAR
from eksview.ui.base.view import View
from eksview.ui.dialogs.picker import MessageLines
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Tone, Words

WIDEST = 76  # cells of the text at most
FRAME, BORDER = 4, 2


class QuestionDialog(ModalScreen[Answer | None]):
    """A dialog that asks once what `make` finds out; it returns None for No.

    `y` says yes; where the cluster's name, a number or a port must be typed, Enter does after it.
    Options of a drain may be typed: Tab leads to them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "No", tooltip="Change nothing", id="question.no"),
        Binding("n,q", "dismiss(None)", "No", show=False, tooltip="No", id="question.n"),
        Binding("y", "yes", "Yes", tooltip="Do it", id="question.yes"),
        Binding("enter", "default", "No", show=False, tooltip="No", id="question.default"),
    ]

    AUTO_FOCUS = ""  # its inputs are hidden until they are needed

    def __init__(self, view: View, verb: Verb, make: Callable[[], Awaitable[Question]]) -> None:
        super().__init__()
        self._view = view
        self._verb = verb
        self._make = make
        self._prompt = PROMPTS.get(verb, NOTHING)
        self._question: Question | None = None
        self._note: tuple[Clean, Tone] = (clean(f"Checking your rights{view.glyphs.more}"), "dim")
        self._text = MessageLines(view)
        self._value_box = _typing_box("value")
        self._cluster_box = _typing_box("name")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = clean(self._verb)
            box.border_subtitle = self._view.keyed("{question.no} close")
            yield self._text
            yield self._value_box
            yield self._cluster_box

    def on_mount(self) -> None:
        for widget in (self._value_box, self._cluster_box):
            widget.display = False
        self._arrange()
        self.run_worker(self._find_out(), exclusive=True)

    def on_resize(self) -> None:
        self._arrange()

    async def _find_out(self) -> None:
        try:
            question = self._question = await self._make()
        except UserError as problem:
            self._note = problem.sentence, "bad"
            self._arrange()
            return
        label = self._prompt.label if self._prompt.required and not question.denied else ""
        self._note = (clean(label), "dim")
        self._offer(question)
        self._arrange()
        update_footer(self.app)

    def _offer(self, question: Question) -> None:
        """Show the inputs that the question needs, and the keys of its answers."""
        box = self.query_one(".box")
        box.border_title = question.title
        if question.denied:
            box.border_subtitle = self._view.keyed("{question.no} close")
            return
        box.border_subtitle = self._keys(question)
        if self._prompt.label:
            self._value_box.display = True
            self._value_box.value = question.proposed
            self._value_box.placeholder = self._prompt.label
        if question.typed:
            self._cluster_box.display = True
            self._cluster_box.placeholder = f"type {question.typed} to confirm"
        if self._prompt.required:
            self.set_focus(self._value_box)
        elif question.typed:
            self.set_focus(self._cluster_box)

    def _keys(self, question: Question) -> str:
        keys = (
            "Enter yes, after typing · {question.no} no"
            if self._must_type(question)
            else "{question.yes} yes · {question.n} no (default)"
        )
        if self._prompt.optional:
            keys += " · Tab options"
        return self._view.keyed(keys).replace("·", self._view.glyphs.dot)

    def _must_type(self, question: Question) -> bool:
        return bool(question.typed) or self._prompt.required

    def action_default(self) -> None:
        """Answer No, which is the default; where something is typed, Enter there answers."""
        self.dismiss(None)

    def action_yes(self) -> None:
        """Answer Yes where nothing has to be typed."""
        self._submit(self._value_box.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer Yes only once it answers the question."""
        if action == "yes":
            question = self._question
            return question is not None and not (question.denied or self._must_type(question))
        return super().check_action(action, parameters)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next input, or answer if all of it is right."""
        event.stop()
        question = self._question
        if question is None:
            return
        if event.input is self._value_box and question.typed:
            self.set_focus(self._cluster_box)
            return
        if question.typed and self._cluster_box.value.strip() != question.typed:
            self._say(clean(f"That isn't {question.typed}: nothing was changed."))
            return
        self._submit(self._value_box.value.strip())

    def _submit(self, value: str) -> None:
        answer = self._prompt.read(value)
        if isinstance(answer, Answer):
            self.dismiss(answer)
        else:
            self._say(answer)

    def _say(self, text: Clean) -> None:
        self._note = text, "warn"
        self._arrange()

    def _arrange(self) -> None:
        width = max(8, min(WIDEST, self.app.size.width - FRAME) - BAR)
        lines = list(self._lines(width))
        self._text.styles.width = width + BAR
        inputs = sum(each.display for each in (self._value_box, self._cluster_box))
        self._text.styles.height = max(1, min(len(lines), self.app.size.height - BORDER - inputs))
        self._text.show(lines)
        for each in (self._value_box, self._cluster_box):
            each.styles.width = width + BAR

    def _lines(self, width: int) -> Iterator[Words]:
        if self._question is not None:
            yield from question_lines(self._question, width)
            if self._value_box.display or self._cluster_box.display:
                yield ()
        text, tone = self._note
        if text:
            yield from (((line, tone),) for line in fold(text, width))


def question_lines(question: Question, width: int) -> Iterator[Words]:
    """Yield the cluster, the objects, what happens, and what to know first."""
    yield (("Cluster  ", "dim"), (question.cluster, "strong"))
    if question.context and question.context != question.cluster:
        yield (("Context  ", "dim"), (question.context, "strong"))
    for number, line in enumerate(question.objects):
        lead = "Object   " if number == 0 else "         "
        yield ((lead, "dim"), (line, "accent"))
    if question.ports:
        yield (("Ports    ", "dim"), (clean(", ".join(question.ports)), "text"))
    yield ()
    yield from (((line, "text"),) for line in fold(question.effect, width))
    for warning in question.warnings:
        yield from (((line, "warn"),) for line in fold(warning, width))
    for reason in question.denied:
        yield from (((line, "bad"),) for line in fold(clean(f"Not possible: {reason}"), width))


def _typing_box(name: str) -> Input:
    box = Input(compact=True, id=name)
    box.cursor_blink = False
    return box
