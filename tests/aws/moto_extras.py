"""What moto doesn't hold of an EKS cluster, as plain tables that a test may change."""

from datetime import datetime
from typing import Any

from tests.aws.moto_layer import Answer, AskMoto, Own, Refusal

THEN = 1_757_462_400.0  # 2025-09-10


class Extras:
    """Everything is by the names of the API reference; `activities` and `events` by their owner."""

    def __init__(self) -> None:
        self.cluster: Answer = {}
        self.nodegroups: dict[str, Answer] = {}
        self.versions: list[Answer] = []
        self.addons: dict[str, Answer] = {}
        self.latest: dict[str, str] = {}
        self.updates: dict[str, Answer] = {}
        self.insights: dict[str, Answer] = {}
        self.advice: dict[str, str] = {}
        self.entries: dict[str, Answer] = {}
        self.policies: dict[str, list[Answer]] = {}
        self.activities: dict[str, list[Answer]] = {}
        self.events: dict[str, list[Answer]] = {}
        self.sessions: list[Answer] = []
        self.capacity_providers: dict[str, Answer] = {}

    def own(self) -> dict[str, Own]:
        """The operations that these tables answer."""
        one, names = self._one, self._names
        return {
            "eks:DescribeCluster": self._cluster,
            "eks:DescribeNodegroup": self._nodegroup,
            "eks:DescribeClusterVersions": self._versions,
            "eks:ListAddons": names(self.addons, "addons"),
            "eks:DescribeAddon": one(self.addons, "addonName", "addon"),
            "eks:DescribeAddonVersions": self._addon_versions,
            "eks:ListUpdates": self._update_ids,
            "eks:DescribeUpdate": one(self.updates, "updateId", "update"),
            "eks:ListInsights": self._insights,
            "eks:DescribeInsight": self._insight,
            "eks:ListAccessEntries": names(self.entries, "accessEntries"),
            "eks:DescribeAccessEntry": one(self.entries, "principalArn", "accessEntry"),
            "eks:ListAssociatedAccessPolicies": self._policies,
            "autoscaling:DescribeScalingActivities": self._activities,
            "ec2:DescribeInstanceStatus": self._statuses,
            "ssm:DescribeSessions": self._sessions,
            "ecs:ListClusters": _paged("clusterArns"),
            "ecs:ListServices": _paged("serviceArns"),
            "ecs:ListContainerInstances": _paged("containerInstanceArns"),
            "ecs:ListTasks": _paged("taskArns"),
            "ecs:DescribeCapacityProviders": self._capacity_providers,
            "logs:DescribeLogStreams": _as_json,
            "logs:FilterLogEvents": _as_json,
        }

    def _cluster(self, _asked: Answer, ask_moto: AskMoto) -> Answer:
        return {"cluster": _merged(ask_moto()["cluster"], self.cluster)}

    def _nodegroup(self, asked: Answer, ask_moto: AskMoto) -> Answer:
        more = self.nodegroups.get(asked["nodegroupName"], {})
        return {"nodegroup": _merged(ask_moto()["nodegroup"], more)}

    def _versions(self, asked: Answer, _: AskMoto) -> Answer:
        wanted = asked.get("clusterVersions")
        found = [each for each in self.versions if not wanted or each["clusterVersion"] in wanted]
        return {"clusterVersions": found}

    def _addon_versions(self, asked: Answer, _: AskMoto) -> Answer:
        name = asked["addonName"]
        return {
            "addons": [{"addonName": name, "addonVersions": [{"addonVersion": self.latest[name]}]}]
        }

    def _update_ids(self, asked: Answer, _: AskMoto) -> Answer:
        whole = "nodegroupName" not in asked and "addonName" not in asked
        return {"updateIds": list(self.updates) if whole else []}

    def _insights(self, _asked: Answer, _: AskMoto) -> Answer:
        return {"insights": list(self.insights.values())}

    def _insight(self, asked: Answer, ask_moto: AskMoto) -> Answer:
        said = self._one(self.insights, "id", "insight")(asked, ask_moto)
        return {"insight": said["insight"] | {"recommendation": self.advice[asked["id"]]}}

    def _policies(self, asked: Answer, _: AskMoto) -> Answer:
        principal = asked["principalArn"]
        return {
            "clusterName": asked["clusterName"],
            "principalArn": principal,
            "associatedAccessPolicies": self.policies.get(principal, []),
        }

    def _activities(self, asked: Answer, _: AskMoto) -> Answer:
        return {"Activities": self.activities.get(asked["AutoScalingGroupName"], [])}

    def _statuses(self, _asked: Answer, ask_moto: AskMoto) -> Answer:
        said = ask_moto()
        for each in said.get("InstanceStatuses", ()):
            each["Events"] = self.events.get(each["InstanceId"], [])
        return said

    def _sessions(self, asked: Answer, _: AskMoto) -> Answer:
        """In pages of two, so that there is more than one."""
        found = [
            each
            for each in self.sessions
            if ("EndDate" in each) == (asked["State"] == "History")
            and all(_after(each, said) for said in asked.get("Filters") or ())
        ]
        start = int(asked.get("NextToken") or 0)
        more = {"NextToken": str(start + 2)} if start + 2 < len(found) else {}
        return {"Sessions": found[start : start + 2], **more}

    def _capacity_providers(self, _asked: Answer, _: AskMoto) -> Answer:
        """All of them: moto describes only those that are named."""
        return {"capacityProviders": list(self.capacity_providers.values())}

    def _one(self, table: dict[str, Answer], key: str, member: str) -> Own:
        def answer(asked: Answer, _: AskMoto) -> Answer:
            if asked[key] not in table:
                raise Refusal("ResourceNotFoundException", f"No {member}: {asked[key]}", 404)
            return {member: table[asked[key]]}

        return answer

    def _names(self, table: dict[str, Answer], member: str) -> Own:
        """In pages of what was asked for: the token is the number of the first of the next."""

        def answer(asked: Answer, _: AskMoto) -> Answer:
            start = int(asked.get("nextToken") or 0)
            end = start + int(asked.get("maxResults") or 100)
            more = {"nextToken": str(end)} if end < len(table) else {}
            return {member: list(table)[start:end], **more}

        return answer


def _as_json(_asked: Answer, ask_moto: AskMoto) -> Answer:
    """Say what moto says, which calls its JSON of CloudWatch Logs a web page."""
    return ask_moto()


def _paged(member: str) -> Own:
    """Give what moto lists in pages: it answers with everything at once."""

    def answer(asked: Answer, ask_moto: AskMoto) -> Answer:
        arns = ask_moto()[member]
        start = int(asked.get("nextToken") or 0)
        end = start + int(asked.get("maxResults") or 100)
        more = {"nextToken": str(end)} if end < len(arns) else {}
        return {member: arns[start:end], **more}

    return answer


def _after(session: Answer, said: Answer) -> bool:
    assert said["key"] == "InvokedAfter"
    then = datetime.strptime(said["value"], "%Y-%m-%dT%H:%M:%S%z")
    return bool(session["StartDate"] >= then.timestamp())


def _merged(said: Answer, more: Answer) -> Answer:
    merged = dict(said)
    for key, value in more.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def eks_of_today(extras: Extras, account: str, groups: dict[str, str]) -> None:
    """A healthy cluster's: `groups` are nodegroups by the name of their Auto Scaling group."""
    extras.cluster.update(
        version="1.33",
        platformVersion="eks.12",
        accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"},
        health={"issues": []},
        upgradePolicy={"supportType": "EXTENDED"},
        deletionProtection=True,
    )
    extras.versions.append(
        {
            "clusterVersion": "1.33",
            "clusterType": "eks",
            "defaultVersion": True,
            "endOfStandardSupportDate": THEN + 320 * 86_400.0,
            "endOfExtendedSupportDate": THEN + 685 * 86_400.0,
            "versionStatus": "STANDARD_SUPPORT",
        }
    )
    _addons(extras)
    for group, name in groups.items():
        extras.nodegroups[name] = {"resources": {"autoScalingGroups": [{"name": group}]}}
        extras.activities[group] = [_launch(group)]
    update = {"id": "u-1", "status": "Successful", "type": "VersionUpdate", "createdAt": THEN}
    extras.updates["u-1"] = update | {"params": [{"type": "Version", "value": "1.33"}]}
    extras.insights["n-1"] = {
        "id": "n-1",
        "name": "Kubelet version skew",
        "category": "UPGRADE_READINESS",
        "kubernetesVersion": "1.34",
        "insightStatus": {"status": "WARNING", "reason": "1 node is behind."},
    }
    extras.advice["n-1"] = "Update the node."
    _access(extras, account, groups.values())


def _addons(extras: Extras) -> None:
    for name, version, latest in (
        ("coredns", "v1.12.2-eksbuild.4", "v1.12.4-eksbuild.1"),
        ("vpc-cni", "v1.20.1-eksbuild.1", "v1.20.1-eksbuild.1"),
    ):
        addon = {"addonName": name, "addonVersion": version, "status": "ACTIVE"}
        extras.addons[name] = addon | {"health": {"issues": []}}
        extras.latest[name] = latest


def _access(extras: Extras, account: str, nodegroups: Any) -> None:
    for name in nodegroups:
        role = f"arn:aws:iam::{account}:role/node-{name}"
        extras.entries[role] = {
            "principalArn": role,
            "type": "EC2_LINUX",
            "username": "system:node:{{EC2PrivateDNSName}}",
            "kubernetesGroups": ["system:nodes"],
        }
    admin = f"arn:aws:iam::{account}:role/admin"
    extras.entries[admin] = {"principalArn": admin, "type": "STANDARD", "kubernetesGroups": []}
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    extras.policies[admin] = [{"policyArn": policy, "accessScope": {"type": "cluster"}}]


def _launch(group: str) -> Answer:
    return {
        "ActivityId": f"launch-{group}",
        "AutoScalingGroupName": group,
        "Cause": "a difference between desired and actual capacity",
        "Description": "Launching a new EC2 instance",
        "StartTime": THEN,
        "StatusCode": "Successful",
    }
