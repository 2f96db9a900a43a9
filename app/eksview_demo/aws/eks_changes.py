"""EKS: the updates of the cluster and its nodegroups, and the insights on its next upgrade."""

import zlib
from typing import Any

from eksview_demo.aws.account import Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.eks_cluster import DAY, check_name, version
from eksview_demo.aws.wire import Parameters

UPGRADED = 45 * DAY  # before the demo began: no kubelet may be newer than the control plane
_SKEW = "Kubelet version skew"


def _updates(account: Account) -> dict[str, dict[str, Any]]:
    done = {
        "id": "5f1c2d3e-0000-4000-8000-000000000001",
        "status": "Successful",
        "type": "VersionUpdate",
        "params": [{"type": "Version", "value": version(account)}],
        "createdAt": account.began - UPGRADED,
        "errors": [],
    }
    updates = {"": done}
    for name, rollout in account.cluster.rollouts.items():
        number = zlib.crc32(f"{name} {rollout.started}".encode())
        release = rollout.after.removeprefix("v").split("-")[0]
        updates[name] = {
            "id": f"5f1c2d3e-0000-4000-8000-{number:012d}",
            "status": "InProgress" if rollout.goes_on else "Successful",
            "type": "VersionUpdate",
            "params": [{"type": "ReleaseVersion", "value": f"{release}-20250915"}],
            "createdAt": rollout.started,
            "errors": [],
        }
    return updates


def list_updates(account: Account, parameters: Parameters) -> Parameters:
    """Return the update of the cluster or of a nodegroup; add-ons have none."""
    check_name(parameters)
    if parameters.get("addonName"):
        return {"updateIds": []}
    update = _updates(account).get(parameters.get("nodegroupName") or "")
    return {"updateIds": [update["id"]] if update else []}


def describe_update(account: Account, parameters: Parameters) -> Parameters:
    check_name(parameters)
    for update in _updates(account).values():
        if update["id"] == parameters["updateId"]:
            return {"update": update}
    message = f"No update found for ID: {parameters['updateId']}"
    raise NoSuch("ResourceNotFoundException", message, 404)


def _insights(account: Account) -> list[dict[str, Any]]:
    old = account.outdated()
    counted = "1 node runs" if old == 1 else f"{old} nodes run"
    return [
        _insight(
            account,
            _SKEW,
            "WARNING" if old else "PASSING",
            f"{counted} an older kubelet." if old else "No kubelet is behind.",
        ),
        _insight(account, "Deprecated APIs removed in Kubernetes v1.34", "PASSING",
                 "No deprecated API usage detected within the last 30 days."),
        _insight(account, "Cluster health issues", "PASSING", "No cluster health issues detected."),
    ]  # fmt: skip


def _insight(account: Account, name: str, status: str, reason: str) -> dict[str, Any]:
    number = sum(name.encode())
    return {
        "id": f"a1b2c3d4-0000-4000-8000-{number:012d}",
        "name": name,
        "category": "UPGRADE_READINESS",
        "kubernetesVersion": "1.34",
        "lastRefreshTime": account.refreshed(),
        "lastTransitionTime": account.turned() if name == _SKEW else account.began - DAY,
        "description": f"Checks for: {name.lower()}.",
        "insightStatus": {"status": status, "reason": reason},
    }


def list_insights(account: Account, parameters: Parameters) -> Parameters:
    check_name(parameters, "clusterName")
    return {"insights": _insights(account)}


def describe_insight(account: Account, parameters: Parameters) -> Parameters:
    """Return an insight with its recommendation."""
    check_name(parameters, "clusterName")
    for insight in _insights(account):
        if insight["id"] == parameters["id"]:
            behind = insight["insightStatus"]["status"] == "WARNING"
            advice = "Update the nodegroups whose kubelets are behind the control plane."
            return {"insight": insight | {"recommendation": advice if behind else ""}}
    raise NoSuch("ResourceNotFoundException", f"No insight {parameters['id']}.", 404)


OPERATIONS = {
    "ListUpdates": list_updates,
    "DescribeUpdate": describe_update,
    "ListInsights": list_insights,
    "DescribeInsight": describe_insight,
}
