"""What nodes use, as metrics.k8s.io says: CPU and memory in the mean of the last moments.

Source: the API type NodeMetrics (metrics.k8s.io/v1beta1); metrics-server, "FAQ".
"""

import msgspec
from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.quantity import cpu_milli, size_bytes
from eksview.domain.kube.api_types import Meta
from eksview.domain.rows.kube import UsageRow

RESOLUTION = 15.0
"""Seconds between two readings that metrics-server takes, if it isn't told otherwise."""
KEPT = 120.0
"""Seconds after which a reading says nothing about now: eight that didn't come."""


class _Item(Struct):
    metadata: Meta = field(default_factory=Meta)
    timestamp: str | None = None
    usage: dict[str, str] | None = None


class _Items(Struct):
    items: tuple[_Item, ...] | None = None


_DECODER = msgspec.json.Decoder(_Items)


def usages(body: bytes) -> tuple[list[UsageRow], str]:
    """The whole list: this API has no pages. Raises msgspec.DecodeError.

    What comes without a time or a figure is left out: it would look like nothing being used.
    """
    found = (_row(each) for each in _DECODER.decode(body).items or ())
    return [row for row in found if row is not None], ""


def fresh(row: UsageRow | None, now: float) -> UsageRow | None:
    """The reading, while it says something about now."""
    return row if row is not None and now - row.at < KEPT else None


def _row(item: _Item) -> UsageRow | None:
    at, used = parse_time(item.timestamp), item.usage or {}
    if at is None or not {"cpu", "memory"} <= used.keys():
        return None
    # The figures of a reading are hardly ever those of another: what isn't shared isn't cached.
    cpu, memory = cpu_milli.__wrapped__(used["cpu"]), size_bytes.__wrapped__(used["memory"])
    return UsageRow(name=item.metadata.name, at=at, cpu=cpu, memory=memory)
