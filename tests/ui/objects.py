"""Whole objects as an API server has them, for the rows of the harness."""

from typing import Any

from eksview.domain.rows.kube import Kind, NodeRow, PodRow
from eksview.store.store import Store

MANAGED = [{"manager": "kubelet", "operation": "Update", "apiVersion": "v1"}]
HOSTILE = "[bold]x\x1b[31m\u202eevil"


def fill(objects: dict[tuple[Kind, str, str], dict[str, Any]], store: Store) -> None:
    """What a fetch finds: all nodes and pods of a store."""
    for node in store.nodes.values():
        objects[Kind.NODE, "", node.name] = node_object(node)
    for pod in store.pods.values():
        objects[Kind.POD, pod.namespace, pod.name] = pod_object(pod)


def node_object(row: NodeRow) -> dict[str, Any]:
    """A node with an annotation that means no good."""
    amounts = {"cpu": "2", "memory": "8040480Ki", "pods": "58", "ephemeral-storage": "83873772Ki"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": row.name,
            "uid": row.uid,
            "labels": dict(row.labels),
            "annotations": {"node.alpha.kubernetes.io/ttl": "0", "example.com/note": HOSTILE},
            "managedFields": MANAGED,
        },
        "spec": {
            "providerID": row.provider_id,
            "taints": [{"key": each.key, "effect": each.effect} for each in row.taints],
        },
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": row.internal_ip},
                {"type": "Hostname", "address": row.name},
            ],
            "capacity": amounts,
            "allocatable": {**amounts, "cpu": "1930m", "memory": "7340032Ki"},
            "nodeInfo": {
                "osImage": row.os_image,
                "kernelVersion": row.kernel,
                "architecture": "amd64",
                "containerRuntimeVersion": row.runtime,
                "kubeletVersion": row.kubelet,
            },
            "images": [
                {
                    "names": [f"registry.example.com/app-{number}:1.{number}"],
                    "sizeBytes": 10_000_000 * (number + 1),
                }
                for number in range(6)
            ],
        },
    }


def pod_object(row: PodRow) -> dict[str, Any]:
    """A pod whose container runs, or keeps crashing when its row says so."""
    crashing = row.status == "CrashLoopBackOff"
    ended = {
        "reason": "OOMKilled",
        "exitCode": 137,
        "startedAt": "2025-10-09T08:30:00Z",
        "finishedAt": "2025-10-09T08:50:30Z",
    }
    waiting = {
        "reason": "CrashLoopBackOff",
        "message": "back-off 5m0s restarting failed container=app",
    }
    state = {"waiting": waiting} if crashing else {"running": {"startedAt": "2025-10-08T08:53:20Z"}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": row.name,
            "namespace": row.namespace,
            "uid": row.uid,
            "labels": dict(pair.split("=") for pair in row.labels.split(",")),
            "managedFields": MANAGED,
            "ownerReferences": [{"kind": "ReplicaSet", "name": row.owner.partition("/")[2]}],
        },
        "spec": {
            "nodeName": row.node,
            "serviceAccountName": "default",
            "initContainers": [{"name": "setup", "image": "registry.example.com/setup:3"}],
            "containers": [
                {
                    "name": "app",
                    "image": "registry.example.com/app:1.27",
                    "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
                    "resources": {
                        "requests": {"cpu": "100m", "memory": "128Mi"},
                        "limits": {"cpu": "500m", "memory": "256Mi"},
                    },
                    "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}},
                }
            ],
            "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists"}],
            "volumes": [{"name": "config", "configMap": {"name": "app-config"}}],
        },
        "status": {
            "phase": "Running",
            "podIP": row.ip,
            "qosClass": "Burstable",
            "conditions": [
                {
                    "type": "Ready",
                    "status": "False" if crashing else "True",
                    "lastTransitionTime": "2025-10-09T08:50:30Z",
                    "reason": "ContainersNotReady" if crashing else None,
                    "message": "containers with unready status: [app]" if crashing else None,
                },
                {
                    "type": "PodScheduled",
                    "status": "True",
                    "lastTransitionTime": "2025-10-08T08:53:20Z",
                },
            ],
            "initContainerStatuses": [
                {
                    "name": "setup",
                    "state": {"terminated": {**ended, "exitCode": 0, "reason": "Completed"}},
                }
            ],
            "containerStatuses": [
                {
                    "name": "app",
                    "ready": not crashing,
                    "restartCount": row.restarts,
                    "state": state,
                    "lastState": {"terminated": ended} if crashing else {},
                }
            ],
        },
    }
