"""Which instance a node leads to, and what a change of either touches."""

from eksview.domain.rows.kube import Kind
from eksview.store.instance_matcher import InstanceMatcher
from eksview.store.store import Store
from tests.domain.aws_objects import DNS, ID, NOW, instance, node
from tests.store.test_node_instance_join import OTHER, claim, live, put, summary

HOST = "kubernetes.io/hostname"


def match_of(store: Store, name: str) -> str:
    row = store.mapping.of_node(name)
    return row.match if row else "no row"


def test_who_was_never_heard_of_leads_nowhere() -> None:
    matching = InstanceMatcher({}, {}, {})
    assert (matching.target("x"), matching.match("x")) == ("", "")
    assert (matching.claimants("x"), matching.claim("x")) == ([], None)


def test_a_node_joins_by_the_name_of_its_host() -> None:
    bare = node(name="worker", provider_id="", internal_ip="", labels={HOST: "host-1"})
    for rows in (
        (bare, instance(private_dns="host-1")),
        (instance(private_dns="host-1"), bare),
    ):
        store = live(*rows)
        assert summary(store) == {("joined", "worker", ID)}
        assert match_of(store, "worker") == "private DNS"


def test_a_host_is_forgotten_with_its_last_node() -> None:
    first = node(name="first", provider_id="", labels={HOST: "host-1"})
    second = node(name="second", provider_id="", labels={HOST: "host-1"})
    store = live(first, second)
    store.drop(Kind.NODE, first)
    put(store, instance(private_dns="host-1"))
    assert ("joined", "second", ID) in summary(store)
    store.drop(Kind.NODE, second)
    store.take_changes()
    store.drop(Kind.INSTANCE, instance(private_dns="host-1"))
    assert store.take_changes().mapping == {ID}


def test_a_node_named_by_its_instance_needs_no_dns_name_of_it() -> None:
    bare = node(name=f"{ID}.us-west-2.compute.internal", provider_id="", internal_ip="")
    assert ("joined", bare.name, ID) in summary(live(instance(private_dns=""), bare))


def test_an_instance_that_shuts_down_is_never_joined_by_name() -> None:
    store = live(node(provider_id=""), instance(state="shutting-down"))
    assert summary(store) == {("orphan", DNS, ""), ("gone", "", ID)}


def test_a_name_tag_joins_a_node_whose_claim_leads_nowhere() -> None:
    bare = node(name="worker-1", provider_id="", internal_ip="")
    store = live(claim(node="worker-1"), bare, instance(tags={"Name": "worker-1"}))
    assert summary(store) == {("joined", "worker-1", ID)}
    assert match_of(store, "worker-1") == "tags"


def test_a_name_tag_and_a_claim_of_two_instances_join_neither() -> None:
    bare = node(name="worker-1", provider_id="", internal_ip="")
    store = live(
        claim(node="worker-1"),
        bare,
        instance(tags={"Name": "worker-1"}, private_dns="a"),
        instance(id=OTHER, tags={"karpenter.sh/nodeclaim": "claim-1"}, private_dns="b"),
    )
    assert ("orphan", "worker-1", "") in summary(store)


def test_a_claim_is_found_by_its_node_and_by_its_instance_until_it_is_deleted() -> None:
    its_claim = claim(node=DNS, provider_id=f"aws:///us-west-2a/{ID}")
    store = live(its_claim)
    mapping = store.mapping
    assert mapping.claim(DNS) is mapping.claim(ID) is its_claim
    assert mapping.claim("") is None
    moved = claim(node="other", provider_id=f"aws:///us-west-2a/{ID}")
    put(store, moved)
    assert mapping.claim(DNS) is None
    assert mapping.claim("other") is mapping.claim(ID) is moved
    store.drop(Kind.NODECLAIM, moved)
    assert mapping.claim("other") is mapping.claim(ID) is None
    put(store, claim(node="other"))
    assert mapping.claim(ID) is None


def test_a_claim_that_is_deleted_no_longer_joins() -> None:
    bare = node(name="worker-1", provider_id="", internal_ip="")
    its_claim = claim(node="worker-1", provider_id=f"aws:///us-west-2a/{ID}")
    store = live(bare, instance(tags={}), its_claim)
    assert summary(store) == {("joined", "worker-1", ID)}
    store.drop(Kind.NODECLAIM, its_claim)
    assert summary(store) == {("orphan", "worker-1", ""), ("not-joined", "", ID)}


def test_a_claim_marks_its_node_its_instance_and_those_it_had() -> None:
    far = node(name="far", provider_id="kind://docker/a")
    store = live(node(), instance(), far, instance(id=OTHER, private_dns="other"))
    store.take_changes()
    put(store, claim(node="far", provider_id=f"aws:///us-west-2a/{ID}"))
    assert store.take_changes().mapping == {ID, "node/far"}
    put(store, claim(node=DNS, provider_id=f"aws:///us-west-2a/{OTHER}"))
    assert store.take_changes().mapping == {ID, OTHER, "node/far"}
    put(store, claim(node="nobody", created=NOW + 1))
    assert store.take_changes().mapping >= {ID, OTHER}


def test_a_provider_id_comes_first_and_a_malformed_one_counts_as_none() -> None:
    store = live(node(), instance())
    assert match_of(store, DNS) == "provider ID"
    store = live(node(provider_id="aws:///junk"), instance())
    assert summary(store) == {("mismatch", DNS, ID)}
    assert match_of(store, DNS) == "private DNS"
    store = live(node(provider_id="kind://docker/a"), instance())
    assert summary(store) == {("not-ec2", DNS, ""), ("not-joined", "", ID)}


def test_an_instance_that_ends_or_starts_is_matched_by_name_again() -> None:
    store = live(node(provider_id=""), instance())
    put(store, instance(state="terminated"))
    assert summary(store) == {("orphan", DNS, ""), ("gone", "", ID)}
    put(store, instance(state="pending"))
    assert summary(store) == {("joined", DNS, ID)}


def test_a_provider_id_of_the_matched_instance_leaves_the_others_to_other_nodes() -> None:
    bare = node(provider_id="")
    neighbour = node(name="worker-2", provider_id="")  # two instances have its address: unknown
    store = live(bare, neighbour, instance(), instance(id=OTHER, private_dns="other"))
    assert summary(store) >= {("joined", DNS, ID), ("orphan", "worker-2", "")}
    put(store, node())
    assert summary(store) == {("joined", DNS, ID), ("joined", "worker-2", OTHER)}
