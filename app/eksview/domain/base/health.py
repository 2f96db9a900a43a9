"""Health in four levels."""

from enum import StrEnum

from msgspec import Struct

from eksview.domain.base.text import Clean, clean


class Health(StrEnum):
    """A level; UNKNOWN means not visible or not confirmed, and never counts as OK."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


class Remark(Struct, frozen=True):
    """A subject with its health and a sentence."""

    about: Clean
    state: Health
    says: Clean


def remark(about: str, state: Health, says: str) -> Remark:
    """Return a remark whose texts may be drawn."""
    return Remark(clean(about), state, clean(says))


WORST_FIRST = {Health.BAD: 0, Health.WARN: 1, Health.UNKNOWN: 2, Health.OK: 3}
"""Sorting by this rank shows problems first."""

TROUBLE = (Health.WARN, Health.BAD)
"""The levels of a problem; UNKNOWN may be one, but nothing says so."""


def severity(health: Health) -> int:
    """Return the rank of a row in the default order of tables: 0 for the worst."""
    return WORST_FIRST[health]


def worst(*healths: Health) -> Health:
    """Return the worst of several: BAD, WARN, UNKNOWN, OK; UNKNOWN for none."""
    return min(healths, key=WORST_FIRST.__getitem__, default=Health.UNKNOWN)
