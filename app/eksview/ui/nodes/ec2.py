"""The EC2 instance under a node: all that AWS says about it."""

from collections.abc import Iterator

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import clean
from eksview.domain.join.node_instance import Manager, MappingRow, RowKind, why_at
from eksview.domain.rows.aws import InstanceDetail, InstanceRow, ScheduledEvent, StatusRow
from eksview.domain.tables.mapping_columns import checked
from eksview.store.selectors.machine import Machine
from eksview.ui.nodes.ec2_parts import (
    console_lines,
    interface_lines,
    network_figures,
    spot_figures,
    volume_lines,
)
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold, section
from eksview.ui.text.sections import Figure, figures, marked, since
from eksview.ui.text.session_text import session_figures
from eksview.ui.text.words import TONE_OF, Tone, Words

STATES = {
    "running": Health.OK,
    "pending": Health.UNKNOWN,
    "stopping": Health.BAD,
    "stopped": Health.BAD,
    "shutting-down": Health.BAD,
    "terminated": Health.BAD,
}
_CHECKS = {"ok": Health.OK, "impaired": Health.BAD, "initializing": Health.UNKNOWN}
_KINDS = {
    RowKind.JOINED: Health.OK,
    RowKind.ELSEWHERE: Health.OK,
    RowKind.UNREAD: Health.UNKNOWN,
    RowKind.GONE: Health.UNKNOWN,
    RowKind.UNJOINED: Health.WARN,
    RowKind.ORPHAN: Health.BAD,
    RowKind.DISAGREE: Health.BAD,
}
KIND_TONES: dict[RowKind, Tone] = {
    RowKind.JOINED: "ok",
    RowKind.UNJOINED: "warn",
    RowKind.ORPHAN: "lost",
    RowKind.DISAGREE: "bad",
    RowKind.ELSEWHERE: "away",
    RowKind.GONE: "faint",
    RowKind.UNREAD: "unknown",
}
"""Each kind of row has its own colour, and with `kind_mark` its own mark."""
_MANAGERS = {
    "nodegroup": "managed nodegroup",
    "self-managed": "Auto Scaling group, self-managed",
    "karpenter": "Karpenter nodepool",
    "auto": "EKS Auto Mode, nodepool",
    "fargate": "Fargate",
    "hybrid": "hybrid node",
}


class DetailRequest(Struct, frozen=True):
    """What was asked for because the instance was opened; `problem` is why it couldn't be."""

    detail: InstanceDetail | None = None
    problem: str = ""
    busy: bool = False


def ec2_lines(
    machine: Machine, asked: DetailRequest, url: str, now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """What is wrong first, then the instance from its state down to its tags."""
    yield link_words(machine.link, machine.call, machine.unusable, now, glyphs)
    yield ()
    yield from _verdict(machine, now, width, glyphs)
    instance = machine.instance
    if instance is None:
        return
    detail = asked.detail
    yield from figures("Instance", _instance(machine, instance, now, glyphs), width)
    yield from figures("Status checks", _status(machine.status, instance, now, glyphs), width)
    visitors = session_figures(machine.sessions, machine.sessions_link, now, glyphs)
    yield from figures("Sessions", visitors, width)
    yield from figures("Network", network_figures(machine, instance, glyphs), width)
    yield from interface_lines(machine, instance, width, glyphs)
    yield from _why(asked, width, glyphs)
    yield from volume_lines(instance, detail, glyphs)
    yield from figures("IAM", _iam(instance, asked, glyphs), width)
    yield from figures("Metadata service", _metadata(instance, glyphs), width)
    yield from figures("Spot", spot_figures(instance, machine.node, detail, glyphs), width)
    yield from figures("AWS console", [("c copies", url, "text")], width)
    tags = sorted(instance.tags.items())
    yield from section("Tags", ((clean(key), clean(value)) for key, value in tags), width)
    yield from console_lines(detail)


def kind_mark(kind: RowKind, glyphs: Glyphs) -> str:
    """The mark of a kind of row, unlike that of any other."""
    return {
        RowKind.JOINED: glyphs.ok,
        RowKind.UNJOINED: glyphs.half,
        RowKind.ORPHAN: glyphs.lost,
        RowKind.DISAGREE: glyphs.bad,
        RowKind.ELSEWHERE: glyphs.away,
        RowKind.GONE: glyphs.dot,
        RowKind.UNREAD: glyphs.unknown,
    }[kind]


def kind_health(row: MappingRow | None, now: float) -> Health:
    """How node and instance get on."""
    if row is None:
        return Health.UNKNOWN
    if row.overdue is not None:
        return Health.BAD if now >= row.overdue else Health.UNKNOWN
    return _KINDS[row.kind]


def manager_words(manager: Manager) -> str:
    """`managed nodegroup ng-general`."""
    if manager.kind == "none":
        return "nobody that is known"
    name = "" if manager.name == manager.kind else manager.name
    return f"{_MANAGERS[manager.kind]} {clean(name)}".strip()


def _verdict(machine: Machine, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """What the join of node and instance comes to, where that isn't plain."""
    row = machine.row
    said = clean(why_at(row, now)) if row else ""
    if row is None and machine.instance is None:
        said = "No instance is known for this node yet."
    if not said:
        return
    health = kind_health(row, now)
    first, *rest = fold(said, width - 2)
    tone = "text" if health in (Health.OK, Health.UNKNOWN) else TONE_OF[health]
    yield ((f"{glyphs.mark(health)} ", TONE_OF[health]), (first, tone))
    for line in rest:
        yield (("  ", "text"), (line, tone))
    yield ()


def _instance(
    machine: Machine, instance: InstanceRow, now: float, glyphs: Glyphs
) -> Iterator[Figure]:
    state = STATES.get(instance.state, Health.UNKNOWN)
    yield "ID", clean(instance.id), "strong"
    reason = f", {clean(instance.state_reason)}" if instance.state_reason else ""
    yield marked("State", state, f"{clean(instance.state) or 'unknown'}{reason}", glyphs)
    yield "Launched", since(now, instance.launched), "text"
    yield "Type", _type(machine, instance), "text"
    yield "Capacity", capacity_words(instance), "text"
    yield "Zone", clean(instance.zone), "text"
    yield "Image", _image(machine, instance, now), "text"
    if (image := machine.image) is not None and image.deprecated and image.deprecated <= now:
        ago = human_duration(now - image.deprecated)
        yield marked("", Health.WARN, f"the image is deprecated since {ago}", glyphs)
    yield "Managed by", manager_words(machine.manager), "text"
    yield from _group(machine, glyphs)
    if (claim := machine.claim) is not None:
        yield "NodeClaim", clean(claim.name), "text"


def _group(machine: Machine, glyphs: Glyphs) -> Iterator[Figure]:
    if (membership := machine.membership) is None:
        return
    group, member = membership.group, membership.member
    healthy = Health.OK if member.health == "Healthy" else Health.BAD
    in_service = Health.OK if member.lifecycle == "InService" else Health.WARN
    worse = healthy if healthy is Health.BAD else in_service
    guarded = ", protected from scale in" if member.protected else ""
    yield "Auto Scaling", clean(group.name), "text"
    said = f"{clean(member.lifecycle)}, {clean(member.health)}{guarded}"
    yield marked("Lifecycle", worse, said, glyphs)
    yield "Launch template", _template(member.template, group.template), "text"


def _template(own: str, group: str) -> str:
    if own and group and own != group:
        return f"{clean(own)}, the group's is {clean(group)} now"
    return clean(own or group)


def _type(machine: Machine, instance: InstanceRow) -> str:
    known = machine.type
    parts = [clean(instance.type)]
    if known is not None:
        parts += [f"{known.vcpus} vCPU", show_size(known.memory)]
    return ", ".join(filter(None, (*parts, clean(instance.architecture))))


def capacity_words(instance: InstanceRow) -> str:
    """How it was bought."""
    request = f", request {clean(instance.spot_request)}" if instance.spot_request else ""
    return f"{clean(instance.lifecycle).replace('-', ' ') or 'on demand'}{request}"


def _image(machine: Machine, instance: InstanceRow, now: float) -> str:
    image = machine.image
    if image is None:
        return clean(instance.image)
    made = f", made {human_duration(now - image.created)} ago" if image.created else ""
    return f"{clean(image.id)}  {clean(image.name)}{made}"


def _status(
    status: StatusRow | None, instance: InstanceRow, now: float, glyphs: Glyphs
) -> Iterator[Figure]:
    if (held := checked(status, instance)) is None:
        running = instance.state == "running"
        said = "not read yet" if running else "none: EC2 checks running instances only"
        yield marked("", Health.UNKNOWN, said, glyphs)
    else:
        named = (("System", held.system), ("Instance", held.instance), ("EBS", held.ebs))
        for name, word in named:
            yield marked(name, _CHECKS.get(word, Health.UNKNOWN), clean(word), glyphs)
    for event in status.events if status else ():
        yield marked("Scheduled", Health.WARN, event_words(event, now), glyphs)


def event_words(event: ScheduledEvent, now: float) -> str:
    """`instance-retirement in 3d: …`."""
    when = ""
    if event.not_before is not None:
        left = event.not_before - now
        when = f" in {human_duration(left)}" if left > 0 else f" since {human_duration(-left)}"
    return f"{clean(event.code)}{when}: {clean(event.description)}".rstrip(": ")


def _iam(instance: InstanceRow, asked: DetailRequest, glyphs: Glyphs) -> Iterator[Figure]:
    if not instance.profile:
        yield marked("Profile", Health.BAD, "none: a kubelet needs a role to log in with", glyphs)
        return
    yield "Profile", clean(instance.profile), "text"
    if asked.detail is None:
        yield "Role", f"asking{glyphs.more}" if asked.busy else "", "dim"
        return
    yield "Role", clean(asked.detail.role), "text"
    for number, policy in enumerate(asked.detail.policies):
        yield "Policies" if number == 0 else "", clean(policy), "text"


def _metadata(instance: InstanceRow, glyphs: Glyphs) -> Iterator[Figure]:
    if instance.metadata_endpoint == "disabled":
        yield marked("Endpoint", Health.WARN, "disabled: pods and kubelet can't ask it", glyphs)
        return
    required = instance.metadata_tokens == "required"
    said = "required (IMDSv2 only)" if required else "optional: IMDSv1 answers too"
    if instance.metadata_tokens:
        yield marked("Tokens", Health.OK if required else Health.WARN, said, glyphs)
    if instance.metadata_hops:
        reach = "pods can't reach it" if instance.metadata_hops == 1 else "pods can reach it"
        yield "Hop limit", f"{instance.metadata_hops}: {reach}", "text"


def _why(asked: DetailRequest, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """What was refused, so that a part that is missing isn't taken for one that isn't there."""
    sentences = [asked.problem] if asked.problem else list(asked.detail.why if asked.detail else ())
    for sentence in sentences:
        first, *rest = fold(clean(sentence), width - 2)
        yield ((f"{glyphs.warn} ", "warn"), (first, "text"))
        for line in rest:
            yield (("  ", "text"), (line, "text"))
    if sentences:
        yield ()
