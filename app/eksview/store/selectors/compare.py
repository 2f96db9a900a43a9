"""The live values of both sides of the comparison of EKS and ECS."""

from collections import Counter
from collections.abc import Sequence

from eksview.domain.base.age import utc_minute
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Reading, last_of, with_value
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.compare.questions import Names, System
from eksview.domain.ecs.service_status import cluster_health
from eksview.domain.ecs.task_status import ON_THE_WAY
from eksview.domain.explain.value import LiveValue, Values
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.ecs import (
    EcsClusterRow,
    EcsInstanceRow,
    EcsServiceRow,
    EcsTaskRow,
    TaskDefinitionRow,
)
from eksview.domain.rows.kube import NodeRow
from eksview.store.selectors.ecs_cluster import MemberT, members
from eksview.store.selectors.explain.access import authentication
from eksview.store.selectors.explain.joining import heartbeats, joined_nodes
from eksview.store.selectors.explain.live import live, read_text, row_count, rows_now
from eksview.store.selectors.explain.managed import managed
from eksview.store.selectors.explain.planes import planes
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.readings import aws_identity, rows_reading
from eksview.store.store import Store

RUNNING = "RUNNING"
_NO_DRIVER = Clean("none")


def compared_values(source: ExplainSource, cluster: str) -> dict[System, Values]:
    """Return the values of the EKS cluster and of an ECS cluster, by the names in the texts."""
    return {System.EKS: eks_values(source), System.ECS: ecs_values(source, cluster)}


def eks_values(source: ExplainSource) -> Values:
    """Return the values of the Kubernetes cluster, most of which Explain shows too."""
    store = source.store
    described, beats = managed(source), heartbeats(source)
    return {
        **planes(source),
        **{name: described[name] for name in ("cluster", "kubernetes", "status", "nodegroups")},
        "types": described["logs"],
        **{name: beats[name] for name in ("leases", "late")},
        "user": authentication(source)["user"],
        "node": live(rows_now(store, NodeRow), lambda _: _newest_node(store)),
        "joined": live(rows_now(store, NodeRow), _last_joined),
        "sessions": row_count(rows_reading(store, SessionRow)),
    }


def _newest_node(store: Store) -> str:
    return store.names.short(next(iter(joined_nodes(store)), ""))


def _last_joined(rows: Sequence[NodeRow]) -> str:
    return utc_minute(max(row.created for row in rows)) if rows else EMPTY


def ecs_values(source: ExplainSource, cluster: str) -> Values:
    """Return the values of an ECS cluster."""
    store = source.store
    instances = _of(source, EcsInstanceRow, cluster)
    tasks = _of(source, EcsTaskRow, cluster)
    clusters = rows_reading(store, EcsClusterRow)
    return {
        "ecs_cluster": live(clusters, lambda rows: _name(rows, cluster)),
        "cluster_status": live(clusters, lambda rows: _status(rows, cluster)),
        "services": row_count(_of(source, EcsServiceRow, cluster)),
        "providers": live(clusters, lambda rows: _providers(rows, cluster)),
        "instances": row_count(instances),
        "connected": live(instances, _connected),
        "disconnected": live(instances, _disconnected),
        "instance": live(instances, lambda rows: _last_registered(rows)[0]),
        "registered": live(instances, lambda rows: _last_registered(rows)[1]),
        "identity": live(aws_identity(store), lambda identity: identity.arn.rpartition(":")[2]),
        "running": live(tasks, lambda rows: f"{_count(rows, RUNNING):,}"),
        "pending": live(tasks, lambda rows: f"{_count(rows, *ON_THE_WAY):,}"),
        "exec": live(tasks, lambda rows: f"{sum(row.exec_enabled for row in _running(rows)):,}"),
        "drivers": live(rows_reading(store, TaskDefinitionRow), _drivers),
    }


def _of(source: ExplainSource, row: type[MemberT], cluster: str) -> Reading[tuple[MemberT, ...]]:
    """Return the rows of a table that belong to a cluster."""
    reading = rows_reading(source.store, row)
    own = tuple(members(source.store, row, cluster).values())
    return with_value(reading, own, known=bool(own))


def _named(rows: Sequence[EcsClusterRow], cluster: str) -> EcsClusterRow | None:
    return next((row for row in rows if row.name == cluster), None)


def _name(rows: Sequence[EcsClusterRow], cluster: str) -> str | None:
    row = _named(rows, cluster)
    return row.name if row is not None else None


def _status(rows: Sequence[EcsClusterRow], cluster: str) -> LiveValue | None:
    row = _named(rows, cluster)
    return read_text(row.status, None, cluster_health(row)[0]) if row is not None else None


def _providers(rows: Sequence[EcsClusterRow], cluster: str) -> str:
    """Return the names of the capacity providers that are the cluster's, not the region's."""
    row = _named(rows, cluster)
    return ", ".join(sorted(row.providers)) if row is not None else ""


def _connected(rows: Sequence[EcsInstanceRow]) -> LiveValue:
    connected = sum(row.connected for row in rows)
    health = Health.OK if connected == len(rows) else Health.WARN
    return read_text(f"{connected:,}", None, health)


def _disconnected(rows: Sequence[EcsInstanceRow]) -> LiveValue:
    disconnected = sum(not row.connected for row in rows)
    return read_text(f"{disconnected:,}", None, Health.WARN if disconnected else Health.OK)


def _last_registered(rows: Sequence[EcsInstanceRow]) -> tuple[Clean, Clean]:
    dated = [(row.since, row.instance or row.id) for row in rows if row.since is not None]
    if not dated:
        return EMPTY, EMPTY
    at, name = max(dated)
    return name, utc_minute(at)


def _running(rows: Sequence[EcsTaskRow]) -> list[EcsTaskRow]:
    return [row for row in rows if row.status == RUNNING]


def _count(rows: Sequence[EcsTaskRow], *statuses: str) -> int:
    return sum(row.status in statuses for row in rows)


def _drivers(rows: Sequence[TaskDefinitionRow]) -> str:
    """Return the log drivers of the containers with their numbers: `awslogs 4, splunk 1`."""
    specs = (spec for row in rows for spec in row.containers)
    drivers = Counter(spec.log_driver or _NO_DRIVER for spec in specs)
    return ", ".join(f"{name} {count}" for name, count in drivers.most_common())


def compared_names(source: ExplainSource, cluster: str) -> Names:
    """Return the names that the commands of both sides are about: the first of each table."""
    store = source.store
    identity = last_of(store.facts.aws_identity)
    node = next(iter(joined_nodes(store)), "")
    pod = next((pod for pod in store.pods.values() if pod.node), None)
    instances = store.table(EcsInstanceRow).values()
    tasks = store.table(EcsTaskRow).values()
    instance = next((row.arn for row in instances if row.cluster == cluster), "")
    task = next((row.arn for row in tasks if row.cluster == cluster), "")
    unknown = Names(source.commands)
    return Names(
        source.commands,
        eks=(identity.cluster if identity else "") or unknown.eks,
        ecs=cluster or unknown.ecs,
        node=node or unknown.node,
        instance=instance or unknown.instance,
        task=task or unknown.task,
        pod=pod.name if pod else unknown.pod,
        namespace=pod.namespace if pod else unknown.namespace,
    )
