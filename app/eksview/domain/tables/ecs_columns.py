"""What the tables of ECS have in common."""

from collections.abc import Callable

from msgspec import Struct

from eksview.domain.rows.ecs import EcsInstanceRow

MIB = 1024**2
"""Bytes of a MiB, in which ECS counts memory."""
SORT_STEPS = 10_000
"""The steps of a share by which a column is sorted."""


class EcsContext(Struct, frozen=True):
    """The values that a cell of ECS needs beside its row."""

    now: float
    instance_of: Callable[[str], EcsInstanceRow | None] = lambda _: None  # by ARN


def share(part: int | None, whole: int | None) -> int:
    """Return a share in steps for sorting; -1 where it is unknown."""
    return part * SORT_STEPS // whole if part is not None and whole else -1
