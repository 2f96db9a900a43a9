"""The cells that `kubectl get` prints of roles, their bindings and signing requests."""

from typing import Any

from eksview_demo.api.tables.printing import Cells, Printer
from eksview_demo.storage.resources import (
    CLUSTER_ROLE_BINDINGS,
    CLUSTER_ROLES,
    ROLE_BINDINGS,
    ROLES,
    SIGNING_REQUESTS,
)


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


def _role(role: Any, _: Printer) -> list[Any]:
    metadata = role["metadata"]
    return [metadata["name"], metadata["creationTimestamp"]]


def _binding(binding: Any, printer: Printer) -> list[Any]:
    role = binding["roleRef"]
    name = binding["metadata"]["name"]
    bound = [
        ", ".join(
            f"{each['namespace']}/{each['name']}" if "namespace" in each else each["name"]
            for each in binding["subjects"]
            if each["kind"] == kind
        )
        for kind in ("User", "Group", "ServiceAccount")
    ]
    return [name, f"{role['kind']}/{role['name']}", printer.age_of(binding), *bound]


VIEWS: dict[str, tuple[str, str, Cells]] = {
    SIGNING_REQUESTS.name: (
        "Name,Age,SignerName,Requestor,RequestedDuration,Condition",
        "",
        _signing,
    ),
    **{role.name: ("Name,Created At", "", _role) for role in (ROLES, CLUSTER_ROLES)},
    **{
        binding.name: ("Name,Role,Age", "Users,Groups,ServiceAccounts", _binding)
        for binding in (ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS)
    },
}
"""The columns, those of `-o wide` only, and the function that returns the cells."""
