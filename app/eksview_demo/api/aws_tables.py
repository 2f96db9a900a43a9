"""The cells that `kubectl get` prints of config maps and signing requests."""

from typing import Any

from eksview_demo.api.printing import Cells, Printer
from eksview_demo.storage.resources import CONFIG_MAPS, SIGNING_REQUESTS


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


VIEWS: dict[str, tuple[str, str, Cells]] = {
    CONFIG_MAPS.name: ("Name,Data,Age", "", _config_map),
    SIGNING_REQUESTS.name: (
        "Name,Age,SignerName,Requestor,RequestedDuration,Condition",
        "",
        _signing,
    ),
}
"""The columns, those of `-o wide` only, and the function that returns the cells."""
