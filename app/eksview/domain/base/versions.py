"""Minor versions of Kubernetes."""

import re
from functools import lru_cache

NEWEST_MINOR = 36
"""The newest minor version whose output was compared, used where the server's is unknown.

Source: a kube-apiserver 1.36.3, whose Tables are in `tests/golden`.
"""

_MINOR = re.compile(r"v?(\d{1,9})\.(\d{1,9})(?!\d)")


@lru_cache(maxsize=1024)
def minor_of(version: str) -> tuple[int, int] | None:
    """Return `(1, 33)` for `v1.33.4-eks-1a2b3c4`; None for other text."""
    match = _MINOR.match(version)
    return (int(match[1]), int(match[2])) if match else None


def printing_minor(version: str) -> int:
    """Return the minor version that decides how an API server prints; the newest if unknown."""
    minor = minor_of(version)
    return minor[1] if minor is not None and minor[0] == 1 else NEWEST_MINOR


def minors_behind(kubelet: str, server: str) -> int:
    """Return the minor versions a kubelet is older than the API server; 0 if newer or unknown.

    Source: Kubernetes "Version Skew Policy": a kubelet may be up to three minors older.
    """
    own, its = minor_of(kubelet), minor_of(server)
    if own is None or its is None or own[0] != its[0]:
        return 0
    return max(0, its[1] - own[1])
