"""Which instances the nodes speak of, and when one of them is news."""

import pytest

from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.kube.node_labels import region_of
from eksview.domain.rows.kube import Condition, NodeRow
from tests.domain import aws_objects

ONE = "i-0aaaaaaaaaaaaaaa1"
TWO = "i-0aaaaaaaaaaaaaaa2"


def node(name: str, instance: str = "", *, ready: str = "True", provider: str = "") -> NodeRow:
    return aws_objects.node(
        name=name,
        uid=name,
        conditions=(Condition("Ready", ready),),
        labels={},
        provider_id=provider or (f"aws:///us-west-2a/{instance}" if instance else ""),
    )


def test_a_new_node_is_news_once() -> None:
    known = InstanceTracker()
    assert known.seen(node("a", ONE))
    assert not known.seen(node("a", ONE))
    assert known.take_news(()) == {ONE}
    assert known.take_news(()) == set()
    assert known.ids() == {ONE}


def test_a_change_of_readiness_is_news_and_a_heartbeat_is_not() -> None:
    known = InstanceTracker()
    known.seen(node("a", ONE))
    known.take_news(())
    assert not known.seen(node("a", ONE))
    assert known.seen(node("a", ONE, ready="Unknown"))
    assert known.take_news(()) == {ONE}


def test_a_node_that_left_is_news_and_its_instance_is_no_longer_asked_for() -> None:
    known = InstanceTracker()
    known.seen(node("a", ONE))
    known.take_news(())
    assert known.lost("a")
    assert known.take_news(()) == {ONE}
    assert known.ids() == set()
    assert not known.lost("a")


def test_a_node_that_came_back_on_another_instance_makes_news_of_both() -> None:
    known = InstanceTracker()
    known.seen(node("a", ONE))
    known.take_news(())
    assert known.seen(node("a", TWO))
    assert known.take_news(()) == {ONE, TWO}


def test_a_list_tells_of_nodes_that_left_while_nobody_watched() -> None:
    known = InstanceTracker()
    known.listed([node("a", ONE), node("b", TWO)])
    known.take_news(())
    assert known.listed([node("b", TWO)])
    assert known.take_news(()) == {ONE}


def test_nodes_there_from_the_beginning_are_no_reason_to_read_their_instances_twice() -> None:
    known = InstanceTracker()
    known.listed([node("a", ONE), node("b", TWO)])
    assert known.take_news({ONE}) == {TWO}
    known.seen(node("a", ONE, ready="False"))
    assert known.take_news({ONE}) == {ONE}


@pytest.mark.parametrize(
    "provider",
    [
        "",
        "aws:///us-west-2a/abc/fargate-ip-192-168-1-2.us-west-2.compute.internal",
        "eks-hybrid:///us-west-2/demo/mi-0123456789abcdef0",
        "kind://docker/kind/kind-worker",
        "aws:///us-west-2a/i-not-an-id",
        "aws:///",
    ],
)
def test_what_is_not_on_ec2_is_never_asked_for(provider: str) -> None:
    known = InstanceTracker()
    assert not known.seen(node("a", provider=provider))
    assert known.ids() == set()
    assert known.region == ""


def test_two_nodes_of_one_instance_are_one_instance() -> None:
    known = InstanceTracker()
    known.listed([node("a", ONE), node("b", ONE)])
    assert known.ids() == {ONE}
    known.lost("a")
    assert known.ids() == {ONE}


def test_instances_known_from_a_group_are_news_once_and_can_be_forgotten() -> None:
    known = InstanceTracker()
    assert known.also([ONE])
    assert not known.also([ONE])
    assert known.ids() == {ONE}
    known.forget([ONE])
    assert known.ids() == set()


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("us-west-2a", "us-west-2"),
        ("eu-central-1c", "eu-central-1"),
        ("us-gov-west-1b", "us-gov-west-1"),
        ("cn-northwest-1a", "cn-northwest-1"),
        ("us-west-2-lax-1a", "us-west-2"),
        ("us-east-1-wl1-bos-wlz-1", "us-east-1"),
        ("", ""),
        ("nowhere", ""),
    ],
)
def test_the_region_is_read_from_a_zone(zone: str, region: str) -> None:
    assert region_of(zone) == region


def test_the_first_node_on_ec2_says_the_region() -> None:
    known = InstanceTracker()
    known.seen(node("laptop", provider="kind://docker/kind/kind-worker"))
    known.seen(node("a", ONE))
    assert known.region == "us-west-2"
