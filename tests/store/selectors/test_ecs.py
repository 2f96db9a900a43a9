"""What the screens and commands of ECS need of several tables."""

import pytest
from msgspec.structs import replace

from eksview.domain.aws.poll_plan import ECS_INSTANCES
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read, Reading, Refused
from eksview.domain.base.text import Clean
from eksview.domain.ecs.log_source import TaskLogSource
from eksview.domain.live.facts import Answered, part_key
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.ecs import container_log, ecs_pairs
from eksview.store.store import Store
from tests.domain.aws_objects import NOW
from tests.domain.ecs_objects import (
    ARN,
    container,
    definition,
    ecs_instance,
    ecs_machine,
    spec,
    task,
)

READ: Reading[Answered] = Read(Answered(), NOW)
PARTS = (
    Kind.ECS_CLUSTER,
    Kind.ECS_PROVIDER,
    Kind.ECS_SERVICE,
    Kind.ECS_INSTANCE,
    Kind.ECS_MACHINE,
    Kind.ECS_TASK,
    Kind.ECS_DEFINITION,
)
LOG = spec(awslogs_group="/ecs/web", awslogs_stream_prefix="ecs")


def denied(action: str) -> Reading[Answered]:
    return Refused(Clean(f"{action} is denied."), Clean(action), NOW)


def store_with(**readings: Reading[Answered]) -> Store:
    """Return a store in which all parts of ECS were read but those named otherwise."""
    store = Store(lambda: NOW)
    for kind in PARTS:
        store.set_fact(part_key(kind.part), readings.get(kind.name, READ))
        store.set_link(Link(kind.link, Phase.LIVE, NOW, heard=NOW))
    return store


def test_the_instances_of_one_cluster_are_joined() -> None:
    store = store_with()
    store.put(Kind.ECS_INSTANCE, ecs_instance())
    store.put(Kind.ECS_MACHINE, ecs_machine())
    assert [(pair.health, pair.words) for pair in ecs_pairs(store)] == [(Health.OK, "ACTIVE")]
    assert ecs_pairs(store, "shop") == ecs_pairs(store)
    assert ecs_pairs(store, "bakery") == ()


def test_an_agent_in_another_cluster_is_the_reason() -> None:
    store = store_with()
    arn = Clean(f"{ARN}:container-instance/bakery/b")
    store.put(Kind.ECS_INSTANCE, ecs_instance(arn=arn, cluster=Clean("bakery")))
    store.put(Kind.ECS_MACHINE, ecs_machine())
    (pair,) = ecs_pairs(store, "shop")
    says = "Its agent is registered in the cluster bakery, not in shop."
    assert (pair.health, pair.reasons[0]) == (Health.BAD, says)


def test_a_denied_list_of_container_instances_accuses_no_machine() -> None:
    store = store_with(ECS_INSTANCE=denied("ecs:ListContainerInstances"))
    store.put(Kind.ECS_MACHINE, ecs_machine())
    (pair,) = ecs_pairs(store)
    reason = "Container instances not read: ecs:ListContainerInstances is denied."
    assert (pair.health, pair.reasons) == (Health.UNKNOWN, (reason,))


def test_a_denied_list_of_ec2_instances_accuses_no_agent() -> None:
    store = store_with(ECS_MACHINE=denied("ec2:DescribeInstances"))
    store.put(Kind.ECS_INSTANCE, ecs_instance())
    (pair,) = ecs_pairs(store)
    assert pair.health is Health.OK
    assert pair.reasons == ("EC2 instances of ECS not read: ec2:DescribeInstances is denied.",)


def test_a_link_that_was_never_heard_accuses_no_machine() -> None:
    store = Store(lambda: NOW)
    store.set_link(Link(ECS_INSTANCES, Phase.CONNECTING, NOW))
    store.put(Kind.ECS_MACHINE, ecs_machine())
    (pair,) = ecs_pairs(store)
    assert (pair.health, pair.reasons) == (Health.UNKNOWN, ("Loading container instances.",))


def test_a_log_without_a_region_is_in_the_region_of_its_task() -> None:
    store = store_with()
    store.put(Kind.ECS_DEFINITION, definition(LOG))
    source = container_log(store, task(), container())
    assert source == TaskLogSource(Clean("/ecs/web"), Clean("ecs/web/t1"), Clean("us-west-2"))


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (READ, "Its log is unknown: ECS no longer has the task definition."),
        (
            denied("ecs:DescribeTaskDefinition"),
            "Task definitions not read: ecs:DescribeTaskDefinition is denied.",
        ),
    ],
)
def test_a_log_without_a_definition_has_the_reason(reading: Reading[Answered], words: str) -> None:
    store = store_with(ECS_DEFINITION=reading)
    assert container_log(store, task(), container()) == words


def test_a_log_waits_for_its_definition() -> None:
    words = container_log(Store(lambda: NOW), task(), container())
    assert words == "Its log is unknown until its task definition is read."


def test_a_stream_s_own_region_is_kept() -> None:
    store = store_with()
    options = (*LOG.log_options, (Clean("awslogs-region"), Clean("eu-west-1")))
    store.put(Kind.ECS_DEFINITION, definition(replace(LOG, log_options=options)))
    source = container_log(store, task(), container())
    assert isinstance(source, TaskLogSource)
    assert source.region == "eu-west-1"
