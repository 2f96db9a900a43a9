"""Copies to the clipboard of the terminal, over SSH too (OSC 52)."""

from typing import Any

from textual.app import App

from eksview.ui.base.live_screen import LiveScreen


def copy_subject(app: App[Any]) -> None:
    """Copy what the visible screen offers: the name under the cursor, or a whole text."""
    text = app.screen.copied() if isinstance(app.screen, LiveScreen) else ""
    if text:
        app.copy_to_clipboard(text)
        lines = text.count("\n") + 1
        app.notify(f"Copied {text if lines == 1 else f'{lines} lines'}", markup=False)


def copy_command(app: App[Any], command: str | None) -> None:
    """Copy a command that was chosen in a dialog; None when none was."""
    if command:
        app.copy_to_clipboard(command)
        app.notify("Copied the command", markup=False)
