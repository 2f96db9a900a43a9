"""Estates whose nodes have no provider ID: the order in which they are heard never matters."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts
from eksview.domain.rows.aws import ClusterInfo, Interface
from eksview.domain.rows.kube import NodeRow, Row
from eksview.store.store import Store
from tests.domain.aws_objects import ID, NOW, cluster, instance, node
from tests.store.test_node_instance_join import OTHER, answer, claim, kind_of, read, summary

EC2_DNS = "ip-10-0-1-17.us-west-2.compute.internal"
HOST = "kubernetes.io/hostname"


def bare(name: str, address: str = "", **labels: str) -> NodeRow:
    return node(name=name, uid=name, provider_id="", internal_ip=address, labels=labels)


def eni(address: str, more: str = "", device: int = 1) -> Interface:
    return Interface("eni-1", device, "subnet-a", address, "", 1, 0, (), more_addresses=more)


LONE = instance(tags={})


class Estate(Struct, frozen=True):
    """What is heard, in any order, and the instance of the first node."""

    rows: tuple[Row | ClusterInfo, ...]
    joined: str = ID


ESTATES = {
    "resource name": Estate(
        (
            bare(f"{ID}.us-west-2.compute.internal"),
            replace(LONE, private_dns="", private_ip=""),
        )
    ),
    "resource name in a custom domain": Estate((bare(f"{ID}.corp.example"), LONE)),
    "resource name in capitals": Estate((bare(f"{ID}.Corp.Example"), LONE)),
    "resource name as the host's label alone": Estate((bare("worker", **{HOST: ID}), LONE)),
    "IP name in a custom domain": Estate(
        (
            bare("ip-10-0-1-17.corp.example"),
            instance(tags={}, private_dns=EC2_DNS),
        )
    ),
    "custom name, known by its address": Estate((bare("db-1.corp.example", "10.0.1.17"), LONE)),
    "the address of a second interface": Estate(
        (
            bare("worker", "10.0.2.9"),
            instance(tags={}, interfaces=(eni("10.0.1.17", device=0), eni("10.0.2.9"))),
        )
    ),
    "a secondary private address": Estate(
        (
            bare("worker", "10.0.2.10"),
            instance(tags={}, interfaces=(eni("10.0.2.9", "10.0.2.10 10.0.2.11"),)),
        )
    ),
    "an address that begins another one": Estate(
        (
            bare("worker", "10.0.2.1"),
            instance(tags={}, interfaces=(eni("10.0.2.9", "10.0.2.10 10.0.2.11"),)),
        ),
        joined="",
    ),
    "IPv6": Estate(
        (
            bare("i6.corp.example", "2600:1f14::17"),
            instance(tags={}, interfaces=(eni("10.0.1.17", "2600:1f14::17", device=0),)),
        )
    ),
    "an address used again after a termination": Estate(
        (
            bare("ip-10-0-1-17.corp.example", "10.0.1.17"),
            instance(tags={}, state="terminated"),
            instance(id=OTHER, tags={}, private_dns="", launched=NOW),
        ),
        joined=OTHER,
    ),
    "an address whose last user is still listed as running": Estate(
        (
            bare("ip-10-0-1-17.corp.example", "10.0.1.17"),
            instance(tags={}),
            instance(id=OTHER, tags={}, launched=NOW),
        ),
        joined=OTHER,
    ),
    "a stopped instance and a running one": Estate(
        (
            bare("ip-10-0-1-17.corp.example", "10.0.1.17"),
            instance(tags={}),
            instance(id=OTHER, tags={}, launched=NOW, state="stopped"),
        ),
    ),
    "an address that only a terminated instance had": Estate(
        (bare("ip-10-0-1-17.corp.example", "10.0.1.17"), instance(tags={}, state="terminated")),
        joined="",
    ),
    "an address in another VPC": Estate(
        (
            bare("ip-10-0-1-17.corp.example", "10.0.1.17"),
            instance(tags={}, vpc="vpc-other"),
            cluster(vpc="vpc-1"),
        ),
        joined="",
    ),
    "an address in the cluster's VPC and in another": Estate(
        (
            bare("ip-10-0-1-17.corp.example", "10.0.1.17"),
            instance(id=OTHER, tags={}, vpc="vpc-other", launched=NOW),
            LONE,
            cluster(vpc="vpc-1"),
        )
    ),
    "a name tag in another VPC": Estate(
        (
            bare("worker"),
            instance(tags={"Name": "worker"}, vpc="vpc-other", private_ip="10.9.9.9"),
            cluster(vpc="vpc-1"),
        ),
        joined="",
    ),
    "an instance that another node names by its provider ID": Estate(
        (bare("ip-10-0-1-17.old.example", "10.0.1.17"), node(name="new"), LONE),
        joined="",
    ),
    "a NodeClaim's provider ID": Estate(
        (
            bare("worker"),
            claim(node="worker", provider_id=f"aws:///us-west-2a/{ID}"),
            instance(tags={}, private_dns="", private_ip=""),
        )
    ),
    "a NodeClaim's tag": Estate(
        (
            bare("worker"),
            claim(node="worker"),
            instance(tags={"karpenter.sh/nodeclaim": "claim-1"}, private_dns="", private_ip=""),
        )
    ),
    "a NodeClaim that follows another of the same node": Estate(
        (
            bare("worker"),
            claim("old", node="worker", created=NOW - 900),
            claim("new", node="worker", provider_id=f"aws:///us-west-2a/{ID}"),
            instance(tags={}, private_dns="", private_ip=""),
        )
    ),
}


def hear(store: Store, row: Row | ClusterInfo) -> None:
    if isinstance(row, ClusterInfo):
        store.set_fact(Facts.cluster, Read(row, NOW))
    else:
        store.put(kind_of(row), row)


def drop(store: Store, row: Row | ClusterInfo) -> None:
    if not isinstance(row, ClusterInfo):
        store.drop(kind_of(row), row)


def instance_of(store: Store, name: str) -> str:
    row = store.mapping.of_node(name)
    return row.instance if row else "no row"


@pytest.mark.parametrize("estate", ESTATES.values(), ids=ESTATES)
def test_a_node_joins_its_instance_in_every_order(estate: Estate) -> None:
    for order in permutations(estate.rows):
        store = Store()
        read(store)
        for row in order:
            hear(store, row)
        answer(store)
        assert instance_of(store, estate.rows[0].name) == estate.joined, order  # type: ignore[union-attr]


@given(st.data())
def test_rows_that_leave_and_come_again_end_as_if_heard_once(data: st.DataObject) -> None:
    estate = data.draw(st.sampled_from(list(ESTATES.values())))
    rows = data.draw(st.permutations(estate.rows * 2))
    gone = data.draw(st.lists(st.sampled_from(rows), max_size=3))
    store = Store()
    read(store)
    for row in rows:
        hear(store, row)
    for row in gone:
        drop(store, row)
        store.take_changes()
        hear(store, row)
    answer(store)
    once = Store()
    read(once)
    for row in estate.rows:
        hear(once, row)
    answer(once)
    assert summary(store) == summary(once)
    assert store.mapping.rows.keys() == once.mapping.rows.keys()


def test_a_node_is_matched_by_its_address_and_says_so() -> None:
    store = Store()
    read(store)
    for row in ESTATES["custom name, known by its address"].rows:
        hear(store, row)
    row = store.mapping.of_node("db-1.corp.example")
    assert row is not None
    assert row.match == "address"


def test_nodes_without_provider_id_that_share_an_instance_are_not_called_duplicate_ids() -> None:
    store = Store()
    read(store)
    for row in (bare(f"{ID}.a.example"), bare(f"{ID}.b.example"), LONE):
        hear(store, row)
    rows = list(store.mapping.rows.values())
    assert {row.word for row in rows} == {"same instance"}
    assert all("without provider ID" in row.reason for row in rows)
