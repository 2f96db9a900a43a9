"""The nodes table: kubectl's columns with its titles and text, then our own.

An empty cell is `<none>` or `<unknown>` in kubectl's columns, and `-` in ours.
"""

from collections.abc import Callable

from msgspec.structs import replace

from eksview.domain.aws import ssm_sessions
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import WORST_FIRST
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.quantity import percent, show_percent
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.node_labels import (
    group_of,
    instance_id,
    instance_type_of,
    short_zone,
    zone_of,
)
from eksview.domain.kube.node_status import heartbeat_age, node_health, problems, roles, status_text
from eksview.domain.rows.kube import NodeRow, UsageRow
from eksview.domain.tables.column import (
    NONE,
    Column,
    Measure,
    NodeColumn,
    NodeContext,
    age_column,
    text_column,
    text_or,
)

_UNREAD = UsageRow(EMPTY, 0.0, -1, -1)
_ARCHITECTURE_SINCE = 36  # the first minor version that prints the architecture after the kernel


def _node_status_key(row: NodeRow, ctx: NodeContext) -> str:
    health = node_health(row, ctx.lease_of(row.name), ctx.now)
    return f"{WORST_FIRST[health]}{status_text(row)}"


def _kernel(row: NodeRow, ctx: NodeContext) -> str:
    version = row.kernel or "<unknown>"
    if row.architecture and ctx.minor >= _ARCHITECTURE_SINCE:
        return clean(f"{version} ({row.architecture})")
    return clean(version)


def _pods(row: NodeRow, ctx: NodeContext) -> Clean:
    pods = ctx.pod_totals_of(row.name).pods
    return clean(f"{pods if pods >= 0 else '?'}/{row.allocatable.pods or '?'}")


def _counted(count: int) -> int | None:
    return count if count >= 0 else None


def _share(part: int, whole: int) -> Clean:
    share = percent(part, whole)
    return NONE if share is None or part < 0 else show_percent(share)


def _share_measure(part: int, whole: int) -> float | None:
    return part * 100 / whole if whole > 0 and part >= 0 else None


def _share_key(part: int, whole: int) -> int:
    return part * 10_000 // whole if whole > 0 and part >= 0 else -1


def _cpu(row: NodeRow) -> int:
    return row.allocatable.cpu


def _memory(row: NodeRow) -> int:
    return row.allocatable.memory


def _share_column(
    id_: str,
    title: str,
    tier: int,
    key: str,
    part: Callable[[NodeRow, NodeContext], int],
    whole: Callable[[NodeRow], int],
) -> NodeColumn:
    return Column(
        id=id_,
        title=title,
        cell=lambda row, ctx: _share(part(row, ctx), whole(row)),
        sort=lambda row, ctx: _share_key(part(row, ctx), whole(row)),
        width=len(title),
        tier=tier,
        key=key,
        align="right",
        measure=Measure("percent", lambda row, ctx: _share_measure(part(row, ctx), whole(row))),
    )


def _used(row: NodeRow, ctx: NodeContext) -> UsageRow:
    return ctx.usage_of(row.name) or _UNREAD


def _heartbeat(row: NodeRow, ctx: NodeContext) -> Clean:
    since = heartbeat_age(ctx.lease_of(row.name), ctx.now)
    return NONE if since is None else human_duration(since)


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
    return ",".join(texts)


def _instance(row: NodeRow, _: NodeContext) -> str:
    return instance_id(row.provider_id)


def _group(row: NodeRow) -> str:
    return group_of(row.labels, row.provider_id).name


NODE_COLUMNS: tuple[NodeColumn, ...] = (
    text_column("NAME", lambda row, _: row.name, 42, 0, "N", kubectl="default"),
    replace(
        text_column("STATUS", lambda row, _: status_text(row), 12, 0, "S", kubectl="default"),
        sort=_node_status_key,
    ),
    text_column("ROLES", lambda row, _: roles(row.labels), 13, 4, "R", kubectl="default"),
    age_column("AGE", lambda row, _: row.created, 6, 1, "A", empty="<unknown>", kubectl="default"),
    text_column("VERSION", lambda row, _: row.kubelet, 20, 2, "V", empty="", kubectl="default"),
    text_column(
        "INTERNAL-IP", lambda row, _: row.internal_ip, 15, 4, "I", empty="<none>", kubectl="wide"
    ),
    text_column(
        "EXTERNAL-IP", lambda row, _: row.external_ip, 15, 4, "E", empty="<none>", kubectl="wide"
    ),
    text_column(
        "OS-IMAGE", lambda row, _: row.os_image, 30, 4, "O", empty="<unknown>", kubectl="wide"
    ),
    replace(
        text_column("KERNEL-VERSION", _kernel, 38, 4, "L", kubectl="wide"),
        id="kernel",
        sort=lambda row, _: natural_key(row.kernel),
    ),
    Column(
        id="runtime",
        title="CONTAINER-RUNTIME",
        cell=lambda row, _: text_or(row.runtime, "<unknown>"),
        sort=lambda row, _: natural_key(row.runtime),
        width=20,
        tier=4,
        key="T",
        kubectl="wide",
    ),
    Column(
        id="pods",
        title="PODS",
        cell=_pods,
        sort=lambda row, ctx: ctx.pod_totals_of(row.name).pods,
        width=7,
        tier=1,
        key="P",
        align="right",
        measure=Measure("number", lambda row, ctx: _counted(ctx.pod_totals_of(row.name).pods)),
    ),
    _share_column("cpu-use", "CPU(%)", 1, "C", lambda row, ctx: _used(row, ctx).cpu, _cpu),
    _share_column("mem-use", "MEM(%)", 1, "M", lambda row, ctx: _used(row, ctx).memory, _memory),
    _share_column("cpu", "CPU-REQ", 1, "Q", lambda row, ctx: ctx.pod_totals_of(row.name).cpu, _cpu),
    _share_column(
        "mem", "MEM-REQ", 1, "W", lambda row, ctx: ctx.pod_totals_of(row.name).memory, _memory
    ),
    text_column("CONDITIONS", lambda row, _: ",".join(problems(row)), 16, 2, "D"),
    text_column("TAINTS", _taints, 24, 4, "X"),
    replace(
        text_column("ZONE", lambda row, _: short_zone(zone_of(row.labels)), 5, 2, "Z"),
        sort=lambda row, _: zone_of(row.labels),
        full=lambda row, _: zone_of(row.labels),
    ),
    text_column("GROUP", lambda row, _: _group(row), 14, 2, "U"),
    Column(
        id="heartbeat",
        title="HEARTBEAT",
        cell=_heartbeat,
        sort=_heartbeat_key,
        width=9,
        tier=2,
        key="H",
        align="right",
        measure=Measure(
            "duration", lambda row, ctx: heartbeat_age(ctx.lease_of(row.name), ctx.now)
        ),
    ),
    replace(text_column("INSTANCE", _instance, 19, 4, "B"), sort=_instance),
    text_column("TYPE", lambda row, _: instance_type_of(row.labels), 12, 4, "Y"),
    Column(
        id="sessions",
        title="SESSIONS",
        cell=lambda row, ctx: clean(ssm_sessions.users_text(ctx.sessions_of(row.name))),
        sort=lambda row, ctx: ssm_sessions.count(ctx.sessions_of(row.name)),
        width=12,
        tier=3,
        key="F",
        measure=Measure(
            "number", lambda row, ctx: _counted(ssm_sessions.count(ctx.sessions_of(row.name)))
        ),
    ),
)
