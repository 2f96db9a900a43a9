"""Estates whose node role is mapped in one of the ways that EKS knows, from AWS's answers to the
words that a person reads of the instance that hasn't joined.
"""

from typing import Any

import pytest

from eksview.domain.access.aws_auth import parse
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.base.reading import Read
from eksview.domain.join.checks.join_facts import JoinCheck
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.live.facts import Facts
from eksview.domain.rows.aws import InstanceDetail
from eksview.engine.one_shot import OneShotStore
from eksview.store.selectors.machine import join_facts, machine_of_instance
from tests.aws.fakes import Time, refusal
from tests.aws.world import World, instance_id, watched

ROLE = "arn:aws:iam::111122223333:role/eks/workers"  # with a path, as many companies have it
PLAIN = "arn:aws:iam::111122223333:role/workers"
DNS, SESSION = "system:node:{{EC2PrivateDNSName}}", "system:node:{{SessionName}}"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy"
AUTO_TAG = {"Key": "eks:kubernetes-node-pool-name", "Value": "general-purpose"}
DENIED = "denied"
Entry = dict[str, Any] | str | None


def row(user: str, *groups: str, arn: str = PLAIN) -> str:
    return f"- rolearn: {arn}\n  username: {user}\n  groups: [{', '.join(groups)}]\n"


GOOD_ROW = row(DNS, "system:bootstrappers", "system:nodes")


async def check(
    mode: str, entry: Entry, policies: tuple[str, ...], map_roles: str | None, *, auto: bool = False
) -> JoinCheck:
    """The check of the role, of an instance that AWS describes."""
    world, time, reader, known = World(), Time(), OneShotStore(), InstanceTracker()
    world.authentication = mode
    tags = [AUTO_TAG] if auto else []
    profile = {"Arn": ROLE.replace(":role/", ":instance-profile/")}
    world.launch(instance_id(0), Tags=tags, IamInstanceProfile=profile)
    listed = [ROLE] if isinstance(entry, dict) else []
    answers: dict[str, Any] = {
        "eks:ListAccessEntries": {"accessEntries": listed},
        "eks:DescribeAccessEntry": {"accessEntry": {"principalArn": ROLE, **(entry or {})}}
        if isinstance(entry, dict)
        else {},
        "eks:ListAssociatedAccessPolicies": {
            "associatedAccessPolicies": [
                {"policyArn": policy, "accessScope": {"type": "cluster"}} for policy in policies
            ]
        },
    }
    if entry == DENIED:
        answers["eks:ListAccessEntries"] = refusal("AccessDeniedException")
    world.session.answers |= answers
    watcher = watched(world.session, "demo", reader.messages, known, time)
    watcher.start()
    await time.advance(2.0)
    await watcher.stop()
    if map_roles is not None:
        auth = parse({"mapRoles": map_roles}, 0.0)
        reader.store.set_fact(Facts.aws_auth, Read(auth, 0.0))
    machine = machine_of_instance(reader.store, instance_id(0))
    facts = join_facts(reader.store, machine, InstanceDetail(role=ROLE), time.clock())
    return next(item for item in why_not_joined(facts) if item.name == "Node role authorized")


@pytest.mark.parametrize(
    ("mode", "entry", "map_roles", "result", "words"),
    [
        ("API", {"type": "EC2_LINUX", "username": DNS}, None, "passed", "EC2_LINUX"),
        ("API", {"type": "EC2_LINUX", "username": SESSION}, None, "failed", "{{SessionName}}"),
        ("API", {"type": "STANDARD", "username": "worker"}, None, "failed", "of type STANDARD"),
        ("API", {"type": "EC2"}, None, "failed", "without AmazonEKSAutoNodePolicy"),
        ("API", {"type": "FARGATE_LINUX", "username": SESSION}, None, "failed", "no Linux nodes"),
        ("API", None, GOOD_ROW, "failed", "authentication mode API ignores aws-auth"),
        ("API", DENIED, GOOD_ROW, "unknown", "eks:ListAccessEntries"),
        ("CONFIG_MAP", {"type": "EC2_LINUX"}, GOOD_ROW, "passed", DNS),
        ("CONFIG_MAP", None, row("worker", "system:nodes"), "failed", "system:bootstrappers"),
        ("CONFIG_MAP", None, GOOD_ROW + row("worker", "ops"), "failed", "without groups"),
        ("CONFIG_MAP", None, row("worker", "ops") + GOOD_ROW, "passed", DNS),
        ("CONFIG_MAP", None, GOOD_ROW.replace(PLAIN, ROLE), "failed", "with its path"),
        ("CONFIG_MAP", None, "- rolearn: [", "failed", "mapRoles isn't YAML"),
        ("CONFIG_MAP", None, "", "failed", "map it in aws-auth"),
        ("CONFIG_MAP", None, None, "unknown", "aws-auth"),
        ("API_AND_CONFIG_MAP", None, GOOD_ROW, "passed", DNS),
        ("API_AND_CONFIG_MAP", {"type": "STANDARD"}, GOOD_ROW, "failed", "of type STANDARD"),
        ("API_AND_CONFIG_MAP", {"type": "EC2_LINUX"}, row("x"), "passed", "EC2_LINUX"),
        ("API_AND_CONFIG_MAP", DENIED, GOOD_ROW, "unknown", "eks:ListAccessEntries"),
        ("API_AND_CONFIG_MAP", None, row(SESSION, "system:bootstrappers", "system:nodes"),
         "failed", f"set username to {DNS}"),
    ],
)  # fmt: skip
async def test_the_role_of_an_instance_is_judged_by_what_lets_a_kubelet_in(
    mode: str, entry: Entry, map_roles: str | None, result: str, words: str
) -> None:
    found = await check(mode, entry, (), map_roles)
    assert (found.result, words in found.evidence) == (result, True), found.evidence


@pytest.mark.parametrize(
    ("entry", "policies", "result"),
    [
        ({"type": "EC2"}, (POLICY,), "passed"),
        ({"type": "EC2"}, (), "failed"),
        ({"type": "EC2"}, (POLICY.replace("AutoNode", "View"),), "failed"),
        ({"type": "EC2_LINUX"}, (), "failed"),
        (None, (), "failed"),
    ],
)
async def test_nodes_of_auto_mode_need_their_own_type_with_its_policy(
    entry: Entry, policies: tuple[str, ...], result: str
) -> None:
    assert (await check("API", entry, policies, None, auto=True)).result == result
