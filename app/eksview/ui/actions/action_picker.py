"""The dialog that `a` opens: the actions of an object, each possible or with its reason."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.actions.offer import OfferedAction
from eksview.domain.actions.question import named
from eksview.domain.actions.registry import ACTIONS, Verb
from eksview.domain.base.text import clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import INDENT, Entry, indented_lines
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.text.words import Words


class ActionPicker(PickerScreen[OfferedAction, Verb | None]):
    """A picker that returns the chosen action, or None."""

    KEYS = "{choices.pick} choose · {picker.back} close"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "dismiss(None)", "Close", show=False, tooltip="Close", id="actions.back"),
    ]

    def __init__(
        self, view: View, refs: Sequence[ObjectRef], actions: Sequence[OfferedAction]
    ) -> None:
        super().__init__(view, actions)
        self.heading = f"Actions: {named(refs)[0]}" if len(refs) == 1 else (
            f"Actions on {len(refs)} marked objects"
        )  # fmt: skip

    def start(self) -> int | None:
        """Return the first action that is possible, else the first."""
        reasons = [bool(action.reason) for action in self.choices]
        return min(range(len(reasons)), key=reasons.__getitem__, default=None)

    def pick(self, choice: OfferedAction) -> None:
        """Return the action, or show the reason why it isn't possible."""
        if choice.reason:
            self.say(clean(choice.reason), failed=True)
        else:
            self.dismiss(choice.verb)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the name, the effect, and the reason why not, of each action."""
        for action in self.choices:
            yield list(self._entry(action, room))

    def _entry(self, action: OfferedAction, room: int) -> Iterator[Words]:
        glyphs = self.view.glyphs
        mark: Words = ((f"{glyphs.unknown} ", "dim"),) if action.reason else (
            (f"{glyphs.ok} ", "ok"),
        )  # fmt: skip
        text = clean(f"{action.verb}: {ACTIONS[action.verb].summary}")
        yield from indented_lines(text, "dim" if action.reason else "strong", room, INDENT, mark)
        if action.reason:
            yield from indented_lines(clean(action.reason), "warn", room, INDENT)
