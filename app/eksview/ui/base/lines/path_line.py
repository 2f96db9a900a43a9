"""The line below the header: the way to what is shown, and the screens that have a digit."""

from collections.abc import Mapping, Sequence

from textual import events

from eksview.domain.base.text import cells
from eksview.ui.base.key_names import first_key
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.screen_registry import SCREENS, ScreenSpec
from eksview.ui.base.view import View
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Tone, Words

GAP = 3
"""Cells between the way and the digits at least."""
KEYED = tuple(spec for spec in SCREENS if spec.key.isdecimal())


class PathLine(TextLine):
    """The titles from a screen with a digit to what is shown; a click on a digit presses it."""

    DEFAULT_CSS = "PathLine { dock: top; margin-top: 1; height: 1; }"

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._path: Sequence[str] = ()
        self._place = ""
        self._digits: Words = ()

    def sync(self, path: Sequence[str], place: str) -> None:
        """Show the clean titles of a path, and mark the screen of this name."""
        if (path, place) != (self._path, self._place):
            self._path, self._place = path, place
            self._arrange()

    def on_resize(self) -> None:
        self._arrange()

    def on_click(self, event: events.Click) -> None:
        """Press the digit at the pointer."""
        x = self.size.width - width_of(self._digits)
        for text, _ in self._digits:
            x += cells(text)
            if event.x < x:
                if key := text.strip("[] ").partition(" ")[0]:
                    self.app.simulate_key(key)
                return

    def _arrange(self) -> None:
        width = self.size.width
        path = path_words(self._path, width - 1, self.view.glyphs.trail, self.view.glyphs.more)
        moved = self.view.settings.keys
        keys = {each.name: first_key(f"app.{each.name}", each.key, moved) for each in KEYED}
        forms = (digit_words(self._place, titles, keys) for titles in ("all", "current", "none"))
        room = width - width_of(path) - GAP
        self._digits = next((form for form in forms if width_of(form) <= room), ())
        self.show(path, self._digits)


def path_words(path: Sequence[str], width: int, trail: str, more: str) -> Words:
    """Return the titles with the last one stressed; the first ones give way to `more`."""
    shown = [*path]
    between = f" {trail} "
    while len(shown) > 1 and sum(map(cells, shown)) + len(between) * (len(shown) - 1) > width:
        shown = [more, *shown[2 if shown[0] == more else 1 :]]
        if len(shown) == 2:  # only the last title is left
            break
    words: list[tuple[str, Tone]] = [(" ", "text")]
    for title in shown[:-1]:
        words += [(title, "dim"), (between, "faint")]
    return (*words, *((title, "strong") for title in shown[-1:]))


def digit_words(place: str, titles: str, keys: Mapping[str, str]) -> Words:
    """Return the keys with the titles of all screens, of the current one or of none."""
    return tuple(_digit(spec, spec.name == place, titles, keys[spec.name]) for spec in KEYED)


def _digit(spec: ScreenSpec, current: bool, titles: str, key: str) -> tuple[str, Tone]:
    titled = titles == "all" or (titles == "current" and current)
    text = f"{key} {spec.title}" if titled else key
    return (f"[{text}]", "accent") if current else (f" {text} ", "dim")
