"""The cells that `kubectl get` prints of config maps, signing requests and node claims."""

from typing import Any

from eksview_demo.api.printing import Cells, Printer
from eksview_demo.storage.resources import CONFIG_MAPS, NODE_CLAIMS, SIGNING_REQUESTS


def _config_map(item: Any, printer: Printer) -> list[Any]:
    return [item["metadata"]["name"], len(item["data"]), printer.age_of(item)]


def _signing(item: Any, printer: Printer) -> list[Any]:
    spec, status = item["spec"], item["status"]
    words = [each["type"] for each in status.get("conditions", ())]
    words += ["Issued"] if "certificate" in status else []
    return [
        item["metadata"]["name"],
        printer.age_of(item),
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
        labels.get("node.kubernetes.io/instance-type", ""),
        labels.get("karpenter.sh/capacity-type", ""),
        labels.get("topology.kubernetes.io/zone", ""),
        status.get("nodeName", ""),
        ready,
        printer.age_of(item),
        status.get("providerID", ""),
        labels["karpenter.sh/nodepool"],
        item["spec"]["nodeClassRef"]["name"],
    ]


VIEWS: dict[str, tuple[str, str, Cells]] = {
    CONFIG_MAPS.name: ("Name,Data,Age", "", _config_map),
    SIGNING_REQUESTS.name: (
        "Name,Age,SignerName,Requestor,RequestedDuration,Condition",
        "",
        _signing,
    ),
    NODE_CLAIMS.name: (
        "Name,Type,Capacity,Zone,Node,Ready,Age",
        "ID,NodePool,NodeClass",
        _claim,
    ),
}
"""The columns, those of `-o wide` only, and the function that returns the cells."""
