"""The resources that the demo's API serves, for discovery and selectors."""

from msgspec import Struct


class Resource(Struct, frozen=True):
    """A resource; `fields` are its selectable fields besides metadata.name and .namespace."""

    name: str
    kind: str
    singular: str
    short: tuple[str, ...]
    group: str = ""
    namespaced: bool = True
    fields: tuple[str, ...] = ()
    # The JSON after the metadata of an empty typed Go object, which a bookmark is.
    hollow: str = ""
    version: str = "v1"
    categories: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version


NODES = Resource(
    "nodes",
    "Node",
    "node",
    ("no",),
    namespaced=False,
    fields=("spec.unschedulable",),
    hollow=',"spec":{},"status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":0}},"nodeInfo":'
    '{"machineID":"","systemUUID":"","bootID":"","kernelVersion":"","osImage":"",'
    '"containerRuntimeVersion":"","kubeletVersion":"","kubeProxyVersion":"",'
    '"operatingSystem":"","architecture":""}}',
)
PODS = Resource(
    "pods",
    "Pod",
    "pod",
    ("po",),
    fields=(
        "spec.nodeName",
        "status.phase",
        "status.podIP",
        "spec.serviceAccountName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.hostNetwork",
        "status.nominatedNodeName",
    ),
    hollow=',"spec":{"containers":null},"status":{}',
    categories=("all",),
)
EVENTS = Resource(
    "events",
    "Event",
    "event",
    ("ev",),
    fields=(
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "source",
        "type",
    ),
    hollow=',"involvedObject":{},"source":{},"firstTimestamp":null,"lastTimestamp":null,'
    '"eventTime":null,"reportingComponent":"","reportingInstance":""',
)
NAMESPACES = Resource(
    "namespaces",
    "Namespace",
    "namespace",
    ("ns",),
    namespaced=False,
    fields=("status.phase",),
    hollow=',"spec":{},"status":{}',
)
LEASES = Resource("leases", "Lease", "lease", (), group="coordination.k8s.io", hollow=',"spec":{}')
CONFIG_MAPS = Resource("configmaps", "ConfigMap", "configmap", ("cm",))
SIGNING_REQUESTS = Resource(
    "certificatesigningrequests",
    "CertificateSigningRequest",
    "certificatesigningrequest",
    ("csr",),
    "certificates.k8s.io",
    namespaced=False,
    fields=("spec.signerName",),
    hollow=',"spec":{"request":null,"signerName":""},"status":{}',
)
NODE_CLAIMS = Resource(
    "nodeclaims", "NodeClaim", "nodeclaim", (), group="karpenter.sh", namespaced=False
)

RBAC = "rbac.authorization.k8s.io"
CLUSTER_ROLES = Resource(
    "clusterroles", "ClusterRole", "clusterrole", (), RBAC, namespaced=False, hollow=',"rules":null'
)
_ROLE_REF = ',"roleRef":{"apiGroup":"","kind":"","name":""}'
CLUSTER_ROLE_BINDINGS = Resource(
    "clusterrolebindings",
    "ClusterRoleBinding",
    "clusterrolebinding",
    (),
    RBAC,
    namespaced=False,
    hollow=_ROLE_REF,
)
ROLES = Resource("roles", "Role", "role", (), RBAC, hollow=',"rules":null')
ROLE_BINDINGS = Resource("rolebindings", "RoleBinding", "rolebinding", (), RBAC, hollow=_ROLE_REF)

ALL = (
    NODES,
    PODS,
    EVENTS,
    NAMESPACES,
    LEASES,
    CONFIG_MAPS,
    SIGNING_REQUESTS,
    NODE_CLAIMS,
    CLUSTER_ROLES,
    CLUSTER_ROLE_BINDINGS,
    ROLES,
    ROLE_BINDINGS,
)
