"""What names a machine on both sides: DNS names, addresses and ids, for nodes without provider ID.

Source: Amazon EC2 User Guide, "EC2 instance hostnames": the IP name `ip-10-0-1-2.DOMAIN` and the
resource name `i-0abc….DOMAIN`, where DOMAIN is that of the VPC's DHCP options.
"""

import re
from collections.abc import Iterator, Set
from typing import Literal, TypeAlias

from eksview.domain.aws.tags import CLAIM_TAG
from eksview.domain.kube.node_labels import INSTANCE_ID
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import NodeRow

HOSTNAME = "kubernetes.io/hostname"

NameKind: TypeAlias = Literal["id", "dns", "address", "named", "tag", "claim"]
"""From the strongest evidence to the weakest; `named` is an address that is part of a host name."""
Name: TypeAlias = tuple[str, str]
"""A kind without `named`, and the text: `("address", "10.0.1.2")`."""

_IP_NAME = re.compile(r"ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})")


def names_of_node(node: NodeRow) -> Iterator[tuple[NameKind, Name]]:
    """Yield the names that a node's instance has; one of its NodeClaim isn't known here."""
    hosts = {node.name.lower(), node.labels.get(HOSTNAME, node.name).lower()}
    labels = {host.partition(".")[0] for host in hosts}
    for label in labels:
        if INSTANCE_ID.fullmatch(label):
            yield "id", ("id", label)
        if address := _IP_NAME.fullmatch(label):
            yield "named", ("address", ".".join(address.groups()))
    for host in hosts:
        yield "dns", ("dns", host)
    if node.internal_ip:
        yield "address", ("address", node.internal_ip)
    yield "tag", ("tag", node.name)


def names_of_instance(row: InstanceRow) -> set[Name]:
    """Return the names of an instance, its primary addresses among them."""
    primary = (row.private_ip, *(interface.private_ip for interface in row.interfaces))
    names = {
        ("id", row.id),
        ("dns", row.private_dns.lower()),
        ("tag", row.tags.get("Name", "")),
        ("claim", row.tags.get(CLAIM_TAG, "")),
        *(("address", address) for address in primary),
    }
    return {name for name in names if name[1]}


def more_addresses(row: InstanceRow) -> Iterator[str]:
    """Yield the secondary private addresses and those of IPv6: dozens, and rarely a node's."""
    for interface in row.interfaces:
        yield from interface.more_addresses.split()


def has_address(row: InstanceRow, address: str) -> bool:
    """Return whether one of the other addresses is this one."""
    return any(
        address in interface.more_addresses and address in interface.more_addresses.split()
        for interface in row.interfaces
    )


def owns(node: NodeRow, instance: InstanceRow) -> bool:
    """Return whether the instance's own addresses or names are this node's."""
    names: Set[Name] = names_of_instance(instance)
    return any(
        name in names or (name[0] == "address" and has_address(instance, name[1]))
        for kind, name in names_of_node(node)
        if kind != "tag"
    )
