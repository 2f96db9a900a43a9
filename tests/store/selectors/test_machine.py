"""A machine read from the store, and the facts its checks judge: read, unread and absent."""

from typing import Any

import pytest

from eksview.domain.base.reading import NOT_ASKED, Read
from eksview.domain.join.checks.join_facts import JoinFacts
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.timeline import timeline
from eksview.domain.live.facts import Facts
from eksview.domain.rows.aws import (
    AccessEntryRow,
    ImageRow,
    InstanceDetail,
    NodegroupRow,
    SecurityGroupRow,
    StatusRow,
    SubnetRow,
)
from eksview.domain.rows.kube import ClaimRow, EventRow, Kind, LeaseRow, SigningRow
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import AwsAuth
from eksview.store.selectors.machine import join_facts, machine_of_instance, machine_of_node
from eksview.store.store import Store
from tests.domain.aws_objects import DNS, ID, NOW, ROLE, cluster, instance, node

GROUP = NodegroupRow(
    "ng-general", "", "ACTIVE", "1.32", "", "", "", (), 1, 1, 1, (), "", ROLE, (), (), None
)
IMAGE = ImageRow("ami-0aa", "amazon-eks-node-al2023-x86_64-standard-1.33-v20251001", NOW)


def filled(*rows: tuple[Kind, Any], links: tuple[str, ...] = ()) -> Store:
    store = Store()
    store.put(Kind.INSTANCE, instance())
    for kind, row in rows:
        store.put(kind, row)
    for name in links:
        store.set_link(Link(name, Phase.LIVE, NOW, heard=NOW))
    return store


def facts_of(store: Store, detail: InstanceDetail | None = None) -> JoinFacts:
    return join_facts(store, machine_of_instance(store, ID), detail, NOW)


def test_an_instance_that_isnt_there_has_no_facts() -> None:
    with pytest.raises(ValueError, match="instance"):
        facts_of(Store())


def test_a_table_that_was_never_read_is_unread_and_an_empty_one_isnt() -> None:
    unread = facts_of(filled())
    assert (unread.entries, unread.auth) == (NOT_ASKED, NOT_ASKED)
    assert (unread.groups, unread.subnets, unread.signing) == (None,) * 3
    read = facts_of(filled(links=("access-entries", "network", "signing")))
    assert read.entries == Read((), NOW)
    assert (read.groups, read.subnets, read.signing) == ({}, {}, ())


def test_everything_known_is_gathered() -> None:
    entry = AccessEntryRow(ROLE, "EC2_LINUX", "", (), ())
    group = SecurityGroupRow("sg-node", "n", "vpc-1", ())
    subnet = SubnetRow("subnet-a", "vpc-1", "us-west-2a", "10.0.1.0/24", 1, False)
    signing = SigningRow("csr-1", "u", NOW, "s", f"system:node:{DNS}", "Pending")
    store = filled(
        (Kind.STATUS, StatusRow(ID, "ok", "ok")),
        (Kind.ACCESS_ENTRY, entry),
        (Kind.SECURITY_GROUP, group),
        (Kind.SUBNET, subnet),
        (Kind.SIGNING, signing),
        (Kind.NODEGROUP, GROUP),
        links=("access-entries", "network", "signing"),
    )
    store.set_fact(Facts.cluster, Read(cluster(), NOW))
    store.set_fact(Facts.aws_auth, Read(AwsAuth(NOW, exists=True), NOW))
    facts = facts_of(store)
    assert facts.status == StatusRow(ID, "ok", "ok")
    assert (facts.entries, facts.signing) == (Read((entry,), NOW), (signing,))
    assert facts.groups == {"sg-node": group}
    assert facts.subnets == {"subnet-a": subnet}
    assert (facts.cluster, facts.auth) == (cluster(), Read(AwsAuth(NOW, exists=True), NOW))
    names = [check.name for check in why_not_joined(facts)]
    assert len(names) == len(set(names)) >= 18


@pytest.mark.parametrize(
    ("rows", "detail", "role"),
    [
        ((), None, ""),
        (((Kind.NODEGROUP, GROUP),), None, ROLE),
        (((Kind.NODEGROUP, GROUP),), InstanceDetail(role="arn:own"), "arn:own"),
        (((Kind.NODEGROUP, GROUP),), InstanceDetail(), ROLE),
    ],
)
def test_the_role_is_the_profiles_or_else_the_nodegroups(
    rows: tuple[tuple[Kind, Any], ...], detail: InstanceDetail | None, role: str
) -> None:
    facts = facts_of(filled(*rows), detail)
    assert facts.role == role


@pytest.mark.parametrize(
    ("rows", "kubelet"),
    [
        ((), ""),
        (((Kind.NODEGROUP, GROUP),), "1.32"),
        (((Kind.NODEGROUP, GROUP), (Kind.IMAGE, IMAGE)), "1.33"),
    ],
)
def test_the_kubelets_version_is_the_images_or_else_the_nodegroups(
    rows: tuple[tuple[Kind, Any], ...], kubelet: str
) -> None:
    facts = facts_of(filled(*rows))
    assert facts.kubelet == kubelet


def test_a_life_is_told_with_the_nodes_own_events_lease_and_claim() -> None:
    about = f"Node//{DNS}"
    started = EventRow(
        "u", "default", "e", about, "Normal", "Starting", "", "kubelet", 1, NOW - 9, NOW - 9
    )
    store = filled(
        (Kind.NODE, node()),
        (Kind.LEASE, LeaseRow("kube-node-lease", DNS, "u", DNS, NOW, None, 40, 0)),
        (Kind.EVENT, started),
        (Kind.NODECLAIM, ClaimRow("c", "u", NOW - 9000, "spot", "", DNS, "", ())),
    )
    machine = machine_of_node(store, DNS)
    events = store.events_about(about)
    life = timeline(machine.node, machine.instance, machine.lease, machine.claim, events, NOW)
    steps = {step.label: step for step in life}
    assert steps["Kubelet started"].at == NOW - 9
    assert steps["Heartbeat"].at == NOW
    assert steps["NodeClaim created"].at == NOW - 9000
    assert steps["Instance launched"].state == "done"


@pytest.mark.parametrize(
    ("zone", "region"), [("us-west-2a", "us-west-2"), ("us-west-2-lax-1a", "us-west-2"), ("", "")]
)
def test_the_region_of_an_instance_is_its_zones_before_aws_names_one(
    zone: str, region: str
) -> None:
    store = Store()
    store.put(Kind.INSTANCE, instance(zone=zone))
    assert machine_of_instance(store, ID).region == region


def test_a_machine_without_a_node_or_without_an_instance_has_only_the_other() -> None:
    store = filled()
    machine = machine_of_instance(store, ID)
    assert (machine.node, machine.instance, machine.lease) == (None, instance(), None)
    fargate = node(name="f", provider_id="aws:///a/1/fargate-ip-1")
    store.put(Kind.NODE, fargate)
    machine = machine_of_node(store, "f")
    assert (machine.node, machine.instance) == (fargate, None)
