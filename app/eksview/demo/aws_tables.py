"""What `kubectl get` prints of what ties a cluster to its AWS account."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from eksview.demo.resources import CONFIG_MAPS, NODE_CLAIMS, SIGNING_REQUESTS
from eksview.domain.age import age, parse_time

Column = tuple[str, int]  # title, and 1 for those of `-o wide` only

COLUMNS: dict[str, Sequence[Column]] = {
    CONFIG_MAPS.name: (("NAME", 0), ("DATA", 0), ("AGE", 0)),
    SIGNING_REQUESTS.name: (
        ("NAME", 0),
        ("AGE", 0),
        ("SIGNERNAME", 0),
        ("REQUESTOR", 0),
        ("REQUESTEDDURATION", 0),
        ("CONDITION", 0),
    ),
    NODE_CLAIMS.name: (
        ("NAME", 0),
        ("TYPE", 0),
        ("CAPACITY", 0),
        ("ZONE", 0),
        ("NODE", 0),
        ("READY", 0),
        ("AGE", 0),
        ("ID", 1),
        ("NODEPOOL", 1),
        ("NODECLASS", 1),
    ),
}


def _config_map(item: Any, now: float) -> list[Any]:
    return [item["metadata"]["name"], str(len(item["data"])), _age(item, now)]


def _signing(item: Any, now: float) -> list[Any]:
    spec, status = item["spec"], item["status"]
    words = [each["type"] for each in status.get("conditions", ())]
    words += ["Issued"] if "certificate" in status else []
    return [
        item["metadata"]["name"],
        _age(item, now),
        spec["signerName"],
        spec["username"],
        "<none>",
        ",".join(words) or "Pending",
    ]


def _claim(item: Any, now: float) -> list[Any]:
    labels, status = item["metadata"]["labels"], item["status"]
    ready = next(each["status"] for each in status["conditions"] if each["type"] == "Ready")
    return [
        item["metadata"]["name"],
        labels["node.kubernetes.io/instance-type"],
        labels["karpenter.sh/capacity-type"],
        labels["topology.kubernetes.io/zone"],
        status["nodeName"],
        ready,
        _age(item, now),
        status["providerID"],
        labels["karpenter.sh/nodepool"],
        item["spec"]["nodeClassRef"]["name"],
    ]


def _age(item: Any, now: float) -> str:
    return age(now, parse_time(item["metadata"]["creationTimestamp"]))


def _decoded(cells: Callable[[Any, float], list[Any]]) -> Callable[[bytes, float], list[Any]]:
    return lambda item, now: cells(msgspec.json.decode(item), now)


CELLS = {
    CONFIG_MAPS.name: _decoded(_config_map),
    SIGNING_REQUESTS.name: _decoded(_signing),
    NODE_CLAIMS.name: _decoded(_claim),
}
