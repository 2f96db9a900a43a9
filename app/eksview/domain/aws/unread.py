"""The words for a part of the AWS account that wasn't read, or not as a whole."""

from typing import Any

from eksview.domain.base.age import human_duration
from eksview.domain.base.reading import NotAsked, Read, Reading, Refused, why_unread
from eksview.domain.base.text import EMPTY, Clean, clean


def unread_state(subject: str, reading: Reading[Any], now: float) -> Clean:
    """Return `add-ons not read: eks:ListAddons is denied`; empty if all of it was read."""
    return _worded(subject, reading, unread_cause(reading), now)


def unread_sentence(subject: str, reading: Reading[Any], now: float) -> Clean:
    """Return the same with the reason as a sentence, which says what to do."""
    return _worded(subject, reading, why_unread(reading), now)


def _worded(subject: str, reading: Reading[Any], cause: str, now: float) -> Clean:
    match reading:
        case Read():
            return EMPTY
        case NotAsked():
            return clean(f"loading {subject}")
    state = "not read"
    if reading.last is not None:
        known = reading.read_at
        age = "" if known is None else human_duration(max(0.0, now - known))
        state = f"last read {age} ago" if age else "incomplete"
    return clean(f"{subject} {state}: {cause}")


def capitalized(text: Clean) -> Clean:
    """Return a text with a capital first letter."""
    return clean(text[:1].upper() + text[1:])


def unread_cause(reading: Reading[Any]) -> str:
    """Return `eks:ListAddons is denied`, or the sentence of another failure; empty if read."""
    denied = reading.missing if isinstance(reading, Refused) else None
    return f"{denied} is denied" if isinstance(denied, str) else why_unread(reading)
