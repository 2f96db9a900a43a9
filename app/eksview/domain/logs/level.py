"""The level of a line, as logging libraries write it."""

import re
from typing import NamedTuple

from eksview.domain.base.health import Health

_WORDS = {
    Health.BAD: ("FATAL", "CRITICAL", "CRIT", "PANIC", "SEVERE", "ERROR", "ERR", "EMERG", "ALERT"),
    Health.WARN: ("WARNING", "WARN"),
    Health.OK: ("INFO", "NOTICE", "LOG"),
    Health.UNKNOWN: ("DEBUG", "TRACE", "FINE", "VERBOSE"),
}
_HEALTH = {word: health for health, words in _WORDS.items() for word in words}
_NAMES = "|".join(sorted(_HEALTH, key=len, reverse=True))
# In capitals, or in any letters after a name: `level=warn`, `"severity":"error"`, `[error]`.
_LEVEL = re.compile(
    rf"\b(?P<upper>{_NAMES})\b"
    rf"|(?i:(?:level|lvl|severity)\"?\s?[=:]\s?\"?|\[|<)(?P<lower>(?i:{_NAMES}))\b"
)
_KLOG = re.compile(r"(?P<letter>[IWEF])\d{4} \d\d:")
_KLOG_LEVELS = {"I": Health.OK, "W": Health.WARN, "E": Health.BAD, "F": Health.BAD}
_SERVER_ERROR = re.compile(r"HTTP/\d(?:\.\d)?\" (?P<code>5\d\d)\b")
_NUMBERS = re.compile(r"\"level\":(?P<number>\d0)\b")  # of pino and bunyan
SEARCHED = 300
"""Characters of a line in which its level is."""


class Level(NamedTuple):
    """A level, and the characters of the text that tell it: UNKNOWN is below INFO."""

    health: Health
    start: int
    end: int


def level_of(text: str) -> Level | None:
    """Return the level of a line; None where it tells none."""
    head = text[:SEARCHED]
    if match := _KLOG.match(head):
        return Level(_KLOG_LEVELS[match["letter"]], 0, 1)
    if match := _LEVEL.search(head):
        name = "upper" if match["upper"] else "lower"
        return Level(_HEALTH[match[name].upper()], *match.span(name))
    if match := _SERVER_ERROR.search(head):
        return Level(Health.BAD, *match.span("code"))
    if match := _NUMBERS.search(head):
        number = int(match["number"])
        health = Health.BAD if number >= 50 else Health.WARN if number == 40 else Health.OK
        return Level(health, *match.span("number"))
    return None
