"""What metrics.k8s.io says that pods use."""

from typing import Any

import msgspec
import pytest

from eksview.domain.resources.pod_usage import RESOURCE
from eksview.domain.rows.kube import PodUsageRow
from eksview.domain.rows.usage_age import KEPT, fresh

AT = "2027-01-15T08:00:00Z"
NOW = 1_800_000_000.0
USED = {"cpu": "1200345n", "memory": "64Ki"}


def rows(*containers: object, **fields: object) -> list[Any]:
    item = {
        "metadata": {"namespace": "shop", "name": "web-1", "labels": {"app": "web"}},
        "timestamp": AT,
        "window": "10.2s",
        "containers": containers,
    } | fields
    body = {"kind": "PodMetricsList", "metadata": {}, "items": [item]}
    return RESOURCE.page(msgspec.json.encode(body))[0]


def test_containers_are_added_up_before_cpu_is_rounded_up_as_by_kubectl_top() -> None:
    # kubectl top pods prints 3m for two containers of 1200345n, and 2m and 2m with --containers.
    both = rows({"name": "a", "usage": USED}, {"name": "b", "usage": USED})
    assert both == [PodUsageRow("shop/web-1", NOW, 3, 128 * 1024)]
    assert both[0].namespace == "shop"


@pytest.mark.parametrize(
    ("cpu", "memory", "read"),
    [
        ("0", "0", (0, 0)),
        ("250m", "1Mi", (250, 2**20)),
        ("1500u", "1e3", (2, 1000)),
        ("2", "5", (2000, 5)),
        ("1", "1536", (1000, 1536)),
    ],
)
def test_every_form_of_a_quantity_is_read(cpu: str, memory: str, read: tuple[int, int]) -> None:
    (row,) = rows({"name": "a", "usage": {"cpu": cpu, "memory": memory}})
    assert (row.cpu, row.memory) == read


@pytest.mark.parametrize(
    "broken",
    [
        rows(),
        rows({"name": "a", "usage": USED}, {"name": "b"}),
        rows({"name": "a", "usage": {"cpu": "1n"}}),
        rows({"name": "a", "usage": {"cpu": "1n", "memory": "much"}}),
        rows({"name": "a", "usage": USED}, timestamp=None),
        rows({"name": "a", "usage": USED}, timestamp="yesterday"),
    ],
)
def test_what_lacks_a_time_or_a_figure_is_left_out_instead_of_0(broken: list[Any]) -> None:
    assert broken == []


def test_a_reading_says_something_about_now_for_a_while_only() -> None:
    row = PodUsageRow("shop/web-1", NOW, 1, 1)
    assert fresh(row, NOW + KEPT - 1) is row
    assert fresh(row, NOW + KEPT) is None
    assert fresh(None, NOW) is None
