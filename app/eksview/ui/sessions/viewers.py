"""The sessions of a shared view, a line each."""

from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import clean, fit
from eksview.domain.live.viewers import Viewer, Viewers
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Words

ALONE = (
    "This view is yours alone. `eksview serve` gives it to any SSH client whose public key you "
    "allow, on one set of watches."
)
_USER, _ADDRESS, _SIZE, _AGE, _SENT = 14, 18, 10, 16, 10


def viewer_lines(found: Viewers | None, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """The open ones first, then those that have ended."""
    if found is None:
        for line in fold(ALONE, width - 2):
            yield ((line, "dim"),)
        return
    key = max(8, width - 2 - _USER - _ADDRESS - _SIZE - _AGE - _SENT)
    head = fit("USER", _USER) + fit("KEY", key) + fit("ADDRESS", _ADDRESS) + fit("SIZE", _SIZE)
    yield ((f"  {head}{fit('SINCE', _AGE)}{fit('SENT', _SENT, 'right')}", "dim"),)
    for viewer in sorted(found.sessions, key=lambda each: each.ended is not None):
        yield _line(viewer, now, key, glyphs)
    if not found.sessions:
        yield (("  Nobody has looked yet.", "dim"),)


def _line(viewer: Viewer, now: float, key: int, glyphs: Glyphs) -> Words:
    ended = viewer.ended is not None
    more = glyphs.more
    since = viewer.since if viewer.ended is None else viewer.ended
    ago = human_duration(max(0.0, now - since)) + (" ago" if ended else "")
    said = (
        fit(clean(viewer.user), _USER, more=more)
        + fit(clean(viewer.key), key - 1, more=more)
        + " "
        + fit(clean(viewer.address), _ADDRESS, more=more)
        + fit(f"{viewer.columns}x{viewer.rows}", _SIZE, more=more)
        + fit("left " + ago if ended else ago, _AGE, more=more)
        + fit(show_size(viewer.sent), _SENT, "right", more)
    )
    mark = glyphs.unknown if ended else glyphs.ok
    return ((f"{mark} ", "faint" if ended else "ok"), (said, "faint" if ended else "text"))
