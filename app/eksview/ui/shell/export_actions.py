"""The keys that take something out of eksview: copy, and copy a field."""

from eksview.domain.base.text import clean
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.shell import routes
from eksview.ui.shell.navigation_actions import NavigationActions


class ExportActions(NavigationActions, inherit_bindings=False):
    """An application whose screens are copied from; `copy_to_clipboard` says what was done."""

    def action_copy(self) -> None:
        """Copy the name under the cursor, or the whole text of a tab."""
        text = self.screen.copied() if isinstance(self.screen, LiveScreen) else ""
        if text:
            self.copy_to_clipboard(text)

    def action_copy_field(self) -> None:
        """Offer the fields of what is marked, under the cursor or on the screen."""
        if isinstance(self.screen, LiveScreen):
            self.push_screen(routes.copy_dialog(self.view, self.screen), self._copy_value)

    def copy_command(self, command: str | None) -> None:
        """Copy a command that was chosen in a dialog."""
        if command:
            self.copy_to_clipboard(clean(command))

    def _copy_value(self, value: str | None) -> None:
        if value:
            self.copy_to_clipboard(value)
