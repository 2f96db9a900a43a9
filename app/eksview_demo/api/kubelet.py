"""The kubelet's configuration, as the API server's proxy serves it."""

from typing import Any

import msgspec

from eksview_demo.api.access import User
from eksview_demo.cluster.authorizer import Attributes
from eksview_demo.storage.resources import NODES
from eksview_demo.storage.status import StatusError, not_found
from eksview_demo.storage.storage import Storage

_PREFIX, _SUFFIX = "/api/v1/nodes/", "/proxy/configz"


def node_of(path: str) -> str:
    """Return the node whose configuration a path names; else empty."""
    if not (path.startswith(_PREFIX) and path.endswith(_SUFFIX)):
        return ""
    name = path[len(_PREFIX) : -len(_SUFFIX)]
    return "" if "/" in name else name


def configz(storage: Storage, user: User, name: str) -> dict[str, Any]:
    """Return the configuration of EKS's Amazon Linux 2023. Raises StatusError."""
    if user.grant(Attributes("get", "nodes/proxy", name=name)) is None:
        raise StatusError(
            403,
            f'nodes "{name}" is forbidden: User "{user.name}" cannot get resource "nodes/proxy" '
            'in API group "" at the cluster scope',
            details={"name": name, "kind": "nodes"},
        )
    stored = storage.table(NODES).objects.get(name)
    if stored is None:
        raise not_found("nodes", name)
    node = msgspec.json.decode(stored.item())
    status = node["status"]
    ready = next((c["status"] for c in status["conditions"] if c["type"] == "Ready"), "")
    if ready == "Unknown":
        address = status["addresses"][0]["address"]
        message = f"error trying to reach service: dial tcp {address}:10250: i/o timeout"
        raise StatusError(503, message)
    return {"kubeletconfig": _config(int(status["capacity"]["pods"]))}


def _config(pods: int) -> dict[str, Any]:
    return {
        "syncFrequency": "1m0s",
        "serverTLSBootstrap": True,
        "nodeStatusUpdateFrequency": "10s",
        "nodeStatusReportFrequency": "5m0s",
        "nodeLeaseDurationSeconds": 40,
        "maxPods": pods,
        "evictionHard": {
            "memory.available": "100Mi",
            "nodefs.available": "10%",
            "nodefs.inodesFree": "5%",
        },
        "evictionPressureTransitionPeriod": "5m0s",
    }
