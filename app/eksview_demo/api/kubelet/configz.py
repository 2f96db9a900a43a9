"""The kubelet's configuration, as the API server's proxy serves it."""

from typing import Any

from eksview_demo.api import access
from eksview_demo.api.access import User
from eksview_demo.api.kubelet.node_logs import answers_queries
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.storage.status import StatusError, not_found

_PREFIX, _SUFFIX = "/api/v1/nodes/", "/proxy/configz"


def node_of(path: str) -> str:
    """Return the node whose configuration a path names; else empty."""
    if not (path.startswith(_PREFIX) and path.endswith(_SUFFIX)):
        return ""
    name = path[len(_PREFIX) : -len(_SUFFIX)]
    return "" if "/" in name else name


def configz(cluster: DemoCluster, user: User, name: str) -> dict[str, Any]:
    """Return the configuration of EKS's Amazon Linux 2023. Raises StatusError."""
    access.check(user, Attributes("get", "nodes/proxy", name=name))
    node = cluster.nodes.get(name)
    if node is None:
        raise not_found("nodes", name)
    if node.ready == "Unknown":
        message = f"error trying to reach service: dial tcp {node.ip}:10250: i/o timeout"
        raise StatusError(503, message)
    return {"kubeletconfig": _config(node.group.machine.pods) | _queries(node)}


def _queries(node: NodeState) -> dict[str, Any]:
    """Return what switches the log query on; it is off by default."""
    if not answers_queries(node):
        return {}
    return {"featureGates": {"NodeLogQuery": True}, "enableSystemLogQuery": True}


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
