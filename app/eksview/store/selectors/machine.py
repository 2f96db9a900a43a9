"""A node and its EC2 instance with everything AWS reports about them, read from the store."""

from collections.abc import Mapping

from msgspec import Struct

from eksview.domain.access.node_role import NodeKind
from eksview.domain.aws.parts import CLUSTER, ENTRIES, NAT_GATEWAYS, ROUTES
from eksview.domain.aws.poll_plan import EC2, SSM
from eksview.domain.aws.tags import NODEGROUP_TAG
from eksview.domain.aws.unread import unread_cause
from eksview.domain.base.reading import last_of, value_of, why_unread
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.join.checks.join_facts import JoinFacts
from eksview.domain.join.checks.why_not_joined import kubelet_of_image
from eksview.domain.join.manager import Manager, manager_of
from eksview.domain.join.mapping_row import MappingRow, Membership, RowKind
from eksview.domain.kube.node_labels import region_of
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.aws import (
    AwsIdentity,
    Call,
    ImageRow,
    InstanceDetail,
    InstanceRow,
    NetworkAclRow,
    NodegroupRow,
    SecurityGroupRow,
    SessionRow,
    StatusRow,
    SubnetRow,
    TypeRow,
    VpcEndpointRow,
    VpcRow,
)
from eksview.domain.rows.kube import ClaimRow, Kind, LeaseRow, NodeRow, SigningRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.readings import (
    access_entries,
    cluster_reading,
    part_reading,
    roles_created,
    rows_of,
    table_reading,
    unread_parts,
)
from eksview.store.store import Store

PARTS = (
    Kind.STATUS.part,
    Kind.TYPE.part,
    Kind.IMAGE.part,
    Kind.SUBNET.part,
    ROUTES,
    Kind.SECURITY_GROUP.part,
    Kind.AUTOSCALING.part,
    Kind.NODEGROUP.part,
)
"""The parts of the account that describe an instance, beside EC2's list of instances."""


class Machine(Struct, frozen=True):
    """A node and its instance; `row` is None until the node has been judged."""

    row: MappingRow | None
    node: NodeRow | None
    instance: InstanceRow | None
    status: StatusRow | None
    image: ImageRow | None
    type: TypeRow | None
    subnet: SubnetRow | None
    groups: Mapping[str, SecurityGroupRow]
    membership: Membership | None
    claim: ClaimRow | None
    lease: LeaseRow | None
    manager: Manager
    sessions: tuple[SessionRow, ...] | None  # None while they are unread
    sessions_link: Link | None
    region: str
    link: Link | None  # EC2's
    call: Call | None  # the cost of EC2's calls
    unusable: str  # why AWS can't be queried; empty where it can
    unread: tuple[Clean, ...]  # sentences about the parts of EC2 that weren't read


def machine_of_node(store: Store, name: str) -> Machine:
    return _machine(store, store.mapping.of_node(name), store.nodes.get(name))


def machine_of_instance(store: Store, instance: str) -> Machine:
    row = store.mapping.of_instance(instance)
    node = store.nodes.get(row.node) if row else None
    return _machine(store, row, node, instance)


def is_checked(store: Store, row: MappingRow | None) -> bool:
    """Return whether the row's instance has no node and should have one, or may need one.

    Of another account's instances nothing is checked: the rest of AWS isn't the cluster's either.
    """
    wanted = row is not None and not row.node and row.kind in _CHECKED
    return wanted and store.mapping.mismatch is None


_CHECKED = (RowKind.NOT_JOINED, RowKind.CANDIDATE, RowKind.UNKNOWN)


def join_facts(
    store: Store,
    machine: Machine,
    detail: InstanceDetail | None,
    now: float,
    commands: CommandContext = CommandContext(),  # noqa: B008 - it is frozen
) -> JoinFacts:
    """Return the inputs for the checks of an instance without a node.

    Raises ValueError for a machine without an instance.
    """
    instance = machine.instance
    if instance is None:
        raise ValueError("checks are about an instance")
    nodegroup = store.table(NodegroupRow).get(instance.tags.get(NODEGROUP_TAG, ""))
    image = machine.image.name if machine.image else ""
    role = detail.role if detail and (detail.role or detail.no_role) else _role_of(nodegroup)
    return JoinFacts(
        instance=instance,
        now=now,
        commands=commands,
        status=machine.status,
        cluster=last_of(cluster_reading(store)),
        role=role,
        no_role=detail.no_role if detail and not role else "",
        kind=_node_kind(machine, nodegroup),
        named_by_id=any(name.startswith("i-") for name in store.nodes),
        entries=access_entries(store),
        auth=store.facts.aws_auth,
        roles_created=roles_created(store),
        groups=last_of(table_reading(store, SecurityGroupRow)),
        subnets=last_of(table_reading(store, SubnetRow)),
        image=machine.image,
        vpcs=last_of(table_reading(store, VpcRow)),
        endpoints=rows_of(store, VpcEndpointRow),
        acls=rows_of(store, NetworkAclRow),
        policies=detail.policies if detail else None,
        console=detail.console if detail else (),
        reasons=_unread(store) | _denied(detail),
        signing=rows_of(store, SigningRow),
        claim=machine.claim,
        claims_unread=why_unread(table_reading(store, ClaimRow)),
        kubelet=kubelet_of_image(image) or (nodegroup.version if nodegroup else ""),
    )


_PARTS = (
    CLUSTER,
    ROUTES,
    NAT_GATEWAYS,
    *(
        kind.part
        for kind in (
            Kind.STATUS, Kind.IMAGE, Kind.SUBNET, Kind.SECURITY_GROUP, Kind.VPC_ENDPOINT,
            Kind.VPC, Kind.NETWORK_ACL,
        )
    ),
)  # fmt: skip
"""The parts of the account that the checks need; each is named by its action."""


def unread_of_doubt(store: Store) -> tuple[Clean, ...]:
    """Return why it is unread what may tell why an instance has no node, in sentences."""
    parts = (Kind.NODEGROUP.part, ENTRIES, *_PARTS)
    reasons = (why_unread(part_reading(store, part)) for part in parts)
    return tuple(dict.fromkeys(filter(None, reasons)))


def outdated_of_checks(store: Store, now: float) -> tuple[Clean, ...]:
    """Return a sentence for what the checks know only from a former or incomplete reading."""
    parts = (Kind.INSTANCE.part, Kind.AUTOSCALING.part, Kind.NODEGROUP.part, ENTRIES, *_PARTS)
    known = (part for part in parts if last_of(part_reading(store, part)) is not None)
    return unread_parts(store, known, now)


def _unread(store: Store) -> dict[str, Clean]:
    """Return why parts that the checks need weren't read, by action."""
    readings = {part: part_reading(store, part) for part in _PARTS}
    causes = {part: unread_cause(reading) for part, reading in readings.items()}
    return {part: clean(cause) for part, cause in causes.items() if cause}


def _role_of(nodegroup: NodegroupRow | None) -> Clean:
    return nodegroup.role if nodegroup else EMPTY


def _denied(detail: InstanceDetail | None) -> dict[str, Clean]:
    return {action: clean(f"{action} is denied") for action in (detail.denied if detail else ())}


def _node_kind(machine: Machine, nodegroup: NodegroupRow | None) -> NodeKind:
    """Return the kind of node that an instance should become."""
    if machine.manager.kind == "auto":
        return "auto"
    image = machine.image.name if machine.image else ""
    windows = (nodegroup.ami_type if nodegroup else "").startswith("WINDOWS") or "Windows" in image
    return "windows" if windows else "linux"


def _machine(
    store: Store, row: MappingRow | None, node: NodeRow | None, instance_id: str = ""
) -> Machine:
    # A node whose provider ID names another node's instance keeps its row, without that instance.
    instance = store.instances.get(instance_id or (row.instance if row else ""))
    at = instance.id if instance else ""
    claim_of_node = store.mapping.claim(node.name) if node else None
    claim = claim_of_node or store.mapping.claim(at or instance_id)
    identity = last_of(store.facts.aws_identity)
    return Machine(
        row=row,
        node=node,
        instance=instance,
        status=store.table(StatusRow).get(at),
        image=store.table(ImageRow).get(instance.image if instance else ""),
        type=store.table(TypeRow).get(instance.type if instance else ""),
        subnet=store.table(SubnetRow).get(instance.subnet if instance else ""),
        groups=last_of(table_reading(store, SecurityGroupRow)) or {},
        membership=store.mapping.membership(at),
        claim=claim,
        lease=store.lease_of(node.name) if node else None,
        manager=manager_of(node, instance, claim),
        sessions=_sessions(store, node, at),
        sessions_link=store.links.get(SSM),
        region=_region(identity, instance),
        link=store.links.get(EC2),
        call=value_of(store.facts.call(EC2)),
        unusable=why_unread(store.facts.aws_identity),
        unread=unread_parts(store, PARTS, store.time.now()),
    )


def _sessions(store: Store, node: NodeRow | None, instance: str) -> tuple[SessionRow, ...] | None:
    """Return the sessions on an instance, or on a node without one in EC2.

    None while they are unread: those of a former reading may have ended since.
    """
    link = store.links.get(SSM)
    live = link is not None and link.phase is Phase.LIVE
    if not live and why_unread(table_reading(store, SessionRow)):
        return None
    if instance or node is None:
        return store.mapping.sessions(instance)
    return store.mapping.sessions_of(node.name)


def _region(identity: AwsIdentity | None, instance: InstanceRow | None) -> str:
    if identity is not None and identity.region:
        return identity.region
    return region_of(instance.zone) if instance else ""
