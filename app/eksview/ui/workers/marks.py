"""The marks of a worker's picture, with their figures."""

from eksview.ui.text.glyphs import Glyphs


def behind_mark(versions: int, glyphs: Glyphs) -> str:
    """Return the mark of a kubelet that is minor versions behind."""
    return f"{glyphs.behind}{versions}"


def session_mark(number: int) -> str:
    """Return a prompt for the open sessions, with the number of more than one."""
    return f">_{number}" if number > 1 else ">_"


def heart_mark(beat: str, glyphs: Glyphs) -> str:
    """Return the age of a heartbeat, in four cells."""
    return f"{glyphs.heart} {beat:>4}"
