"""Each action of the policy is denied alone: no screen calls its part empty or well."""

import asyncio
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.parsers import ResponseParserError
from msgspec.structs import replace

from eksview.aws.account_watcher import READERS
from eksview.aws.services.reader import DECLARED
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.parts import LINK_OF
from eksview.domain.base.health import Health
from eksview.domain.base.reading import (
    NotAsked,
    Read,
    ReadFailed,
    Refused,
    last_of,
    why_unread,
)
from eksview.domain.live.messages import LinkState, Message, Swap
from eksview.domain.rows.aws import AddonRow, NodegroupRow, UpdateRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.applier import apply
from eksview.store.selectors.eks import eks_state_of
from eksview.store.selectors.readings import part_reading, table_reading
from eksview.store.store import Store
from eksview.ui.base.messages import OpenGroup, OpenInstance, OpenNode
from tests.aws.denied_estate import ACTIONS, JOINED, LOST, FullWorld, denied, emptied
from tests.aws.fakes import Time, refusal
from tests.aws.world import AT, watched
from tests.ui.harness import TestedApp, facts, node
from tests.ui.painted import pages_of, settle

SCREENS = {
    "home": ("",),
    "eks": ("cluster", "addons", "upgrades", "links"),
    "nodegroups": ("",),
    "instances": ("",),
    "network": ("vpc", "groups"),
    "access": ("chain", "map"),
    "sessions": ("nodes",),
}
NODE = "ip-10-0-0-1.ec2.internal"
SIZE = (200, 100)


class Estate:
    """The store of such an estate, and the details of its instances."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.world, self.time = FullWorld(), Time(AT.timestamp() + 2000.0)
        self.world.session.answers |= answers
        self.store = Store(self.time.clock)
        self.details: dict[str, Any] = {}

    def send(self, message: Message) -> None:
        apply(self.store, message)

    async def read(
        self,
        *,
        details: bool = False,
        seconds: float = 40.0,
        then: Mapping[str, Any] | None = None,
        later: float = 0.0,
    ) -> None:
        """Read everything, if asked the details of both instances, and go on with other answers."""
        tracker = InstanceTracker()
        joined = replace(node(1), name=NODE, provider_id=f"aws:///us-west-2a/{JOINED}")
        tracker.listed([joined])
        now = self.time.clock()
        facts(self.store.set_fact, now)
        self.send(Swap(Kind.NODE, [joined]))
        for name in ("nodes", "pods", "health", "leases", "events"):
            self.send(LinkState(Link(name, Phase.LIVE, now, heard=now)))
        watcher = watched(self.world.session, "demo", self, tracker, self.time)
        watcher.start()
        await self.time.advance(seconds)
        for name in (JOINED, LOST) if details else ():
            if name in watcher._inventory.instances:
                reading = asyncio.create_task(watcher.detail(name))
                await self.time.advance(120.0)  # what is throttled is repeated
                self.details[name] = await reading
        self.world.session.answers |= then or {}
        await self.time.advance(later)
        await watcher.stop()


async def shown(estate: Estate) -> dict[str, str]:
    """The text of every screen and tab that shows something of AWS."""
    app = TestedApp(estate.store, now=estate.time.now)
    app.fake.details = estate.details
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        navigation = app.navigation
        opened = {
            OpenGroup("managed/general", "details"): ("details",),
            OpenNode(NODE): ("ec2",),
            OpenInstance(LOST): ("ec2", "lifecycle"),
        }
        ways = [(name, partial(navigation.go, name), tabs) for name, tabs in SCREENS.items()]
        ways += [(type(m).__name__, partial(navigation.open, m), t) for m, t in opened.items()]
        return await pages_of(pilot, ways)


async def seen(answers: dict[str, Any]) -> tuple[Estate, dict[str, str]]:
    """Return an account that was read, and its screens."""
    estate = Estate(answers)
    await estate.read(details=True)
    return estate, await shown(estate)


def words(pages: dict[str, str]) -> dict[str, str]:
    """Return the screens as running words, so that a broken line hides no sentence."""
    return {name: " ".join(text.split()) for name, text in pages.items()}


GAP = re.compile(r"\s{2,}|\n|[│┃║▌▐█─━┄╭╮╰╯┌┐└┘├┤┬┴┼▔▁▏▕|·•]+")
NEGATIVE = re.compile(r"\b(?:no|none|nothing|neither|0(?= [a-z]))\b", re.IGNORECASE)
UNKNOWN = re.compile(r"unknown|not read|couldn't be read|loading")


def negatives(pages: dict[str, str]) -> set[tuple[str, str]]:
    """Return the screens with the cells and sentences that say that there is none of something."""
    cells = ((name, cell.strip()) for name, text in pages.items() for cell in GAP.split(text))
    return {(name, cell) for name, cell in cells if NEGATIVE.search(cell)
            and not UNKNOWN.search(cell)}  # fmt: skip


CLAIMS = {
    "autoscaling:DescribeAutoScalingGroups": ("0 nodegroups",),
    "autoscaling:DescribeScalingActivities": ("none reported",),
    "ec2:DescribeInstanceStatus": ("No node has a problem",),
    "ec2:DescribeInstances": ("No node has a problem", "no longer listed", "no longer lists"),
    "ec2:DescribeRouteTables": ("via NAT", "no route out"),
    "ec2:DescribeSecurityGroups": ("has none of the cluster's security groups",),
    "ec2:DescribeSubnets": ("has none of the cluster's subnets", "via NAT"),
    "eks:DescribeAddon": ("has no EKS add-on", "1 add-on ACTIVE"),
    "eks:DescribeAddonVersions": ("up to date",),
    "eks:DescribeNodegroup": ("has no managed nodegroup", "1 nodegroup:", "self-managed"),
    "eks:DescribeUpdate": ("last 30 days none",),
    "eks:ListAddons": ("has no EKS add-on", "1 add-on ACTIVE"),
    "eks:ListInsights": ("Insights none", "passing"),
    "eks:ListNodegroups": ("has no managed nodegroup", "1 nodegroup:", "self-managed"),
    "eks:ListUpdates": ("last 30 days none",),
    "iam:ListAttachedRolePolicies": ("Policies none",),
    "ssm:DescribeSessions": ("No open sessions", "0 sessions"),
}
"""Sentences that would claim, without that action, that there is none of it or that it is well."""
OF_HEALTH = {
    f"eks:{verb}{noun}"
    for noun in ("Addon", "Insight", "Update", "Cluster", "ClusterVersion")
    for verb, noun in (("List", f"{noun}s"), ("Describe", noun), ("Describe", f"{noun}s"))
}
"""Actions without one of which the cluster as a whole can't be called well."""


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    """The screens of the account in which everything is read, once they were shown."""
    return {}


@pytest.mark.parametrize("action", [name for name in ACTIONS if name != "eks:ListClusters"])
async def test_a_denied_action_is_named_and_its_part_is_neither_empty_nor_well(
    action: str, whole: dict[str, str]
) -> None:
    estate, refused = await seen({action: denied(action)})
    pages = words(refused)
    assert any(action in text for name, text in pages.items() if name != "eks links")
    for text in pages.values():
        for claim in CLAIMS.get(action, ()):
            assert claim not in text, text
    if action in OF_HEALTH:
        assert eks_state_of(estate.store, estate.time.now).health is not Health.OK
    if emptied(action) is not None:
        assert not negatives(refused) & await claims_of_none(action, whole)


async def claims_of_none(action: str, whole: dict[str, str]) -> set[tuple[str, str]]:
    """Return what the screens claim where there is none: so no new action can be forgotten."""
    if not whole:
        whole.update((await seen({}))[1])
    _, empty = await seen({action: emptied(action)})
    return negatives(empty) - negatives(whole)


async def test_without_a_denial_nothing_is_called_unread() -> None:
    _, pages = await seen({})
    for name, text in words(pages).items():
        for word in ("denied", "not read:", "incomplete:", "last read"):
            assert word not in text, (name, text)


FAULTS = {
    "throttled": refusal("ThrottlingException", "Rate exceeded"),
    "broken": refusal("InternalFailure", "An internal error occurred"),
    "silent": ReadTimeoutError(endpoint_url="https://eks"),
    "page": {"message": "<html>Log in</html>"},
    "another service": {"status": "ok"},
    "truncated": ResponseParserError("not JSON"),
}
POLLED = [call for reader in READERS for call in vars(reader).values() if callable(call)]
READS = {call.part: call.actions for call in map(DECLARED.get, POLLED) if call}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("action", sorted({a for actions in READS.values() for a in actions}))
async def test_a_failing_action_leaves_its_part_unread_with_its_name(
    action: str, fault: str
) -> None:
    """Whatever answers instead of AWS: no answer of it is an empty list."""
    estate = Estate({action: FAULTS[fault]})
    await estate.read()
    if action == "sts:GetCallerIdentity":
        reason = why_unread(estate.store.facts.aws_identity)
        assert action in reason
        return
    parts = [part for part, actions in READS.items() if action in actions]
    for part in set(parts) & LINK_OF.keys():
        reading = part_reading(estate.store, part)
        assert not isinstance(reading, Read | NotAsked), part
        assert action in reading.reason
    for kind in Kind:
        if kind.part in parts:
            assert not isinstance(table_reading(estate.store, kind.row), Read)


async def test_three_of_ten_that_are_denied_are_counted() -> None:
    names = [f"ng-{number}" for number in range(10)]

    def described(asked: dict[str, Any]) -> Any:
        name = asked["nodegroupName"]
        if name in names[:3]:
            return denied("eks:DescribeNodegroup")
        return {"nodegroup": {"nodegroupName": name, "status": "ACTIVE"}}

    estate = Estate(
        {"eks:ListNodegroups": {"nodegroups": names}, "eks:DescribeNodegroup": described}
    )
    await estate.read()
    assert len(estate.store.table(NodegroupRow)) == 7
    reading = table_reading(estate.store, NodegroupRow)
    assert isinstance(reading, Refused)
    assert "3 of 10 nodegroups can't be read" in reading.reason


async def test_a_list_that_breaks_off_is_not_whole() -> None:
    def listed(asked: dict[str, Any]) -> Any:
        if "nextToken" in asked:
            return refusal("InternalFailure")
        return {"addons": ["vpc-cni"], "nextToken": "2"}

    estate = Estate({"eks:ListAddons": listed})
    await estate.read()
    reading = table_reading(estate.store, AddonRow)
    assert isinstance(reading, ReadFailed)
    assert set(reading.last or ()) == {"vpc-cni"}
    assert "Only the first 1 add-ons are listed" in reading.reason


async def test_updates_that_wait_for_the_next_round_are_unread_until_then() -> None:
    def described(asked: dict[str, Any]) -> Any:
        status = "Failed" if asked["updateId"] == "u-44" else "Successful"
        return {"update": {"id": asked["updateId"], "status": status}}

    answers = {
        "eks:ListUpdates": {"updateIds": [f"u-{number}" for number in range(45)]},
        "eks:DescribeUpdate": described,
    }
    for seconds, left in ((2.0, 25), (20.0, 5), (65.0, 0)):
        estate = Estate(answers)
        await estate.read(seconds=seconds)
        reading = table_reading(estate.store, UpdateRow)
        assert len(last_of(reading) or {}) == 45 - left
        gap = f"{left} of 45 updates aren't read yet." if left else ""
        assert why_unread(reading) == gap
        if left:
            assert eks_state_of(estate.store, estate.time.now).health is not Health.OK
            assert gap in words(await shown(estate))["eks upgrades"]
