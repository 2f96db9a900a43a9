"""A bag to draw from at random."""

import random
from collections.abc import Iterable


class Pool:
    """Keys, each held once; adding and drawing take constant time."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._keys = list(keys)
        self._held = set(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: str) -> None:
        """Put a key in, unless it is there."""
        if key not in self._held:
            self._held.add(key)
            self._keys.append(key)

    def draw(self, chance: random.Random) -> str | None:
        """Take any key out; None when it is empty."""
        if not self._keys:
            return None
        at = chance.randrange(len(self._keys))
        self._keys[at], self._keys[-1] = self._keys[-1], self._keys[at]
        key = self._keys.pop()
        self._held.remove(key)
        return key
