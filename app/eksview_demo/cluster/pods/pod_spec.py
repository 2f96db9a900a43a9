"""The spec of a pod, for `template.Template`."""

from typing import Any

from eksview_demo.cluster.pods.pod_state import Stage
from eksview_demo.cluster.workloads import Box, Volume, Workload


def restart_policy(workload: Workload) -> str:
    """Return the policy: jobs aren't restarted in place."""
    return "Never" if workload.kind == "Job" else "Always"


def scheduler(workload: Workload) -> str:
    """Return the scheduler: EKS's admission sets its own for pods of a Fargate profile."""
    return "fargate-scheduler" if workload.fargate else "default-scheduler"


def by_author(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a spec that its controller wrote, not the scheduler or admission."""
    kept = {key: spec[key] for key in spec if key not in ("nodeName", "tolerations", "volumes")}
    kept["containers"] = [
        {key: box[key] for key in box if key != "volumeMounts"} for box in spec["containers"]
    ]
    kept.pop("initContainers", None)
    return kept


def template(workload: Workload) -> dict[str, Any]:
    """Return the spec of the pod template in its controller."""
    whole = spec(workload, Stage.NEW)
    for key in ("initContainers", "containers"):
        for container in whole.get(key, ()):
            del container["volumeMounts"][-1]  # the token's, which admission adds
            if not container["volumeMounts"]:
                del container["volumeMounts"]
    kept = {
        key: value
        for key, value in whole.items()
        if key not in ("tolerations", "enableServiceLinks", "preemptionPolicy", "priority")
    }
    kept["volumes"] = [_volume(volume) for volume in workload.volumes if volume.kind != "data"]
    return {key: value for key, value in kept.items() if value != []}


def spec(workload: Workload, stage: Stage) -> dict[str, Any]:
    """Return the spec as its controller, admission and the scheduler made it."""
    volumes = [_volume(volume) for volume in workload.volumes]
    mounts = [{"name": volume.name, "mountPath": volume.path} for volume in workload.volumes]
    spec: dict[str, Any] = {"volumes": [*volumes, _token_volume()]}
    if workload.init is not None:
        spec["initContainers"] = [_container(workload.init, [])]
    first, *others = workload.boxes
    own = _container(first, mounts)
    own["env"] = [*_environment(workload), *own["env"]]
    if workload.config:
        own["envFrom"] = [{"configMapRef": {"name": workload.config}}]
    spec |= {
        "containers": [own, *(_container(box, []) for box in others)],
        "restartPolicy": restart_policy(workload),
        "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": workload.service_account,
        "serviceAccount": workload.service_account,
    }
    if stage not in (Stage.NEW, Stage.UNSCHEDULABLE):
        spec["nodeName"] = "@@node@@"
    if workload.host_network:
        spec["hostNetwork"] = True
    if workload.priority_class:
        spec |= {"priorityClassName": workload.priority_class, "priority": 2_000_000_000}
    return spec | {
        "securityContext": {},
        "schedulerName": scheduler(workload),
        "tolerations": [_toleration(key) for key in ("not-ready", "unreachable")],
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
    }


def _environment(workload: Workload) -> list[dict[str, Any]]:
    """Return the variables whose values are elsewhere."""
    if not workload.credentials:
        return []
    reference = {"name": workload.credentials, "key": "password"}
    return [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": reference}}]


def _volume(volume: Volume) -> dict[str, Any]:
    source: dict[str, Any] = {}
    match volume.kind:
        case "data":
            return {
                "name": volume.name,
                "persistentVolumeClaim": {"claimName": f"{volume.name}-@@name@@"},
            }
        case "configMap":
            source = {"name": volume.source, "defaultMode": 420}
        case "secret":
            source = {"secretName": volume.source, "defaultMode": 420}
    return {"name": volume.name, volume.kind: source}


def _container(box: Box, mounts: list[dict[str, Any]]) -> dict[str, Any]:
    requests = _amounts(box.cpu, box.memory)
    limits = _amounts(box.cpu_limit, box.memory_limit)
    resources = ({"limits": limits} if limits else {}) | (
        {"requests": requests} if requests else {}
    )
    container: dict[str, Any] = {"name": box.name, "image": box.image}
    if box.port:
        container["ports"] = [{"name": "main", "containerPort": box.port, "protocol": "TCP"}]
    container |= {
        "env": [{"name": "LOG_LEVEL", "value": "info"}],
        "resources": resources,
        "volumeMounts": [
            *mounts,
            {
                "name": "kube-api-access-@@volume@@",
                "readOnly": True,
                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
            },
        ],
    }
    if box.port:
        container["readinessProbe"] = {
            "tcpSocket": {"port": box.port},
            "initialDelaySeconds": 2,
            "timeoutSeconds": 1,
            "periodSeconds": 10,
            "successThreshold": 1,
            "failureThreshold": 3,
        }
    return container | {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    }


def _amounts(cpu: int, memory: int) -> dict[str, str]:
    amounts = {"cpu": f"{cpu}m"} if cpu else {}
    return amounts | ({"memory": f"{memory}Mi"} if memory else {})


def _toleration(taint: str) -> dict[str, Any]:
    return {
        "key": f"node.kubernetes.io/{taint}",
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": 300,
    }


def _token_volume() -> dict[str, Any]:
    namespace = {
        "path": "namespace",
        "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"},
    }
    return {
        "name": "kube-api-access-@@volume@@",
        "projected": {
            "sources": [
                {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
                {
                    "configMap": {
                        "name": "kube-root-ca.crt",
                        "items": [{"key": "ca.crt", "path": "ca.crt"}],
                    }
                },
                {"downwardAPI": {"items": [namespace]}},
            ],
            "defaultMode": 420,
        },
    }
