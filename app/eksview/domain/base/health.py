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


_RANK = {Health.OK: 0, Health.UNKNOWN: 1, Health.WARN: 2, Health.BAD: 3}


def worst(*healths: Health) -> Health:
    """Return the worst of several: BAD, WARN, UNKNOWN, OK; UNKNOWN for none."""
    return max(healths, key=_RANK.__getitem__, default=Health.UNKNOWN)
