"""The join checks of instances of which nobody saw whether they ever joined."""

from collections.abc import Iterator

from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.aws.tags import CLUSTER_TAG
from eksview.domain.base.reading import value_of
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.mapping_row import MappingRow, RowKind, is_overdue
from eksview.domain.live.facts import Facts
from eksview.domain.live.polled import AWS_AUTH
from eksview.domain.rows.aws import InstanceDetail, InstanceRow
from eksview.store.selectors.machine import join_facts, machine_of_instance
from eksview.store.store import Store

SOURCES = frozenset(
    {*PLANS, AWS_AUTH, Facts.cluster.name, Facts.aws_auth.name, Facts.opened_instances.name}
)
"""The links and facts that bring what the checks need."""
PASSING = frozenset({"Instance is running", "Status checks", "Certificate requests"})
"""Checks of the moment: they are no evidence of a launch long ago."""


def review_joins(store: Store, now: float) -> None:
    """Note in the mapping which of the instances in doubt fail a join check.

    Instances of one setup fail the same checks, so one of them is checked: with the details of the
    one that was opened, if any was.
    """
    opened = _opened(store)
    setups: dict[object, bool] = {}
    blocked: set[str] = set()
    for row, instance in _overdue(store, now):
        setup = _setup(instance)
        if setup not in setups:
            setups[setup] = _fails(store, row, opened.get(setup), now)
        if setups[setup]:
            blocked.add(row.instance)
    store.mapping.block(blocked)
    store.mapping.settle_few()


def _opened(store: Store) -> dict[object, InstanceDetail]:
    """Return the details of the instances that were opened, by setup."""
    reading = value_of(store.facts.opened_instances)
    details = reading.details if reading else {}
    return {_setup(store.instances[name]): details[name] for name in details
            if name in store.instances}  # fmt: skip


def _overdue(store: Store, now: float) -> Iterator[tuple[MappingRow, InstanceRow]]:
    if not store.mapping.counts[RowKind.NOT_JOINED]:
        return
    for row in store.mapping.rows.values():
        if row.kind is RowKind.NOT_JOINED and is_overdue(row, now):
            instance = store.instances.get(row.instance)
            if instance is not None:
                yield row, instance


def _setup(instance: InstanceRow) -> object:
    tags = {key: value for key, value in instance.tags.items() if key.startswith(_TAGS)}
    return (
        instance.vpc, instance.subnet, instance.security_groups, instance.profile, instance.image,
        instance.metadata_endpoint, instance.metadata_hops, tuple(sorted(tags.items())),
    )  # fmt: skip


_TAGS = (CLUSTER_TAG, "eks:", "karpenter.sh/")


def _fails(store: Store, row: MappingRow, detail: InstanceDetail | None, now: float) -> bool:
    facts = join_facts(store, machine_of_instance(store, row.instance), detail, now)
    checks = why_not_joined(facts)
    return any(check.result == "failed" and check.name not in PASSING for check in checks)
