"""The keys that work on all screens. Ctrl-a and Ctrl-b are left to screen and tmux."""

from textual.binding import Binding

from eksview.ui.base.screen_registry import SCREENS

_SCREENS = tuple(
    (
        screen.name,
        screen.key,
        f"go({screen.name!r})",
        screen.title,
        screen.help[0].upper() + screen.help[1:],
        screen.footer,
    )
    for screen in SCREENS
    if screen.key
)
_ROWS = (
    # id, keys, action, label, tooltip, shown in the footer
    *_SCREENS,
    (
        "equivalent-commands",
        "K",
        "equivalent_commands",
        "Equivalent commands",
        "kubectl and aws commands that read the same",
        False,
    ),
    ("back", "escape", "back", "Back", "Go back; never quits", True),
    ("details", "d", "look('details')", "Describe", "Describe the object under the cursor", False),
    ("events", "e", "look('events')", "Events", "Events of the object under the cursor", False),
    ("yaml", "y", "look('yaml')", "YAML", "YAML of the object under the cursor", True),
    ("copy", "c", "copy", "Copy", "Copy the name under the cursor, over SSH too", False),
    ("command", "colon", "command", "Command", "Type a command", True),
    ("refresh", "ctrl+r", "refresh", "Refresh", "Refresh all lists", False),
    ("help", "question_mark", "help", "Help", "All keys and commands", True),
    ("leave", "q", "leave", "Quit", "Quit eksview", True),
    ("q-back", "q", "back", "Back", "Go back; quits at home", False),
    ("leave-now", "ctrl+c,ctrl+q", "leave_now", "Quit", "Quit from any screen", False),
    (
        "suspend",
        "ctrl+z",
        "suspend_process",
        "Suspend",
        "Suspend to the shell; `fg` resumes",
        False,
    ),
)


def session(place: str) -> Binding:
    """Return the binding of `s` for a screen whose cursor can be on a node."""
    tooltip = "Open a session on the node"
    return Binding("s", "app.session", "Session", tooltip=tooltip, id=f"{place}.session")


APP_BINDINGS = tuple(
    Binding(
        keys,
        action,
        label,
        show=show,
        tooltip=tooltip,
        id=f"app.{name}",
        priority=action == "leave_now",  # from a dialog too
    )
    for name, keys, action, label, tooltip, show in _ROWS
)
