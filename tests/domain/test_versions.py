"""Version skew, in minor versions."""

import pytest

from eksview.domain.versions import minors_behind


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
