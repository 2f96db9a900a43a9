"""How a view is shared."""

from pathlib import Path

from msgspec import Struct


class Sharing(Struct, frozen=True):
    """Where it listens, who may look, how many at a time."""

    listen: str
    port: int
    keys: Path  # authorized_keys
    most: int
