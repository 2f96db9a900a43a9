"""What a pod demands of a node: that it may be there, its volumes, ports and rarer resources.

Source: kubernetes `pkg/scheduler/framework/plugins` (tainttoleration, nodeunschedulable, nodeports,
noderesources, podtopologyspread, interpodaffinity).
"""

from collections.abc import Iterable, Iterator, Sequence

from eksview.domain.base.quantity import quantity
from eksview.domain.base.text import Clean, clean
from eksview.domain.drain.objects import ContainerPort, DrainPod, NodeTaint, Toleration

UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - the wildcard of a host port
COUNTED = ("cpu", "memory")
"""The resources that are counted by their amount."""
KEEPING = ("NoSchedule", "NoExecute")
"""The effects of taints that keep pods away."""


def untolerated(
    taints: Iterable[NodeTaint], tolerations: Sequence[Toleration], *, cordoned: bool
) -> Iterator[NodeTaint]:
    """Yield the taints that keep a pod away; a cordoned node has one in any case."""
    own = list(taints)
    if cordoned and all(taint.key != UNSCHEDULABLE for taint in own):
        own.append(NodeTaint(UNSCHEDULABLE, "", "NoSchedule"))
    for taint in own:
        if taint.effect in KEEPING and not any(tolerates(each, taint) for each in tolerations):
            yield taint


def tolerates(toleration: Toleration, taint: NodeTaint) -> bool:
    """Return whether a toleration covers a taint; source: `Toleration.ToleratesTaint`."""
    if toleration.effect and toleration.effect != taint.effect:
        return False
    if toleration.key and toleration.key != taint.key:
        return False
    if toleration.operator == "Exists":
        return True
    return toleration.operator in ("", "Equal") and toleration.value == taint.value


def taint_text(taint: NodeTaint) -> Clean:
    """Return `key=value`, or the key of a taint without a value."""
    return clean(f"{taint.key}={taint.value}" if taint.value else taint.key)


def claims_of(pod: DrainPod) -> tuple[str, ...]:
    """Return the `namespace/name` of a pod's PersistentVolumeClaims."""
    meta, names = pod.metadata, []
    for volume in pod.spec.volumes or ():
        if volume.persistent_volume_claim is not None:
            names.append(volume.persistent_volume_claim.claim_name)
        elif volume.ephemeral is not None:  # source: component-helpers ephemeral.VolumeClaimName
            names.append(f"{meta.name}-{volume.name}")
    return tuple(f"{meta.namespace}/{name}" for name in names)


def host_ports(pod: DrainPod) -> tuple[tuple[str, str, int], ...]:
    """Return the address, protocol and number of each port of the node that a pod takes."""
    return tuple(
        _host_port(port)
        for container in pod.spec.containers or ()
        for port in container.ports or ()
        if port.host_port
    )


def _host_port(port: ContainerPort) -> tuple[str, str, int]:
    return port.host_ip or ANY_ADDRESS, port.protocol or "TCP", port.host_port


def extended_resources(pod: DrainPod) -> tuple[str, ...]:
    """Return what a pod requests beyond cpu and memory, such as `nvidia.com/gpu`."""
    names = {
        name: None
        for container in (*(pod.spec.init_containers or ()), *(pod.spec.containers or ()))
        for name, text in ((container.resources and container.resources.requests) or {}).items()
        if name not in COUNTED and quantity(text)
    }
    return tuple(names)


def rules_about_pods(pod: DrainPod) -> Iterator[Clean]:
    """Yield the required rules of a pod about other pods; preferences keep it off no node."""
    affinity = pod.spec.affinity
    if affinity and affinity.pod_affinity and affinity.pod_affinity.required:
        yield Clean("pod affinity")
    if affinity and affinity.pod_anti_affinity and affinity.pod_anti_affinity.required:
        yield Clean("pod anti-affinity")
    spread = pod.spec.topology_spread_constraints or ()
    if any(each.when_unsatisfiable == "DoNotSchedule" for each in spread):
        yield Clean("topology spread")
