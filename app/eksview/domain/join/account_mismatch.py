"""Contradictions between a cluster and the account and region in which EC2 is asked.

They are judged by the identity that makes the calls to EC2, so that a role of another account, as
of `--role-arn`, counts with its own account. An instance that a node names is found in one account
and region only: where one is found, the account is right. Subnets prove nothing, because a VPC may
be shared with other accounts.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.aws.target import endpoint_region
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.node_labels import region_of, zone_in
from eksview.domain.rows.aws import AwsIdentity, ClusterInfo
from eksview.domain.rows.kube import NodeRow

FEW = 2
"""Nodes whose instances EC2 doesn't have, from which on all of them can't have been terminated."""
_UNKNOWN = "nothing is known of the nodes' instances"

MismatchKind: TypeAlias = Literal["account", "region", "cluster", "instances"]


class Mismatch(Struct, frozen=True):
    """A contradiction, in the words of a cell and in one sentence."""

    kind: MismatchKind
    word: Clean
    reason: Clean


class NodePlaces(Struct, frozen=True):
    """The nodes on EC2 by region, and what EC2 has answered about their instances."""

    regions: Mapping[str, int]  # region, empty for unknown: nodes
    ready: int = 0  # nodes on EC2 that are Ready
    matched: bool = False  # EC2 has the instance that a node names
    none_listed: bool = False  # EC2 has answered since, and listed no instance at all


def node_region(node: NodeRow) -> str:
    """Return the region of a node on EC2; empty for an unknown one.

    Zones of Outposts, Local Zones and Wavelength Zones begin with their region.
    """
    labels = node.labels
    zone = labels.get("topology.kubernetes.io/zone") or zone_in(node.provider_id)
    return labels.get("topology.kubernetes.io/region") or region_of(zone)


def mismatch_of(
    identity: AwsIdentity | None, cluster: ClusterInfo | None, nodes: NodePlaces
) -> Mismatch | None:
    """Return the contradiction that makes all instances unknown; None for none."""
    if identity is None or nodes.matched:
        return None
    return next(_mismatches(identity, cluster, nodes), None)


def region_mismatch(identity: AwsIdentity | None, regions: Mapping[str, int]) -> Mismatch | None:
    """Return that none of these regions of nodes is the one that EC2 is asked in."""
    elsewhere = sorted(name for name in regions if name)
    region = identity.region if identity else ""
    if not elsewhere or not region or region in elsewhere:
        return None
    reason = (
        f"The nodes are in {', '.join(elsewhere)}, but EC2 is asked in {region}: "
        f"nothing is known of their instances. Use --region {elsewhere[0]}."
    )
    return Mismatch("region", Clean("other region"), clean(reason))


def _mismatches(
    identity: AwsIdentity, cluster: ClusterInfo | None, nodes: NodePlaces
) -> Iterator[Mismatch]:
    own, account = identity.cluster_account, identity.account
    where = f"account {account} and {identity.region}"
    if own and account and own != account:
        reason = (
            f"The cluster is in account {own}, but EC2 is asked in account {account}: {_UNKNOWN}. "
            "Choose another profile with --profile."
        )
        yield Mismatch("account", Clean("other account"), clean(reason))
    if (region := region_mismatch(identity, nodes.regions)) is not None:
        yield region
    if cluster is not None and _differ(identity.server, cluster.endpoint):
        reason = (
            f"The cluster {cluster.name} of {where} has another endpoint than this cluster: "
            f"{_UNKNOWN}. Choose another profile or region with --profile or --region."
        )
        yield Mismatch("cluster", Clean("other cluster"), clean(reason))
    count = sum(nodes.regions.values())
    if account and nodes.none_listed and (count >= FEW or nodes.ready):
        reason = (
            f"EC2 has none of the instances that the nodes name in {where}: they are in another "
            f"account or region, and {_UNKNOWN}. Choose it with --profile or --region."
        )
        yield Mismatch("instances", Clean("other account"), clean(reason))


def _differ(server: str, endpoint: str) -> bool:
    """Return whether both are endpoints of EKS, and not the same: a proxy proves nothing."""
    hosts = server.rstrip("/").lower(), endpoint.rstrip("/").lower()
    return all(map(endpoint_region, hosts)) and hosts[0] != hosts[1]
