"""Clusters with many access entries: which are read first, and what is known until all are.

The budget of the link is 60 calls a minute, and an entry takes two.
"""

import asyncio
from typing import Any

from eksview.aws.services.access_entries import FIRST
from eksview.domain.access.iam_mapping import MappingSources, match
from eksview.domain.access.node_role import judge_role
from eksview.domain.base.reading import Read
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.fakes import refusal
from tests.aws.world import Bench, World

ROLES = [f"arn:aws:iam::111122223333:role/team-{number:02d}" for number in range(70)]
CALLER, NODES, PODS = ROLES[61], ROLES[65], ROLES[69]
DESCRIBE, POLICIES = "eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"


def crowded() -> Bench:
    """Seventy entries; the caller's, a nodegroup's and a Fargate profile's are the last ones."""
    world = World()
    types = {NODES: "EC2_LINUX", PODS: "FARGATE_LINUX"}

    def entry(asked: dict[str, Any]) -> Any:
        principal = asked["principalArn"]
        return {
            "accessEntry": {"principalArn": principal, "type": types.get(principal, "STANDARD")}
        }

    def nodegroup(asked: dict[str, Any]) -> Any:
        return {"nodegroup": {"nodegroupName": asked["nodegroupName"], "nodeRole": NODES}}

    caller = CALLER.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/ada"
    world.session.answers |= {
        "sts:GetCallerIdentity": {"Account": "111122223333", "Arn": caller, "UserId": "me"},
        "eks:ListAccessEntries": {"accessEntries": ROLES},
        "eks:DescribeNodegroup": nodegroup,
        "eks:DescribeFargateProfile": {
            "fargateProfile": {"fargateProfileName": "fp", "podExecutionRoleArn": PODS}
        },
        DESCRIBE: entry,
    }
    return Bench(world)


def rows(bench: Bench) -> dict[str, AccessEntryRow]:
    return bench.heard.tables[Kind.ACCESS_ENTRY]  # type: ignore[return-value]


def read(bench: Bench) -> set[str]:
    return {name for name, row in rows(bench).items() if row.described}


def sources(bench: Bench) -> MappingSources:
    return MappingSources(mode="API", entries=Read(tuple(rows(bench).values()), 0.0))


async def test_the_callers_entry_and_those_of_nodes_are_read_at_once() -> None:
    async with crowded().running() as bench:
        assert {CALLER, NODES, PODS} <= read(bench)
        assert bench.phase("access-entries") is Phase.LIVE
        first = [call["principalArn"] for call in bench.session.made(DESCRIBE)[:3]]
        assert first[0] == CALLER
        assert set(first) == {CALLER, NODES, PODS}
        assert match(CALLER, sources(bench)).winner == "access entry"
        assert judge_role(NODES, "linux", sources(bench)).authorized
        assert judge_role(PODS, "fargate", sources(bench)).authorized


async def test_an_entry_that_is_only_listed_is_unknown_and_an_unlisted_one_is_none() -> None:
    async with crowded().running() as bench:
        waiting = next(name for name in ROLES if name not in read(bench))
        assert judge_role(waiting, "linux", sources(bench)).authorized is None
        assert judge_role("arn:aws:iam::111122223333:role/no", "linux", sources(bench)).mapped is (
            False
        )
        assert match(waiting, sources(bench)).winner == "access entry"


async def test_the_others_are_read_over_time_within_the_budget() -> None:
    async with crowded().running() as bench:
        for _ in range(30):
            await bench.time.advance(6.0)
            assert bench.call("access-entries").used <= 60
        assert read(bench) == set(ROLES)
        assert all(row.policies is not None for row in rows(bench).values())
        assert not any(
            call["principalArn"] in (NODES, PODS) for call in bench.session.made(POLICIES)
        )


async def test_entries_that_were_read_stay_while_they_are_read_again() -> None:
    async with crowded().running() as bench:
        await bench.time.advance(200.0)
        assert read(bench) == set(ROLES)
        before = len(bench.session.made("eks:ListAccessEntries"))
        while len(bench.session.made("eks:ListAccessEntries")) == before:
            await bench.time.advance(1.0)
            assert read(bench) == set(ROLES)


async def test_without_the_right_to_describe_the_list_is_known_and_the_action_named() -> None:
    bench = crowded()
    bench.session.answers[DESCRIBE] = refusal("AccessDeniedException")
    async with bench.running():
        assert len(rows(bench)) == 70
        assert read(bench) == set()
        assert DESCRIBE in bench.heard.links["access-entries"].reason
        assert len(bench.session.made(DESCRIBE)) <= FIRST


async def test_without_the_right_to_list_policies_they_are_unread_and_not_none() -> None:
    bench = crowded()
    bench.session.answers[POLICIES] = refusal("AccessDeniedException")
    async with bench.running():
        assert rows(bench)[CALLER].policies is None
        assert rows(bench)[NODES].policies == ()
        assert POLICIES in bench.heard.links["access-entries"].reason
        assert bench.phase("access-entries") is Phase.LIVE


async def test_an_entry_that_is_deleted_in_between_is_no_row() -> None:
    bench = crowded()
    await_gone = refusal("ResourceNotFoundException")
    described = bench.session.answers[DESCRIBE]
    assert callable(described)
    bench.session.answers[DESCRIBE] = lambda asked: (
        await_gone if asked["principalArn"] == CALLER else described(asked)
    )
    async with bench.running():
        assert CALLER not in rows(bench)
        assert len(rows(bench)) == 69


async def test_nodegroups_that_take_long_dont_hold_up_the_callers_entry() -> None:
    bench = crowded()
    listed = asyncio.Event()
    client = bench.session.client

    async def slow(service: str) -> Any:
        found = await client(service)
        if service != "eks" or listed.is_set():
            return found
        return _Held(found, listed)

    bench.session.client = slow  # type: ignore[method-assign]
    async with bench.running():
        await bench.time.advance(3.0)
        assert not listed.is_set()
        assert CALLER in read(bench)


class _Held:
    """A client of EKS that never lists the nodegroups."""

    def __init__(self, client: Any, listed: asyncio.Event) -> None:
        self._client = client
        self._listed = listed

    def __getattr__(self, name: str) -> Any:
        if name == "list_nodegroups":
            return self._wait
        return getattr(self._client, name)

    async def _wait(self, **_: Any) -> Any:
        await self._listed.wait()
