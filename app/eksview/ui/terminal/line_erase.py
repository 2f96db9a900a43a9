"""The terminals that erase lines in color, by what the environment says of them."""

from collections.abc import Mapping

ERASING = (
    "xterm",
    "tmux",
    "rxvt",
    "linux",
    "alacritty",
    "foot",
    "ghostty",
    "gnome",
    "konsole",
    "putty",
    "st-",
    "vte",
    "wezterm",
)
"""Starts of TERM for terminals that do."""


def erases_in_color(environ: Mapping[str, str]) -> bool:
    """Return whether EL blanks a line in the background of the pen.

    GNU screen blanks it in its own background, and tmux may call itself screen too.
    """
    if environ.get("STY"):
        return False
    term = environ.get("TERM", "")
    return term.startswith(ERASING) or (term.startswith("screen") and bool(environ.get("TMUX")))
