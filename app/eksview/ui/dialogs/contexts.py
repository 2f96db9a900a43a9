"""A picker of the kubeconfig's contexts."""

from collections.abc import Iterator

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import SwitchScreen


class ContextsScreen(SwitchScreen[ContextInfo]):
    """The contexts of the kubeconfig; `target` is the one to switch to at once."""

    HEADING = "Contexts"
    KEYS = "Enter switch · Esc cancel"

    def __init__(self, view: View, target: str = "") -> None:
        super().__init__(view)
        self._target = target
        self._problem = "The kubeconfig has no contexts."
        try:
            self.choices = view.backend.contexts()
        except UserError as problem:
            self._problem = clean(str(problem)) or self._problem

    def on_mount(self) -> None:
        """Switch at once to a named context."""
        if not self.choices:
            self.say(self._problem, failed=True)
        elif self._target:
            self._switch_to(self._target)

    def start(self) -> int | None:
        """Return the index of the named context, else of the current one."""
        names = [context.name for context in self.choices]
        current = next((context.name for context in self.choices if context.current), "")
        wanted = self._target or current
        return names.index(wanted) if wanted in names else super().start()

    def pick(self, choice: ContextInfo) -> None:
        self._switch_to(choice.name)

    def _switch_to(self, name: str) -> None:
        self.switch(name, lambda: self.view.backend.switch(name))

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the names and servers, the current context marked."""
        mark = self.view.glyphs.ok
        rows = [
            Row(
                ((f"{mark if choice.current else ' '} ", "ok"),),
                (
                    (clean(choice.name), "text"),
                    (clean(choice.server.removeprefix("https://")), "dim"),
                ),
            )
            for choice in self.choices
        ]
        return in_columns(rows, room)
