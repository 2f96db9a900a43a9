"""The join of nodes and instances stays true whatever order things are heard in."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from eksview.domain.join.mapping_row import RowKind, why_at, word_at
from eksview.domain.rows.aws import AutoScalingRow, ImageRow, Member, StatusRow
from eksview.domain.rows.kube import ClaimRow, Kind, NodeRow, Row
from eksview.domain.rows.link import Link, Phase
from eksview.store.node_instance_join import FEW
from eksview.store.store import Store
from tests.domain.aws_objects import DNS, ID, NOW, instance, node

OTHER = "i-0fedcba9876543210"


def live(*rows: Row) -> Store:
    """A store that has read both sides, and then heard of these rows."""
    store = Store()
    read(store)
    put(store, *rows)
    answer(store)
    return store


def read(store: Store) -> None:
    store.set_link(Link("nodes", Phase.LIVE, NOW - 3600))
    groups_read(store)
    answer(store)


def groups_read(store: Store) -> None:
    store.set_link(Link("autoscaling", Phase.LIVE, NOW - 3600, heard=NOW - 3600))


def answer(store: Store) -> None:
    """EC2 answers twice: the first answer may have been asked before a node was seen."""
    before = store.links["ec2"].heard if "ec2" in store.links else NOW
    for seconds in (1, 2):
        heard = (before or NOW) + seconds
        store.set_link(Link("ec2", Phase.LIVE, NOW, heard=heard))


def put(store: Store, *rows: Row) -> None:
    for row in rows:
        store.put(kind_of(row), row)


def kind_of(row: Row) -> Kind:
    names = {
        "NodeRow": Kind.NODE,
        "InstanceRow": Kind.INSTANCE,
        "StatusRow": Kind.STATUS,
        "ImageRow": Kind.IMAGE,
        "AutoScalingRow": Kind.AUTOSCALING,
        "ClaimRow": Kind.NODECLAIM,
    }
    return names[type(row).__name__]


def summary(store: Store) -> set[tuple[str, str, str]]:
    rows = store.mapping.rows.values()
    return {(row.kind.value, row.node, row.instance) for row in rows}


def claim(name: str = "claim-1", **changes: Any) -> ClaimRow:
    fields: dict[str, Any] = {
        "name": name,
        "uid": name,
        "created": NOW,
        "nodepool": "spot",
        "provider_id": "",
        "node": "",
        "type": "",
        "conditions": (),
    }
    return ClaimRow(**fields | changes)


def group(*members: str, lifecycle: str = "InService") -> AutoScalingRow:
    rows = tuple(Member(each, lifecycle, "Healthy", "us-west-2a", "lt-1 v3") for each in members)
    return AutoScalingRow("asg", 1, 2, 3, rows, (), "lt-1 v3", {})


def test_a_node_and_its_instance_are_one_row_in_either_order() -> None:
    for rows in ((node(), instance()), (instance(), node())):
        store = live(*rows)
        assert summary(store) == {("joined", DNS, ID)}
        assert store.mapping.of_node(DNS) is store.mapping.of_instance(ID)
        assert store.mapping.counts == Counter({RowKind.JOINED: 1})


def test_a_row_keeps_its_key_when_its_instance_joins() -> None:
    store = live(instance())
    before = list(store.mapping.rows)
    store.take_changes()
    store.put(Kind.NODE, node())
    changes = store.take_changes()
    assert list(store.mapping.rows) == before
    assert changes.mapping == {ID}
    assert not changes.mapping_members


def test_without_a_provider_id_the_private_dns_name_joins() -> None:
    for rows in ((node(provider_id=""), instance()), (instance(), node(provider_id=""))):
        store = live(*rows)
        assert summary(store) == {("joined", DNS, ID)}
        row = store.mapping.of_node(DNS)
        assert row is not None
        assert row.match == "private DNS"


def test_a_node_named_by_its_instance_joins_without_a_provider_id() -> None:
    for name in (ID, f"{ID}.us-west-2.compute.internal"):
        bare = node(name=name, provider_id="", internal_ip="")
        store = live(bare, instance(private_dns=f"{ID}.us-west-2.compute.internal"))
        assert summary(store) == {("joined", name, ID)}


def test_then_the_tags_join() -> None:
    bare = node(name="worker-1", provider_id="", internal_ip="")
    by_name = instance(tags={"Name": "worker-1"})
    by_claim = instance(tags={"karpenter.sh/nodeclaim": "claim-1"})
    assert summary(live(bare, by_name)) == {("joined", "worker-1", ID)}
    for rows in (
        (bare, by_claim, claim(node="worker-1")),
        (claim(node="worker-1"), by_claim, bare),
        (by_claim, bare, claim(node="worker-1")),
    ):
        store = live(*rows)
        assert summary(store) == {("joined", "worker-1", ID)}
        assert store.mapping.of_node("worker-1").match == "tags"  # type: ignore[union-attr]


def test_a_name_that_two_instances_have_joins_neither() -> None:
    bare = node(name="worker", provider_id="")
    store = live(
        bare,
        instance(tags={"Name": "worker"}, private_dns="a"),
        instance(id=OTHER, tags={"Name": "worker"}, private_dns="b"),
    )
    assert ("orphan", "worker", "") in summary(store)
    store.drop(Kind.INSTANCE, store.instances[OTHER])
    assert summary(store) == {("joined", "worker", ID)}


def test_a_terminated_instance_is_never_joined_by_name() -> None:
    bare = node(provider_id="")
    store = live(bare, instance(state="terminated"))
    assert summary(store) == {("orphan", DNS, ""), ("gone", "", ID)}


def test_two_nodes_of_one_provider_id_are_stated_and_never_joined_wrongly() -> None:
    twin = node(name="twin", uid="2", internal_ip="10.0.9.9")
    store = live(node(), twin, instance())
    assert summary(store) == {("joined", DNS, ID), ("orphan", "twin", "")}
    stranger = node(name="stranger", internal_ip="10.0.9.8")
    store = live(stranger, twin, instance())
    assert summary(store) == {("mismatch", "stranger", ID), ("mismatch", "twin", ID)}
    assert store.mapping.of_instance(ID) is not None
    store.drop(Kind.NODE, twin)
    assert summary(store) == {("joined", "stranger", ID)}


def test_a_node_has_no_instance_only_after_ec2_was_asked_for_it() -> None:
    store = Store()
    store.put(Kind.NODE, node())
    assert summary(store) == {("unknown", DNS, ID)}
    read(store)
    assert summary(store) == {("orphan", DNS, ID)}
    late = node(name="late", provider_id=f"aws:///us-west-2a/{OTHER}")
    store.put(Kind.NODE, late)
    assert ("unknown", "late", OTHER) in summary(store)
    answer(store)
    assert ("orphan", "late", OTHER) in summary(store)


def test_the_first_answer_after_a_node_appeared_may_have_been_asked_before_it() -> None:
    store = live()
    store.put(Kind.NODE, node())
    heard = store.links["ec2"].heard or 0.0
    store.set_link(Link("ec2", Phase.LIVE, NOW, heard=heard + 1))
    assert summary(store) == {("unknown", DNS, ID)}
    store.set_link(Link("ec2", Phase.LIVE, NOW, heard=heard + 1))  # the same answer, told again
    assert summary(store) == {("unknown", DNS, ID)}
    store.set_link(Link("ec2", Phase.LIVE, NOW, heard=heard + 2))
    assert summary(store) == {("orphan", DNS, ID)}


def test_a_node_with_another_provider_id_waits_for_ec2_again() -> None:
    store = live(node())
    store.put(Kind.NODE, node(provider_id=f"aws:///us-west-2a/{OTHER}"))
    assert summary(store) == {("unknown", DNS, OTHER)}
    answer(store)
    store.put(Kind.NODE, node(provider_id=f"aws:///us-west-2a/{OTHER}", unschedulable=True))
    assert summary(store) == {("orphan", DNS, OTHER)}


def test_a_node_of_an_old_name_that_comes_again_waits_for_ec2_again() -> None:
    store = live(node())
    store.drop(Kind.NODE, node())
    store.put(Kind.NODE, node())
    assert summary(store) == {("unknown", DNS, ID)}


def test_while_ec2_refuses_its_sentence_stands_where_the_instance_would() -> None:
    store = Store()
    store.set_link(Link("nodes", Phase.LIVE, NOW))
    store.put(Kind.NODE, node())
    store.put(Kind.NODE, node(name="f", provider_id="aws:///us-west-2a/1/fargate-ip-10-0-0-1"))
    store.set_link(Link("ec2", Phase.REFUSED, NOW, reason="You lack ec2:DescribeInstances."))
    assert summary(store) == {("unknown", DNS, ID), ("not-ec2", "f", "")}
    assert store.mapping.of_node(DNS).reason == "You lack ec2:DescribeInstances."  # type: ignore[union-attr]


def test_instances_are_not_called_unjoined_before_the_nodes_are_read() -> None:
    store = Store()
    groups_read(store)
    store.put(Kind.INSTANCE, instance())
    answer(store)
    assert summary(store) == {("unknown", "", ID)}
    store.set_link(Link("nodes", Phase.LIVE, NOW))
    assert summary(store) == {("not-joined", "", ID)}


def test_an_instance_is_joining_for_a_quarter_of_an_hour_and_has_then_failed_to() -> None:
    row = live(instance(launched=NOW)).mapping.rows[ID]
    assert word_at(row, NOW + 899) == "joining"
    assert word_at(row, NOW + 900) == "failed to join"
    assert "15m" in why_at(row, NOW + 900)


def test_an_instance_whose_node_was_deleted_has_not_failed_to_join() -> None:
    store = live(instance(), node())
    store.drop(Kind.NODE, node())
    row = store.mapping.rows[ID]
    assert row.kind is RowKind.NOT_JOINED
    assert word_at(row, NOW + 9000) == "node deleted"


def test_what_a_row_shows_of_other_tables_marks_it_as_changed() -> None:
    store = live(node(), instance())
    for row in (
        StatusRow(ID, "ok", "impaired"),
        ImageRow("ami-0aa", "al2023", NOW),
        group(ID),
        group(ID, lifecycle="Terminating"),
        claim(node=DNS),
    ):
        store.take_changes()
        put(store, row)
        assert store.take_changes().mapping == {ID}
    context = store.mapping.context(NOW)
    assert context.membership(ID).member.lifecycle == "Terminating"  # type: ignore[union-attr]
    assert context.claim(DNS).nodepool == "spot"  # type: ignore[union-attr]


def test_a_member_that_left_its_group_is_in_none() -> None:
    store = live(instance(), group(ID, OTHER))
    put(store, group(OTHER))
    assert store.mapping.membership(ID) is None
    assert store.mapping.membership(OTHER) is not None


def test_a_member_that_moved_stays_in_its_new_group_when_the_old_one_hears_of_it() -> None:
    store = live(instance(), group(ID))
    put(store, replace(group(ID), name="asg-2"))
    put(store, group())
    assert store.mapping.membership(ID).group.name == "asg-2"  # type: ignore[union-attr]
    store.drop(Kind.AUTOSCALING, group())
    store.take_changes()
    store.drop(Kind.AUTOSCALING, replace(group(ID), name="asg-2"))
    assert store.mapping.membership(ID) is None
    assert store.take_changes().mapping == {ID}


def test_columns_are_given_every_table_and_the_time() -> None:
    status, image = StatusRow(ID, "ok", "ok"), ImageRow("ami-0aa", "al2023", NOW)
    store = live(node(), instance(), status, image)
    store.set_link(Link("ssm", Phase.LIVE, NOW, heard=NOW))
    context = store.mapping.context(NOW)
    assert context.now == NOW
    assert (context.node(DNS), context.instance(ID)) == (node(), instance())
    assert (context.status(ID), context.image("ami-0aa")) == (status, image)
    assert context.sessions(ID) == ()


def test_an_image_marks_only_the_instances_that_run_it_now() -> None:
    store = live(instance(), instance(id=OTHER, image="ami-0bb", private_dns="other"))
    put(store, instance(image="ami-0cc"))
    store.take_changes()
    put(store, ImageRow("ami-0aa", "al2023", NOW))
    assert store.take_changes().mapping == set()
    put(store, ImageRow("ami-0bb", "al2023", NOW), ImageRow("ami-0cc", "al2023", NOW))
    assert store.take_changes().mapping == {ID, OTHER}


def test_what_is_read_once_is_complete_at_once() -> None:
    store = Store()
    groups_read(store)
    put(store, node(), instance(id=OTHER, private_dns="other"))
    assert summary(store) == {("unknown", DNS, ID), ("unknown", "", OTHER)}
    store.mapping.complete()
    assert summary(store) == {("orphan", DNS, ID), ("not-joined", "", OTHER)}


def test_a_node_without_a_row_has_no_sessions_to_tell_of() -> None:
    store = live()
    assert store.mapping.sessions_of("nobody") is None
    store.set_link(Link("ssm", Phase.LIVE, NOW, heard=NOW))
    assert store.mapping.sessions_of("nobody") == ()


def test_an_instance_that_left_and_came_again_never_had_a_node() -> None:
    store = live(instance(), node())
    store.drop(Kind.NODE, node())
    store.drop(Kind.INSTANCE, instance())
    put(store, instance(launched=NOW))
    assert word_at(store.mapping.rows[ID], NOW) == "joining"


def test_a_node_that_is_joined_late_leaves_no_row_of_its_own_behind() -> None:
    store = live(node(provider_id=""))
    assert set(store.mapping.rows) == {f"node/{DNS}"}
    put(store, node())
    assert set(store.mapping.rows) == {ID}
    assert store.mapping.of_node(DNS) is store.mapping.rows[ID]
    assert +store.mapping.counts == Counter({RowKind.UNKNOWN: 1})
    answer(store)
    assert +store.mapping.counts == Counter({RowKind.ORPHAN: 1})


def test_a_row_that_only_changed_moves_nothing_and_one_more_or_less_does() -> None:
    store = live(node(), instance())
    store.take_changes()
    put(store, node(unschedulable=True))
    changes = store.take_changes()
    assert (changes.mapping, changes.mapping_members) == ({ID}, False)
    put(store, instance(id=OTHER, private_dns="other"))
    changes = store.take_changes()
    assert (changes.mapping, changes.mapping_members) == ({OTHER}, True)
    store.drop(Kind.INSTANCE, instance(id=OTHER))
    changes = store.take_changes()
    assert (changes.mapping, changes.mapping_members) == ({OTHER}, True)


def test_a_few_changes_are_judged_at_once_and_many_in_slices() -> None:
    store = Store()
    read(store)
    rows = [instance(id=f"i-{number:08x}", private_dns=f"d{number}") for number in range(200)]
    pauses = sum(1 for _ in store.swap(Kind.INSTANCE, rows))
    assert pauses == 200 // FEW
    for row in rows[:FEW]:
        store.mapping.indexers[Kind.INSTANCE](row, row)
    store.take_changes()
    store.mapping.settle_few()
    assert len(store.take_changes().mapping) == FEW
    for row in rows[: FEW + 1]:
        store.mapping.indexers[Kind.INSTANCE](row, row)
    store.mapping.settle_few()
    assert not store.take_changes().mapping
    for _ in store.mapping.settle():
        pass
    assert len(store.take_changes().mapping) == FEW + 1


def test_a_failed_status_check_reaches_the_row_of_its_instance() -> None:
    store = live(node(), instance())
    put(store, StatusRow(ID, "ok", "impaired"))
    assert summary(store) == {("mismatch", DNS, ID)}


def test_a_node_that_left_is_in_no_row() -> None:
    store = live(node(), instance())
    store.drop(Kind.NODE, node())
    assert store.mapping.of_node(DNS) is None


def test_a_swap_settles_the_whole_list() -> None:
    store = Store()
    read(store)
    rows = [instance(id=f"i-{number:08x}", private_dns=f"d{number}") for number in range(1000)]
    for _ in store.swap(Kind.INSTANCE, rows):
        pass
    assert store.mapping.counts == Counter({RowKind.NOT_JOINED: 1000})
    for _ in store.swap(Kind.INSTANCE, rows[:10]):
        pass
    assert len(store.mapping.rows) == 10
    assert store.take_changes().mapping_members


def test_a_reset_forgets_every_row() -> None:
    store = live(node(), instance())
    store.reset()
    assert not store.mapping.rows
    assert store.mapping.of_node(DNS) is None
    store.put(Kind.NODE, node())
    assert summary(store) == {("unknown", DNS, ID)}


IDS = st.sampled_from(["i-0a", "i-0b", "i-0c"])
NAMES = st.sampled_from(["a", "b", "i-0a"])
PROVIDERS = st.one_of(st.just(""), st.just("aws:///junk"), IDS.map("aws:///us-west-2a/{}".format))


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, Row]]:
    found: list[tuple[str, Row]] = []
    for _ in range(draw(st.integers(1, 15))):
        action = draw(st.sampled_from(["put", "put", "drop"]))
        if draw(st.booleans()):
            found.append((action, node(name=draw(NAMES), provider_id=draw(PROVIDERS))))
        else:
            state = draw(st.sampled_from(["running", "terminated"]))
            tags = {"Name": draw(NAMES)}
            row = instance(id=draw(IDS), private_dns=draw(NAMES), state=state, tags=tags)
            found.append((action, row))
    return found


@given(steps())
def test_any_order_ends_as_if_only_the_end_had_been_heard(events: list[tuple[str, Row]]) -> None:
    store = live()
    for action, row in events:
        (store.put if action == "put" else store.drop)(kind_of(row), row)
    answer(store)
    afresh = live(*store.nodes.values(), *store.instances.values())
    assert summary(store) == summary(afresh)
    assert +store.mapping.counts == +afresh.mapping.counts
    rows = store.mapping.rows.values()
    assert {row.node for row in rows if row.node} == set(store.nodes)
    assert {row.instance for row in rows if row.instance} >= set(store.instances)
    joined = [row.instance for row in rows if row.kind is RowKind.JOINED]
    assert len(joined) == len(set(joined))


def test_every_node_is_found_by_its_name() -> None:
    names: list[NodeRow] = [node(name="a", provider_id="kind://docker/a/b"), node()]
    store = live(*names, instance())
    assert {store.mapping.of_node(row.name).node for row in names} == {"a", DNS}  # type: ignore[union-attr]


CLAIM_KEY = "nodeclaim/claim-1"


def test_a_claim_is_a_row_until_its_node_or_its_instance_is() -> None:
    waiting = claim()
    launched = claim(provider_id=f"aws:///us-west-2a/{ID}")
    registered = claim(provider_id=f"aws:///us-west-2a/{ID}", node=DNS)
    store = live(waiting)
    assert summary(store) == {("nodeclaim", "", "")}
    assert list(store.mapping.rows) == [CLAIM_KEY]
    assert store.mapping.claim(CLAIM_KEY) is waiting
    put(store, launched)
    assert summary(store) == {("unknown", "", ID)}
    answer(store)
    assert summary(store) == {("nodeclaim", "", ID)}
    put(store, instance())
    assert summary(store) == {("not-joined", "", ID)}
    put(store, registered, node())
    assert summary(store) == {("joined", DNS, ID)}
    store.drop(Kind.NODECLAIM, registered)
    assert summary(store) == {("joined", DNS, ID)}


def test_a_claim_without_an_instance_leaves_with_its_last_row() -> None:
    store = live(claim())
    store.drop(Kind.NODECLAIM, claim())
    assert not store.mapping.rows
    assert not +store.mapping.counts


def test_a_claim_of_another_cloud_is_a_row_while_its_node_is_not_there() -> None:
    far = claim(provider_id="kwok://claim-1", node="far")
    bare = node(name="far", provider_id="kwok://claim-1")
    store = live(far)
    assert summary(store) == {("nodeclaim", "", "")}
    put(store, bare)
    assert summary(store) == {("not-ec2", "far", "")}
    store.drop(Kind.NODE, bare)
    assert summary(store) == {("nodeclaim", "", "")}
