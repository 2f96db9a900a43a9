"""Picks another context, and stays until it has answered."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from eksview.domain.ports import ContextInfo, Problem
from eksview.domain.text import clean, fit
from eksview.ui.view import View

NAME = 34  # cells of a context's name, at most
SERVER = 30


class ContextsScreen(ModalScreen[str | None]):
    """Gives the context that is followed now, or None when all stayed as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Back", tooltip="Stay", id="contexts.back"),
        Binding("j", "move(1)", "Next", show=False, tooltip="Next", id="contexts.down"),
        Binding("k", "move(-1)", "Previous", show=False, tooltip="Previous", id="contexts.up"),
    ]

    def __init__(self, view: View, ask: str = "") -> None:
        super().__init__()
        self._view = view
        self._ask = ask
        self._contexts: tuple[ContextInfo, ...] = ()
        self._broken = ""
        try:
            self._contexts = view.backend.contexts()
        except Problem as problem:
            self._broken = clean(str(problem))

    def compose(self) -> ComposeResult:
        """The contexts, and how asking one of them goes."""
        with Vertical(classes="box") as box:
            box.border_title = "Contexts"
            box.border_subtitle = "Enter follows, Esc stays"
            yield OptionList(*map(self._option, self._contexts), markup=False, compact=True)
            yield Static("", id="progress", markup=False)

    def on_mount(self) -> None:
        """Begin at the current one, or ask what was asked for."""
        options = self.query_one(OptionList)
        names = [each.name for each in self._contexts]
        current = next((each.name for each in self._contexts if each.current), "")
        wanted = self._ask or current
        if wanted in names:
            options.highlighted = names.index(wanted)
        options.focus()
        if not names:
            self._say(self._broken or "The kubeconfig has no contexts.", "-failed")
        elif self._ask:
            self._try(self._ask)

    def action_move(self, by: int) -> None:
        """As in every list."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask it."""
        self._try(self._contexts[event.option_index].name)

    def _try(self, name: str) -> None:
        # One at a time: picking another one gives up on the first.
        self.run_worker(self._switch(name), exclusive=True)

    async def _switch(self, name: str) -> None:
        self._say(f"Asking {clean(name)}{self._view.glyphs.more}")
        try:
            await self._view.backend.switch(name)
        except Problem as problem:
            self._say(f"Nothing has changed. {clean(str(problem))}", "-failed")
        else:
            self.dismiss(name)

    def _say(self, text: str, state: str = "") -> None:
        progress = self.query_one("#progress", Static)
        progress.set_class(bool(state), "-failed")
        progress.update(text)

    def _option(self, context: ContextInfo) -> Option:
        more, mark = self._view.glyphs.more, self._view.glyphs.ok
        name = fit(clean(context.name), NAME, more=more)
        server = fit(clean(context.server.removeprefix("https://")), SERVER, more=more)
        return Option(f"{mark if context.current else ' '} {name}  {server}", id=None)
