"""How far kubelets and add-ons are from the control plane."""

import pytest

from eksview.domain.base.health import Health
from eksview.domain.join.version_skew import Skew, skew
from eksview.domain.rows.aws import AddonRow


def addon(name: str, version: str, latest: str = "") -> AddonRow:
    return AddonRow(name, version, "ACTIVE", (), latest=latest)


@pytest.mark.parametrize(
    ("server", "kubelets", "expected"),
    [
        ("1.33", ["v1.33.1-eks-1"] * 2, [Skew(Health.OK, "all 2 nodes on 1.33")]),
        (
            "v1.33.4-eks-1a2b3c4",
            ["v1.33.1"] * 37 + ["v1.31.9"] * 3,
            [Skew(Health.WARN, "3 of 40 nodes two minor versions behind")],
        ),
        ("1.33", ["v1.32.0"], [Skew(Health.OK, "1 of 1 nodes one minor version behind")]),
        (
            "1.33",
            ["v1.29.0", "v1.34.0", "junk"],
            [
                Skew(
                    Health.BAD,
                    "1 of 3 nodes four minor versions behind: more than the three supported",
                ),
                Skew(
                    Health.BAD,
                    "1 of 3 nodes one minor version ahead of the control plane, "
                    "which isn't supported",
                ),
                Skew(Health.UNKNOWN, "1 of 3 nodes of unknown version"),
            ],
        ),
        ("", ["v1.33.0"], []),
        ("1.33", [], []),
    ],
)
def test_kubelets_are_compared_with_the_control_plane(
    server: str, kubelets: list[str], expected: list[Skew]
) -> None:
    assert list(skew(server, kubelets)) == expected


@pytest.mark.parametrize(
    ("addon_row", "expected"),
    [
        (addon("kube-proxy", "v1.33.0-eksbuild.2"), []),
        (
            addon("kube-proxy", "v1.31.0-eksbuild.2"),
            [(Health.WARN, "add-on kube-proxy v1.31.0-eksbuild.2 two minor versions behind")],
        ),
        (
            addon("kube-proxy", "v1.34.0-eksbuild.2"),
            [
                (
                    Health.BAD,
                    "add-on kube-proxy v1.34.0-eksbuild.2 one minor version ahead, not supported",
                )
            ],
        ),
        (addon("vpc-cni", "v1.19.0-eksbuild.1"), []),
        (
            addon("vpc-cni", "v1.19.0-eksbuild.1", "v1.20.0-eksbuild.1"),
            [
                (
                    Health.OK,
                    "add-on vpc-cni v1.19.0-eksbuild.1, newest for this cluster is "
                    "v1.20.0-eksbuild.1",
                )
            ],
        ),
    ],
)
def test_addons_are_compared_with_what_they_follow(
    addon_row: AddonRow, expected: list[tuple[Health, str]]
) -> None:
    assert [(each.health, each.sentence) for each in skew("1.33", [], [addon_row])] == expected
