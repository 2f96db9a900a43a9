"""Objects without pods of their own that `kubectl describe` was asked about."""

from typing import Any

THEN = "2026-01-02T03:04:05Z"
LABELS = {"app": "web", "tier": "front"}
REQUEST = (
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQlZUQ0IvUUlCQURCTk1SVXdFd1lEVlFRS0RB"
    "eHplWE4wWlcwNmJtOWtaWE14RHpBTkJnTlZCQW9NQm5ObApZMjl1WkRFTE1Ba0dBMVVFQmhNQ1JFVXhGakFVQmdO"
    "VkJBTU1EWE41YzNSbGJUcHViMlJsT21Fd1dUQVRCZ2NxCmhrak9QUUlCQmdncWhrak9QUU1CQndOQ0FBUUloU3NZ"
    "eFpaVEVxdUlCaDB5ZldGL0VDVXRWQkd2cS96aG1oekwKejN4bnVmZ2tpZ0ZJSjlrT2xMa3AzZTVXZTBZbXl5eXlS"
    "d3M0MkdQVFY5UCs5dWhJb0U0d1RBWUpLb1pJaHZjTgpBUWtPTVQ4d1BUQTdCZ05WSFJFRU5EQXlnZzFoTG1WNFlX"
    "MXdiR1V1WTI5dGdnMWlMbVY0WVcxd2JHVXVZMjl0Cmh3VEFBQUlCaGd4emNHbG1abVU2THk5aEwySXdDZ1lJS29a"
    "SXpqMEVBd0lEUndBd1JBSWdFSDNtcmtNTEtsWVAKMU1MbmVGYWdvT1dlRWJMQjRVNFFyZW5tUGpJUEJJSUNJRFBs"
    "VkprUFZSTGNzVCtqRGJUaFhFSVVsWkJXcXc3dApDTHQva3lBMWxnMVkKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVR"
    "VUVTVC0tLS0tCg=="
)
"""A request for two organizations, two hosts, an address and a URI; its key was thrown away."""


def _one(api: str, kind: str, plural: str, name: str, **fields: Any) -> dict[str, Any]:
    metadata = {
        "name": name,
        "namespace": "shop",
        "uid": f"u-{name}",
        "creationTimestamp": THEN,
        **fields.pop("metadata", {}),
    }
    return {"plural": plural, "apiVersion": api, "kind": kind, "metadata": metadata, **fields}


NOTED = {"labels": LABELS, "annotations": {"note": "n", "long": "x" * 150}}
TERM = {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]}]}
TWO = [{"key": "zone", "operator": "NotIn", "values": ["c"]}, {"key": "gpu", "operator": "Exists"}]
RBAC = "rbac.authorization.k8s.io/v1"
RULES = [
    {"apiGroups": ["", "apps"], "resources": ["pods", "deployments/scale"], "verbs": ["get"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["watch", "list", "get"]},
    {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
    {
        "apiGroups": [""],
        "resources": ["configmaps"],
        "resourceNames": ["b", "a"],
        "verbs": ["get", "update"],
    },
    {"nonResourceURLs": ["/healthz", "/metrics/*"], "verbs": ["get", "head"]},
]
SUBJECTS = [
    {"kind": "User", "name": "ada", "apiGroup": "rbac.authorization.k8s.io"},
    {"kind": "ServiceAccount", "name": "deployer", "namespace": "ci"},
]
SELECTED = {"matchLabels": {"app": "web"}}
EXPRESSED = {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["b", "a"]}]}


def _metric(kind: str, key: str, source: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, key: source}


METRICS = [
    _metric(
        "Resource", "resource", {"name": "cpu", "target": {"type": "U", "averageUtilization": 70}}
    ),
    _metric(
        "Resource",
        "resource",
        {"name": "memory", "target": {"type": "A", "averageValue": "512Mi"}},
    ),
    _metric(
        "ContainerResource",
        "containerResource",
        {"name": "cpu", "container": "web", "target": {"type": "U", "averageUtilization": 50}},
    ),
    _metric(
        "Pods", "pods", {"metric": {"name": "rps"}, "target": {"type": "A", "averageValue": "1k"}}
    ),
    _metric(
        "Object",
        "object",
        {
            "metric": {"name": "hits"},
            "describedObject": {"kind": "Ingress", "name": "front"},
            "target": {"type": "Value", "value": "10k"},
        },
    ),
    _metric(
        "External",
        "external",
        {"metric": {"name": "queue"}, "target": {"type": "A", "averageValue": "30"}},
    ),
    _metric(
        "External", "external", {"metric": {"name": "lag"}, "target": {"type": "V", "value": "5"}}
    ),
]
CURRENT = [
    _metric(
        "Resource",
        "resource",
        {"name": "cpu", "current": {"averageUtilization": 58, "averageValue": "58m"}},
    ),
    _metric("Resource", "resource", {"name": "memory", "current": {"averageValue": "300Mi"}}),
    _metric(
        "ContainerResource",
        "containerResource",
        {"name": "cpu", "container": "web", "current": {"averageValue": "9m"}},
    ),
    _metric("Pods", "pods", {"metric": {"name": "rps"}, "current": {"averageValue": "900"}}),
    _metric(
        "Object",
        "object",
        {
            "metric": {"name": "hits"},
            "describedObject": {"kind": "Ingress", "name": "front"},
            "current": {"value": "9k"},
        },
    ),
    _metric(
        "External", "external", {"metric": {"name": "queue"}, "current": {"averageValue": "7"}}
    ),
]

SMALL_OBJECTS: list[dict[str, Any]] = [
    _one(
        "v1",
        "PersistentVolume",
        "persistentvolumes",
        "pv-csi",
        metadata={**NOTED, "finalizers": ["kubernetes.io/pv-protection"]},
        spec={
            "capacity": {"storage": "20Gi"},
            "accessModes": ["ReadWriteOnce"],
            "claimRef": {"namespace": "shop", "name": "data"},
            "persistentVolumeReclaimPolicy": "Delete",
            "storageClassName": "gp3",
            "volumeMode": "Filesystem",
            "nodeAffinity": {"required": {"nodeSelectorTerms": [TERM, {"matchExpressions": TWO}]}},
            "csi": {
                "driver": "ebs.csi.aws.com",
                "fsType": "ext4",
                "volumeHandle": "vol-1",
                "volumeAttributes": {"b": "2", "a": "1"},
            },
        },
        status={"phase": "Bound"},
    ),
    _one(
        "v1",
        "PersistentVolume",
        "persistentvolumes",
        "pv-local",
        spec={
            "capacity": {"storage": "1Ti"},
            "accessModes": ["ReadWriteMany", "ReadOnlyMany"],
            "persistentVolumeReclaimPolicy": "Retain",
            "nodeAffinity": {"required": {"nodeSelectorTerms": []}},
            "local": {"path": "/mnt/disk"},
        },
        status={"phase": "Failed", "message": "the disk is gone"},
    ),
    _one("v1", "PersistentVolume", "persistentvolumes", "pv-bare", spec={}, status={}),
    _one(
        "v1",
        "PersistentVolume",
        "persistentvolumes",
        "pv-nfs",
        spec={"nfs": {"server": "nfs.example.com", "path": "/a"}},
    ),
    _one(
        "storage.k8s.io/v1",
        "CSINode",
        "csinodes",
        "node-1",
        metadata=NOTED,
        spec={
            "drivers": [
                {
                    "name": "ebs.csi.aws.com",
                    "nodeID": "i-1",
                    "topologyKeys": ["kubernetes.io/os", "topology.ebs.csi.aws.com/zone"],
                    "allocatable": {"count": 25},
                },
                {"name": "efs.csi.aws.com", "nodeID": "i-2", "topologyKeys": None},
                {"name": "s3.csi.aws.com", "nodeID": "i-3", "topologyKeys": [], "allocatable": {}},
            ]
        },
    ),
    _one("storage.k8s.io/v1", "CSINode", "csinodes", "node-2", spec={"drivers": None}),
    _one("storage.k8s.io/v1", "CSINode", "csinodes", "node-3", spec={"drivers": []}),
    _one(
        "storage.k8s.io/v1beta1",
        "VolumeAttributesClass",
        "volumeattributesclasses",
        "gold",
        metadata=NOTED,
        driverName="ebs.csi.aws.com",
        parameters={"iops": "9000", "a": "1"},
    ),
    _one(
        "v1",
        "Endpoints",
        "endpoints",
        "web",
        metadata=NOTED,
        subsets=[
            {
                "addresses": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}],
                "notReadyAddresses": [{"ip": "10.0.0.3"}],
                "ports": [
                    {"name": "http", "port": 8080, "protocol": "TCP"},
                    {"port": 53, "protocol": "UDP"},
                ],
            },
            {"notReadyAddresses": [{"ip": "fd00::1"}]},
        ],
    ),
    _one("v1", "Endpoints", "endpoints", "empty"),
    _one(
        "networking.k8s.io/v1beta1",
        "IPAddress",
        "ipaddresses",
        "10.0.0.1",
        metadata=NOTED,
        spec={"parentRef": {"resource": "services", "namespace": "shop", "name": "web"}},
    ),
    _one(
        "networking.k8s.io/v1beta1",
        "ServiceCIDR",
        "servicecidrs",
        "kubernetes",
        metadata=NOTED,
        spec={"cidrs": ["10.0.0.0/16", "fd00::/112"]},
        status={
            "conditions": [
                {
                    "type": "Ready",
                    "status": "True",
                    "lastTransitionTime": THEN,
                    "reason": "R",
                    "message": "Kubernetes Service CIDR is ready",
                }
            ]
        },
    ),
    _one("networking.k8s.io/v1beta1", "ServiceCIDR", "servicecidrs", "bare", spec={"cidrs": []}),
    _one(
        "storage.k8s.io/v1",
        "StorageClass",
        "storageclasses",
        "gp3",
        metadata={"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        provisioner="ebs.csi.aws.com",
        parameters={"type": "gp3", "encrypted": "true"},
        allowVolumeExpansion=True,
        mountOptions=["debug", "noatime"],
        reclaimPolicy="Delete",
        volumeBindingMode="WaitForFirstConsumer",
        allowedTopologies=[
            {"matchLabelExpressions": [{"key": "zone", "values": ["a", "b"]}, {"key": "r"}]},
            {},
        ],
    ),
    _one("storage.k8s.io/v1", "StorageClass", "storageclasses", "bare", provisioner="p"),
    _one(
        "v1",
        "ResourceQuota",
        "resourcequotas",
        "compute",
        spec={"scopes": ["NotTerminating", "BestEffort", "PriorityClass"]},
        status={
            "hard": {"requests.memory": "200Gi", "pods": "4k", "limits.cpu": "1e3", "x": "5"},
            "used": {"requests.memory": "9663676416", "pods": "38", "limits.cpu": "1500m"},
        },
    ),
    _one("v1", "ResourceQuota", "resourcequotas", "bare", spec={}, status={}),
    _one(
        "v1",
        "LimitRange",
        "limitranges",
        "defaults",
        spec={
            "limits": [
                {"type": "Container", "default": {"cpu": "1"}, "defaultRequest": {"cpu": "100m"}},
                {"type": "Pod", "max": {"memory": "4096Mi"}, "min": {"memory": "1Mi"}},
                {"type": "Pod", "maxLimitRequestRatio": {"cpu": "4"}},
            ]
        },
    ),
    _one(
        "policy/v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        "web",
        metadata=NOTED,
        spec={"minAvailable": "50%", "selector": SELECTED},
        status={"currentHealthy": 3, "desiredHealthy": 2, "expectedPods": 4},
    ),
    _one(
        "policy/v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
        "bare",
        spec={"maxUnavailable": 0},
        status={"disruptionsAllowed": 1},
    ),
    _one(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "networkpolicies",
        "open",
        metadata=NOTED,
        spec={
            "podSelector": SELECTED,
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [
                {},
                {
                    "ports": [
                        {"protocol": "UDP", "port": 53},
                        {"port": "http"},
                        {"port": 8000, "endPort": 8100},
                    ],
                    "from": [
                        {"podSelector": SELECTED},
                        {"namespaceSelector": {}, "podSelector": EXPRESSED},
                        {"namespaceSelector": SELECTED},
                        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
                    ],
                },
            ],
        },
    ),
    _one(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "networkpolicies",
        "closed",
        spec={"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {}}]}]},
    ),
    _one(
        "networking.k8s.io/v1",
        "IngressClass",
        "ingressclasses",
        "alb",
        metadata=NOTED,
        spec={
            "controller": "ingress.k8s.aws/alb",
            "parameters": {"apiGroup": "elbv2.k8s.aws", "kind": "IngressClassParams", "name": "p"},
        },
    ),
    _one("networking.k8s.io/v1", "IngressClass", "ingressclasses", "bare", spec={}),
    _one(
        "scheduling.k8s.io/v1",
        "PriorityClass",
        "priorityclasses",
        "high",
        metadata={"annotations": {"b": "2", "a": "1"}},
        value=1000000,
        globalDefault=True,
        preemptionPolicy="Never",
        description="For what must run.",
    ),
    _one(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "endpointslices",
        "web-x",
        metadata=NOTED,
        addressType="IPv4",
        ports=[{"name": "http", "port": 80, "protocol": "TCP"}, {"name": "", "protocol": "UDP"}],
        endpoints=[
            {
                "addresses": ["10.0.0.1"],
                "conditions": {"ready": True, "serving": True},
                "targetRef": {"kind": "Pod", "name": "web-1"},
                "nodeName": "node-1",
                "zone": "a",
            },
            {"addresses": ["10.0.0.2"], "conditions": {}, "hostname": "h"},
        ],
    ),
    _one(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        "endpointslices",
        "none",
        addressType="IPv6",
        ports=[],
        endpoints=[],
    ),
    _one(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        "web",
        metadata=NOTED,
        spec={
            "scaleTargetRef": {"kind": "Deployment", "name": "web"},
            "minReplicas": 2,
            "maxReplicas": 9,
            "metrics": METRICS,
            "behavior": {
                "scaleUp": {
                    "stabilizationWindowSeconds": 0,
                    "selectPolicy": "Min",
                    "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}],
                },
                "scaleDown": {"policies": [{"type": "Percent", "value": 100, "periodSeconds": 60}]},
            },
        },
        status={
            "currentReplicas": 3,
            "desiredReplicas": 4,
            "currentMetrics": CURRENT,
            "conditions": [
                {"type": "AbleToScale", "status": "True", "reason": "R", "message": "fine"},
                {"type": "ScalingLimited", "status": "False", "reason": "S", "message": ""},
            ],
        },
    ),
    _one(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        "bare",
        spec={
            "scaleTargetRef": {"kind": "StatefulSet", "name": "db"},
            "maxReplicas": 2,
            "metrics": [*METRICS, {"type": "Odd"}],
        },
        status={},
    ),
    _one(RBAC, "Role", "roles", "reader", metadata=NOTED, rules=RULES),
    _one(RBAC, "ClusterRole", "clusterroles", "none", rules=None),
    _one(
        RBAC,
        "RoleBinding",
        "rolebindings",
        "readers",
        metadata=NOTED,
        roleRef={"kind": "Role", "name": "reader"},
        subjects=SUBJECTS,
    ),
    _one(
        RBAC,
        "ClusterRoleBinding",
        "clusterrolebindings",
        "none",
        roleRef={"kind": "ClusterRole", "name": "admin"},
    ),
    _one(
        "certificates.k8s.io/v1",
        "CertificateSigningRequest",
        "certificatesigningrequests",
        "csr-1",
        metadata=NOTED,
        spec={
            "request": REQUEST,
            "signerName": "kubernetes.io/kubelet-serving",
            "username": "system:node:a",
            "expirationSeconds": 86400,
        },
        status={"conditions": [{"type": "Approved"}], "certificate": "eA=="},
    ),
    _one(
        "certificates.k8s.io/v1",
        "CertificateSigningRequest",
        "certificatesigningrequests",
        "csr-2",
        spec={"request": REQUEST, "username": "ada"},
        status={"conditions": [{"type": "Denied"}, {"type": "Failed"}]},
    ),
    _one(
        "v1",
        "ConfigMap",
        "configmaps",
        "app",
        metadata=NOTED,
        data={"conf": "a: 1\nb:\t2\n"},
        binaryData={"logo": "AAECAwQ="},
    ),
    _one("v1", "ConfigMap", "configmaps", "empty"),
]
