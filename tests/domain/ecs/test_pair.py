"""The join of container instances with EC2 instances, from both sides."""

from typing import Any

import pytest
from msgspec.structs import replace

from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean
from eksview.domain.ecs.instance_status import DISCONNECTED
from eksview.domain.ecs.pair import (
    ANYWHERE,
    NO_PROFILE,
    ON_THE_INSTANCE,
    EcsEvidence,
    EcsPair,
    pair_up,
    pair_word,
)
from eksview.domain.rows.ecs import EcsInstanceRow
from tests.domain.aws_objects import ID, NOW
from tests.domain.ecs_objects import ARN, ecs_instance, ecs_machine

ABOUT = EcsEvidence(NOW)
NAMES_IT = "Its user data names the cluster shop, as it should."
DENIED = Clean("Container instances not read: ecs:ListContainerInstances is denied.")


def only(*args: Any) -> EcsPair:
    (pair,) = pair_up(*args)
    return pair


def lone(about: EcsEvidence = ABOUT, **changes: Any) -> EcsPair:
    """Return the pair of an EC2 instance without a container instance."""
    return only([], [ecs_machine(**changes)], about)


def test_a_container_instance_has_the_ec2_instance_of_its_id() -> None:
    other = ecs_machine(id="i-0b")
    first, second = pair_up([ecs_instance()], [other, ecs_machine()], ABOUT)
    assert (first.id, first.health, first.words, first.reasons) == (ID, Health.OK, "ACTIVE", ())
    assert (first.machine, first.group) == (ecs_machine().machine, "shop-asg")
    assert (second.id, second.instance) == ("i-0b", None)


@pytest.mark.parametrize(
    ("state", "health", "words"),
    [
        ("stopped", Health.BAD, "ACTIVE, agent disconnected, instance stopped"),
        ("terminated", Health.BAD, "ACTIVE, agent disconnected, instance terminated"),
        ("", Health.UNKNOWN, "ACTIVE, agent disconnected, instance in an unknown state"),
    ],
)
def test_an_instance_that_does_not_run_is_the_first_reason(
    state: str, health: Health, words: str
) -> None:
    machine = ecs_machine(state=state, state_reason="Client.UserInitiatedShutdown")
    pair = only([ecs_instance(connected=False)], [machine], ABOUT)
    assert (pair.health, pair.words) == (health, words)
    named = state or "in an unknown state"
    assert pair.reasons == (
        f"The instance is {named} (Client.UserInitiatedShutdown).",
        DISCONNECTED,
    )


@pytest.mark.parametrize(
    ("changes", "about", "health", "reason"),
    [
        ({"instance": "mi-0a"}, ABOUT, Health.OK, ANYWHERE),
        ({"instance": ""}, ABOUT, Health.OK, "ECS doesn't report which EC2 instance it is."),
        (
            {},
            ABOUT,
            Health.UNKNOWN,
            f"EC2 doesn't list {ID}, though its agent is connected.",
        ),
        (
            {"connected": False},
            ABOUT,
            Health.BAD,
            f"EC2 doesn't list {ID}: it was terminated more than an hour ago.",
        ),
        (
            {"connected": False},
            EcsEvidence(NOW, machines_unread=Clean("EC2 isn't read.")),
            Health.WARN,
            "EC2 isn't read.",
        ),
    ],
)
def test_a_container_instance_without_an_ec2_instance_has_the_reason(
    changes: dict[str, Any], about: EcsEvidence, health: Health, reason: str
) -> None:
    pair = only([ecs_instance(**changes)], [], about)
    assert (pair.health, pair.machine, pair.reasons[-1]) == (health, None, reason)


@pytest.mark.parametrize("reverse", [False, True])
def test_of_an_instance_that_is_registered_twice_the_connected_one_counts(reverse: bool) -> None:
    old = ecs_instance(
        arn=Clean(f"{ARN}:container-instance/shop/old"), connected=False, since=NOW - 60
    )
    rows: list[EcsInstanceRow] = [ecs_instance(), old]
    pairs = pair_up(rows[::-1] if reverse else rows, [ecs_machine()], ABOUT)
    valid = next(pair for pair in pairs if pair.instance == ecs_instance())
    stale = next(pair for pair in pairs if pair.instance == old)
    assert (valid.health, valid.machine) == (Health.OK, ecs_machine().machine)
    assert (stale.health, stale.machine, stale.words) == (Health.WARN, None, "registered twice")
    assert stale.reasons == (f"{ID} is registered twice: the registration aaaa is the valid one.",)


def test_of_two_disconnected_registrations_the_newest_counts() -> None:
    old = ecs_instance(
        arn=Clean(f"{ARN}:container-instance/shop/old"), connected=False, since=NOW - 7200
    )
    pairs = pair_up([old, ecs_instance(connected=False)], [ecs_machine()], ABOUT)
    (stale,) = (pair for pair in pairs if pair.words == "registered twice")
    assert stale.instance == old


@pytest.mark.parametrize(
    ("changes", "health", "words", "reasons"),
    [
        ({"state": "stopped"}, Health.WARN, "stopped", ("The instance is stopped.",)),
        ({"state": "stopping"}, Health.WARN, "stopping", ("The instance is stopping.",)),
        (
            {"launched": NOW - 120},
            Health.WARN,
            "starting",
            ("Launched 2m ago: its agent usually registers within 5 minutes.",),
        ),
        (
            {"launched": None, "state": "pending"},
            Health.WARN,
            "starting",
            ("The instance is starting.",),
        ),
        (
            {"configured": "bakery"},
            Health.BAD,
            "not registered",
            ("Its user data sets ECS_CLUSTER=bakery, not shop.", ON_THE_INSTANCE),
        ),
        (
            {"configured": ""},
            Health.BAD,
            "not registered",
            (
                "Its user data sets no ECS_CLUSTER, so the agent joins default, not shop.",
                ON_THE_INSTANCE,
            ),
        ),
        (
            {"profile": ""},
            Health.BAD,
            "not registered",
            (NO_PROFILE, NAMES_IT, ON_THE_INSTANCE),
        ),
        ({}, Health.BAD, "not registered", (NAMES_IT, ON_THE_INSTANCE)),
        (
            {"configured": None},
            Health.BAD,
            "not registered",
            (
                "Its user data wasn't read, so the cluster that it names is unknown.",
                ON_THE_INSTANCE,
            ),
        ),
    ],
)
def test_an_instance_without_an_agent_has_its_reasons_in_the_order_of_likelihood(
    changes: dict[str, Any], health: Health, words: str, reasons: tuple[str, ...]
) -> None:
    pair = lone(**changes)
    assert (pair.health, pair.words, pair.reasons) == (health, words, reasons)
    assert (pair.instance, pair.cluster, pair.id) == (None, "shop", ID)


def test_user_data_that_could_not_be_read_has_its_reason() -> None:
    denied = Clean("ec2:DescribeInstanceAttribute is denied")
    machine = replace(ecs_machine(None), unread=denied)
    says = f"Its user data wasn't read: {denied}, so the cluster that it names is unknown."
    assert only([], [machine], ABOUT).reasons[0] == says


def test_an_agent_that_is_in_another_cluster_is_named() -> None:
    about = EcsEvidence(NOW, homes={Clean(ID): Clean("bakery")})
    pair = lone(about, configured="bakery")
    assert pair.reasons == (
        "Its agent is registered in the cluster bakery, not in shop.",
        "Its user data sets ECS_CLUSTER=bakery, not shop.",
    )


@pytest.mark.parametrize(
    ("lifecycle", "words", "reason"),
    [
        (
            "Warmed:Stopped",
            "in warm pool",
            "It waits in the warm pool of shop-asg (Warmed:Stopped).",
        ),
        ("Terminating:Wait", "leaving", "shop-asg is removing it (Terminating:Wait)."),
    ],
)
def test_an_instance_that_the_group_does_not_use_is_no_failure(
    lifecycle: str, words: str, reason: str
) -> None:
    machine = replace(ecs_machine(), lifecycle=Clean(lifecycle))
    pair = only([], [machine], ABOUT)
    assert (pair.health, pair.words, pair.reasons) == (Health.WARN, words, (reason,))


def test_nothing_is_missing_while_the_container_instances_are_unread() -> None:
    pair = lone(EcsEvidence(NOW, instances_unread=DENIED))
    assert (pair.health, pair.words) == (Health.UNKNOWN, "container instances not read")
    assert pair.reasons == (DENIED,)


def test_a_terminated_instance_without_an_agent_is_left_out() -> None:
    assert pair_up([], [ecs_machine(state="terminated")], ABOUT) == ()


def test_the_same_instance_in_two_clusters_is_two_pairs() -> None:
    other = ecs_instance(arn=Clean(f"{ARN}:container-instance/bakery/b"), cluster=Clean("bakery"))
    pairs = pair_up([ecs_instance(), other], [ecs_machine()], ABOUT)
    assert [pair.cluster for pair in pairs] == ["bakery", "shop"]


@pytest.mark.parametrize(
    ("words", "status", "word"),
    [
        ("ACTIVE", "ACTIVE", "ACTIVE"),
        ("ACTIVE, agent disconnected", "ACTIVE", "agent disconnected"),
        ("ACTIVE, agent disconnected, instance stopped", "ACTIVE", "instance stopped"),
        ("DRAINING, 5 tasks left", "DRAINING", "DRAINING"),
        ("DRAINING, 1 task left, agent disconnected", "DRAINING", "DRAINING, agent disconnected"),
        ("DRAINING, no tasks left, instance stopped", "DRAINING", "instance stopped"),
        ("REGISTERING for 3m", "REGISTERING", "REGISTERING"),
        ("registered twice", "ACTIVE", "registered twice"),
        ("unknown", "", "unknown"),
    ],
)
def test_pairs_are_counted_by_a_word_without_amounts(words: str, status: str, word: str) -> None:
    row = ecs_instance(status=Clean(status))
    pair = EcsPair(row, None, Health.WARN, Clean(words), (), row.cluster)
    assert pair_word(pair) == word
