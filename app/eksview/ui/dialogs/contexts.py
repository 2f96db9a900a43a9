"""Picks another context, and stays until it has answered."""

from textual.widgets.option_list import Option

from eksview.domain.base.problem import UserError
from eksview.domain.base.text import clean, fit
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.ui.base.view import View
from eksview.ui.dialogs.picker import SwitchScreen

NAME = 34  # cells of a context's name, at most
SERVER = 30


class ContextsScreen(SwitchScreen[ContextInfo]):
    """The contexts of the kubeconfig; `ask` is the one to switch to at once."""

    HEADING = "Contexts"
    KEYS = "Enter follows, Esc stays"

    def __init__(self, view: View, ask: str = "") -> None:
        super().__init__(view)
        self._ask = ask
        self._broken = "The kubeconfig has no contexts."
        try:
            self.choices = view.backend.contexts()
        except UserError as problem:
            self._broken = clean(str(problem)) or self._broken

    def on_mount(self) -> None:
        """Switch at once where a context was named."""
        if not self.choices:
            self.say(self._broken, failed=True)
        elif self._ask:
            self._follow(self._ask)

    def start(self) -> int | None:
        """Return the current one, or the one that is asked for."""
        names = [each.name for each in self.choices]
        current = next((each.name for each in self.choices if each.current), "")
        wanted = self._ask or current
        return names.index(wanted) if wanted in names else super().start()

    def pick(self, choice: ContextInfo) -> None:
        """Follow it."""
        self._follow(choice.name)

    def _follow(self, name: str) -> None:
        self.switch(name, lambda: self.view.backend.switch(name))

    def option(self, choice: ContextInfo) -> Option:
        """Return its name and its server."""
        more, mark = self.view.glyphs.more, self.view.glyphs.ok
        name = fit(clean(choice.name), NAME, more=more)
        server = fit(clean(choice.server.removeprefix("https://")), SERVER, more=more)
        return Option(f"{mark if choice.current else ' '} {name}  {server}")
