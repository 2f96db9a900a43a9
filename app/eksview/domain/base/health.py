"""Health in four levels."""

from enum import StrEnum

from msgspec import Struct


class Health(StrEnum):
    """A level; UNKNOWN means not visible or not confirmed, and never counts as OK."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


class Remark(Struct, frozen=True):
    """A subject with its health and a sentence."""

    about: str
    state: Health
    says: str


WORST_FIRST = {Health.BAD: 0, Health.WARN: 1, Health.UNKNOWN: 2, Health.OK: 3}
"""Sorting by this rank shows problems first."""


def worst(*healths: Health) -> Health:
    """Return the worst of several: BAD, WARN, UNKNOWN, OK; UNKNOWN for none."""
    return min(healths, key=WORST_FIRST.__getitem__, default=Health.UNKNOWN)
