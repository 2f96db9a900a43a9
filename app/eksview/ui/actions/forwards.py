"""The dialog of `:forwards`: the port-forwards that run in the background, to close one."""

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType

from eksview.domain.actions.forward import ForwardState, PortForward, state_words
from eksview.domain.base.text import clean
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import INDENT, Entry, indented_lines
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.text.words import Tone, Words

NONE = "No port-forwards. `{app.actions}` on a pod, a service or a workload begins one."


class ForwardsScreen(PickerScreen[PortForward, None]):
    """A picker of the forwards, drawn again whenever one of them changes."""

    HEADING = "Port-forwards"
    KEYS = "{choices.pick} copy address · {forwards.close} close it · {picker.back} close"
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the list, which would scroll half a page.
        Binding("ctrl+d,delete", "close_forward", "Close it", priority=True,
                tooltip="End the port-forward", id="forwards.close"),
    ]  # fmt: skip

    def __init__(self, view: View) -> None:
        super().__init__(view, view.forwards.all)

    def on_mount(self) -> None:
        self.view.forwards.changed = self._show
        self._show()

    def on_unmount(self) -> None:
        self.view.forwards.changed = lambda: None

    def _show(self) -> None:
        forwards = self.view.forwards.all
        self.offer(forwards, "" if forwards else self.view.keyed(NONE))

    def start(self) -> int | None:
        """Return the choice that is highlighted: the same one, else the last."""
        return min(self._list.at or 0, len(self.choices) - 1) if self.choices else None

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why nothing is closed where there is no forward."""
        if action == "close_forward" and self.chosen is None:
            return "There is no port-forward to close."
        return super().why_not(action, parameters)

    def action_close_forward(self) -> None:
        """End the highlighted forward; one that has ended leaves the list."""
        if self.chosen is not None:
            self.view.forwards.close(self.chosen)

    def pick(self, choice: PortForward) -> None:
        self.app.copy_to_clipboard(choice.address)

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the ports, the object and the state of each."""
        for forward in self.choices:
            yield list(self._entry(forward, room))

    def _entry(self, forward: PortForward, room: int) -> Iterator[Words]:
        glyphs = self.view.glyphs
        mark, tone = _MARKS[forward.state]
        lead: Words = ((f"{getattr(glyphs, mark)} ", tone),)
        yield from indented_lines(forward.name, "strong", room, INDENT, lead)
        state = clean(f"{state_words(forward)} ({forward.context})")
        yield from indented_lines(state, tone if forward.reason else "dim", room, INDENT)
        if forward.failure:
            failure = clean(f"last failure: {forward.failure}")
            yield from indented_lines(failure, "warn", room, INDENT)


_MARKS: dict[ForwardState, tuple[str, Tone]] = {
    ForwardState.STARTING: ("unknown", "dim"),
    ForwardState.LISTENING: ("ok", "ok"),
    ForwardState.ENDED: ("bad", "bad"),
}
