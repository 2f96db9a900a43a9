"""The output of an everyday check, which a program printed."""

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean


class CheckOutput(Struct, frozen=True):
    """What a check printed. Without `code` it was ended, as `reason` says."""

    lines: tuple[Clean, ...]
    at: float  # when it ended
    code: int | None = None
    program: str = "kubectl"  # that printed it: kubectl or eksview
    reason: Clean = EMPTY
