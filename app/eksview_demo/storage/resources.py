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


_ALL = ("all",)  # what `kubectl get all` prints

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
    categories=_ALL,
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
    "nodeclaims", "NodeClaim", "nodeclaim", (), "karpenter.sh", False, categories=("karpenter",)
)

_POD_TEMPLATE = '"template":{"metadata":{"creationTimestamp":null},"spec":{"containers":null}}'
_APP_SPEC = f',"spec":{{"selector":null,{_POD_TEMPLATE}'
DEPLOYMENTS = Resource(
    "deployments",
    "Deployment",
    "deployment",
    ("deploy",),
    "apps",
    hollow=_APP_SPEC + ',"strategy":{}},"status":{}',
    categories=_ALL,
)
REPLICA_SETS = Resource(
    "replicasets",
    "ReplicaSet",
    "replicaset",
    ("rs",),
    "apps",
    fields=("status.replicas",),
    hollow=_APP_SPEC + '},"status":{"replicas":0}',
    categories=_ALL,
)
STATEFUL_SETS = Resource(
    "statefulsets",
    "StatefulSet",
    "statefulset",
    ("sts",),
    "apps",
    hollow=_APP_SPEC + ',"serviceName":"","updateStrategy":{}},"status":{"replicas":0,'
    '"availableReplicas":0}',
    categories=_ALL,
)
DAEMON_SETS = Resource(
    "daemonsets",
    "DaemonSet",
    "daemonset",
    ("ds",),
    "apps",
    hollow=_APP_SPEC + ',"updateStrategy":{}},"status":{"currentNumberScheduled":0,'
    '"numberMisscheduled":0,"desiredNumberScheduled":0,"numberReady":0}',
    categories=_ALL,
)
JOBS = Resource(
    "jobs",
    "Job",
    "job",
    (),
    "batch",
    fields=("status.successful",),
    hollow=f',"spec":{{{_POD_TEMPLATE}}},"status":{{}}',
    categories=_ALL,
)
CRON_JOBS = Resource(
    "cronjobs",
    "CronJob",
    "cronjob",
    ("cj",),
    "batch",
    hollow=f',"spec":{{"schedule":"","jobTemplate":{{"metadata":{{"creationTimestamp":null}},'
    f'"spec":{{{_POD_TEMPLATE}}}}}}},"status":{{}}',
    categories=_ALL,
)

SERVICES = Resource(
    "services",
    "Service",
    "service",
    ("svc",),
    fields=("spec.clusterIP", "spec.type"),
    hollow=',"spec":{},"status":{"loadBalancer":{}}',
    categories=_ALL,
)
ENDPOINT_SLICES = Resource(
    "endpointslices",
    "EndpointSlice",
    "endpointslice",
    (),
    "discovery.k8s.io",
    hollow=',"addressType":"","endpoints":null,"ports":null',
)
NETWORKING = "networking.k8s.io"
INGRESSES = Resource(
    "ingresses",
    "Ingress",
    "ingress",
    ("ing",),
    NETWORKING,
    hollow=',"spec":{},"status":{"loadBalancer":{}}',
)
INGRESS_CLASSES = Resource(
    "ingressclasses", "IngressClass", "ingressclass", (), NETWORKING, False, hollow=',"spec":{}'
)
NETWORK_POLICIES = Resource(
    "networkpolicies",
    "NetworkPolicy",
    "networkpolicy",
    ("netpol",),
    NETWORKING,
    hollow=',"spec":{"podSelector":{}}',
)
CLAIMS = Resource(
    "persistentvolumeclaims",
    "PersistentVolumeClaim",
    "persistentvolumeclaim",
    ("pvc",),
    hollow=',"spec":{"resources":{}},"status":{}',
)
VOLUMES = Resource(
    "persistentvolumes",
    "PersistentVolume",
    "persistentvolume",
    ("pv",),
    namespaced=False,
    hollow=',"spec":{},"status":{}',
)
STORAGE_CLASSES = Resource(
    "storageclasses",
    "StorageClass",
    "storageclass",
    ("sc",),
    "storage.k8s.io",
    False,
    hollow=',"provisioner":""',
)
SECRETS = Resource("secrets", "Secret", "secret", (), fields=("type",))
SERVICE_ACCOUNTS = Resource("serviceaccounts", "ServiceAccount", "serviceaccount", ("sa",))
BUDGETS = Resource(
    "poddisruptionbudgets",
    "PodDisruptionBudget",
    "poddisruptionbudget",
    ("pdb",),
    "policy",
    hollow=',"spec":{},"status":{"disruptionsAllowed":0,"currentHealthy":0,"desiredHealthy":0,'
    '"expectedPods":0}',
)
AUTOSCALERS = Resource(
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscaler",
    ("hpa",),
    "autoscaling",
    hollow=',"spec":{"scaleTargetRef":{"kind":"","name":""},"maxReplicas":0},'
    '"status":{"desiredReplicas":0,"currentMetrics":null}',
    version="v2",
    categories=_ALL,
)
PRIORITY_CLASSES = Resource(
    "priorityclasses",
    "PriorityClass",
    "priorityclass",
    ("pc",),
    "scheduling.k8s.io",
    False,
    hollow=',"value":0',
)
QUOTAS = Resource(
    "resourcequotas",
    "ResourceQuota",
    "resourcequota",
    ("quota",),
    hollow=',"spec":{},"status":{}',
)
LIMIT_RANGES = Resource(
    "limitranges", "LimitRange", "limitrange", ("limits",), hollow=',"spec":{"limits":null}'
)
DEFINITIONS = Resource(
    "customresourcedefinitions",
    "CustomResourceDefinition",
    "customresourcedefinition",
    ("crd", "crds"),
    "apiextensions.k8s.io",
    False,
    hollow=',"spec":{"group":"","names":{"plural":"","kind":""},"scope":"","versions":null},'
    '"status":{"conditions":null,"acceptedNames":{"plural":"","kind":""},"storedVersions":null}',
    categories=("api-extensions",),
)
API_SERVICES = Resource(
    "apiservices",
    "APIService",
    "apiservice",
    (),
    "apiregistration.k8s.io",
    False,
    hollow=',"spec":{"groupPriorityMinimum":0,"versionPriority":0},"status":{}',
    categories=("api-extensions",),
)
NODE_POOLS = Resource(
    "nodepools", "NodePool", "nodepool", (), "karpenter.sh", False, categories=("karpenter",)
)
APPLICATIONS = Resource(
    "applications", "Application", "application", ("app", "apps"), "argoproj.io", version="v1alpha1"
)
KUSTOMIZATIONS = Resource(
    "kustomizations", "Kustomization", "kustomization", ("ks",), "kustomize.toolkit.fluxcd.io"
)
CUSTOM = (NODE_CLAIMS, NODE_POOLS, APPLICATIONS, KUSTOMIZATIONS)

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
    DEPLOYMENTS,
    REPLICA_SETS,
    STATEFUL_SETS,
    DAEMON_SETS,
    JOBS,
    CRON_JOBS,
    SERVICES,
    ENDPOINT_SLICES,
    INGRESSES,
    INGRESS_CLASSES,
    NETWORK_POLICIES,
    CLAIMS,
    VOLUMES,
    STORAGE_CLASSES,
    SECRETS,
    SERVICE_ACCOUNTS,
    BUDGETS,
    AUTOSCALERS,
    PRIORITY_CLASSES,
    QUOTAS,
    LIMIT_RANGES,
    DEFINITIONS,
    API_SERVICES,
    NODE_POOLS,
    APPLICATIONS,
    KUSTOMIZATIONS,
    CLUSTER_ROLES,
    CLUSTER_ROLE_BINDINGS,
    ROLES,
    ROLE_BINDINGS,
)
