"""One colour per meaning, and words in it."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from eksview.domain.base.health import Health

Tone: TypeAlias = Literal[
    "text", "dim", "faint", "strong", "accent", "host", "ok", "warn", "bad", "unknown", "lost",
    "away", "used", "free", "border",
]  # fmt: skip
"""A style of the palette by name; `host` is a DNS name, of which the first label matters."""


TONE_OF: Mapping[Health, Tone] = {
    Health.OK: "ok",
    Health.WARN: "warn",
    Health.BAD: "bad",
    Health.UNKNOWN: "unknown",
}


Words: TypeAlias = tuple[tuple[str, Tone], ...]
