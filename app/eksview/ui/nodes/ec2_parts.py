"""An instance's network, volumes, spot signals and console."""

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
FULL = 0.9
"""Part of the address slots in use from which on it is worth a warning."""


def network_figures(machine: Machine, instance: InstanceRow, glyphs: Glyphs) -> Iterator[Figure]:
    """Addresses, subnet, and how many addresses are used of how many."""
    yield (
        "Private IP",
        "  ".join(filter(None, map(clean, (instance.private_ip, instance.private_dns)))),
        "text",
    )
    yield "Public IP", clean(instance.public_ip) or "none", "text"
    yield "VPC", clean(instance.vpc), "text"
    yield "Subnet", _subnet_name(machine, instance), "text"
    if (subnet := machine.subnet) is not None:
        remark = subnet_remark(subnet)
        yield marked("Free addresses", remark.state, clean(remark.says), glyphs)
    yield addresses(instance.interfaces, machine.type, glyphs)
    groups = [_group(machine, each) for each in instance.security_groups]
    for number, group in enumerate(groups):
        yield "Security groups" if number == 0 else "", group, "text"


def addresses(interfaces: Sequence[Interface], known: TypeRow | None, glyphs: Glyphs) -> Figure:
    """`14 of 30 for an m6i.large`: slots, of which a prefix takes one and holds sixteen addresses.

    Source: EC2 User Guide, "IP addresses per network interface per instance type".
    """
    if not interfaces:
        return "IPs", "", "text"
    prefixes = sum(each.prefixes for each in interfaces)
    plain = sum(each.addresses for each in interfaces)
    used, most = plain + prefixes, known.interfaces * known.addresses if known else 0
    said = f"{used} of {most} for {clean(known.name)}" if known and most else f"{used} used"
    if prefixes:
        said += f", {prefixes} of them prefixes: {plain + prefixes * PREFIX} addresses"
    nearly = bool(most) and used >= most * FULL
    return marked("IPs", Health.WARN if nearly else Health.OK, said, glyphs)


def _subnet_name(machine: Machine, instance: InstanceRow) -> str:
    name = f"  {clean(machine.subnet.name)}" if machine.subnet and machine.subnet.name else ""
    return f"{clean(instance.subnet)}{name}" if instance.subnet else ""


def _group(machine: Machine, group: str) -> str:
    known = machine.groups.get(group)
    return f"{clean(group)}  {clean(known.name)}" if known and known.name else clean(group)


def interface_lines(
    machine: Machine, instance: InstanceRow, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """A line per network interface."""
    if not instance.interfaces:
        return
    most = f" of {machine.type.interfaces}" if machine.type else ""
    yield (("Network interfaces", "strong"), (f"  {len(instance.interfaces)}{most}", "dim"))
    head = fit("ID", 23) + fit("DEV", 5) + fit("IP", 17) + fit("IPS", 6) + fit("STATUS", 11)
    yield ((f"  {head}SUBNET", "dim"),)
    for each in sorted(instance.interfaces, key=lambda each: each.device):
        count = f"{each.addresses + each.prefixes * PREFIX}"
        more = glyphs.more
        row = (
            fit(clean(each.id), 23, more=more) + fit(str(each.device), 5)
            + fit(clean(each.private_ip), 17, more=more) + fit(count, 6)
            + fit(clean(each.status), 11, more=more) + clean(each.subnet)
        )  # fmt: skip
        yield ((f"  {row}", "text"),)
        if each.description and width >= cells(each.description) + 6:
            yield ((f"    {clean(each.description)}", "faint"),)
    yield ()


def volume_lines(
    instance: InstanceRow, detail: InstanceDetail | None, glyphs: Glyphs
) -> Iterator[Words]:
    """A line per volume; only the ids until they were asked about."""
    if not instance.volumes:
        return
    yield (("Volumes", "strong"), (f"  {len(instance.volumes)}", "dim"))
    known = {each.id: each for each in detail.volumes} if detail else {}
    for name in instance.volumes:
        words = _volume(known[name]) if name in known else ""
        yield ((f"  {fit(clean(name), 24, more=glyphs.more)}", "text"), (words, "dim"))
    yield ()


def _volume(volume: Volume) -> str:
    lock = "encrypted" if volume.encrypted else "not encrypted"
    iops = f"{volume.iops:,} IOPS" if volume.iops else ""
    parts = (volume.device, f"{volume.size} GiB", volume.type, iops, lock, volume.state)
    return "  ".join(clean(part) for part in parts if part)


_REBALANCE = {
    True: (Health.WARN, "recommended: it is at elevated risk of interruption"),
    False: (Health.OK, "no activity of its Auto Scaling group speaks of one"),
    None: (Health.UNKNOWN, "not read: EC2 tells it to the instance, and to an Auto Scaling group"),
}
SIGNALS = ("aws-node-termination-handler/", "karpenter.sh/disrupt")
"""Taints of those who watch for interruptions: AWS's handler, and Karpenter (Auto Mode too)."""


def spot_figures(
    instance: InstanceRow, node: NodeRow | None, detail: InstanceDetail | None, glyphs: Glyphs
) -> Iterator[Figure]:
    """What AWS says of taking it back, and what was done about it on the node."""
    if instance.lifecycle != "spot":
        return
    if detail is not None and detail.spot:
        well = detail.spot.startswith("fulfilled")
        yield marked("Request", Health.OK if well else Health.BAD, clean(detail.spot), glyphs)
    if detail is not None:
        yield marked("Rebalance", *_REBALANCE[detail.rebalance], glyphs)
    for taint in node.taints if node else ():
        if taint.key.startswith(SIGNALS):
            yield marked("Taint", Health.WARN, clean(taint.key), glyphs)


def console_lines(detail: InstanceDetail | None) -> Iterator[Words]:
    """The end of what the serial console has said."""
    if detail is None or not detail.console:
        return
    yield (("Serial console", "strong"), ("  its last lines", "dim"))
    for line in detail.console.splitlines():
        yield ((f"  {clean(line)}", "dim"),)
    yield ()
