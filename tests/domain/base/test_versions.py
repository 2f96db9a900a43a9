"""Version skew, in minor versions."""

import pytest

from eksview.domain.base.versions import NEWEST_MINOR, minors_behind, printing_minor


@pytest.mark.parametrize(
    ("kubelet", "server", "behind"),
    [
        ("v1.32.5-eks-1a2b", "v1.33.4-eks-3c4d", 1),
        ("v1.33.1", "v1.33.4", 0),
        ("v1.34.0", "v1.33.4", 0),
        ("v1.30.0", "1.33", 3),
        ("v0.0.0-master+$Format:%H$", "v1.33.4", 0),
        ("", "v1.33.4", 0),
        ("v1.33.1", "", 0),
    ],
)
def test_how_far_a_kubelet_is_behind(kubelet: str, server: str, behind: int) -> None:
    assert minors_behind(kubelet, server) == behind


@pytest.mark.parametrize(
    ("version", "minor"),
    [
        ("v1.33.4-eks-3c4d", 33),
        ("1.29+", 29),
        ("v2.0.0", NEWEST_MINOR),
        ("v0.0.0-master+$Format:%H$", NEWEST_MINOR),
        ("", NEWEST_MINOR),
    ],
)
def test_an_unknown_version_prints_as_the_newest(version: str, minor: int) -> None:
    assert printing_minor(version) == minor
