"""The keys that work everywhere. Ctrl-a and Ctrl-b are left to screen and tmux."""

from textual.binding import Binding

from eksview.ui.base.registry import SCREENS

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
    ("asking", "K", "asking", "How is this asked?", "The commands that ask the same", False),
    ("back", "escape", "back", "Back", "Back; never quits", True),
    ("details", "d", "look('details')", "Describe", "Describe what the cursor is on", False),
    ("events", "e", "look('events')", "Events", "Events of what the cursor is on", False),
    ("yaml", "y", "look('yaml')", "YAML", "The whole object as YAML", True),
    ("copy", "c", "copy", "Copy", "Copy the name, over SSH too", False),
    ("command", "colon", "command", "Command", "Type a command", True),
    ("refresh", "ctrl+r", "refresh", "Refresh", "List everything again", False),
    ("help", "question_mark", "help", "Help", "All keys that work here", True),
    ("leave", "q", "leave", "Quit", "Leave eksview", True),
    ("q-back", "q", "back", "Back", "Back; quits at home", False),
    ("leave-now", "ctrl+c,ctrl+q", "leave_now", "Quit", "Leave eksview from anywhere", False),
    ("suspend", "ctrl+z", "suspend_process", "Suspend", "To the shell; fg returns", False),
)
AHEAD = ("go", "command")
"""Done before the next key is passed on, so that `:ng` typed at once isn't `:` here and `ng` where
one was. A screen's `/` is the same."""


def session(place: str) -> Binding:
    """`s`, on the screens where the cursor can be on a machine."""
    tip = "Open a session on the node"
    return Binding("s", "app.session", "Session", tooltip=tip, id=f"{place}.session")


APP_BINDINGS = tuple(
    Binding(
        keys,
        action,
        label,
        show=show,
        tooltip=tooltip,
        id=f"app.{name}",
        priority=action.partition("(")[0] in (*AHEAD, "leave_now"),  # from a dialog too
    )
    for name, keys, action, label, tooltip, show in _ROWS
)
