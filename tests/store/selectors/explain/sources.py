"""Clusters that Explain is tested on, each with what is special about it."""

from collections.abc import Callable

from msgspec.structs import replace

from eksview.domain.access.access_step import SEE_NODES
from eksview.domain.base.reading import Permission, Read, ReadFailed, Refused
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import Facts
from eksview.domain.rows.access import (
    Binding,
    CertificateFact,
    CredentialFact,
    EndpointFact,
    Hop,
    KubeconfigFact,
    PolicyRule,
    RbacFact,
    Right,
    RightsFact,
    Role,
    SignedToken,
    Subject,
    WhoFact,
)
from eksview.domain.rows.aws import AccessEntryRow, AwsIdentity
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import AwsAuth, ServerVersion, Target
from eksview.store.changes import Changes
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.overview import Overview
from eksview.store.store import Store
from tests.domain.eks import eks_cluster
from tests.ui.harness import NOW, populate

ROLE = "arn:aws:iam::111122223333:role/ops"
SESSION = "arn:aws:sts::111122223333:assumed-role/ops/ada"
DENIED = Permission("list", "nodes")
RIGHT = "eks:DescribeCluster"


def source_of(store: Store, node: str = "") -> ExplainSource:
    overview = Overview(store)
    overview.observe(Changes(), full=True)
    return ExplainSource(store, overview, NOW, node=node)


def eks() -> Store:
    """A healthy cluster of EKS, whose token and rights were read."""
    store = populate(Store(lambda: NOW))
    token = SignedToken(NOW - 60, Clean("sts.us-west-2.amazonaws.com"), Clean("host;x-k8s-aws-id"),
                        Clean("ASIA…WXYZ"))  # fmt: skip
    command = Clean("aws eks get-token --cluster-name prod")
    credential = CredentialFact("EKS token", expires=NOW + 840, command=command, token=token)
    who = WhoFact(NOW, Clean("ops"), (Clean("viewers"),), ((Clean("arn"), (Clean(SESSION),)),), 201)
    files = (Clean("/home/ops/.kube/config"),)
    kubeconfig = KubeconfigFact(
        files, Clean("prod"), Clean("prod"), Clean("https://x"), Clean("me")
    )
    store.set_fact(Facts.kubeconfig, Read(kubeconfig, NOW))
    store.set_fact(Facts.credential, Read(credential, NOW))
    store.set_fact(Facts.who, Read(who, NOW))
    store.set_fact(Facts.rights, Read(RightsFact(NOW, (Right(SEE_NODES[0], allowed=True),)), NOW))
    store.set_fact(Facts.rbac, Read(rbac(), NOW))
    store.set_fact(Facts.endpoint, Read(endpoint(), NOW))
    store.set_fact(Facts.aws_auth, Read(AwsAuth(NOW, exists=True), NOW))
    identity = AwsIdentity(Clean("111122223333"), Clean(SESSION), Clean("us-west-2"), Clean("prod"))
    store.set_fact(Facts.aws_identity, Read(identity, NOW))
    cluster = replace(eks_cluster("API"), vpc=Clean("vpc-0abc"), status=Clean("ACTIVE"))
    store.set_fact(Facts.cluster, Read(cluster, NOW))
    policies = (Clean("AmazonEKSViewPolicy cluster"),)
    entry = AccessEntryRow(Clean(ROLE), Clean("STANDARD"), Clean("ops"), (), policies)
    store.put(Kind.ACCESS_ENTRY, entry)
    return store


def rbac() -> RbacFact:
    rule = PolicyRule((Clean("list"),), (Clean(""),), (Clean("nodes"),))
    subject = Subject(Clean("Group"), Clean("viewers"))
    role = Role(Clean(""), Clean("node-viewer"), (rule,))
    binding = Binding(Clean(""), Clean("see-nodes"), Clean("ClusterRole"), role.name, (subject,))
    return RbacFact(NOW, (role,), (binding,), complete=True)


def endpoint() -> EndpointFact:
    hops = (
        Hop("dns", True, Clean("api.example.com"), 0.002),
        Hop("tcp", True, Clean("10.0.0.9:443"), 0.011),
        Hop("tls", True, Clean("10.0.0.9:443"), 0.020),
        Hop("http", True, Clean("10.0.0.9:443"), 0.031),
    )
    return EndpointFact(NOW, Clean("api.example.com"), 443, hops)


def kind() -> Store:
    """A cluster of kind, with a client certificate and without AWS."""
    store = populate(Store(lambda: NOW))
    store.set_fact(Facts.version, Read(ServerVersion(Clean("v1.33.1")), NOW))
    server = "https://127.0.0.1:6443"
    store.set_fact(Facts.target, Read(Target("kind-a", "kind-a", server, "kind-a", ""), NOW))
    certificate = CertificateFact(Clean("CN=ada,O=ops"), Clean("CN=kubernetes"), 0.0, NOW + 9e6)
    credential = CredentialFact("client certificate", certificate=certificate)
    store.set_fact(Facts.credential, Read(credential, NOW))
    store.set_fact(Facts.who, Read(WhoFact(NOW, Clean("ada"), (Clean("system:masters"),)), NOW))
    store.set_fact(Facts.aws_identity, ReadFailed(Clean("No credentials of AWS."), NOW))
    return store


def viewer() -> Store:
    """A cluster of EKS that refuses nodes, leases and DescribeCluster."""
    store = eks()
    for name in (Kind.NODE, Kind.LEASE):
        store.set_link(Link(name.value, Phase.REFUSED, NOW, Clean("Denied."), missing=DENIED))
    for row in tuple(store.nodes.values()):
        store.drop(Kind.NODE, row)
    for lease in tuple(store.leases.values()):
        store.drop(Kind.LEASE, lease)
    store.set_fact(Facts.cluster, Refused(Clean("AWS denies it."), Clean(RIGHT), NOW))
    return store


def down() -> Store:
    """A cluster of EKS that stopped answering ten seconds ago."""
    store = eks()
    store.set_link(Link("health", Phase.RETRYING, NOW + 1, Clean("Connection refused.")))
    return store


def ecs_only() -> Store:
    """A store of eksview without Kubernetes."""
    store = Store(lambda: NOW)
    store.set_link(Link("ecs", Phase.LIVE, NOW, heard=NOW))
    for name in ("health", "nodes", "pods"):  # as the engine reports them
        store.set_link(Link(name, Phase.OFF, NOW, Clean("opened with --ecs-cluster")))
    return store


CLUSTERS: dict[str, Callable[[], Store]] = {
    "eks": eks,
    "kind": kind,
    "viewer": viewer,
    "down": down,
    "ecs only": ecs_only,
    "empty": lambda: Store(lambda: NOW),
}
