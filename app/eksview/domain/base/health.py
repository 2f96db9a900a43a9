"""How well something is, in four words."""

from enum import StrEnum


class Health(StrEnum):
    """UNKNOWN is a state of its own: not visible or not confirmed, never a green guess."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


_RANK = {Health.OK: 0, Health.UNKNOWN: 1, Health.WARN: 2, Health.BAD: 3}


def worst(*healths: Health) -> Health:
    """The one to show for several; UNKNOWN of nothing.

    What is known to be wrong outranks what is not known, and that outranks what is well.
    """
    return max(healths, key=_RANK.__getitem__, default=Health.UNKNOWN)
