"""The keys that move in rows, lines, choices and workers: the same ones everywhere."""

from collections.abc import Iterator
from typing import NamedTuple

from textual.binding import Binding

from eksview.ui.base.bindings import hidden_bindings

KEYS = {
    "down": "j,down",
    "up": "k,up",
    "half-down": "ctrl+d",
    "half-up": "ctrl+u",
    "page-down": "pagedown,ctrl+f",
    "page-up": "pageup",  # Ctrl-b is the prefix of tmux
    "top": "g,home",
    "bottom": "G,end",
    "left": "left",
    "right": "right",
}


class Move(NamedTuple):
    """A movement by its name in `KEYS`, the action for it, and keys that only one widget has."""

    name: str
    action: str
    label: str
    more: str = ""


PAGES = (
    Move("half-down", "page(0.5)", "Half page down"),
    Move("half-up", "page(-0.5)", "Half page up"),
    Move("page-down", "page(1.0)", "Page down"),
    Move("page-up", "page(-1.0)", "Page up"),
)
"""The movements by pages, of a widget whose action `page` takes a part of one."""
PAGES_OF_OBJECTS = PAGES[1:]
"""The same where Ctrl-d deletes the object under the cursor, as in k9s."""


def text_moves(top: str = "Top", bottom: str = "Bottom") -> tuple[Move, ...]:
    """Return the movements of a text that scrolls, with the labels of its ends."""
    return (
        Move("down", "scroll(1)", "Line down"),
        Move("up", "scroll(-1)", "Line up"),
        *(move._replace(more="space") if move.name == "page-down" else move for move in PAGES),
        Move("top", "top", top),
        Move("bottom", "bottom", bottom),
        Move("left", "sideways(-1)", "Scroll left"),
        Move("right", "sideways(1)", "Scroll right"),
    )


def movement_bindings(place: str, *moves: Move, typing: bool = False) -> Iterator[Binding]:
    """Yield the bindings of a widget's movements, which the help lists and the footer doesn't.

    While one types, letters are text and Ctrl edits it.
    """
    for move in moves:
        keys = [*KEYS[move.name].split(","), *filter(None, move.more.split(","))]
        named = [key for key in keys if len(key) > 1 and "+" not in key]
        shown = ",".join(named if typing else keys)
        yield from hidden_bindings(place, (move.name, shown, move.action, move.label))
