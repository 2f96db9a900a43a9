"""Versions of Kubernetes, as far as skew goes."""

import re

_MINOR = re.compile(r"v?(\d+)\.(\d+)")


def minor_of(version: str) -> tuple[int, int] | None:
    """`(1, 33)` of `v1.33.4-eks-1a2b3c4`; None where it isn't a version."""
    match = _MINOR.match(version)
    return (int(match[1]), int(match[2])) if match else None


def minors_behind(kubelet: str, server: str) -> int:
    """How many minor versions a kubelet is older than the API server; 0 if it isn't or is unknown.

    Source: Kubernetes "Version Skew Policy": a kubelet may be up to three minors older.
    """
    own, its = minor_of(kubelet), minor_of(server)
    if own is None or its is None or own[0] != its[0]:
        return 0
    return max(0, its[1] - own[1])
