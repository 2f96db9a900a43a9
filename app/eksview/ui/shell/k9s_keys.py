"""What a key of k9s does here, where it does nothing itself. Source: the key bindings of k9s."""

from collections.abc import Mapping

K9S_KEYS: Mapping[str, str] = {
    "F": "Port-forward is one of the actions: {app.actions}.",
    "ctrl+a": "{app.command} completes resources and commands, {app.help} lists the keys.",
    "ctrl+k": "{app.delete} deletes.",
    "ctrl+l": "{app.refresh} reads all again and redraws the screen.",
    "ctrl+w": "{table.wide} shows all columns of a table.",
    "left_square_bracket": "{app.previous} shows the previous screen, {app.back} goes back a step.",
    "right_square_bracket": "{app.previous} shows the previous screen, and again the one after it.",
    "x": "Values of secrets are never read.",
    "z": "{app.owners} shows what an object owns, such as its replica sets.",
}
"""Sentences by Textual's names of keys; ids in braces stand for the keys that do it here."""
