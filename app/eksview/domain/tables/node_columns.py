"""The nodes table: kubectl's columns first, under its titles and with its text, then our own.

An empty cell of kubectl's is `<none>` or `<unknown>` as kubectl has it, one of ours is `-`.
"""

from eksview.domain.aws import ssm_sessions
from eksview.domain.base.age import age, human_duration
from eksview.domain.base.quantity import percent
from eksview.domain.base.text import clean
from eksview.domain.kube.node_labels import (
    group_of,
    instance_id,
    instance_type_of,
    natural_key,
    short_zone,
    zone_of,
)
from eksview.domain.kube.node_status import heartbeat_age, node_health, problems, roles, status_text
from eksview.domain.rows.kube import NodeRow, UsageRow
from eksview.domain.tables.column import WORST_FIRST, Column, NodeColumn, NodeContext, text_or

_UNREAD = UsageRow("", 0.0, -1, -1)
_ARCHITECTURE_SINCE = 36  # minor version that prints the architecture after the kernel


def _node_status_key(row: NodeRow, ctx: NodeContext) -> str:
    health = node_health(row, ctx.lease_of(row.name), ctx.now)
    return f"{WORST_FIRST[health]}{status_text(row)}"


def _kernel(row: NodeRow, ctx: NodeContext) -> str:
    version = row.kernel or "<unknown>"
    if row.architecture and ctx.minor >= _ARCHITECTURE_SINCE:
        return clean(f"{version} ({row.architecture})")
    return clean(version)


def _pods(row: NodeRow, ctx: NodeContext) -> str:
    pods = ctx.sums_of(row.name).pods
    return f"{pods if pods >= 0 else '?'}/{row.allocatable.pods or '?'}"


def _share(part: int, whole: int) -> str:
    share = percent(part, whole)
    return "-" if share is None or part < 0 else f"{share}%"


def _share_key(part: int, whole: int) -> int:
    return part * 10_000 // whole if whole > 0 and part >= 0 else -1


def _used(row: NodeRow, ctx: NodeContext) -> UsageRow:
    return ctx.usage_of(row.name) or _UNREAD


def _heartbeat(row: NodeRow, ctx: NodeContext) -> str:
    since = heartbeat_age(ctx.lease_of(row.name), ctx.now)
    return "-" if since is None else human_duration(since)


def _heartbeat_key(row: NodeRow, ctx: NodeContext) -> int:
    since = heartbeat_age(ctx.lease_of(row.name), ctx.now)
    return -1 if since is None else int(since * 1000)


def _taints(row: NodeRow, _: NodeContext) -> str:
    texts = (
        f"{taint.key}={taint.value}:{taint.effect}"
        if taint.value
        else f"{taint.key}:{taint.effect}"
        for taint in row.taints
    )
    return text_or(",".join(texts), "-")


def _group(row: NodeRow) -> str:
    return group_of(row.labels, row.provider_id).name


NODE_COLUMNS: tuple[NodeColumn, ...] = (
    Column(
        id="name",
        title="NAME",
        cell=lambda row, _: clean(row.name),
        sort=lambda row, _: natural_key(row.name),
        width=42,
        tier=0,
        key="N",
        kubectl="default",
    ),
    Column(
        id="status",
        title="STATUS",
        cell=lambda row, _: status_text(row),
        sort=_node_status_key,
        width=12,
        tier=0,
        key="S",
        kubectl="default",
    ),
    Column(
        id="roles",
        title="ROLES",
        cell=lambda row, _: clean(roles(row.labels)),
        sort=lambda row, _: roles(row.labels),
        width=13,
        tier=4,
        key="R",
        kubectl="default",
    ),
    Column(
        id="age",
        title="AGE",
        cell=lambda row, ctx: age(ctx.now, row.created or None),
        sort=lambda row, _: -int(row.created),
        width=6,
        tier=1,
        key="A",
        kubectl="default",
    ),
    Column(
        id="version",
        title="VERSION",
        cell=lambda row, _: clean(row.kubelet),
        sort=lambda row, _: natural_key(row.kubelet),
        width=20,
        tier=2,
        key="V",
        kubectl="default",
    ),
    Column(
        id="internal-ip",
        title="INTERNAL-IP",
        cell=lambda row, _: text_or(row.internal_ip, "<none>"),
        sort=lambda row, _: natural_key(row.internal_ip),
        width=15,
        tier=4,
        key="I",
        kubectl="wide",
    ),
    Column(
        id="external-ip",
        title="EXTERNAL-IP",
        cell=lambda row, _: text_or(row.external_ip, "<none>"),
        sort=lambda row, _: natural_key(row.external_ip),
        width=15,
        tier=4,
        key="E",
        kubectl="wide",
    ),
    Column(
        id="os-image",
        title="OS-IMAGE",
        cell=lambda row, _: text_or(row.os_image, "<unknown>"),
        sort=lambda row, _: row.os_image,
        width=30,
        tier=4,
        key="O",
        kubectl="wide",
    ),
    Column(
        id="kernel",
        title="KERNEL-VERSION",
        cell=_kernel,
        sort=lambda row, _: natural_key(row.kernel),
        width=38,
        tier=4,
        key="L",
        kubectl="wide",
    ),
    Column(
        id="runtime",
        title="CONTAINER-RUNTIME",
        cell=lambda row, _: text_or(row.runtime, "<unknown>"),
        sort=lambda row, _: row.runtime,
        width=20,
        tier=4,
        key="T",
        kubectl="wide",
    ),
    Column(
        id="pods",
        title="PODS",
        cell=_pods,
        sort=lambda row, ctx: ctx.sums_of(row.name).pods,
        width=7,
        tier=1,
        key="P",
        align="right",
    ),
    Column(
        id="cpu",
        title="CPU-REQ",
        cell=lambda row, ctx: _share(ctx.sums_of(row.name).cpu, row.allocatable.cpu),
        sort=lambda row, ctx: _share_key(ctx.sums_of(row.name).cpu, row.allocatable.cpu),
        width=7,
        tier=1,
        key="C",
        align="right",
    ),
    Column(
        id="mem",
        title="MEM-REQ",
        cell=lambda row, ctx: _share(ctx.sums_of(row.name).memory, row.allocatable.memory),
        sort=lambda row, ctx: _share_key(ctx.sums_of(row.name).memory, row.allocatable.memory),
        width=7,
        tier=1,
        key="M",
        align="right",
    ),
    Column(
        id="conditions",
        title="CONDITIONS",
        cell=lambda row, _: text_or(",".join(problems(row)), "-"),
        sort=lambda row, _: ",".join(problems(row)),
        width=16,
        tier=2,
        key="D",
    ),
    Column(
        id="taints",
        title="TAINTS",
        cell=_taints,
        sort=_taints,
        width=24,
        tier=4,
        key="X",
    ),
    Column(
        id="zone",
        title="ZONE",
        cell=lambda row, _: text_or(short_zone(zone_of(row.labels)), "-"),
        sort=lambda row, _: zone_of(row.labels),
        width=5,
        tier=2,
        key="Z",
    ),
    Column(
        id="group",
        title="GROUP",
        cell=lambda row, _: text_or(_group(row), "-"),
        sort=lambda row, _: natural_key(_group(row)),
        width=14,
        tier=2,
        key="U",
    ),
    Column(
        id="heartbeat",
        title="HEARTBEAT",
        cell=_heartbeat,
        sort=_heartbeat_key,
        width=9,
        tier=2,
        key="H",
        align="right",
    ),
    Column(
        id="cpu-use",
        title="CPU(%)",
        cell=lambda row, ctx: _share(_used(row, ctx).cpu, row.allocatable.cpu),
        sort=lambda row, ctx: _share_key(_used(row, ctx).cpu, row.allocatable.cpu),
        width=6,
        tier=3,
        key="Q",
        align="right",
    ),
    Column(
        id="mem-use",
        title="MEM(%)",
        cell=lambda row, ctx: _share(_used(row, ctx).memory, row.allocatable.memory),
        sort=lambda row, ctx: _share_key(_used(row, ctx).memory, row.allocatable.memory),
        width=6,
        tier=3,
        key="W",
        align="right",
    ),
    Column(
        id="instance",
        title="INSTANCE",
        cell=lambda row, _: instance_id(row.provider_id) or "-",
        sort=lambda row, _: instance_id(row.provider_id),
        width=19,
        tier=4,
        key="B",
    ),
    Column(
        id="type",
        title="TYPE",
        cell=lambda row, _: text_or(instance_type_of(row.labels), "-"),
        sort=lambda row, _: instance_type_of(row.labels),
        width=12,
        tier=4,
        key="Y",
    ),
    Column(
        id="sessions",
        title="SESSIONS",
        cell=lambda row, ctx: ssm_sessions.who(ctx.sessions_of(row.name)),
        sort=lambda row, ctx: ssm_sessions.count(ctx.sessions_of(row.name)),
        width=12,
        tier=3,
        key="F",
    ),
)
