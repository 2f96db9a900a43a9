"""The AWS side of the harness' cluster: instances under its nodes, and one that doesn't join."""

from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts, call_key
from eksview.domain.rows.aws import (
    AccessEntryRow,
    Activity,
    AddonRow,
    AutoScalingRow,
    AwsIdentity,
    Call,
    ClusterInfo,
    FargateRow,
    ImageRow,
    InsightRow,
    InstanceDetail,
    InstanceRow,
    Interface,
    Issue,
    Member,
    NodegroupRow,
    Rule,
    ScheduledEvent,
    SecurityGroupRow,
    SessionRow,
    StatusRow,
    SubnetRow,
    TypeRow,
    UpdateRow,
    Volume,
)
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from tests.ui.harness import DAY, GIB, NOT_READY, NOW, ZONES, node, node_name

ACCOUNT = "111122223333"
ARN = f"arn:aws:eks:us-west-2:{ACCOUNT}:cluster/prod"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/prod-nodes"
LOST = "i-0fa11ed0000000001"
"""The instance that was launched half an hour ago and has no node."""
NODES = 6


def instance_id(number: int) -> str:
    return node(number).provider_id.rpartition("/")[2]


def interface(number: int, device: int = 0, addresses: int = 6, prefixes: int = 0) -> Interface:
    return Interface(
        id=f"eni-{number:08x}{device:09x}",
        device=device,
        subnet=f"subnet-{number % 3:017x}",
        private_ip=f"10.0.{number % 3 + 1}.{17 + number * 13 % 230 + device}",
        public_ip="",
        addresses=addresses,
        prefixes=prefixes,
        security_groups=("sg-0aaa",),
        status="in-use",
        description="aws-K8S-i-0123456789" if device else "",
    )


def instance(number: int, now: float = NOW, **fields: object) -> InstanceRow:
    spot = number % 3 == 0
    values: dict[str, object] = {
        "id": instance_id(number),
        "state": "stopped" if number == NOT_READY else "running",
        "state_reason": "Client.UserInitiatedShutdown: User initiated shutdown"
        if number == NOT_READY
        else "",
        "type": "m6i.large",
        "zone": ZONES[number % 3],
        "launched": now - DAY * (number + 1) - 70,
        "image": "ami-0a1b2c3d4e5f60718",
        "architecture": "x86_64",
        "private_dns": node_name(number),
        "private_ip": node(number).internal_ip,
        "public_ip": "",
        "vpc": "vpc-0123456789abcdef0",
        "subnet": f"subnet-{number % 3:017x}",
        "lifecycle": "spot" if spot else "",
        "spot_request": "sir-abc12345" if spot else "",
        "profile": f"arn:aws:iam::{ACCOUNT}:instance-profile/prod-nodes",
        "security_groups": ("sg-0aaa",),
        "interfaces": (interface(number), interface(number, 1, 4, 2)),
        "volumes": (f"vol-{number:017x}",),
        "metadata_tokens": "required",
        "metadata_hops": 2,
        "metadata_endpoint": "enabled",
        "tags": {
            "Name": f"prod-{number}",
            "eks:cluster-name": "prod",
            "eks:nodegroup-name": "ng-spot" if spot else "ng-general",
            "kubernetes.io/cluster/prod": "owned",
        },
    }
    return InstanceRow(**{**values, **fields})  # type: ignore[arg-type]


def lost(now: float = NOW, **fields: object) -> InstanceRow:
    values: dict[str, object] = {
        "id": LOST,
        "state": "running",
        "state_reason": "",
        "launched": now - 1860,
        "private_dns": "ip-10-0-1-200.us-west-2.compute.internal",
        "private_ip": "10.0.1.200",
        "interfaces": (),
        "lifecycle": "",
        "spot_request": "",
    }
    return instance(1, now, **{**values, **fields})


def detail() -> InstanceDetail:
    return InstanceDetail(
        volumes=(Volume("vol-00000000000000001", "/dev/xvda", 80, "gp3", 3000, True, "in-use"),),
        role=ROLE,
        policies=("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"),
        console=("[   12.3] cloud-init: done", "[   13.0] systemd: Reached target"),
    )


def cluster(now: float = NOW, **fields: object) -> ClusterInfo:
    values: dict[str, object] = {
        "name": "prod",
        "arn": ARN,
        "status": "ACTIVE",
        "version": "1.33",
        "platform": "eks.12",
        "endpoint": "https://0A1B2C3D.gr7.us-west-2.eks.amazonaws.com",
        "ca": "",
        "created": now - 400 * DAY,
        "role": f"arn:aws:iam::{ACCOUNT}:role/prod-cluster",
        "vpc": "vpc-0123456789abcdef0",
        "subnets": tuple(f"subnet-{number:017x}" for number in range(3)),
        "security_group": "sg-0cluster",
        "security_groups": (),
        "public": True,
        "private": True,
        "cidrs": ("203.0.113.0/24",),
        "authentication": "API_AND_CONFIG_MAP",
        "logging": (
            ("api", True),
            ("audit", True),
            ("authenticator", False),
            ("controllerManager", False),
            ("scheduler", False),
        ),
        "encryption": f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234",
        "auto_mode": False,
        "deletion_protection": True,
        "tier": "standard",
        "support": "EXTENDED",
        "service_cidr": "172.20.0.0/16",
        "issuer": "https://oidc.eks.us-west-2.amazonaws.com/id/0A1B2C3D",
        "issues": (),
        "support_ends": now + 200 * DAY,
        "extended_ends": now + 565 * DAY,
        "support_status": "STANDARD_SUPPORT",
        "tags": {"team": "platform"},
    }
    return ClusterInfo(**{**values, **fields})  # type: ignore[arg-type]


def identity(now: float = NOW, **fields: object) -> AwsIdentity:
    values: dict[str, object] = {
        "account": ACCOUNT,
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Ops/alice",
        "region": "us-west-2",
        "cluster": "prod",
        "profile": "prod",
        "source": "the kubeconfig's exec block",
        "expires": now + 2600,
    }
    return AwsIdentity(**{**values, **fields})  # type: ignore[arg-type]


def addons(now: float = NOW) -> list[AddonRow]:
    issue = Issue("InsufficientNumberOfReplicas", "The add-on is unhealthy: 1 of 2 replicas.")
    return [
        AddonRow("vpc-cni", "v1.19.5-eksbuild.1", "ACTIVE", (), latest="v1.20.1-eksbuild.1"),
        AddonRow("coredns", "v1.12.1-eksbuild.2", "DEGRADED", (issue,)),
        AddonRow("kube-proxy", "v1.33.0-eksbuild.2", "ACTIVE", (), latest="v1.33.0-eksbuild.2"),
    ]


def session(name: str, number: int, started: float, **fields: object) -> SessionRow:
    """An open one on a node's instance."""
    values: dict[str, object] = {
        "id": name,
        "target": instance_id(number),
        "owner": f"arn:aws:sts::{ACCOUNT}:assumed-role/Ops/{name.partition('-')[0]}@example.com",
        "started": started,
        "ended": None,
        "document": "SSM-SessionManagerRunShell",
        "status": "Connected",
        "open": True,
    }
    return SessionRow(**{**values, **fields})  # type: ignore[arg-type]


def populate_aws(store: Store, now: float = NOW) -> Store:
    """The rows, the facts and the links of the AWS side, on top of `harness.populate`."""
    for name, plan in PLANS.items():
        store.set_link(Link(name, Phase.LIVE, now - 300, heard=now - 12))
        store.set_fact(
            call_key(name), Read(Call(plan.action, plan.period, plan.budget, 4, at=now - 12), now)
        )
    for kind, rows in _tables(now).items():
        for row in rows:
            store.put(kind, row)
    store.set_fact(Facts.cluster, Read(cluster(now), now))
    store.set_fact(Facts.aws_identity, Read(identity(now), now))
    store.set_link(Link("ec2", Phase.LIVE, now - 300, heard=now - 11))
    store.set_link(Link("ec2", Phase.LIVE, now - 300, heard=now - 12))
    return store


def _tables(now: float) -> dict[Kind, list]:
    event = ScheduledEvent("instance-retirement", "The instance is running on degraded hardware",
                           now + 3 * DAY)  # fmt: skip
    instances = [*(instance(number, now) for number in range(NODES)), lost(now)]
    return {
        Kind.INSTANCE: instances,
        Kind.STATUS: [
            StatusRow(each.id, "ok", "ok", "ok", (event,) if each is instances[0] else ())
            for each in instances
            if each.state == "running"
        ],
        Kind.IMAGE: [
            ImageRow("ami-0a1b2c3d4e5f60718", "amazon-eks-node-al2023-x86_64-standard-1.33-v1",
                     now - 41 * DAY),
        ],
        Kind.TYPE: [TypeRow("m6i.large", 2, 8 * GIB, 3, 10)],
        Kind.SUBNET: [
            SubnetRow(f"subnet-{number:017x}", "vpc-0123456789abcdef0", ZONES[number],
                      f"10.0.{number + 1}.0/24", 12 if number == 1 else 180, False,
                      f"private-{number}", "nat-0123")
            for number in range(3)
        ],
        Kind.SECURITY_GROUP: [
            SecurityGroupRow("sg-0aaa", "prod-nodes", "vpc-0123456789abcdef0",
                             (Rule(True, "-1", -1, -1, "0.0.0.0/0"),)),
            SecurityGroupRow("sg-0cluster", "eks-cluster-sg-prod", "vpc-0123456789abcdef0",
                             (Rule(False, "-1", -1, -1, "sg-0cluster"),)),
        ],
        Kind.AUTOSCALING: [
            AutoScalingRow(
                "eks-ng-general-1a2b", 2, 4, 8,
                tuple(Member(each.id, "InService", "Healthy", each.zone, "lt-0abc v3")
                      for each in instances if not each.lifecycle),
                (), "lt-0abc v4", {},
                (Activity(now - 1900, now - 1860, "Successful", "Launching", "", ""),),
            ),
        ],
        Kind.NODEGROUP: [
            NodegroupRow("ng-general", f"{ARN}/ng-general", "ACTIVE", "1.33", "1.33.1-20251001",
                         "AL2023_x86_64_STANDARD", "ON_DEMAND", ("m6i.large",), 2, 4, 8,
                         ("eks-ng-general-1a2b",), "lt-0abc v4", ROLE, (), (), now - 100 * DAY),
        ],
        Kind.FARGATE: [FargateRow("serverless", "ACTIVE", ROLE, ("batch",), ())],
        Kind.ADDON: addons(now),
        Kind.INSIGHT: [
            InsightRow("1", "Deprecated APIs removed in Kubernetes v1.34", "UPGRADE_READINESS",
                       "ERROR", "Deprecated API usage was detected within the last 30 days.",
                       "1.34", "", "Update manifests and API clients."),
            InsightRow("2", "Kubelet version skew", "UPGRADE_READINESS", "PASSING", "", "1.34"),
        ],
        Kind.UPDATE: [
            UpdateRow("u1", "nodegroup/ng-general", "VersionUpdate", "InProgress", now - 400,
                      (("Version", "1.33"), ("ReleaseVersion", "1.33.1-20251001"))),
            UpdateRow("u2", "", "EndpointAccessUpdate", "Successful", now - 9 * DAY),
        ],
        Kind.ACCESS_ENTRY: [
            AccessEntryRow(f"arn:aws:iam::{ACCOUNT}:role/other", "STANDARD", "other", (), ()),
        ],
        Kind.SESSION: [
            session("ada-1", 1, now - 720),
            session("grace-1", 0, now - 4000, ended=now - 300, status="Terminated", open=False),
        ],
    }  # fmt: skip
