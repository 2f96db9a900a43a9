"""The table of nodes and their EC2 instances; an empty cell is `-`.

Type, zone and capacity come from the node's labels where EC2 wasn't read.
"""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from eksview.domain.aws import ssm_sessions
from eksview.domain.aws.tags import GROUP_TAG
from eksview.domain.base.age import human_duration
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.text import clean
from eksview.domain.join.checks.claims import claim_key
from eksview.domain.join.manager import Manager, manager_of
from eksview.domain.join.mapping_row import MappingContext, MappingRow, RowKind, word_at
from eksview.domain.kube.node_labels import (
    capacity_type_of,
    instance_type_of,
    session_machine,
    short_zone,
    zone_of,
)
from eksview.domain.kube.node_status import status_text
from eksview.domain.rows.aws import InstanceRow, SessionRow, StatusRow
from eksview.domain.rows.kube import ClaimRow
from eksview.domain.tables.column import (
    NONE,
    Column,
    MappingColumn,
    Measure,
    age_column,
    text_column,
)

KIND_ORDER = {
    RowKind.MISMATCH: 0,
    RowKind.NOT_JOINED: 1,
    RowKind.CLAIM: 2,
    RowKind.ORPHAN: 3,
    RowKind.UNKNOWN: 4,
    RowKind.CANDIDATE: 5,
    RowKind.JOINED: 6,
    RowKind.NO_NODE: 7,
    RowKind.NOT_EC2: 8,
    RowKind.GONE: 9,
}
"""Sorting by kind shows problems first."""

_CHECKS = {"ok": 3, "initializing": 2, "insufficient-data": 1, "impaired": 0}


def node_state(row: MappingRow, ctx: MappingContext) -> str:
    """Return the node's status as kubectl prints it; empty without a node."""
    node = ctx.node(row.node)
    return status_text(node) if node else ""


def instance_state(row: MappingRow, ctx: MappingContext) -> str:
    """Return the instance's state in EC2; empty where it wasn't read."""
    instance = ctx.instance(row.instance)
    return instance.state if instance else ""


def claim_of(row: MappingRow, ctx: MappingContext) -> ClaimRow | None:
    """Return the NodeClaim of the row's node or instance, or of a row that has neither."""
    return ctx.claim(row.node) or ctx.claim(row.instance) or ctx.claim(row.key)


def identity(row: MappingRow) -> str:
    """Return the node; without node and instance the NodeClaim as kubectl names it, else empty."""
    return row.node or ("" if row.instance else row.key)


def type_of(row: MappingRow, ctx: MappingContext) -> str:
    """Return `m6i.large`, from EC2 or the label of the node or NodeClaim."""
    node, instance = ctx.node(row.node), ctx.instance(row.instance)
    if instance or node:
        return instance.type if instance else instance_type_of(node.labels) if node else ""
    return claim.type if (claim := claim_of(row, ctx)) else ""


def zone(row: MappingRow, ctx: MappingContext) -> str:
    """Return `us-west-2a`, from EC2 or the label of the node or NodeClaim."""
    node, instance = ctx.node(row.node), ctx.instance(row.instance)
    if instance or node:
        return instance.zone if instance else zone_of(node.labels) if node else ""
    return claim.zone if (claim := claim_of(row, ctx)) else ""


def capacity(row: MappingRow, ctx: MappingContext) -> str:
    """Return `on-demand`, `spot` or `capacity-block`, from EC2 or the node's label."""
    node, instance = ctx.node(row.node), ctx.instance(row.instance)
    if instance is not None:
        return instance.lifecycle or "on-demand"
    if node is not None:
        return capacity_type_of(node.labels)
    return claim.capacity if (claim := claim_of(row, ctx)) else ""


def manager(row: MappingRow, ctx: MappingContext) -> Manager:
    """Return what manages the row's machine."""
    return manager_of(ctx.node(row.node), ctx.instance(row.instance), claim_of(row, ctx))


def checked(status: StatusRow | None, instance: InstanceRow | None) -> StatusRow | None:
    """Return the status checks of a running instance; EC2 makes none of others."""
    return status if instance is not None and instance.state == "running" else None


def checks(status: StatusRow | None) -> str:
    """Return `ok` if both checks are, else system and instance: `ok/impaired`; empty if unread."""
    if status is None:
        return ""
    both = status.system, status.instance
    return both[0] if both[0] == both[1] else "/".join(state or "?" for state in both)


def events(status: StatusRow | None, now: float) -> str:
    """Return `system-reboot in 3d` for the next event, and how many more; empty for none.

    AWS lists completed events for a while, with `[Completed]` in their description.
    """
    coming = [event for event in status.events if open_event(event.description)] if status else []
    if not coming:
        return ""
    first = min(coming, key=lambda event: event.not_before or 0.0)
    begins = first.not_before
    due = begins is not None and begins > now
    when = f" in {human_duration((begins or now) - now)}" if due else " due"
    more = f" +{len(coming) - 1}" if len(coming) > 1 else ""
    return f"{first.code}{when}{more}"


def open_event(description: str) -> bool:
    """Check whether a scheduled event is still to come. Source: EC2 "Scheduled events"."""
    return not description.startswith(("[Completed]", "[Canceled]"))


def _of_instance(read: Callable[[InstanceRow], str]) -> Callable[[MappingRow, MappingContext], str]:
    def cell(row: MappingRow, ctx: MappingContext) -> str:
        instance = ctx.instance(row.instance)
        return read(instance) if instance else ""

    return cell


def _state(row: MappingRow, ctx: MappingContext) -> str:
    return word_at(row, ctx.now)


def _checks(row: MappingRow, ctx: MappingContext) -> str:
    return checks(_held(row, ctx))


def _held(row: MappingRow, ctx: MappingContext) -> StatusRow | None:
    return checked(ctx.status(row.instance), ctx.instance(row.instance))


def _checks_key(row: MappingRow, ctx: MappingContext) -> int:
    status = _held(row, ctx)
    return min(_CHECKS.get(state, 1) for state in (status.system, status.instance)) if status else 9


def _events(row: MappingRow, ctx: MappingContext) -> str:
    instance, status = ctx.instance(row.instance), ctx.status(row.instance)
    alive = instance is not None and not instance.ended
    return "unknown" if alive and status is None else events(status, ctx.now)


def _launched(row: MappingRow, ctx: MappingContext) -> float | None:
    if (instance := ctx.instance(row.instance)) or ctx.node(row.node):
        return instance.launched if instance else None
    return claim.created if (claim := claim_of(row, ctx)) else None


def _image_created(row: MappingRow, ctx: MappingContext) -> float | None:
    instance = ctx.instance(row.instance)
    image = ctx.image(instance.image) if instance else None
    return image.created if image else None


def _group(row: MappingRow, ctx: MappingContext) -> str:
    return manager(row, ctx).name


def _claim_name(row: MappingRow, ctx: MappingContext) -> str:
    return claim.name if (claim := claim_of(row, ctx)) else ""


def _manager_kind(row: MappingRow, ctx: MappingContext) -> str:
    kind = manager(row, ctx).kind
    return "" if kind == "none" else kind


def _asg(row: MappingRow, ctx: MappingContext) -> str:
    membership = ctx.membership(row.instance)
    if membership is not None:
        return membership.group.name
    instance = ctx.instance(row.instance)
    return instance.tags.get(GROUP_TAG, "") if instance else ""


def _lifecycle(row: MappingRow, ctx: MappingContext) -> str:
    membership = ctx.membership(row.instance)
    return membership.member.lifecycle if membership else ""


def _template(row: MappingRow, ctx: MappingContext) -> str:
    membership = ctx.membership(row.instance)
    if membership is not None and membership.member.template:
        return membership.member.template
    instance = ctx.instance(row.instance)
    tags = instance.tags if instance else {}
    template = tags.get("aws:ec2launchtemplate:id", "")
    return f"{template} v{tags.get('aws:ec2launchtemplate:version', '?')}" if template else ""


def _private_ip(row: MappingRow, ctx: MappingContext) -> str:
    node, instance = ctx.node(row.node), ctx.instance(row.instance)
    return instance.private_ip if instance else node.internal_ip if node else ""


def _public_ip(row: MappingRow, ctx: MappingContext) -> str:
    node, instance = ctx.node(row.node), ctx.instance(row.instance)
    return instance.public_ip if instance else node.external_ip if node else ""


def _session_count(row: MappingRow, ctx: MappingContext) -> int | None:
    sessions = ssm_sessions.count(_sessions(row, ctx))
    return sessions if sessions >= 0 else None


def _sessions(row: MappingRow, ctx: MappingContext) -> Sequence[SessionRow] | None:
    return ctx.sessions(_machine(row, ctx))


def _machine(row: MappingRow, ctx: MappingContext) -> str:
    """Return the instance, or the machine as which Session Manager knows a hybrid node."""
    node = ctx.node(row.node)
    return row.instance or (session_machine(node.provider_id) if node else "")


MAPPING_COLUMNS: tuple[MappingColumn, ...] = (
    replace(
        text_column("KIND", lambda row, _: row.kind.value, 9, 0, "D", kubectl="default"),
        sort=lambda row, _: KIND_ORDER[row.kind],
    ),
    replace(
        text_column("NODE", lambda row, _: identity(row), 36, 0, "N", kubectl="default"),
        brief=lambda text: text.removeprefix(claim_key("")),
    ),
    text_column("INSTANCE", lambda row, _: row.instance, 19, 0, "I", kubectl="default"),
    replace(
        text_column("STATE", _state, 26, 0, "S", kubectl="default"),
        sort=lambda row, ctx: f"{KIND_ORDER[row.kind]}{_state(row, ctx)}",
    ),
    replace(text_column("NODE-STATE", node_state, 10, 3, "Q", kubectl="wide"), id="ready"),
    replace(text_column("EC2-STATE", instance_state, 10, 1, "E", kubectl="default"), id="ec2"),
    replace(text_column("CHECKS", _checks, 12, 1, "C", kubectl="default"), sort=_checks_key),
    replace(
        text_column("EVENTS", _events, 22, 2, "V", kubectl="wide"),
        sort=lambda row, ctx: natural_key(events(ctx.status(row.instance), ctx.now)),
    ),
    text_column("TYPE", type_of, 12, 1, "T", kubectl="default"),
    replace(
        text_column(
            "ZONE", lambda row, ctx: short_zone(zone(row, ctx)), 5, 1, "Z", kubectl="default"
        ),
        sort=zone,
        full=zone,
    ),
    text_column("CAPACITY", capacity, 10, 1, "P", kubectl="default"),
    age_column("AGE", _launched, 6, 1, "A", kubectl="default"),
    replace(text_column("MANAGED-BY", _manager_kind, 12, 2, "Y", kubectl="wide"), id="manager"),
    text_column("GROUP", _group, 16, 1, "U", kubectl="default"),
    text_column("NODECLAIM", _claim_name, 20, 3, "J", kubectl="wide"),
    text_column("ASG", _asg, 24, 3, "O", kubectl="wide"),
    text_column("LIFECYCLE", _lifecycle, 12, 2, "L", kubectl="wide"),
    text_column("TEMPLATE", _template, 24, 3, "W", kubectl="wide"),
    replace(
        text_column("AMI", _of_instance(lambda row: row.image), 21, 2, "M", kubectl="wide"),
        id="image",
    ),
    replace(age_column("AMI-AGE", _image_created, 7, 2, "B", kubectl="wide"), id="image-age"),
    text_column("PRIVATE-IP", _private_ip, 15, 2, "R", kubectl="wide"),
    text_column("PUBLIC-IP", _public_ip, 15, 3, "X", kubectl="wide"),
    Column(
        id="sessions",
        title="SESSIONS",
        cell=lambda row, ctx: (
            clean(ssm_sessions.users_text(_sessions(row, ctx))) if _machine(row, ctx) else NONE
        ),
        sort=lambda row, ctx: ssm_sessions.count(_sessions(row, ctx)),
        width=12,
        tier=2,
        key="F",
        measure=Measure("number", _session_count),
    ),
)
