"""The values of Explain's chapters, on clusters of every kind."""

import pytest
from msgspec.structs import replace

from eksview.config.package_texts import explain_texts
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Permission
from eksview.domain.base.text import Clean, cells, clean
from eksview.domain.explain.chapter_text import ChapterText, filled, placeholders
from eksview.domain.explain.chapters import CHAPTERS, ChapterSpec
from eksview.domain.explain.commands import chapter_commands
from eksview.domain.explain.value import Absent, ChapterValues, LiveValue
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.explain.chapters import chapter_values
from eksview.store.selectors.explain.joining import example_node, joined_nodes
from eksview.store.store import Store
from eksview.ui.text.layout import fold
from tests.store.selectors.explain.sources import (
    CLUSTERS,
    RIGHT,
    down,
    ecs_only,
    eks,
    kind,
    source_of,
    viewer,
)
from tests.ui.harness import NOT_READY, NOW, node_name, populate

IDS = [spec.id for spec in CHAPTERS]
TEXTS = explain_texts("en")
SIGNATURE = "X-Amz-Signature"


def templates(text: ChapterText) -> list[str]:
    return [text.title, text.body, *text.variants.values(), *text.drawing.values()]


def used(spec: ChapterSpec) -> set[str]:
    named = [*templates(TEXTS.chapters[spec.id]), *spec.commands]
    return {name for template in named for name in placeholders(template)}


def values_of(store, chapter: str, node: str = "") -> ChapterValues:
    values = chapter_values(source_of(store, node), chapter)
    assert isinstance(values, ChapterValues), values
    return values


@pytest.mark.parametrize("cluster", CLUSTERS)
@pytest.mark.parametrize("spec", CHAPTERS, ids=IDS)
def test_every_placeholder_has_a_value_and_every_value_is_shown(
    spec: ChapterSpec, cluster: str
) -> None:
    values = chapter_values(source_of(CLUSTERS[cluster]()), spec.id)
    text = TEXTS.chapters[spec.id]
    if isinstance(values, Absent):
        assert text.absent[values.reason]
        return
    assert values.variant == "" or values.variant in text.variants
    assert set(values.values) == used(spec)
    for template in templates(text):
        assert filled(template, values.values, TEXTS)


@pytest.mark.parametrize("cluster", CLUSTERS)
@pytest.mark.parametrize("chapter", IDS)
def test_a_value_that_was_not_read_is_never_empty_nor_well(chapter: str, cluster: str) -> None:
    values = chapter_values(source_of(CLUSTERS[cluster]()), chapter)
    for name, value in {} if isinstance(values, Absent) else values.values.items():
        assert value.text or value.word or value.unread, name
        assert not (value.unread in ("loading", "refused", "failed") and not value.text) or (
            value.health is not Health.OK
        ), name


@pytest.mark.parametrize(
    ("store", "chapter", "name", "text"),
    [
        (eks, "planes", "version", "v1.33.4-eks-1a2b3c4"),
        (eks, "planes", "nodes", "6"),
        (eks, "planes", "ready", "5"),  # one is NotReady
        (eks, "planes", "pods", "40"),
        (eks, "managed", "account", "111122223333"),
        (eks, "joining", "node", node_name(0)),
        (eks, "authentication", "headers", "host;x-k8s-aws-id"),
        (eks, "authentication", "signed", "2025-10-09 08:52:20 UTC"),
        (eks, "authentication", "user", "ops"),
        (eks, "authorization", "binding", "ClusterRoleBinding see-nodes"),
        (eks, "authorization", "role", "ClusterRole node-viewer"),
        (eks, "authorization", "rule", "list: nodes"),
        (eks, "heartbeats", "duration", "40"),
        (eks, "heartbeats", "renewal", "10"),
        (eks, "heartbeats", "grace", "50"),
        (eks, "network", "address", "10.0.0.9:443"),
        (eks, "network", "tls", "20 ms"),
        (eks, "iam", "principal", "arn:aws:iam::111122223333:role/ops"),
        (eks, "iam", "source", "access entry"),
        (eks, "iam", "policies", "AmazonEKSViewPolicy cluster"),
        (kind, "authentication", "subject", "CN=ada,O=ops"),
    ],
)
def test_a_value_that_was_read_is_shown(store, chapter: str, name: str, text: str) -> None:
    node = node_name(0) if chapter == "joining" else ""
    value = values_of(store(), chapter, node).values[name]
    assert (value.text, value.unread) == (text, "")


@pytest.mark.parametrize(
    ("store", "chapter", "reason"),
    [
        (kind, "managed", "not-eks"),
        (kind, "iam", "not-eks"),
        (kind, "ecs", "no-aws"),
        *((ecs_only, chapter, "no-kubernetes") for chapter in IDS if chapter != "ecs"),
    ],
)
def test_a_chapter_that_does_not_apply_says_why(store, chapter: str, reason: str) -> None:
    absent = chapter_values(source_of(store()), chapter)
    assert isinstance(absent, Absent)
    assert absent.reason == reason
    assert TEXTS.chapters[chapter].absent[reason].endswith(".")


@pytest.mark.parametrize(
    ("chapter", "name", "right"),
    [
        ("planes", "nodes", "list nodes"),
        ("joining", "node", "list nodes"),
        ("heartbeats", "leases", "list nodes"),  # the link's own
        ("managed", "platform", RIGHT),
        ("network", "vpc", RIGHT),
        ("iam", "mode", RIGHT),
    ],
)
def test_what_is_refused_names_the_missing_right(chapter: str, name: str, right: str) -> None:
    value = values_of(viewer(), chapter).values[name]
    assert (value.text, value.unread, value.right) == ("", "refused", right)


@pytest.mark.parametrize(
    ("chapter", "name"),
    [
        ("planes", "version"),
        ("planes", "nodes"),
        ("joining", "node"),
        ("heartbeats", "oldest"),
        ("authentication", "user"),
        ("authorization", "allowed"),
        ("authorization", "binding"),
        ("network", "tls"),
    ],
)
def test_a_cluster_that_is_down_leaves_the_last_values_with_their_time(
    chapter: str, name: str
) -> None:
    value = values_of(down(), chapter).values[name]
    assert value.text or value.word
    assert (value.unread, value.reason) == ("failed", "Connection refused.")
    assert value.at is not None
    assert value.at <= NOW
    assert value.health is not Health.OK


def test_a_cluster_outside_of_eks_has_no_vpc() -> None:
    assert values_of(kind(), "network").values["vpc"] == LiveValue(unread="none")


@pytest.mark.parametrize(
    ("chapter", "name"),
    [
        ("joining", "instance"),
        ("joining", "launched"),
        ("iam", "roles"),
        ("managed", "nodegroups"),
    ],
)
def test_what_aws_was_not_asked_yet_is_not_none(chapter: str, name: str) -> None:
    store = eks()
    for table in (Kind.INSTANCE, Kind.NODEGROUP, Kind.FARGATE):
        store.links.pop(table.link, None)
    assert values_of(store, chapter).values[name] == LiveValue(unread="loading")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "2025-10-08 08:53:20 UTC  +0s"), (NOT_READY, "NotReady 2025-10-09 08:52:26 UTC")],
)
def test_a_node_that_is_not_ready_is_never_told_to_be(number: int, text: str) -> None:
    value = values_of(eks(), "joining", node_name(number)).values["became_ready"]
    assert value.text == text


def test_the_start_of_a_kubelet_is_unknown_while_events_are_refused() -> None:
    store = eks()
    missing = Permission("list", "events")
    refused = Link("events", Phase.REFUSED, NOW, Clean("Denied."), missing=missing)
    store.set_link(refused)
    value = values_of(store, "joining", node_name(0)).values["started"]
    assert (value.unread, value.right) == ("refused", "list events")


@pytest.mark.parametrize(("chapter", "name"), [("managed", "status"), ("network", "vpc")])
def test_eks_that_stopped_answering_leaves_the_last_description(chapter: str, name: str) -> None:
    store = eks()
    before = values_of(store, chapter).values[name]
    store.set_link(Link("eks", Phase.RETRYING, NOW + 1, Clean("Timed out.")))
    value = values_of(store, chapter).values[name]
    assert (value.text, value.unread, value.reason) == (before.text, "failed", "Timed out.")
    assert value.at == NOW
    assert value.health is not Health.OK


@pytest.mark.parametrize(
    ("store", "chapter", "variant"),
    [
        (eks, "planes", "eks"),
        (kind, "planes", ""),
        (eks, "authentication", "eks"),
        (kind, "authentication", "certificate"),
        (eks, "authorization", ""),
        (kind, "authorization", "masters"),
        (kind, "joining", ""),
    ],
)
def test_the_body_fits_the_kind_of_cluster(store, chapter: str, variant: str) -> None:
    assert values_of(store(), chapter).variant == variant


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_no_value_repeats_a_signature_or_a_whole_key(cluster: str) -> None:
    source = source_of(CLUSTERS[cluster]())
    for chapter in IDS:
        values = chapter_values(source, chapter)
        for value in () if isinstance(values, Absent) else values.values.values():
            assert SIGNATURE not in f"{value.text}{value.reason}"
            assert "k8s-aws-v1." not in value.text


def test_commands_have_the_values_and_options_of_this_cluster() -> None:
    spec = next(spec for spec in CHAPTERS if spec.id == "managed")
    commands = CommandContext("prod", "us-west-2")
    assert chapter_commands(spec, values_of(eks(), "managed").values, commands) == (
        "aws eks describe-cluster --name prod --region us-west-2",
    )
    unread = {"cluster": LiveValue(unread="loading")}
    assert chapter_commands(spec, unread, commands) == ()


@pytest.mark.parametrize(
    "value",
    [LiveValue(Clean("1,234,567")), LiveValue(unread="refused", right=Clean(RIGHT))],
    ids=["read", "refused"],
)
def test_a_body_fits_its_lines(value: LiveValue) -> None:
    wide = {name: value for spec in CHAPTERS for name in used(spec)}
    most = 11 if value.unread else 9
    lines = {
        (chapter, variant): sum(len(folded(line, wide)) for line in body.strip().splitlines())
        for chapter, text in TEXTS.chapters.items()
        for variant, body in {"": text.body, **text.variants}.items()
    }
    assert {key: count for key, count in lines.items() if count > most} == {}


def folded(line: str, values: dict[str, LiveValue]) -> list[str]:
    text = "".join(piece.text for piece in filled(line, values, TEXTS))
    lines = fold(clean(text), 76)
    assert all(cells(each) <= 76 for each in lines)
    return [*lines]


def test_the_example_of_joining_is_a_node_of_ec2_if_there_is_one() -> None:
    store = populate(Store(lambda: NOW), nodes=2, pods=0)
    older, newer = reversed(joined_nodes(store))
    fargate = Clean("aws:///us-west-2a/fargate-ip-10-0-1-2")
    store.put(Kind.NODE, replace(store.nodes[newer], provider_id=fargate))
    assert example_node(store) == older
    store.put(Kind.NODE, replace(store.nodes[older], provider_id=fargate))
    assert example_node(store) == newer
