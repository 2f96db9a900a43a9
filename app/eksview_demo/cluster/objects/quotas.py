"""The quotas of the teams' namespaces; one of them keeps the pods of a workload from existing."""

from eksview_demo.cluster.workloads import OVER_QUOTA, TOO_LARGE, Workload

NAME = "compute"
HARD = {
    "limits.memory": "256Gi",
    "pods": "4k",
    "requests.cpu": "200",
    "requests.memory": "200Gi",
}
REPLICAS = 3
"""What the workload that is over its quota should have."""
_GIB = 1024  # MiB


def used(namespace: str) -> dict[str, str]:
    """Return what a quota reports as used."""
    if namespace != TOO_LARGE.namespace:
        return {
            "limits.memory": "18Gi",
            "pods": "38",
            "requests.cpu": "5300m",
            "requests.memory": "9Gi",
        }
    return {
        "limits.memory": "0",
        "pods": "1",
        "requests.cpu": str(TOO_LARGE.cpu // 1000),
        "requests.memory": f"{TOO_LARGE.memory // _GIB}Gi",
    }


def refusal(workload: Workload) -> str:
    """Return why the API server refuses the pods of a workload; empty where it doesn't.

    Source: `CheckRequest` of k8s.io/apiserver/pkg/admission/plugin/resourcequota.
    """
    if workload.key != OVER_QUOTA.key:
        return ""
    asked = f"{workload.memory // _GIB}Gi"
    figures = (
        f"requested: requests.memory={asked}",
        f"used: requests.memory={used(workload.namespace)['requests.memory']}",
        f"limited: requests.memory={HARD['requests.memory']}",
    )
    pod = f"{workload.owner_name}-x7k2p"
    return f'pods "{pod}" is forbidden: exceeded quota: {NAME}, {", ".join(figures)}'
