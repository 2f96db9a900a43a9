"""Usage of nodes, as metrics.k8s.io has it: CPU and memory in the mean of a short while.

Source: the API type NodeMetrics (metrics.k8s.io/v1beta1); metrics-server, "FAQ".
"""

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import clean
from eksview.domain.kube.api_types import Meta
from eksview.domain.kube.go_json import Quantity
from eksview.domain.live import polled
from eksview.domain.resources.pod_usage import amounts, milli_cores
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind, UsageRow
from eksview.domain.rows.usage_age import RESOLUTION


class _Item(Struct):
    metadata: Meta = field(default_factory=Meta)
    timestamp: str | None = None
    usage: dict[str, Quantity] | None = None


def usage_row(item: _Item) -> UsageRow | None:
    """Return a node's reading; None without a time or a figure, which would look like no usage."""
    at, used = parse_time(item.timestamp), amounts(item.usage)
    if at is None or used is None:
        return None
    cpu, memory = used
    return UsageRow(clean(item.metadata.name), at, milli_cores(cpu), memory)


RESOURCE = Resource(
    kind=Kind.USAGE,
    object_kind="NodeMetrics",
    shape=_Item,
    row=usage_row,
    api="metrics.k8s.io/v1beta1",
    plural="nodes",
    namespaced=False,
    link=polled.USAGE,
    period=RESOLUTION,
    optional=True,
)
