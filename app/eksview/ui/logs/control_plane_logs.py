"""The dialog of the types of log of the control plane, with what switches on those that are off."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from msgspec import Struct
from textual.binding import Binding, BindingType

from eksview.domain.aws.log_delivery import cost_in, enabling_command
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.command_context import CommandContext
from eksview.domain.logs.control_plane import LOG_TYPES, type_of
from eksview.domain.rows.aws import ClusterInfo
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import INDENT, Entry, command_lines, indented_lines
from eksview.ui.dialogs.picker import PickerScreen
from eksview.ui.text.words import Tone, Words

_STATES: Mapping[bool | None, tuple[str, Tone]] = {
    True: ("on", "ok"),
    False: ("off", "warn"),
    None: ("not known", "dim"),
}


class TypeChoice(Struct, frozen=True):
    """A type of log; `on` None where it isn't known. One that is off has a command and a cost."""

    name: str
    content: str
    on: bool | None
    command: str = ""
    cost: Clean = EMPTY


def type_choices(cluster: ClusterInfo | None, commands: CommandContext) -> Iterator[TypeChoice]:
    """Yield the types of log, as far as the cluster has been described."""
    logging: Mapping[str, bool] = dict(cluster.logging) if cluster else {}
    for log in LOG_TYPES.values():
        on = logging.get(log.name)
        if cluster is None or on is not False:
            yield TypeChoice(log.name, log.content, on)
        else:
            command = enabling_command([log.name], cluster.name, commands)
            yield TypeChoice(log.name, log.content, on, command, cost_in(commands.region))


class ControlPlaneLogPicker(PickerScreen[TypeChoice, str | None]):
    """A picker that returns the name of the chosen type, or None if it was left."""

    HEADING = "Control plane logs"
    KEYS = "{choices.pick} open · {control-plane-logs.copy} copy the command · {picker.back} close"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", tooltip="Copy the command", id="control-plane-logs.copy"),
    ]

    def __init__(self, view: View, choices: Collection[TypeChoice], component: str) -> None:
        super().__init__(view, list(choices))
        self._first = type_of(component)

    def start(self) -> int | None:
        """Return the type that the component writes."""
        names = [choice.name for choice in self.choices]
        return names.index(self._first) if self._first in names else 0

    def pick(self, choice: TypeChoice) -> None:
        self.dismiss(choice.name)

    def action_copy(self) -> None:
        """Copy what switches the type on."""
        chosen = self.chosen
        if chosen is not None and chosen.command:
            self.app.copy_to_clipboard(clean(chosen.command))
            self.dismiss(None)
        else:
            self.say(Clean("This type isn't switched off: there is nothing to copy."))

    def entries(self, room: int) -> Iterator[Entry]:
        """Return each type with its state; of those that are off the command and the cost."""
        priced = False  # once is enough
        for choice in self.choices:
            yield [*self._entry(choice, room), *self._price(choice, room, said=priced)]
            priced = priced or bool(choice.command)

    def _entry(self, choice: TypeChoice, room: int) -> Iterator[Words]:
        state = _STATES[choice.on]
        yield ((choice.name, "strong"), ("  ", "text"), state)
        yield from indented_lines(clean(choice.content), "dim", room, INDENT)
        if choice.command:
            yield from command_lines(clean(choice.command), room)

    @staticmethod
    def _price(choice: TypeChoice, room: int, *, said: bool) -> Iterator[Words]:
        if choice.command and not said:
            yield from indented_lines(choice.cost, "dim", room, INDENT)
