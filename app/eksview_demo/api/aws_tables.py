"""The cells that `kubectl get` prints of config maps, signing requests and node claims."""

from collections.abc import Callable, Sequence
from typing import Any

from eksview_demo.api.printing import Printer
from eksview_demo.storage.resources import CONFIG_MAPS, NODE_CLAIMS, SIGNING_REQUESTS

Column = tuple[str, int]  # name, and 1 for those of `-o wide` only

COLUMNS: dict[str, Sequence[Column]] = {
    CONFIG_MAPS.name: (("Name", 0), ("Data", 0), ("Age", 0)),
    SIGNING_REQUESTS.name: tuple(
        (title, 0)
        for title in ("Name", "Age", "SignerName", "Requestor", "RequestedDuration", "Condition")
    ),
    NODE_CLAIMS.name: (
        *((title, 0) for title in ("Name", "Type", "Capacity", "Zone", "Node", "Ready", "Age")),
        *((title, 1) for title in ("ID", "NodePool", "NodeClass")),
    ),
}


def _config_map(item: Any, printer: Printer) -> list[Any]:
    return [item["metadata"]["name"], len(item["data"]), _age(item, printer)]


def _signing(item: Any, printer: Printer) -> list[Any]:
    spec, status = item["spec"], item["status"]
    words = [each["type"] for each in status.get("conditions", ())]
    words += ["Issued"] if "certificate" in status else []
    return [
        item["metadata"]["name"],
        _age(item, printer),
        spec["signerName"],
        spec["username"],
        "<none>",
        ",".join(words) or "Pending",
    ]


def _claim(item: Any, printer: Printer) -> list[Any]:
    labels, status = item["metadata"]["labels"], item["status"]
    ready = next(each["status"] for each in status["conditions"] if each["type"] == "Ready")
    return [
        item["metadata"]["name"],
        labels["node.kubernetes.io/instance-type"],
        labels["karpenter.sh/capacity-type"],
        labels["topology.kubernetes.io/zone"],
        status["nodeName"],
        ready,
        _age(item, printer),
        status["providerID"],
        labels["karpenter.sh/nodepool"],
        item["spec"]["nodeClassRef"]["name"],
    ]


def _age(item: Any, printer: Printer) -> str:
    return printer.age(item["metadata"]["creationTimestamp"])


CELLS: dict[str, Callable[[Any, Printer], list[Any]]] = {
    CONFIG_MAPS.name: _config_map,
    SIGNING_REQUESTS.name: _signing,
    NODE_CLAIMS.name: _claim,
}
