"""The keys that take something out of eksview: copy, copy a field, save."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.shell import routes
from eksview.ui.shell.navigation_actions import NavigationActions


class ExportActions(NavigationActions, inherit_bindings=False):
    """An application whose screens are copied from; `copy_to_clipboard` says what was done."""

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why nothing can be copied or saved on this screen."""
        screen = self.screen
        if isinstance(screen, LiveScreen):
            if action == "save":
                return screen.view.why_no_files
            if action == "copy_field" and not (screen.chosen() or screen.fields()):
                return "There is nothing to copy here."
        return super().why_not(action, parameters)

    def action_copy(self) -> None:
        """Copy the name under the cursor, or the whole text of a tab."""
        text = self.screen.copied() if isinstance(self.screen, LiveScreen) else ""
        if text:
            self.copy_to_clipboard(text)

    def action_copy_field(self) -> None:
        """Offer the fields of what is marked, under the cursor or on the screen."""
        if isinstance(self.screen, LiveScreen):
            self.push_screen(routes.copy_dialog(self.view, self.screen), self._copy_value)

    def action_save(self) -> None:
        """Offer what the screen can be saved as."""
        if isinstance(screen := self.screen, LiveScreen):
            picture = partial(self.export_screenshot, title="eksview")
            dialog = routes.save_dialog(self.view, screen, picture, self.screen_text)
            self.push_screen(dialog, self._save)

    def _save(self, save: Callable[[], Awaitable[Path]] | None) -> None:
        if save is not None:
            # After the menu has left the screen, which may be what is saved.
            self.call_after_refresh(self.run_worker, partial(self._saved, save), group="save")

    async def _saved(self, save: Callable[[], Awaitable[Path]]) -> None:
        try:
            path = await save()
        except UserError as problem:
            self.notify(problem.sentence, severity="error", timeout=10)
        else:
            self.notify(f"Saved in {clean(str(path))}", timeout=8)

    def copy_command(self, command: str | None) -> None:
        """Copy a command that was chosen in a dialog."""
        if command:
            self.copy_to_clipboard(clean(command))

    def _copy_value(self, value: str | None) -> None:
        if value:
            self.copy_to_clipboard(value)
