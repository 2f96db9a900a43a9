"""The table of pods: all of them, or those of one node."""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.quantity import percent
from eksview.domain.kube.pod_status import health_of_pod, status_health
from eksview.domain.live.polled import POD_USAGE
from eksview.domain.rows.kube import PodRow, PodUsageRow
from eksview.domain.tables.column import PodContext
from eksview.domain.tables.pod_columns import POD_COLUMNS, USAGE_COLUMNS, used
from eksview.store.store import Store
from eksview.ui.base.messages import OpenPod
from eksview.ui.base.usage_shown import why_no_usage
from eksview.ui.base.view import View
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import Tone, tone_of

UNREADY, FAILED = " ", "\n"
"""Ends of a tally; no status has them."""


def _name(row: PodRow) -> str:
    return f"{row.namespace}\0{row.name}"


def _text(row: PodRow) -> str:
    status: str = row.status
    if row.older:  # the status of an older server matches too
        status = "\n".join((status, *(text for _, text in row.older)))
    return (
        f"{row.namespace}\n{row.name}\n{row.ready}/{row.containers}\n{status}\n{row.ip}\n"
        f"{row.node}\n{row.nominated}"
    ).lower()


def _tally(row: PodRow) -> str:
    """Return the status, followed by UNREADY if a container isn't ready.

    It is followed by FAILED instead where the status alone would be taken for fine.
    """
    all_ready = row.ready >= row.containers
    if row.failed and status_health(row.status, all_ready=all_ready) is Health.OK:
        return row.status + FAILED
    return row.status if all_ready else row.status + UNREADY


def _health(row: PodRow, _: PodContext) -> Health:
    return health_of_pod(row)


def _status(row: PodRow, _: PodContext) -> Tone:
    return tone_of(health_of_pod(row), "text" if row.counted else "dim")


def _ready(row: PodRow, _: PodContext) -> Tone:
    return "dim" if row.ready == row.containers or not row.counted else "warn"


def _restarts(row: PodRow, ctx: PodContext) -> Tone:
    if not row.restarts:
        return "faint"
    seconds = None if row.restarted is None else ctx.now - row.restarted
    return tone_of(ctx.thresholds.restarted(row.restarts, seconds), "dim")


def _of_limit(use: int, limit: int, ctx: PodContext) -> Tone:
    """Return the tone of usage: near a limit CPU is throttled, and memory ends in a kill."""
    return tone_of(ctx.thresholds.usage(percent(use, limit)), "text")


PODS: TableSpec[PodRow, PodContext] = TableSpec(
    table="pods",
    columns=POD_COLUMNS,
    name=_name,
    text=_text,
    labels=lambda row: row.labels,
    values=lambda row: row.values,
    tally=_tally,
    health=_health,
    tones={
        "status": _status,
        "ready": _ready,
        "restarts": _restarts,
        "cpu-l": lambda row, ctx: _of_limit(used(row, ctx).cpu, row.requests.cpu_limit, ctx),
        "mem-l": lambda row, ctx: _of_limit(used(row, ctx).memory, row.requests.memory_limit, ctx),
    },
    quiet=frozenset({
        "namespace", "age", "ip", "nominated", "gates", "cpu-lim", "mem-lim", "measured",
    }),
    hosts=frozenset({"node", "nominated"}),
    least={
        "status": 17,  # room goes to the word for what is wrong before it goes to the name
        "restarts": 8,
        "namespace": 12,
        "name": 24,
        "node": 15,
        "nominated": 15,
    },
    tight={"restarts": 8, "namespace": 9, "name": 16, "status": 12},
    falling=frozenset({
        "restarts", "cpu-req", "mem-req", "cpu-lim", "mem-lim",
        *(USAGE_COLUMNS - {"measured"}),
    }),
    opened=OpenPod,
    frozen=2,
    pure=True,
    outside=USAGE_COLUMNS,
)  # fmt: skip


def _usage_at(store: Store, now: float) -> Callable[[PodRow], PodUsageRow | None]:
    """Return the look-up of a pod's usage, None where it is unread or too old."""
    return lambda row: store.pod_usage.of(row.namespace, row.name, now)


class PodTable(LiveTable[PodRow, PodContext]):
    """The table of all pods of the store, or of the pods that `rows` returns."""

    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(POD_COLUMNS)]

    def __init__(
        self,
        view: View,
        rows: Callable[[], Mapping[str, PodRow]] | None = None,
        *,
        hide: Iterable[str] = (),
    ) -> None:
        store = view.store
        super().__init__(
            view,
            PODS,
            rows or (lambda: store.pods),
            lambda now: PodContext(
                now, view.server_minor, _usage_at(store, now), view.settings.thresholds
            ),
            hide=hide,
        )

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why sorting by usage would do nothing, where no usage is read."""
        if action == "sort" and not USAGE_COLUMNS.isdisjoint(parameters):
            store = self.view.store
            return why_no_usage(store.links.get(POD_USAGE), store.pod_usage.at, self.view.clock())
        return super().why_not(action, parameters)
