"""Text of the EC2 tab: everything that AWS reports about an instance."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from eksview.domain.aws.ssm_sessions import ended, lasted, opened, person, role, state
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.quantity import show_size
from eksview.domain.base.text import clean
from eksview.domain.join.checks.claims import claim_health, claim_note
from eksview.domain.join.manager import manager_words
from eksview.domain.join.mapping_row import MappingRow, RowKind, why_at
from eksview.domain.rows.aws import (
    InstanceDetail,
    InstanceRow,
    ScheduledEvent,
    SessionRow,
    StatusRow,
)
from eksview.domain.rows.link import Link, Phase
from eksview.domain.tables.mapping_columns import checked
from eksview.store.selectors.machine import Machine
from eksview.ui.nodes.ec2_parts import (
    console_lines,
    interface_lines,
    network_figures,
    spot_figures,
    unread,
    volume_lines,
)
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold, section
from eksview.ui.text.sections import Figure, figures, marked, sentence, since
from eksview.ui.text.unread import parts_lines
from eksview.ui.text.words import Tone, Words

SHOWN = 5  # ended sessions on an instance's screen


def session_figures(
    rows: Sequence[SessionRow] | None, link: Link | None, now: float, glyphs: Glyphs
) -> Iterator[Figure]:
    """Yield the sessions on one instance."""
    if rows is None:
        reason = link.reason if link is not None else ""
        yield marked("", Health.UNKNOWN, reason or "unknown", glyphs)
        return
    active = opened(rows)
    for number, row in enumerate(active):
        yield "" if number else "Open", _sentence(row, now), "accent"
    if not active:
        yield "Open", "none", "text"
    for number, row in enumerate(ended(rows)[:SHOWN]):
        yield "" if number else "Ended", _sentence(row, now), "dim"


def _sentence(row: SessionRow, now: float) -> str:
    """Return `ada as Ops, for 12m, SSM-SessionManagerRunShell, connected`."""
    duration = lasted(row, now)
    parts = [
        f"{person(row)} as {role(row)}" if role(row) else person(row),
        f"for {duration}" if duration else "",
        "" if row.ended is None else f"until {human_duration(max(0.0, now - row.ended))} ago",
        row.document,
        state(row),
        row.reason,
    ]
    return ", ".join(filter(None, parts))


STATES = {
    "running": Health.OK,
    "pending": Health.UNKNOWN,
    "stopping": Health.BAD,
    "stopped": Health.BAD,
    "shutting-down": Health.BAD,
    "terminated": Health.BAD,
}
_CHECKS = {"ok": Health.OK, "impaired": Health.BAD, "initializing": Health.UNKNOWN}
_KINDS: dict[RowKind, tuple[Health, Tone, str]] = {
    RowKind.JOINED: (Health.OK, "ok", "ok"),
    RowKind.NOT_JOINED: (Health.WARN, "warn", "half"),
    RowKind.ORPHAN: (Health.BAD, "lost", "lost"),
    RowKind.CLAIM: (Health.BAD, "strong", "claim"),
    RowKind.MISMATCH: (Health.BAD, "bad", "bad"),
    RowKind.CANDIDATE: (Health.UNKNOWN, "unknown", "candidate"),
    RowKind.NO_NODE: (Health.OK, "dim", "idle"),
    RowKind.NOT_EC2: (Health.OK, "away", "away"),
    RowKind.GONE: (Health.UNKNOWN, "faint", "dot"),
    RowKind.UNKNOWN: (Health.UNKNOWN, "unknown", "unknown"),
}
"""Health, color and glyph of each kind of row; glyphs are unique, colors but that of unknown."""
KIND_TONES = {kind: tone for kind, (_, tone, _) in _KINDS.items()}


class DetailRequest(Struct, frozen=True):
    """State of the request for an opened instance's details; `problem` is why it failed."""

    detail: InstanceDetail | None = None
    problem: str = ""
    busy: bool = False


def ec2_lines(
    machine: Machine,
    request: DetailRequest,
    console: tuple[str, str],
    now: float,
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """Yield problems first, then the instance from its state to its tags.

    `console` is the title and the URL of its page in the AWS console.
    """
    yield link_words(machine.link, machine.call, machine.unusable, now, glyphs)
    yield ()
    yield from _verdict(machine, now, width, glyphs)
    instance = machine.instance
    if instance is None:
        return
    yield from parts_lines(() if machine.unusable else machine.unread, width, glyphs)
    detail = request.detail
    yield from figures("Instance", _instance(machine, instance, now, glyphs), width)
    yield from figures("Status checks", _status(machine.status, instance, now, glyphs), width)
    sessions = session_figures(machine.sessions, machine.sessions_link, now, glyphs)
    yield from figures("Sessions", sessions, width)
    yield from figures("Network", network_figures(machine, instance, glyphs), width)
    yield from interface_lines(machine, instance, width, glyphs)
    yield from _problems(request, width, glyphs)
    yield from volume_lines(instance, detail, glyphs)
    yield from figures("IAM", _iam(instance, request, glyphs), width)
    yield from figures("Metadata service", _metadata(instance, glyphs), width)
    yield from figures("Spot", spot_figures(instance, machine.node, detail, glyphs), width)
    yield from figures("AWS console", [(*console, "text")], width)
    tags = sorted(instance.tags.items())
    yield from section("Tags", ((clean(key), value) for key, value in tags), width)
    yield from console_lines(detail)


def kind_mark(kind: RowKind, glyphs: Glyphs) -> str:
    return str(getattr(glyphs, _KINDS[kind][2]))


def kind_health(row: MappingRow | None, now: float) -> Health:
    """Return how well node and instance match; an instance that joins has a time limit."""
    if row is None:
        return Health.UNKNOWN
    if row.kind is RowKind.CLAIM:
        return claim_health(row, now)
    if row.overdue is not None:
        late = Health.WARN if row.doubt else Health.BAD
        return late if now >= row.overdue else Health.UNKNOWN
    return _KINDS[row.kind][0]


def _verdict(machine: Machine, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the result of the join of node and instance, where it needs a sentence."""
    row = machine.row
    text = why_at(row, now) if row else ""
    if row is None and machine.instance is None:
        listed = machine.link is not None and machine.link.phase is Phase.LIVE
        lone = "EC2 no longer lists this instance." if listed else ""
        text = "No EC2 instance matches this node yet." if machine.node else lone
    if text:
        yield from sentence(kind_health(row, now), text, width, glyphs)


def _instance(
    machine: Machine, instance: InstanceRow, now: float, glyphs: Glyphs
) -> Iterator[Figure]:
    idle = machine.row is not None and machine.row.kind is RowKind.NO_NODE
    state = Health.OK if idle else STATES.get(instance.state, Health.UNKNOWN)
    yield "ID", instance.id, "strong"
    reason = f", {instance.state_reason}" if instance.state_reason else ""
    yield marked("State", state, f"{instance.state or 'unknown'}{reason}", glyphs)
    yield "Launched", since(now, instance.launched), "text"
    yield "Type", _type(machine, instance), "text"
    yield "Capacity", capacity_words(instance), "text"
    yield "Zone", instance.zone, "text"
    yield "Image", _image(machine, instance, now), "text"
    if (image := machine.image) is not None and image.deprecated and image.deprecated <= now:
        ago = human_duration(now - image.deprecated)
        yield marked("", Health.WARN, f"image deprecated {ago} ago", glyphs)
    yield "Managed by", manager_words(machine.manager), "text"
    yield from _group(machine, glyphs)
    if (claim := machine.claim) is not None:
        note = claim_note(claim, now)
        yield "NodeClaim", claim.name, "text"
        if note:
            yield marked("", Health.WARN, note, glyphs)


def _group(machine: Machine, glyphs: Glyphs) -> Iterator[Figure]:
    if (membership := machine.membership) is None:
        return
    group, member = membership.group, membership.member
    healthy = Health.OK if member.health == "Healthy" else Health.BAD
    in_service = Health.OK if member.lifecycle == "InService" else Health.WARN
    worse = healthy if healthy is Health.BAD else in_service
    guarded = ", protected from scale-in" if member.protected else ""
    yield "Auto Scaling", group.name, "text"
    state = f"{member.lifecycle}, {member.health}{guarded}"
    yield marked("Lifecycle", worse, state, glyphs)
    yield "Launch template", _template(member.template, group.template), "text"


def _template(own: str, group: str) -> str:
    if own and group and own != group:
        return f"{clean(own)}, but the group now uses {clean(group)}"
    return clean(own or group)


def _type(machine: Machine, instance: InstanceRow) -> str:
    size = (f"{kind.vcpus} vCPU", show_size(kind.memory)) if (kind := machine.type) else ()
    return ", ".join(filter(None, (instance.type, *size, instance.architecture)))


def capacity_words(instance: InstanceRow) -> str:
    request = f", request {instance.spot_request}" if instance.spot_request else ""
    return f"{instance.lifecycle.replace('-', ' ') or 'on-demand'}{request}"


def _image(machine: Machine, instance: InstanceRow, now: float) -> str:
    image = machine.image
    if image is None:
        return instance.image
    created = f", created {human_duration(now - image.created)} ago" if image.created else ""
    return f"{clean(image.id)}  {clean(image.name)}{created}"


def _status(
    status: StatusRow | None, instance: InstanceRow, now: float, glyphs: Glyphs
) -> Iterator[Figure]:
    if (checks := checked(status, instance)) is None:
        running = instance.state == "running"
        text = "not read yet" if running else "none: EC2 checks running instances only"
        yield marked("", Health.UNKNOWN, text, glyphs)
    else:
        named = (("System", checks.system), ("Instance", checks.instance), ("EBS", checks.ebs))
        for name, word in named:
            yield marked(name, _CHECKS.get(word, Health.UNKNOWN), word, glyphs)
    for event in status.events if status else ():
        yield marked("Scheduled", Health.WARN, event_words(event, now), glyphs)


def event_words(event: ScheduledEvent, now: float) -> str:
    """Return `instance-retirement in 3d: …`."""
    when = ""
    if event.not_before is not None:
        left = event.not_before - now
        when = f" in {human_duration(left)}" if left > 0 else f" since {human_duration(-left)}"
    return f"{clean(event.code)}{when}: {clean(event.description)}".rstrip(": ")


def _iam(instance: InstanceRow, request: DetailRequest, glyphs: Glyphs) -> Iterator[Figure]:
    if not instance.profile:
        yield marked("Profile", Health.BAD, "none: the kubelet needs an IAM role", glyphs)
        return
    yield "Profile", instance.profile, "text"
    if request.detail is None:
        yield "Role", f"loading{glyphs.more}" if request.busy else "", "dim"
        return
    if missing := unread(request.detail, "iam:GetInstanceProfile"):
        yield marked("Role", Health.UNKNOWN, missing, glyphs)
    yield "Role", request.detail.role, "text"
    if missing := unread(request.detail, "iam:ListAttachedRolePolicies"):
        yield marked("Policies", Health.UNKNOWN, missing, glyphs)
    for number, policy in enumerate(request.detail.policies or ()):
        yield "Policies" if number == 0 else "", policy, "text"


def _metadata(instance: InstanceRow, glyphs: Glyphs) -> Iterator[Figure]:
    if instance.metadata_endpoint == "disabled":
        yield marked("Endpoint", Health.WARN, "disabled: pods and kubelet can't reach it", glyphs)
        return
    required = instance.metadata_tokens == "required"
    tokens = "required (IMDSv2 only)" if required else "optional (IMDSv1 is enabled)"
    if instance.metadata_tokens:
        yield marked("Tokens", Health.OK if required else Health.WARN, tokens, glyphs)
    if instance.metadata_hops:
        reach = "pods can't reach it" if instance.metadata_hops == 1 else "pods can reach it"
        yield "Hop limit", f"{instance.metadata_hops}: {reach}", "text"


def _problems(request: DetailRequest, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield what couldn't be read, so that it isn't mistaken for absent."""
    refusals = request.detail.reason if request.detail else ()
    sentences = [request.problem] if request.problem else list(refusals)
    for text in sentences:
        first, *rest = fold(clean(text), width - 2)
        yield ((f"{glyphs.warn} ", "warn"), (first, "text"))
        for line in rest:
            yield (("  ", "text"), (line, "text"))
    if sentences:
        yield ()
