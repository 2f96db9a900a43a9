"""The table of EKS add-ons on a terminal of 80 columns."""

from msgspec.structs import replace

from eksview.domain.base.reading import Read
from eksview.domain.base.text import cells
from eksview.domain.rows.aws import AddonRow
from eksview.store.selectors.eks import eks_summary
from eksview.store.store import Store
from eksview.ui.cluster.upgrades import addon_lines
from eksview.ui.text.glyphs import UNICODE

ROOM = 76  # cells of a line between the margins of 80
LONG = (
    AddonRow("aws-ebs-csi-driver", "v1.47.0-eksbuild.1", "ACTIVE", (), latest="v1.48.0-eksbuild.1"),
    AddonRow("aws-efs-csi-driver", "v2.1.9-eksbuild.1", "UPDATING", (), latest="v2.2.0-eksbuild.1"),
    AddonRow("kube-proxy", "v1.33.0-eksbuild.2", "ACTIVE", (), latest="v1.33.3-eksbuild.4"),
)  # fmt: skip


def test_an_add_on_is_one_line_with_both_versions_whole() -> None:
    summary = replace(eks_summary(Store(), 0.0), addons=Read(LONG, 0.0), newest=Read(None, 0.0))
    lines = ["".join(text for text, _ in line) for line in addon_lines(summary, ROOM, UNICODE)]
    head, *rows = lines
    assert head.split() == ["NAME", "STATUS", "VERSION", "NEWEST", "COMPATIBLE"]
    assert len(rows) == len(LONG)
    for addon, row in zip(LONG, rows, strict=True):
        assert row.split()[-3:] == [addon.version, UNICODE.up, addon.latest]
        assert cells(row) <= ROOM
