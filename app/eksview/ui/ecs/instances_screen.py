"""The table of container instances, and of EC2 instances of the cluster without an agent."""

from typing import Any, ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.ecs.pair import EcsPair, pair_key, pair_word
from eksview.domain.rows.kube import Kind
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.domain.tables.ecs_instance_columns import ECS_INSTANCE_COLUMNS
from eksview.store.selectors.ecs import ecs_pairs
from eksview.ui.base.messages import OpenContainerInstance
from eksview.ui.ecs.table_screen import EcsTableScreen, searched, tally
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import tone_of


def _health(pair: EcsPair, _: EcsContext) -> Health:
    return pair.health


def _text(pair: EcsPair) -> str:
    row, machine = pair.instance, pair.machine
    return searched(
        pair.id,
        pair.words,
        pair.group,
        *((row.id, row.agent, row.provider) if row else ()),
        *((machine.type, machine.zone, machine.private_ip) if machine else ()),
    )


def _labels(pair: EcsPair) -> dict[str, str]:
    row = pair.instance
    own = {str(name): str(value) for name, value in row.attributes} if row else {}
    return own | {"status": row.status if row else "", "provider": row.provider if row else ""}


def _runs(pair: EcsPair) -> bool:
    return pair.machine is not None and pair.machine.state == "running"


ECS_INSTANCES: TableSpec[EcsPair, EcsContext] = TableSpec(
    table="ecs-instances",
    columns=ECS_INSTANCE_COLUMNS,
    name=lambda pair: f"{natural_key(pair.id)}\0{pair_key(pair)}",
    text=_text,
    labels=_labels,
    tally=lambda pair: tally(pair.health, pair_word(pair)),
    health=_health,
    tones={
        "status": lambda pair, _: tone_of(pair.health, "dim"),
        "agent": lambda pair, _: "warn" if pair.instance and not pair.instance.connected else "dim",
        "state": lambda pair, _: "dim" if _runs(pair) else "warn",
        "pending": lambda pair, _: "warn" if pair.instance and pair.instance.pending else "dim",
        "why": lambda pair, _: tone_of(pair.health, "dim"),
    },
    quiet=frozenset({
        "cluster", "version", "type", "zone", "provider", "docker", "group", "container-instance",
    }),
    least={"status": 18, "name": 19, "why": 12},
    falling=frozenset({"cpu", "mem", "running", "pending"}),
    opened=OpenContainerInstance,
)  # fmt: skip


class EcsInstanceTable(LiveTable[EcsPair, EcsContext]):
    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(ECS_INSTANCE_COLUMNS)]


class EcsInstancesScreen(EcsTableScreen):
    """A screen of the outer join of container instances and EC2 instances."""

    NOUN = "container instances"
    NOUNS = ("instance", "instances")
    LINK = Kind.ECS_INSTANCE.link
    TITLE: ClassVar[str | None] = "Container instances"
    LINKS = (Kind.ECS_INSTANCE.link,)
    PARTS = (Kind.ECS_CLUSTER.part, Kind.ECS_INSTANCE.part, Kind.ECS_MACHINE.part)
    KINDS = (Kind.ECS_INSTANCE, Kind.ECS_MACHINE, Kind.ECS_PROVIDER)

    _pairs: dict[str, EcsPair]

    def make_table(self) -> LiveTable[Any, Any]:
        self._pairs = {}
        return EcsInstanceTable(self.view, ECS_INSTANCES, lambda: self._pairs, EcsContext)

    def collect(self, now: float) -> None:  # noqa: ARG002 - the store knows the time
        pairs = ecs_pairs(self.view.store, self.ecs) if self.ecs else ()
        self._pairs = {pair_key(pair): pair for pair in pairs}

    def none(self) -> str:
        return f"The cluster {self.ecs} has no container instance."
