"""The keys that work on all screens. Ctrl-a and Ctrl-b are left to screen and tmux."""

from collections.abc import Iterator

from textual.binding import Binding

from eksview.ui.base.screen_registry import SCREENS

_SCREENS = tuple(
    (
        screen.name,
        screen.key,
        f"go({screen.name!r})",
        screen.title,
        screen.help[0].upper() + screen.help[1:],
        False,
    )
    for screen in SCREENS
    if screen.key
)
_ROWS = (
    # id, keys, action, label, tooltip, shown in the footer; the footer shows all screens as one
    *_SCREENS,
    (
        "equivalent-commands",
        "K",
        "equivalent_commands",
        "Equivalent commands",
        "kubectl and aws commands that read the same",
        False,
    ),
    ("back", "escape", "back", "Back", "Go back one step; never quits", True),
    ("previous", "minus", "previous", "Previous screen", "Switch to the previous screen", False),
    ("details", "d", "look('details')", "Describe", "Describe the object under the cursor", False),
    ("events", "e", "look('events')", "Events", "Events of the object under the cursor", False),
    ("yaml", "y", "look('yaml')", "YAML", "YAML of the object under the cursor", True),
    ("object-pods", "p", "look('pods')", "Pods", "Pods of the object under the cursor", False),
    ("owners", "o", "look('owners')", "Owners", "Owners of the object and what it owns", False),
    ("kubelet", "u", "look('kubelet')", "Kubelet", "Kubelet of the node under the cursor", False),
    ("ec2", "i", "look('ec2')", "EC2", "EC2 instance of the node under the cursor", False),
    (
        "lifecycle",
        "f",
        "look('lifecycle')",
        "Lifecycle",
        "Lifecycle of the node under the cursor",
        False,
    ),
    ("history", "h", "look('history')", "History", "Usage over time, of a node or a pod", False),
    ("drain", "r", "look('drain')", "Drain plan", "What a drain of the node would move", False),
    ("owner", "J", "owner", "Owner", "Open the owner of the object under the cursor", False),
    ("logs", "l", "logs", "Logs", "Logs of the object under the cursor", True),
    ("session", "s", "session", "Session", "Open a session on the node under the cursor", True),
    ("actions", "a", "actions", "Actions", "Actions on what is marked or under the cursor", True),
    ("delete", "ctrl+d", "delete", "Delete", "Delete what is marked or under the cursor", False),
    ("copy", "c", "copy", "Copy", "Copy the name under the cursor, over SSH too", False),
    (
        "copy-field",
        "C,ctrl+y",
        "copy_field",
        "Copy a field",
        "Copy a field: ID, ARN, IP, image, command, YAML",
        False,
    ),
    (
        "save",
        "ctrl+s",
        "save",
        "Save",
        "Save the table, the YAML or the screen as a file",
        False,
    ),
    ("command", "colon", "command", "Command", "Type a command", True),
    ("refresh", "ctrl+r", "refresh", "Refresh", "Refresh all lists and redraw the screen", False),
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


def hidden_bindings(place: str, *rows: tuple[str, str, str, str]) -> Iterator[Binding]:
    """Yield bindings that the help lists and the footer doesn't.

    A row has the name, which follows `place` in the id, the keys, the action and the label.
    """
    for name, keys, action, label in rows:
        yield Binding(keys, action, label, show=False, tooltip=label, id=f"{place}.{name}")
