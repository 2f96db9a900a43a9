"""The join of container instances with EC2 instances, from both sides.

Sources: Amazon ECS Developer Guide, "Bootstrapping Amazon ECS Linux container instances to pass
data" (the cluster `default` without ECS_CLUSTER), "Amazon ECS container instance IAM role" and
"Viewing Amazon ECS container agent logs"; Amazon EC2 User Guide, "Terminate Amazon EC2 instances"
(a terminated instance is listed for about an hour).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, worst
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.ecs.instance_status import instance_health, instance_reasons
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.ecs import EcsInstanceRow, EcsMachineRow

STARTING = 300.0
"""Seconds from launch in which an agent usually registers."""
ACTIVE = "ACTIVE"
DEFAULT_CLUSTER = "default"
ANYWHERE = Clean("It belongs to ECS Anywhere and isn't an EC2 instance.")
NO_PROFILE = Clean(
    "It has no instance profile, so the agent isn't allowed to call ecs:RegisterContainerInstance."
)
ON_THE_INSTANCE = Clean(
    "AWS doesn't report whether the agent runs, its role allows ecs:RegisterContainerInstance, and "
    "ECS is reachable: /var/log/ecs/ecs-agent.log and ecs-init.log on the instance show it."
)


class EcsPair(Struct, frozen=True):
    """A container instance with its EC2 instance; one of them may be missing.

    `words` are its status in one line, `reasons` the sentences behind it.
    """

    instance: EcsInstanceRow | None
    machine: InstanceRow | None
    health: Health
    words: Clean
    reasons: tuple[Clean, ...]
    cluster: Clean
    group: Clean = EMPTY  # Auto Scaling group of the machine

    @property
    def id(self) -> Clean:
        """Return the ID of the machine, else that of the container instance."""
        if self.machine is not None:
            return self.machine.id
        row = self.instance
        return EMPTY if row is None else row.instance or row.id

    @property
    def since(self) -> float | None:
        """Return when it was registered; a machine without an agent was launched."""
        if self.instance is not None:
            return self.instance.since
        return None if self.machine is None else self.machine.launched


class EcsEvidence(Struct, frozen=True):
    """What is known beside the rows; a text says why a table is unread, and is empty if it is read.

    `homes` are the clusters of all container instances by instance ID.
    """

    now: float
    instances_unread: Clean = EMPTY
    machines_unread: Clean = EMPTY
    homes: Mapping[Clean, Clean] = {}


def pair_up(
    instances: Iterable[EcsInstanceRow], machines: Iterable[EcsMachineRow], about: EcsEvidence
) -> tuple[EcsPair, ...]:
    """Return all pairs of some clusters, in the order of clusters and IDs.

    A machine without a container instance that is terminated isn't a pair: nothing is missing.
    """
    by_id = {each.machine.id: each for each in machines}
    registered: dict[tuple[Clean, Clean], list[EcsInstanceRow]] = {}
    for row in instances:
        identity = row.instance or row.arn
        registered.setdefault((row.cluster, identity), []).append(row)
    pairs = [pair for rows in registered.values() for pair in _registered(rows, by_id, about)]
    present = {identity for _, identity in registered}
    lone = (each for each in by_id.values() if each.machine.id not in present)
    pairs += [_lone(each, about) for each in lone if not each.machine.ended]
    return tuple(sorted(pairs, key=lambda pair: (pair.cluster, pair.id)))


def pair_key(pair: EcsPair) -> str:
    """Return the key of a pair: the ARN of its registration, else the ID of its machine."""
    if pair.instance is not None:
        return pair.instance.arn
    return pair.machine.id if pair.machine is not None else ""


def pair_word(pair: EcsPair) -> Clean:
    """Return the word under which a pair is counted: its status, or the trouble that tells more."""
    row = pair.instance
    if row is None:
        return pair.words
    status, *more = pair.words.split(", ")
    troubles = [words for words in more if not words.endswith(" left")]
    if troubles and (status == ACTIVE or troubles[-1].startswith("instance ")):
        return clean(troubles[-1])
    named = row.status if row.status and status.startswith(row.status) else status
    return clean(", ".join((named, *troubles)))


def _registered(
    rows: Sequence[EcsInstanceRow], machines: Mapping[Clean, EcsMachineRow], about: EcsEvidence
) -> Iterator[EcsPair]:
    """Yield the pair of an instance, then its older registrations."""
    newest, *older = sorted(rows, key=lambda row: (not row.connected, -(row.since or 0.0)))
    yield _joined(newest, machines.get(newest.instance), about)
    for row in older:
        says = f"{row.instance} is registered twice: the registration {newest.id} is the valid one."
        words = Clean("registered twice")
        yield EcsPair(row, None, Health.WARN, words, (clean(says),), row.cluster)


def _joined(row: EcsInstanceRow, found: EcsMachineRow | None, about: EcsEvidence) -> EcsPair:
    health, words = instance_health(row, about.now)
    reasons = list(instance_reasons(row))
    if found is None:
        more, says = _without_machine(row, about)
        reasons.append(says)
        return EcsPair(row, None, worst(health, more), words, tuple(reasons), row.cluster)
    state = found.machine.state
    if state != "running":
        health = Health.UNKNOWN if not state else Health.BAD
        words = clean(f"{words}, instance {state or 'in an unknown state'}")
        reasons.insert(0, _state_sentence(found.machine))
    return EcsPair(row, found.machine, health, words, tuple(reasons), row.cluster, found.group)


def _without_machine(row: EcsInstanceRow, about: EcsEvidence) -> tuple[Health, Clean]:
    """Return what a missing EC2 instance means, and the sentence."""
    if row.anywhere:
        return Health.OK, ANYWHERE
    if not row.instance:
        return Health.OK, Clean("ECS doesn't report which EC2 instance it is.")
    if about.machines_unread:
        return Health.OK, about.machines_unread
    if row.connected:
        return Health.UNKNOWN, clean(
            f"EC2 doesn't list {row.instance}, though its agent is connected."
        )
    says = f"EC2 doesn't list {row.instance}: it was terminated more than an hour ago."
    return Health.BAD, clean(says)


def _state_sentence(machine: InstanceRow) -> Clean:
    detail = f" ({machine.state_reason})" if machine.state_reason else ""
    return clean(f"The instance is {machine.state or 'in an unknown state'}{detail}.")


def _lone(row: EcsMachineRow, about: EcsEvidence) -> EcsPair:
    health, words, reasons = _lone_verdict(row, about)
    return EcsPair(None, row.machine, health, words, reasons, row.cluster, row.group)


def _lone_verdict(
    row: EcsMachineRow, about: EcsEvidence
) -> tuple[Health, Clean, tuple[Clean, ...]]:
    """Return health, words and reasons of an EC2 instance without a container instance."""
    machine, lifecycle = row.machine, row.lifecycle
    if lifecycle.startswith("Warmed:"):
        says = f"It waits in the warm pool of {row.group} ({lifecycle})."
        return Health.WARN, Clean("in warm pool"), (clean(says),)
    if machine.state not in ("running", "pending"):
        says = _state_sentence(machine)
        return Health.WARN, clean(machine.state or "unknown"), (says,)
    if about.instances_unread:
        return Health.UNKNOWN, Clean("container instances not read"), (about.instances_unread,)
    if lifecycle.startswith(("Terminating", "Detaching")):
        says = f"{row.group} is removing it ({lifecycle})."
        return Health.WARN, Clean("leaving"), (clean(says),)
    if machine.state == "pending" or _is_young(machine, about.now):
        return Health.WARN, Clean("starting"), (_young_sentence(machine, about.now),)
    return Health.BAD, Clean("not registered"), tuple(_why_unregistered(row, about))


def _is_young(machine: InstanceRow, now: float) -> bool:
    return machine.launched is not None and now - machine.launched < STARTING


def _young_sentence(machine: InstanceRow, now: float) -> Clean:
    if machine.launched is None:
        return Clean("The instance is starting.")
    since = human_duration(now - machine.launched)
    return clean(f"Launched {since} ago: its agent usually registers within 5 minutes.")


def _why_unregistered(row: EcsMachineRow, about: EcsEvidence) -> Iterator[Clean]:
    """Yield the reasons why no agent registered, the likeliest first, each with its evidence."""
    home = about.homes.get(row.machine.id, EMPTY)
    if home:
        yield clean(f"Its agent is registered in the cluster {home}, not in {row.cluster}.")
    wanted = row.configured if row.configured is None else row.configured or DEFAULT_CLUSTER
    if wanted is not None and wanted != row.cluster:
        yield _other_cluster(row, wanted)
    if not row.machine.profile:
        yield NO_PROFILE
    if wanted is None:
        yield clean(
            f"Its user data wasn't read{f': {row.unread}' if row.unread else ''}, so the cluster "
            "that it names is unknown."
        )
    elif wanted == row.cluster:
        yield clean(f"Its user data names the cluster {row.cluster}, as it should.")
    if not home:
        yield ON_THE_INSTANCE


def _other_cluster(row: EcsMachineRow, wanted: str) -> Clean:
    if row.configured:
        return clean(f"Its user data sets ECS_CLUSTER={wanted}, not {row.cluster}.")
    return clean(
        f"Its user data sets no ECS_CLUSTER, so the agent joins {wanted}, not {row.cluster}."
    )
