"""Parts of the EC2 tab: network, volumes, spot signals and serial console."""

from collections.abc import Iterator, Sequence

from eksview.domain.access.network import subnet_remark
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.rows.aws import InstanceDetail, InstanceRow, Interface, TypeRow, Volume
from eksview.domain.rows.kube import NodeRow
from eksview.store.selectors.machine import Machine
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.sections import Figure, marked
from eksview.ui.text.words import Words

PREFIX = 16
"""Addresses of a delegated IPv4 prefix, a /28. Source: EC2 User Guide, "Prefix delegation"."""
VOLUMES, CONSOLE = "ec2:DescribeVolumes", "ec2:GetConsoleOutput"
SPOT_REQUESTS = "ec2:DescribeSpotInstanceRequests"
FULL = 0.9
"""Used part of the address slots from which a warning is shown."""


def unread(detail: InstanceDetail | None, action: str) -> str:
    """Return that a part of the details wasn't read, by its IAM action; empty where it was.

    The whole sentence is among the reasons of the details.
    """
    refused = detail is not None and any(action in sentence for sentence in detail.reason)
    return f"not read ({action})" if refused else ""


def network_figures(machine: Machine, instance: InstanceRow, glyphs: Glyphs) -> Iterator[Figure]:
    """Yield addresses and subnet, with used and possible addresses."""
    yield (
        "Private IP",
        "  ".join(filter(None, (instance.private_ip, instance.private_dns))),
        "text",
    )
    yield "Public IP", instance.public_ip or "none", "text"
    yield "VPC", instance.vpc, "text"
    yield "Subnet", _subnet_name(machine, instance), "text"
    if (subnet := machine.subnet) is not None:
        remark = subnet_remark(subnet)
        yield marked("Free addresses", remark.state, remark.says, glyphs)
    yield addresses(instance.interfaces, machine.type, glyphs)
    groups = [_group(machine, group) for group in instance.security_groups]
    for number, group in enumerate(groups):
        yield "Security groups" if number == 0 else "", group, "text"


def addresses(interfaces: Sequence[Interface], kind: TypeRow | None, glyphs: Glyphs) -> Figure:
    """Return `14 of 30 for m6i.large`: slots; a prefix takes one for sixteen addresses.

    Source: EC2 User Guide, "IP addresses per network interface per instance type".
    """
    if not interfaces:
        return "IPs", "", "text"
    prefixes = sum(interface.prefixes for interface in interfaces)
    plain = sum(interface.addresses for interface in interfaces)
    used, most = plain + prefixes, kind.interfaces * kind.addresses if kind else 0
    text = f"{used} of {most} for {kind.name}" if kind and most else f"{used} used"
    if prefixes:
        text += f", {prefixes} of them prefixes: {plain + prefixes * PREFIX} addresses"
    nearly = bool(most) and used >= most * FULL
    return marked("IPs", Health.WARN if nearly else Health.OK, text, glyphs)


def _subnet_name(machine: Machine, instance: InstanceRow) -> str:
    name = f"  {machine.subnet.name}" if machine.subnet and machine.subnet.name else ""
    return f"{instance.subnet}{name}" if instance.subnet else ""


def _group(machine: Machine, group: str) -> str:
    row = machine.groups.get(group)
    return f"{clean(group)}  {row.name}" if row and row.name else clean(group)


def interface_lines(
    machine: Machine, instance: InstanceRow, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    if not instance.interfaces:
        return
    more, most = glyphs.more, f" of {machine.type.interfaces}" if machine.type else ""
    yield (("Network interfaces", "strong"), (f"  {len(instance.interfaces)}{most}", "dim"))
    head = fit("ID", 23) + fit("DEV", 5) + fit("IP", 17) + fit("IPS", 6) + fit("STATUS", 11)
    yield ((f"  {head}SUBNET", "dim"),)
    for eni in sorted(instance.interfaces, key=lambda eni: eni.device):
        row = (
            fit(eni.id, 23, more=more) + fit(str(eni.device), 5)
            + fit(eni.private_ip, 17, more=more)
            + fit(f"{eni.addresses + eni.prefixes * PREFIX}", 6)
            + fit(eni.status, 11, more=more) + eni.subnet
        )  # fmt: skip
        yield ((f"  {row}", "text"),)
        if eni.description and width >= cells(eni.description) + 6:
            yield ((f"    {eni.description}", "faint"),)
    yield ()


def volume_lines(
    instance: InstanceRow, detail: InstanceDetail | None, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield a line per volume, with only its ID until its details are read."""
    if not instance.volumes:
        return
    words = "  ".join(filter(None, (str(len(instance.volumes)), unread(detail, VOLUMES))))
    yield (("Volumes", "strong"), (f"  {words}", "dim"))
    volumes = {volume.id: volume for volume in detail.volumes} if detail else {}
    for id_ in instance.volumes:
        words = _volume(volumes[id_]) if id_ in volumes else ""
        yield ((f"  {fit(id_, 24, more=glyphs.more)}", "text"), (words, "dim"))
    yield ()


def _volume(volume: Volume) -> str:
    lock = "encrypted" if volume.encrypted else "not encrypted"
    iops = f"{volume.iops:,} IOPS" if volume.iops else ""
    parts = (volume.device, f"{volume.size} GiB", volume.type, iops, lock, volume.state)
    return "  ".join(clean(part) for part in parts if part)


_REBALANCE = {
    True: (Health.WARN, "recommended: elevated risk of interruption"),
    False: (Health.OK, "none reported by the Auto Scaling group"),
    None: (Health.UNKNOWN, "unknown: EC2 reports it to the instance and its Auto Scaling group"),
}
SIGNALS = ("aws-node-termination-handler/", "karpenter.sh/disrupt")
"""Taints of interruption handlers: AWS's own and Karpenter, which Auto Mode uses too."""


def spot_figures(
    instance: InstanceRow, node: NodeRow | None, detail: InstanceDetail | None, glyphs: Glyphs
) -> Iterator[Figure]:
    """Yield AWS's signals of an interruption, and the taints that handlers set on the node."""
    if instance.lifecycle != "spot":
        return
    if detail is not None and detail.spot:
        health = Health.OK if detail.spot.startswith("fulfilled") else Health.BAD
        yield marked("Request", health, detail.spot, glyphs)
    elif missing := unread(detail, SPOT_REQUESTS):
        yield marked("Request", Health.UNKNOWN, missing, glyphs)
    if detail is not None:
        yield marked("Rebalance", *_REBALANCE[detail.rebalance], glyphs)
    for taint in node.taints if node else ():
        if taint.key.startswith(SIGNALS):
            yield marked("Taint", Health.WARN, taint.key, glyphs)


def console_lines(detail: InstanceDetail | None) -> Iterator[Words]:
    missing = unread(detail, CONSOLE)
    if detail is None or not (detail.console or missing):
        return
    yield (("Serial console", "strong"), (f"  {missing or 'last lines'}", "dim"))
    for line in detail.console:
        yield ((f"  {line}", "dim"),)
    yield ()
