"""The names of styles, one per meaning, and texts with such a name."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from eksview.domain.base.health import Health
from eksview.ui.text.glyphs import Glyphs

Tone: TypeAlias = Literal[
    "text", "dim", "faint", "strong", "accent", "host", "ok", "warn", "bad", "unknown", "lost",
    "away", "used", "free", "border", "match", "current",
]  # fmt: skip
"""The name of a palette's style; `host` is for DNS names and stresses the first label."""


TONE_OF: Mapping[Health, Tone] = {
    Health.OK: "ok",
    Health.WARN: "warn",
    Health.BAD: "bad",
    Health.UNKNOWN: "unknown",
}


def tone_of(health: Health, ok: Tone = "text") -> Tone:
    """Return the tone of a state, but `ok` instead of green for a state that is OK."""
    return ok if health is Health.OK else TONE_OF[health]


Words: TypeAlias = tuple[tuple[str, Tone], ...]

STATES: frozenset[Tone] = frozenset({"ok", "warn", "bad", "unknown", "lost", "away"})
"""The tones that tell a state."""


def faded(words: Words, glyphs: Glyphs) -> Words:
    """Return words of a state that is no longer confirmed: not colored, their marks hollow."""
    return tuple(
        (_hollow(text, glyphs), "dim") if tone in STATES else (text, tone) for text, tone in words
    )


def _hollow(text: str, glyphs: Glyphs) -> str:
    mark = text.strip()
    return text.replace(mark, glyphs.unknown) if mark in map(glyphs.mark, Health) else text
