"""Objects that `kubectl describe` was asked about: a full and a bare one of each kind."""

from typing import Any

THEN = "2026-01-02T03:04:05Z"
LATER = "2026-01-02T03:06:35Z"
LONG = "x" * 150


def _meta(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": "shop",
        "uid": f"u-{name}",
        "creationTimestamp": THEN,
        **more,
    }


def _owner(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"apiVersion": "v1", "kind": kind, "name": name, "uid": "u", "controller": True}]


LABELS = {"app": "web", "tier": "front"}
ANNOTATIONS = {
    "deployment.kubernetes.io/revision": "3",
    "kubectl.kubernetes.io/last-applied-configuration": "{}",
    "note": "first line\nsecond line\n",
    "long": LONG,
    "multi-byte": "é" * 80,
}
SELECTOR = {
    "matchLabels": {"app": "web", "a": "1"},
    "matchExpressions": [
        {"key": "tier", "operator": "In", "values": ["front", "back"]},
        {"key": "old", "operator": "DoesNotExist"},
        {"key": "kept", "operator": "Exists"},
        {"key": "zone", "operator": "NotIn", "values": ["a"]},
    ],
}
TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": LABELS, "annotations": {"checksum/config": "abc"}},
    "spec": {
        "serviceAccountName": "web",
        "priorityClassName": "high",
        "nodeSelector": {"disk": "ssd", "arch": "arm64"},
        "tolerations": [
            {"key": "z", "operator": "Equal", "value": "v", "effect": "NoSchedule"},
            {"operator": "Exists"},
            {"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
        ],
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "DoNotSchedule",
                "labelSelector": {"matchLabels": {"app": "web"}},
            },
            {"maxSkew": 2, "topologyKey": "host", "whenUnsatisfiable": "ScheduleAnyway"},
        ],
        "initContainers": [
            {"name": "migrate", "image": "migrate:1", "command": ["sh", "-c", "one\ntwo"]},
        ],
        "containers": [
            {
                "name": "web",
                "image": "registry.example.com/web:1.2",
                "args": ["--port", "8080"],
                "ports": [
                    {"containerPort": 8080, "name": "http", "protocol": "TCP"},
                    {"containerPort": 9090, "protocol": "TCP", "hostPort": 9090},
                ],
                "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
                "resources": {
                    "limits": {"memory": "256Mi", "cpu": "1"},
                    "requests": {"memory": "128Mi", "cpu": "250m"},
                },
                "livenessProbe": {
                    "httpGet": {"path": "/healthz", "port": "http", "scheme": "HTTP"},
                    "initialDelaySeconds": 5,
                    "timeoutSeconds": 1,
                    "periodSeconds": 10,
                    "successThreshold": 1,
                    "failureThreshold": 3,
                },
                "readinessProbe": {"exec": {"command": ["cat", "/ready"]}, "periodSeconds": 5},
                "startupProbe": {"tcpSocket": {"port": 8080}},
                "envFrom": [
                    {"configMapRef": {"name": "settings"}},
                    {"secretRef": {"name": "keys", "optional": True}, "prefix": "S_"},
                ],
                "env": [
                    {"name": "MODE", "value": "fast"},
                    {"name": "LINES", "value": "one\ntwo"},
                    {
                        "name": "PASSWORD",
                        "valueFrom": {"secretKeyRef": {"name": "keys", "key": "password"}},
                    },
                    {
                        "name": "LEVEL",
                        "valueFrom": {
                            "configMapKeyRef": {
                                "name": "settings",
                                "key": "level",
                                "optional": True,
                            }
                        },
                    },
                    {
                        "name": "NODE",
                        "valueFrom": {
                            "fieldRef": {"apiVersion": "v1", "fieldPath": "spec.nodeName"}
                        },
                    },
                ],
                "volumeMounts": [
                    {"name": "tmp", "mountPath": "/tmp"},
                    {"name": "conf", "mountPath": "/etc/conf", "readOnly": True, "subPath": "a"},
                ],
            },
            {
                "name": "side",
                "image": "side:1",
                "resources": {
                    "limits": {
                        "cpu": "30000m",
                        "memory": "131072Mi",
                        "example.com/a": "2000",
                        "example.com/b": "1e3",
                        "example.com/c": "512",
                        "ephemeral-storage": "1.5Gi",
                    },
                    "requests": {
                        "cpu": "0.5",
                        "memory": "1000Mi",
                        "example.com/d": "0",
                        "example.com/e": "100Ki",
                        "example.com/f": "0.1",
                        "example.com/g": "1000M",
                    },
                },
            },
        ],
        "volumes": [
            {"name": "tmp", "emptyDir": {}},
            {"name": "cache", "emptyDir": {"medium": "Memory", "sizeLimit": "65536Ki"}},
            {"name": "conf", "configMap": {"name": "settings"}},
            {"name": "keys", "secret": {"secretName": "keys", "optional": True}},
            {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
            {"name": "host", "hostPath": {"path": "/var/log", "type": "Directory"}},
            {"name": "bare", "hostPath": {"path": "/dev"}},
            {"name": "share", "nfs": {"server": "10.0.0.9", "path": "/x", "readOnly": True}},
            {
                "name": "token",
                "projected": {
                    "sources": [
                        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                        {"configMap": {"name": "kube-root-ca.crt"}},
                        {"downwardAPI": {"items": []}},
                        {"secret": {"name": "keys"}},
                    ]
                },
            },
            {
                "name": "info",
                "downwardAPI": {
                    "items": [
                        {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
                        {"path": "cpu", "resourceFieldRef": {"resource": "limits.cpu"}},
                    ]
                },
            },
            {
                "name": "ebs",
                "csi": {
                    "driver": "ebs.csi.aws.com",
                    "volumeAttributes": {"b": "2", "a": "1", "long": LONG, "multi-bytes": "é" * 80},
                },
            },
            {
                "name": "scratch",
                "ephemeral": {
                    "volumeClaimTemplate": {
                        "metadata": {"labels": LABELS, "annotations": {"note": "n"}},
                        "spec": {
                            "storageClassName": "gp3",
                            "volumeMode": "Filesystem",
                            "accessModes": ["ReadWriteOnce"],
                            "resources": {"requests": {"storage": "1Gi"}},
                            "dataSource": {"kind": "Snap", "name": "s"},
                        },
                    }
                },
            },
            {"name": "model", "image": {"reference": "models/m:1", "pullPolicy": "IfNotPresent"}},
        ],
    },
}
BARE_TEMPLATE: dict[str, Any] = {
    "metadata": {},
    "spec": {"containers": [{"name": "only", "image": "only:1"}]},
}
CONDITIONS = [
    {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
    {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
]


def _kind(api: str, kind: str, plural: str, *whole: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"plural": plural, "apiVersion": api, "kind": kind, **each} for each in whole]


OBJECTS: list[dict[str, Any]] = [
    *_kind(
        "apps/v1",
        "Deployment",
        "deployments",
        {
            "metadata": _meta("web", labels=LABELS, annotations=ANNOTATIONS),
            "spec": {
                "replicas": 3,
                "selector": SELECTOR,
                "minReadySeconds": 5,
                "strategy": {
                    "type": "RollingUpdate",
                    "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": 1},
                },
                "template": TEMPLATE,
            },
            "status": {
                "replicas": 3,
                "updatedReplicas": 2,
                "availableReplicas": 2,
                "unavailableReplicas": 1,
                "conditions": CONDITIONS,
            },
        },
        {
            "metadata": _meta("bare"),
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": {"app": "bare"}},
                "strategy": {"type": "Recreate"},
                "template": BARE_TEMPLATE,
            },
            "status": {},
        },
    ),
    *_kind(
        "apps/v1",
        "ReplicaSet",
        "replicasets",
        {
            "metadata": _meta("web-1", labels=LABELS, ownerReferences=_owner("Deployment", "web")),
            "spec": {"replicas": 2, "selector": SELECTOR, "template": TEMPLATE},
            "status": {"replicas": 1, "conditions": CONDITIONS[:1]},
        },
        {
            "metadata": _meta("bare-1"),
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": {"x": "y"}},
                "template": BARE_TEMPLATE,
            },
            "status": {"replicas": 0},
        },
    ),
    *_kind(
        "v1",
        "ReplicationController",
        "replicationcontrollers",
        {
            "metadata": _meta("old", labels=LABELS, annotations=ANNOTATIONS),
            "spec": {"replicas": 2, "selector": {"b": "2", "a": "1"}, "template": TEMPLATE},
            "status": {"replicas": 1, "conditions": CONDITIONS[:1]},
        },
        {
            "metadata": _meta("bare-rc"),
            "spec": {"replicas": 0, "template": BARE_TEMPLATE},
            "status": {"replicas": 0},
        },
    ),
    *_kind(
        "apps/v1",
        "DaemonSet",
        "daemonsets",
        {
            "metadata": _meta("agent", labels=LABELS),
            "spec": {"selector": SELECTOR, "template": TEMPLATE},
            "status": {
                "desiredNumberScheduled": 5,
                "currentNumberScheduled": 4,
                "updatedNumberScheduled": 3,
                "numberAvailable": 2,
                "numberMisscheduled": 1,
            },
        },
    ),
    *_kind(
        "apps/v1",
        "StatefulSet",
        "statefulsets",
        {
            "metadata": _meta("db", labels=LABELS),
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": {"app": "db"}},
                "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}},
                "template": TEMPLATE,
                "volumeClaimTemplates": [
                    {
                        "metadata": {"name": "data", "labels": {"a": "b"}},
                        "spec": {
                            "storageClassName": "gp3",
                            "accessModes": ["ReadWriteOnce"],
                            "resources": {"requests": {"storage": "10Gi"}},
                        },
                    },
                    {"metadata": {"name": "more"}, "spec": {}},
                ],
            },
            "status": {"replicas": 2},
        },
        {
            "metadata": _meta("bare"),
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": {"app": "db"}},
                "updateStrategy": {"type": "OnDelete"},
                "template": BARE_TEMPLATE,
            },
            "status": {"replicas": 0},
        },
    ),
    *_kind(
        "batch/v1",
        "Job",
        "jobs",
        {
            "metadata": _meta(
                "import", labels=LABELS, ownerReferences=_owner("CronJob", "nightly")
            ),
            "spec": {
                "parallelism": 2,
                "completions": 5,
                "completionMode": "Indexed",
                "suspend": False,
                "backoffLimit": 6,
                "ttlSecondsAfterFinished": 100,
                "activeDeadlineSeconds": 600,
                "selector": {"matchLabels": {"job": "import"}},
                "template": TEMPLATE,
            },
            "status": {
                "startTime": THEN,
                "completionTime": LATER,
                "active": 1,
                "ready": 1,
                "succeeded": 3,
                "failed": 1,
                "completedIndexes": "0,2,4," + ",".join(map(str, range(10, 60))),
            },
        },
        {
            "metadata": _meta("bare"),
            "spec": {"selector": {"matchLabels": {"job": "bare"}}, "template": BARE_TEMPLATE},
            "status": {},
        },
    ),
    *_kind(
        "batch/v1",
        "CronJob",
        "cronjobs",
        {
            "metadata": _meta("nightly", labels=LABELS),
            "spec": {
                "schedule": "0 3 * * *",
                "concurrencyPolicy": "Forbid",
                "suspend": False,
                "timeZone": "Europe/Berlin",
                "successfulJobsHistoryLimit": 3,
                "failedJobsHistoryLimit": 1,
                "startingDeadlineSeconds": 60,
                "jobTemplate": {
                    "spec": {
                        "parallelism": 1,
                        "completions": 1,
                        "activeDeadlineSeconds": 30,
                        "selector": {"matchLabels": {"a": "b"}},
                        "template": TEMPLATE,
                    }
                },
            },
            "status": {
                "lastScheduleTime": THEN,
                "active": [{"name": "nightly-1"}, {"name": "nightly-2"}],
            },
        },
        {
            "metadata": _meta("bare"),
            "spec": {"schedule": "@daily", "jobTemplate": {"spec": {"template": BARE_TEMPLATE}}},
            "status": {},
        },
    ),
    *_kind(
        "v1",
        "Service",
        "services",
        {
            "metadata": _meta("web", labels=LABELS, annotations={"a": "b"}),
            "spec": {
                "type": "LoadBalancer",
                "selector": LABELS,
                "ipFamilyPolicy": "SingleStack",
                "ipFamilies": ["IPv4"],
                "clusterIP": "10.100.0.10",
                "clusterIPs": ["10.100.0.10"],
                "externalIPs": ["192.0.2.1", "192.0.2.2"],
                "ports": [
                    {
                        "name": "http",
                        "port": 80,
                        "targetPort": "http",
                        "protocol": "TCP",
                        "nodePort": 30080,
                        "appProtocol": "http",
                    },
                    {"name": "metrics", "port": 9090, "targetPort": 9090, "protocol": "TCP"},
                ],
                "sessionAffinity": "None",
                "externalTrafficPolicy": "Local",
                "internalTrafficPolicy": "Cluster",
                "healthCheckNodePort": 31000,
                "loadBalancerSourceRanges": ["10.0.0.0/8"],
            },
            "status": {"loadBalancer": {"ingress": [{"hostname": "x.elb.amazonaws.com"}]}},
        },
        {
            "metadata": _meta("external"),
            "spec": {
                "type": "ExternalName",
                "externalName": "example.com",
                "sessionAffinity": "None",
            },
            "status": {},
        },
    ),
    *_kind(
        "v1",
        "PersistentVolumeClaim",
        "persistentvolumeclaims",
        {
            "metadata": _meta("data", labels=LABELS, finalizers=["kubernetes.io/pvc-protection"]),
            "spec": {
                "storageClassName": "gp3",
                "volumeName": "pv-1",
                "volumeMode": "Filesystem",
                "dataSource": {"apiGroup": "snapshot.storage.k8s.io", "kind": "Snap", "name": "s"},
            },
            "status": {
                "phase": "Bound",
                "accessModes": ["ReadWriteMany", "ReadWriteOnce"],
                "capacity": {"storage": "10Gi"},
                "conditions": [
                    {
                        "type": "Resizing",
                        "status": "True",
                        "lastProbeTime": THEN,
                        "lastTransitionTime": LATER,
                        "reason": "r",
                        "message": "m",
                    }
                ],
            },
        },
        {
            "metadata": _meta("waiting"),
            "spec": {"accessModes": ["ReadWriteOnce"]},
            "status": {"phase": "Pending"},
        },
    ),
    *_kind(
        "networking.k8s.io/v1",
        "Ingress",
        "ingresses",
        {
            "metadata": _meta("front", labels=LABELS, annotations={"a": "b"}),
            "spec": {
                "ingressClassName": "alb",
                "tls": [{"hosts": ["a.example.com", "b"], "secretName": "tls"}, {"hosts": ["c"]}],
                "rules": [{"host": "c.example.com"}],
            },
            "status": {"loadBalancer": {"ingress": [{"hostname": "z"}, {"ip": "192.0.2.7"}]}},
        },
    ),
    *_kind(
        "example.com/v1",
        "Widget",
        "widgets",
        {
            "metadata": {
                **_meta("one", labels=LABELS, annotations=ANNOTATIONS),
                "generation": 4,
                "resourceVersion": "77",
                "managedFields": [{"manager": "x"}],
                "ownerReferences": _owner("Deployment", "web"),
            },
            "spec": {
                "size": 3,
                "ratio": 0.25,
                "large": 1e21,
                "tiny": 0.00001,
                "whole": 5000000000,
                "enabled": True,
                "missing": None,
                "apiURL": "https://example.com",
                "podIPs": ["10.0.0.1", "10.0.0.2"],
                "x-kubernetes-thing": "y",
                "snake_case": 1,
                "HTTPServer": "z",
                "lastTransitionTime": THEN,
                "nested": {"list": [{"a": 1, "b": [1, "two", False]}, {"a": 2}], "empty": {}},
                "emptyList": [],
                "text": "line one\nline two",
                "matrix": [[1, 2], [3]],
            },
            "status": {"conditions": [{"type": "Ready", "status": "False", "uid": "q"}]},
        },
        {"metadata": {**_meta("bare")}},
    ),
]
