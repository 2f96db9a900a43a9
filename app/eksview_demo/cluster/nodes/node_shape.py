"""A node as the API server sends it, with EKS's labels, and the lease of its kubelet."""

import zlib
from typing import Any

from eksview_demo.cluster.nodes.node_state import REGION, NodeState
from eksview_demo.cluster.workloads import DAEMONS, FREE, SYSTEM
from eksview_demo.storage import template
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, micro_time, rfc3339


def draft(node: NodeState) -> Draft:
    labels = _labels(node)
    created, heard = rfc3339(node.created), rfc3339(node.heard)
    spec = _spec(node)
    status = _status(node, heard)
    annotations = {
        "alpha.kubernetes.io/provided-node-ip": node.ip,
        "csi.volume.kubernetes.io/nodeid": f'{{"ebs.csi.aws.com":"{node.instance}"}}',
        "node.alpha.kubernetes.io/ttl": "0",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
    }
    by_kubelet = {"metadata": {"annotations": annotations, "labels": labels}}
    metadata = {
        "name": node.name,
        "uid": node.uid,
        "creationTimestamp": created,
        "labels": labels,
        "annotations": annotations,
        "managedFields": [
            managed("kubelet", "v1", created, by_kubelet),
            managed("aws-cloud-controller-manager", "v1", created, {"spec": {"providerID": ""}}),
            managed("kubelet", "v1", heard, {"status": status}, "status"),
        ],
    }
    if node.group.kind == "nodepool":
        metadata["finalizers"] = ["karpenter.sh/termination"]
    tail = template.tail({"metadata": metadata, "spec": spec, "status": status})
    return Draft("", node.name, tail, labels, ("true" if node.cordoned else "false",))


def lease(node: NodeState) -> Draft:
    owner = {"apiVersion": "v1", "kind": "Node", "name": node.name, "uid": node.uid}
    spec = {
        "holderIdentity": node.name,
        "leaseDurationSeconds": 40,
        "renewTime": micro_time(node.renewed),
    }
    fields = {"metadata": {"ownerReferences": [owner]}, "spec": spec}
    now = rfc3339(node.renewed)
    metadata = {
        "name": node.name,
        "namespace": "kube-node-lease",
        "uid": node.lease_uid,
        "creationTimestamp": rfc3339(node.created),
        "ownerReferences": [owner],
        "managedFields": [managed("kubelet", "coordination.k8s.io/v1", now, fields)],
    }
    tail = template.tail({"metadata": metadata, "spec": spec})
    return Draft("kube-node-lease", node.name, tail, {})


def boot_id(node: NodeState) -> str:
    """Return the kernel's boot_id, another one after each boot."""
    mark = f"{zlib.crc32(f'{node.booted}'.encode()):08x}" if node.booted else node.uid[:8]
    return f"{mark}{node.uid[8:24]}{node.lease_uid[24:]}"


def provider_id(node: NodeState) -> str:
    """Return the provider ID that the cloud controller manager, or Fargate, sets."""
    if node.group.kind == "fargate":
        return f"aws:///{node.zone}/{node.instance}/{node.name}"
    return f"aws:///{node.zone}/{node.instance}"


def _labels(node: NodeState) -> dict[str, str]:
    group = node.group
    labels = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "failure-domain.beta.kubernetes.io/region": REGION,
        "failure-domain.beta.kubernetes.io/zone": node.zone,
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": node.name.removeprefix("fargate-"),
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": REGION,
        "topology.kubernetes.io/zone": node.zone,
    }
    if group.kind == "fargate":
        return labels | {"eks.amazonaws.com/compute-type": "fargate"}
    labels |= {
        "beta.kubernetes.io/instance-type": group.machine.name,
        "node.kubernetes.io/instance-type": group.machine.name,
        "topology.ebs.csi.aws.com/zone": node.zone,
        "topology.k8s.aws/zone-id": f"usw2-az{'abc'.find(node.zone[-1]) + 1}",
    }
    if group.kind == "nodepool":
        return labels | {
            "karpenter.k8s.aws/instance-category": group.machine.name[0],
            "karpenter.sh/capacity-type": group.capacity_type,
            "karpenter.sh/initialized": "true",
            "karpenter.sh/nodepool": group.name,
            "karpenter.sh/registered": "true",
        }
    return labels | {
        "eks.amazonaws.com/capacityType": group.capacity,
        "eks.amazonaws.com/nodegroup": group.name,
        "eks.amazonaws.com/nodegroup-image": "ami-0d1f3c9b2e8a47c65",
        "eks.amazonaws.com/sourceLaunchTemplateId": "lt-0a1b2c3d4e5f60718",
        "eks.amazonaws.com/sourceLaunchTemplateVersion": "3",
        "k8s.io/cloud-provider-aws": "9f1c6c6d4a2b8e0f7d5c3b1a90e8f7d6",
    }


def _spec(node: NodeState) -> dict[str, Any]:
    spec: dict[str, Any] = {"providerID": provider_id(node)}
    if taints := _taints(node):
        spec["taints"] = taints
    if node.cordoned:
        spec["unschedulable"] = True
    return spec


def _taints(node: NodeState) -> list[dict[str, str]]:
    taints = []
    if node.group.kind == "fargate":
        fargate = {"key": "eks.amazonaws.com/compute-type", "value": "fargate"}
        taints.append(fargate | {"effect": "NoSchedule"})
    if node.cordoned:
        taints.append(_taint("unschedulable", "NoSchedule", node.cordoned))
    if node.pressure:
        taints.append(_taint("memory-pressure", "NoSchedule", node.pressure))
    if node.ready != "True":
        key = "not-ready" if node.ready == "False" else "unreachable"
        taints.append(_taint(key, "NoSchedule", node.changed))
        taints.append(_taint(key, "NoExecute", node.changed))
        if node.stopped:
            shutdown = {"key": "node.cloudprovider.kubernetes.io/shutdown", "effect": "NoSchedule"}
            taints.append(shutdown)
    return taints


def _taint(key: str, effect: str, since: float) -> dict[str, str]:
    return {"key": f"node.kubernetes.io/{key}", "effect": effect, "timeAdded": rfc3339(since)}


def _status(node: NodeState, heard: str) -> dict[str, Any]:
    machine = node.group.machine
    capacity = {
        "cpu": str(machine.cores),
        "ephemeral-storage": "83873772Ki",
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "memory": f"{machine.memory * 1024 * 1024 - 262_144 * machine.cores}Ki",
        "pods": str(machine.pods),
    }
    allocatable = capacity | {
        "cpu": f"{machine.cpu_allocatable}m",
        "ephemeral-storage": "76224326324",
        "memory": f"{machine.memory_allocatable}Mi",
    }
    return {
        "capacity": capacity,
        "allocatable": allocatable,
        "conditions": _conditions(node, heard),
        "addresses": [
            {"type": "InternalIP", "address": node.ip},
            {"type": "InternalDNS", "address": node.name},
            {"type": "Hostname", "address": node.name},
        ],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": "ec2" + node.uid.replace("-", "")[3:],
            "systemUUID": f"ec2{node.uid[3:]}",
            "bootID": boot_id(node),
            "kernelVersion": "6.12.40-64.114.amzn2023.x86_64",
            "osImage": "Amazon Linux 2023.8.20250908",
            "containerRuntimeVersion": "containerd://2.1.4",
            "kubeletVersion": node.version,
            "kubeProxyVersion": node.version,
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
        "images": _IMAGES if node.group.kind != "fargate" else _IMAGES[:2],
    }


_PRESSURES = (
    ("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
)
_READY = {
    "True": ("KubeletReady", "kubelet is posting ready status"),
    "False": (
        "KubeletNotReady",
        "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
        "message:Network plugin returns error: cni plugin not initialized",
    ),
}
_SHORT = ("KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
_UNKNOWN = ("NodeStatusUnknown", "Kubelet stopped posting node status.")


def _conditions(node: NodeState, heard: str) -> list[dict[str, str]]:
    silent = node.ready == "Unknown"
    fine_since = max(node.created, node.recovered)
    conditions = []
    for kind, *fine in _PRESSURES:
        status, since, words = "False", fine_since, (fine[0], fine[1])
        if kind == "MemoryPressure":
            since = max(since, node.cleared)
            if node.pressure:
                status, since, words = "True", node.pressure, _SHORT
        if silent:
            status, since, words = "Unknown", node.changed, _UNKNOWN
        conditions.append(_condition(kind, status, heard, rfc3339(since), words))
    words = _UNKNOWN if silent else _READY[node.ready]
    conditions.append(_condition("Ready", node.ready, heard, rfc3339(node.changed), words))
    return conditions


def _condition(
    kind: str, status: str, heard: str, since: str, words: tuple[str, str]
) -> dict[str, str]:
    return {
        "type": kind,
        "status": status,
        "lastHeartbeatTime": heard,
        "lastTransitionTime": since,
        "reason": words[0],
        "message": words[1],
    }


def _images() -> list[dict[str, Any]]:
    workloads = [*DAEMONS, *(workload for _, workload in SYSTEM), *FREE]
    names = dict.fromkeys(box.image for workload in workloads for box in workload.boxes)
    return [
        {
            "names": [f"{name.rpartition(':')[0]}@sha256:{size:064x}", name],
            "sizeBytes": 18_000_000 + size * 7_654_321,
        }
        for size, name in enumerate(names)
    ]


_IMAGES = _images()[:11]
