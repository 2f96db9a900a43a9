"""Filled texts as styled words: values stand out, old and unread ones say so."""

from collections.abc import Iterable, Mapping

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.explain.chapter_text import ExplainTexts, Piece, filled, placeholders
from eksview.domain.explain.value import LiveValue, Values
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.words import TONE_OF, Tone, Words

OLD = 60.0
"""Seconds from which on the age of a value follows it."""
STEP = 5.0
"""Seconds of a step of an age."""


class Notes:
    """The reasons of unread values, numbered as they are met; the same reason once."""

    def __init__(self) -> None:
        self._oldest: dict[Clean, float | None] = {}
        """By the reason: when the oldest of its values was read, if one ever was."""

    def mark(self, value: LiveValue) -> str:
        """Return the mark of a value's note, `[1]`; empty for one without a reason."""
        if not (value.unread and value.reason):
            return ""
        before = self._oldest.setdefault(value.reason, value.at)
        if value.at is not None and (before is None or value.at < before):
            self._oldest[value.reason] = value.at
        return f"[{[*self._oldest].index(value.reason) + 1}]"

    def reasons(self) -> Iterable[tuple[str, Clean, float | None]]:
        """Yield each mark with its reason, and when the oldest of its values was read."""
        for number, (reason, at) in enumerate(self._oldest.items(), 1):
            yield f"[{number}]", reason, at


class Wording:
    """The styled words of templates, with the values, the language and the time of a frame.

    Several that are shown together share their `notes`.
    """

    def __init__(
        self,
        texts: ExplainTexts,
        values: Values,
        now: float,
        glyphs: Glyphs,
        notes: Notes | None = None,
    ) -> None:
        self._texts = texts
        self._values = values
        self._now = now
        self._glyphs = glyphs
        self._notes = notes or Notes()

    def words(self, template: str, tone: Tone = "text", *, marks: bool = False) -> Words:
        """Return a filled template; with `marks` a judged value has the mark of its state."""
        return tuple(
            word
            for piece in filled(template, self._values, self._texts)
            for word in self._piece(piece, tone, marks=marks)
        )

    def places(self, templates: Mapping[str, str]) -> dict[str, Words]:
        """Return the words of the places of a drawing, but those of values that there aren't."""
        return {
            name: self.words(text, marks=True)
            for name, text in templates.items()
            if not self._is_none(text)
        }

    def _is_none(self, template: str) -> bool:
        names = placeholders(template)
        return bool(names) and all(self._values[name].unread == "none" for name in names)

    def _piece(self, piece: Piece, tone: Tone, *, marks: bool) -> Iterable[tuple[str, Tone]]:
        value = piece.value
        if value is None:
            yield piece.text, tone
            return
        if marks and value.health is not None:
            health = Health.UNKNOWN if value.unread else value.health
            yield f"{self._glyphs.mark(health)} ", TONE_OF[health]
        yield piece.text, tone_of_value(value)
        if mark := self._notes.mark(value):
            yield mark, "unknown"
        elif value.text and value.at is not None and self._now - value.at >= OLD:
            yield f" ({self.screen('ago', age=self.age(value.at))})", "faint"

    def notes(self) -> list[Words]:
        """Return a line for each reason of the unread values in the words so far."""
        return [
            ((f"{mark} ", "unknown"), (f"{reason.rstrip('.')}.{self._last(at)}", "dim"))
            for mark, reason, at in self._notes.reasons()
        ]

    def _last(self, at: float | None) -> str:
        return "" if at is None else f" {self.screen('last', age=self.age(at))}"

    def age(self, at: float) -> str:
        """Return the age of a time, in steps, so that it doesn't change with each frame."""
        age = max(0.0, self._now - at)
        return human_duration(age - age % STEP)

    def screen(self, key: str, **names: str) -> Clean:
        """Return words of the screen itself."""
        return clean(self._texts.screen[key].format(**names))


def tone_of_value(value: LiveValue) -> Tone:
    """Return the tone of a value: unread and old ones are never colored as live."""
    if value.unread in ("refused", "failed", "loading"):
        return "dim" if value.text else "unknown"
    return "accent" if value.health is None else TONE_OF[value.health]
