"""The order of names by the numbers in them."""

import re
from functools import lru_cache

_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=65536)
def natural_key(text: str) -> str:
    """Return a key that sorts `node-10` after `node-9`: runs of digits at one width."""
    return _DIGITS.sub(lambda run: run[0].lstrip("0").zfill(12), text)
