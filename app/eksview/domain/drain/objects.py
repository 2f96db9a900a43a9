"""The fields of pods, nodes, budgets and volumes that a drain plan reads.

Field names are the wire's, in snake case; see `domain.kube.api_types` for the defaults.
"""

from typing import Any

from msgspec import Struct, field

from eksview.domain.kube.api_types import Listed, OwnerReference, Pod, controller_of
from eksview.domain.kube.go_json import Identity, Quantity, parse
from eksview.domain.kube.pod_requests import requests_of

MIRROR = "kubernetes.io/config.mirror"
"""The annotation of a static pod's mirror; source: `corev1.MirrorPodAnnotationKey`."""


class DrainMeta(Struct, rename="camel", gc=False):
    name: Identity = ""
    namespace: Identity = ""
    uid: Identity = ""
    generation: int = 0
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    owner_references: list[OwnerReference] | None = None

    @property
    def key(self) -> str:
        """`namespace/name`, or the name of an object without a namespace."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def controller(self) -> OwnerReference | None:
        """The owner that manages it."""
        return controller_of(self.owner_references)


class Expression(Struct, gc=False):
    """A requirement on labels or fields, of a label selector or a node selector term."""

    key: str = ""
    operator: str = ""
    values: list[str] | None = None


class LabelSelector(Struct, rename="camel", gc=False):
    match_labels: dict[str, str] | None = None
    match_expressions: list[Expression] | None = None


class NodeTerm(Struct, rename="camel", gc=False):
    match_expressions: list[Expression] | None = None
    match_fields: list[Expression] | None = None


class NodeSelector(Struct, rename="camel", gc=False):
    node_selector_terms: list[NodeTerm] | None = None


class NodeRules(Struct, gc=False):
    required: NodeSelector | None = field(
        name="requiredDuringSchedulingIgnoredDuringExecution", default=None
    )


class PodRules(Struct, gc=False):
    """Required rules about other pods, which are counted and not simulated."""

    required: list[Any] | None = field(
        name="requiredDuringSchedulingIgnoredDuringExecution", default=None
    )


class Affinity(Struct, rename="camel", gc=False):
    node_affinity: NodeRules | None = None
    pod_affinity: PodRules | None = None
    pod_anti_affinity: PodRules | None = None


class Toleration(Struct, gc=False):
    key: str = ""
    operator: str = ""
    value: str = ""
    effect: str = ""


class NodeTaint(Struct, gc=False):
    key: str = ""
    value: str = ""
    effect: str = ""


class Claim(Struct, rename="camel", gc=False):
    claim_name: str = ""


class PodVolume(Struct, rename="camel", gc=False):
    name: str = ""
    empty_dir: dict[str, Any] | None = None
    persistent_volume_claim: Claim | None = None
    ephemeral: dict[str, Any] | None = None


class ContainerPort(Struct, rename="camel", gc=False):
    host_port: int = 0
    host_ip: str = field(name="hostIP", default="")
    protocol: str = "TCP"


class ContainerRequests(Struct, gc=False):
    """Requests of a container, by the name of the resource."""

    requests: dict[str, Quantity] | None = None


class PlacedContainer(Struct, gc=False):
    ports: list[ContainerPort] | None = None
    resources: ContainerRequests | None = None


class Spread(Struct, rename="camel", gc=False):
    when_unsatisfiable: str = ""


class Placement(Struct, rename="camel", gc=False):
    """The part of a pod's spec that says where it may run."""

    node_name: str = ""
    node_selector: dict[str, str] | None = None
    affinity: Affinity | None = None
    tolerations: list[Toleration] | None = None
    topology_spread_constraints: list[Spread] | None = None
    volumes: list[PodVolume] | None = None
    containers: list[PlacedContainer] | None = None
    init_containers: list[PlacedContainer] | None = None
    termination_grace_period_seconds: int | None = None


class StatusCondition(Struct, gc=False):
    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""


def is_ready(conditions: list[StatusCondition] | None) -> bool:
    """Return whether the condition Ready of a node or a pod is True."""
    return any(each.type == "Ready" and each.status == "True" for each in conditions or ())


class DrainPodStatus(Struct, gc=False):
    phase: str = ""
    conditions: list[StatusCondition] | None = None


class DrainPod(Struct, gc=False):
    """A pod of the node; `cpu` (milli-cores) and `memory` (bytes) are what it requests."""

    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: Placement = field(default_factory=Placement)
    status: DrainPodStatus = field(default_factory=DrainPodStatus)
    cpu: int = 0
    memory: int = 0

    @property
    def finished(self) -> bool:
        return self.status.phase in ("Succeeded", "Failed")

    @property
    def ready(self) -> bool:
        """Return whether the condition Ready is True; source: `podutil.IsPodReady`."""
        return is_ready(self.status.conditions)


def drain_pods(body: bytes) -> Listed[DrainPod]:
    """Return a list of pods, with what they request; raises `msgspec.DecodeError`."""
    page = parse(body, Listed[DrainPod])
    for pod, counted in zip(page.items or (), parse(body, Listed[Pod]).items or (), strict=True):
        requests = requests_of(counted.spec)
        pod.cpu, pod.memory = requests.cpu, requests.memory
    return page


class DrainNodeSpec(Struct, gc=False):
    taints: list[NodeTaint] | None = None
    unschedulable: bool | None = None


class DrainNodeStatus(Struct, gc=False):
    allocatable: dict[str, Quantity] | None = None
    conditions: list[StatusCondition] | None = None


class DrainNode(Struct, gc=False):
    """A node, the one to drain or one that may take its pods."""

    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: DrainNodeSpec = field(default_factory=DrainNodeSpec)
    status: DrainNodeStatus = field(default_factory=DrainNodeStatus)


class BudgetSpec(Struct, rename="camel", gc=False):
    selector: LabelSelector | None = None
    unhealthy_pod_eviction_policy: str | None = None


class BudgetStatus(Struct, rename="camel", gc=False):
    observed_generation: int = 0
    disruptions_allowed: int = 0
    current_healthy: int = 0
    desired_healthy: int = 0
    conditions: list[StatusCondition] | None = None


class DisruptionBudget(Struct, gc=False):
    """A PodDisruptionBudget of policy/v1."""

    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: BudgetSpec = field(default_factory=BudgetSpec)
    status: BudgetStatus = field(default_factory=BudgetStatus)


class PvcSpec(Struct, rename="camel", gc=False):
    volume_name: str = ""


class PersistentVolumeClaim(Struct, gc=False):
    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: PvcSpec = field(default_factory=PvcSpec)


class VolumeAffinity(Struct, gc=False):
    required: NodeSelector | None = None


class PvSpec(Struct, rename="camel", gc=False):
    node_affinity: VolumeAffinity | None = None


class PersistentVolume(Struct, gc=False):
    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: PvSpec = field(default_factory=PvSpec)
