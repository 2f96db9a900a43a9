"""What metrics.k8s.io says that nodes use."""

import msgspec
import pytest

from eksview.domain.resources.usage import RESOURCE
from eksview.domain.rows.kube import UsageRow
from eksview.domain.rows.usage_age import KEPT, fresh

AT = "2027-01-15T08:00:00Z"
NOW = 1_800_000_000.0


def body(*items: object) -> bytes:
    return msgspec.json.encode({"kind": "NodeMetricsList", "metadata": {}, "items": items})


def item(**fields: object) -> dict[str, object]:
    usage = {"cpu": "156340125n", "memory": "1740064Ki"}
    return {"metadata": {"name": "n1"}, "timestamp": AT, "window": "10.2s", "usage": usage} | fields


def test_cpu_comes_in_nanocores_and_memory_in_kibibytes() -> None:
    rows, after = RESOURCE.page(body(item()))
    assert rows == [UsageRow("n1", NOW, 157, 1740064 * 1024)]
    assert after == ""


@pytest.mark.parametrize(
    "broken",
    [
        {"usage": None},
        {"usage": {"cpu": "1n"}},
        {"usage": {"memory": "1Ki"}},
        {"usage": {"cpu": "much", "memory": "1Ki"}},
        {"timestamp": None},
        {"timestamp": "yesterday"},
    ],
)
def test_what_lacks_a_time_or_a_figure_is_left_out(broken: dict[str, object]) -> None:
    assert RESOURCE.page(body(item(**broken), item()))[0] == RESOURCE.page(body(item()))[0]


@pytest.mark.parametrize("said", [b"{}", b'{"items":null}', b'{"items":[]}'])
def test_no_items_are_no_rows(said: bytes) -> None:
    assert RESOURCE.page(said) == ([], "")


def test_a_reading_says_something_about_now_for_a_while_only() -> None:
    row = UsageRow("n1", NOW, 1, 1)
    assert fresh(row, NOW + KEPT - 1) is row
    assert fresh(row, NOW + KEPT) is None
    assert fresh(None, NOW) is None
