"""metrics.eks.amazonaws.com: metrics of scheduler and controller manager, as EKS serves them.

Every figure is computed from the cluster: pending pods and scheduling attempts.
"""

from collections import Counter

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import Stage

GROUP = "metrics.eks.amazonaws.com"
SCHEDULER, CONTROLLERS = "ksh", "kcm"
COMPONENTS = (CONTROLLERS, SCHEDULER)
_QUEUES = ("active", "backoff", "gated", "unschedulable")
_RESULTS = ("error", "scheduled", "unschedulable")
_WORK = ("daemonset", "deployment", "endpoint_slice", "job", "namespace", "node", "replicaset",
         "service", "statefulset")  # fmt: skip
_OWNERS = {"ReplicaSet": "replicaset", "DaemonSet": "daemonset", "Job": "job",
           "StatefulSet": "statefulset"}  # fmt: skip
_FRESH = 1.0  # seconds a new pod is in the active queue and in its controller's work queue
_ATTEMPT = 0.0021  # seconds


def component_of(path: str) -> str:
    """Return the component, `ksh` or `kcm`, whose metrics a path names; else empty."""
    parts = path.strip("/").split("/")
    if parts[:3] != ["apis", GROUP, "v1"] or parts[4:] != ["container", "metrics"]:
        return ""
    return parts[3] if parts[3] in COMPONENTS else ""


def text(cluster: DemoCluster, component: str) -> str:
    """Return a component's metrics in the Prometheus text format."""
    lines = _scheduler(cluster) if component == SCHEDULER else _controllers(cluster)
    return "\n".join(lines) + "\n"


def _scheduler(cluster: DemoCluster) -> list[str]:
    pending = Counter(
        "active" if pod.stage is Stage.NEW else "unschedulable"
        for pod in cluster.pods.values()
        if pod.stage in (Stage.NEW, Stage.UNSCHEDULABLE) and not pod.deleted
    )
    attempts = cluster.events.attempts
    lines = ["# TYPE scheduler_pending_pods gauge"]
    lines += [f'scheduler_pending_pods{{queue="{each}"}} {pending[each]}' for each in _QUEUES]
    lines.append("# TYPE scheduler_schedule_attempts_total counter")
    lines += [
        f'scheduler_schedule_attempts_total{{profile="default-scheduler",result="{each}"}} '
        f"{attempts[each]}"
        for each in _RESULTS
    ]
    name = "scheduler_scheduling_attempt_duration_seconds"
    lines.append(f"# TYPE {name} histogram")
    for result in _RESULTS[1:]:
        scope = f'profile="default-scheduler",result="{result}"'
        lines.append(f'{name}_bucket{{{scope},le="0.004"}} {attempts[result]}')
        lines.append(f'{name}_bucket{{{scope},le="+Inf"}} {attempts[result]}')
        lines.append(f"{name}_sum{{{scope}}} {attempts[result] * _ATTEMPT:.6f}")
        lines.append(f"{name}_count{{{scope}}} {attempts[result]}")
    return lines


def _controllers(cluster: DemoCluster) -> list[str]:
    now = cluster.clock()
    busy = Counter(
        _OWNERS.get(pod.workload.owner_kind, "")
        for pod in cluster.pods.values()
        if now - pod.created < _FRESH or (pod.deleted and now >= pod.deleted)
    )
    lines = ["# TYPE workqueue_depth gauge"]
    lines += [f'workqueue_depth{{name="{each}"}} {busy[each]}' for each in _WORK]
    lines.append("# TYPE workqueue_adds_total counter")
    done = cluster.storage.changes // len(_WORK)
    lines += [f'workqueue_adds_total{{name="{each}"}} {done}' for each in _WORK]
    return lines
