"""What the header says, and what it says first when there is little room."""

import pytest

from eksview.domain.aws.arn import short_arn
from eksview.domain.aws.poll_plan import ECS
from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.control_plane.distribution import EKS
from eksview.domain.live.facts import Facts
from eksview.domain.live.trust import HEALTH
from eksview.domain.rows.access import CredentialFact
from eksview.domain.rows.kube import Kind, undecoded
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Identity, Target
from eksview.store.store import Store
from eksview.ui.base.lines.header import kubernetes, slots
from eksview.ui.text.glyphs import UNICODE
from eksview.ui.text.priority_line import choose, join
from tests.ui.aws_account import cluster, identity
from tests.ui.harness import NOW, populate

ARN = "arn:aws:eks:eu-central-1:123456789012:cluster/prod"


def header(store, width=200, now=NOW, ecs=""):
    kept = choose(slots(store, EKS, 44.0, now, UNICODE, ecs), width)
    return "".join(text for side in ("left", "right") for text, _ in join(kept, side))


def target(**fields):
    values = {"context": "prod", "cluster": "prod", "server": "https://10.0.0.1", "user": "ops"}
    return Target(**{**values, "namespace": "", **fields})


@pytest.fixture
def store():
    return populate(Store())


def test_it_says_where_who_and_how(store):
    said = header(store)
    for word in ("eksview", "prod", "us-west-2", "Amazon EKS  v1.33.4-eks", "ops", "token 11m",
                 "live", "44 ev/s"):  # fmt: skip
        assert word in said


@pytest.mark.parametrize("width", [30, 20])
def test_the_context_and_the_state_are_said_last(store, width):
    said = header(store, width)
    assert "prod" in said
    assert "live" in said
    assert len(said) <= width


def test_an_unverified_connection_is_marked_at_any_width(store):
    store.set_fact(Facts.target, Read(target(insecure=True), NOW))
    assert "INSECURE  TLS not verified" in header(store)
    assert "INSECURE" in header(store, 30)


def test_plain_http_is_marked_as_without_tls(store):
    plain = target(insecure=True, server="http://10.0.0.1:8080")
    store.set_fact(Facts.target, Read(plain, NOW))
    assert "INSECURE  no TLS" in header(store)


def test_an_arn_is_shortened_to_the_clusters_name_and_gives_the_region(store):
    store.set_fact(Facts.target, Read(target(context=ARN), NOW))
    said = header(store)
    assert "arn:" not in said
    assert "prod" in said
    assert "eu-central-1" in said


def test_no_region_is_made_up(store):
    store.set_fact(Facts.target, Read(target(), NOW))
    assert "us-west-2" not in header(store)
    store.set_fact(Facts.aws_identity, Read(identity(cluster=""), NOW))
    assert "us-west-2" not in header(store)
    store.set_fact(Facts.aws_identity, Read(identity(), NOW))
    assert "us-west-2" in header(store)


@pytest.mark.parametrize(("left", "said"), [(-1, "token expired"), (300, "token 5m"), (None, "")])
def test_the_tokens_life_is_counted_down(store, left, said):
    store.set_fact(
        Facts.identity, Read(Identity("ops", expires=None if left is None else NOW + left), NOW)
    )
    assert said in header(store)
    assert ("token" in header(store)) == bool(said)


def test_stale_data_is_called_stale(store):
    link = Link("pods", Phase.RETRYING, NOW - 9, heard=NOW - 12, retry_at=NOW + 4)
    store.set_link(link)
    assert "STALE" in header(store, 30)
    assert "pods retrying  next try in 4 s" in header(store)


def test_what_is_listed_instead_of_watched_is_not_called_live(store):
    store.set_link(Link("pods", Phase.LIVE, NOW - 90, heard=NOW - 12, every=30.0))
    assert "▲ pods listed every 30s" in header(store)
    assert "live" not in header(store, 30)


def test_what_the_cluster_says_cannot_style_the_header(store):
    store.set_fact(Facts.target, Read(target(context="[bold]x\x1b[31m"), NOW))
    assert r"[bold]x\x1b[31m" in header(store)


def test_aws_says_who_we_are_and_until_when(store):
    store.set_fact(Facts.aws_identity, Read(identity(), NOW))
    assert "Ops/alice@111122223333  credentials 43m" in header(store)


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (Read(identity(expires=NOW - 5), NOW), "credentials expired"),
        (Read(identity(warnings=("Another account.",)), NOW), "▲ AWS mismatch"),
        (ReadFailed("No credentials.", NOW, identity()), "▲ no AWS"),
    ],
)
def test_what_is_wrong_with_aws_is_said_where_there_is_room_for_little(store, reading, said):
    store.set_fact(Facts.aws_identity, reading)
    assert said in header(store, 100)


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        ("arn:aws:sts::1:assumed-role/Ops/alice", "Ops/alice"),
        ("arn:aws:iam::1:user/team/bob", "team/bob"),
        ("arn:aws:iam::1:root", "root"),
    ],
)
def test_an_identity_is_shortened_to_its_name(arn, said):
    assert short_arn(arn) == said


@pytest.mark.parametrize(
    ("status", "said"), [("ACTIVE", "eks.12"), ("UPDATING", "eks.12  ▲ UPDATING")]
)
def test_the_clusters_status_is_said_while_it_is_not_active(store, status, said):
    store.set_fact(Facts.cluster, Read(cluster(status=status), NOW))
    assert said in header(store)
    assert ("UPDATING" in header(store)) == (status == "UPDATING")


def test_an_aws_link_in_trouble_makes_nothing_stale(store):
    store.set_link(Link("ec2", Phase.RETRYING, NOW - 9, heard=NOW - 12, retry_at=NOW + 4))
    assert "STALE" not in header(store)
    assert "live" in header(store)


@pytest.mark.parametrize("context", ["eksview-demo", "prod", "c" * 90])
@pytest.mark.parametrize("name", ["health", "pods"])
def test_while_it_retries_the_state_of_the_link_goes_last(store, context, name):
    store.set_fact(Facts.target, Read(target(context=context), NOW))
    store.set_link(Link(name, Phase.RETRYING, NOW - 9, "Cut.", NOW + 4, heard=NOW - 12))
    for width in range(20, 200):
        said = header(store, width)
        assert "▲ STALE" in said
        assert len(said) <= width
        assert context[:3] in said or "…" in said
    if context == "eksview-demo":
        assert "eksview  eksview-demo" in header(store, 80)
        assert f"▲ STALE  {name} retrying  next try in 4 s" in header(store, 80)
        assert f"{name} retrying" in header(store, 60)


@pytest.mark.parametrize("width", [20, 30, 60, 120])
def test_neither_an_unverified_connection_nor_a_dead_one_is_pushed_out(store, width):
    store.set_fact(Facts.target, Read(target(context="c" * 90, insecure=True), NOW))
    store.set_link(Link("health", Phase.RETRYING, NOW - 9, heard=NOW - 12, retry_at=NOW + 4))
    said = header(store, width)
    assert "✖ " in said
    assert "▲ STALE" in said
    assert len(said) <= width


def test_a_rate_is_only_said_while_something_comes(store):
    assert "44 ev/s" in header(store, 50)
    store.set_link(Link("health", Phase.RETRYING, NOW - 9, heard=NOW - 12, retry_at=NOW + 4))
    assert "ev/s" not in header(store, 100)


@pytest.mark.parametrize(
    ("link", "core"),
    [
        (Link("pods", Phase.RETRYING, NOW, "Why.", NOW + 4), "▲ not live"),
        (Link("pods", Phase.REFUSED, NOW, "Why."), "▲ pods refused"),
        (Link("pods", Phase.LISTING, NOW), "○ reading pods"),
        (Link("pods", Phase.CONNECTING, NOW), "○ connecting"),
    ],
)
def test_what_isnt_live_is_never_called_live_at_any_width(store, link, core):
    store.set_link(link)
    for width in range(24, 160, 4):
        assert core in header(store, width)
        assert "●" not in header(store, width)


def test_one_identity_that_both_sides_know_us_by_is_said_once(store):
    arn = "arn:aws:sts::111122223333:assumed-role/Ops/alice"
    store.set_fact(Facts.aws_identity, Read(identity(), NOW))
    store.set_fact(Facts.identity, Read(Identity(arn), NOW))
    assert header(store).count("Ops/alice@111122223333") == 1
    assert "arn:" not in header(store)


@pytest.mark.parametrize("count", [1, 2])
def test_objects_that_could_not_be_decoded_are_counted(store, count):
    assert "could not be decoded" not in header(store)
    for row in list(store.pods.values())[:count]:
        store.put(Kind.POD, undecoded(row, "spec: a string instead of an object"))
    counted = "1 object could" if count == 1 else "2 objects could"
    assert f"{counted} not be decoded" in header(store)


@pytest.mark.parametrize(
    ("kind", "phase", "refused"),
    [
        ("EKS token", Phase.RETRYING, True),
        ("EKS token", Phase.LIVE, False),  # the API server accepts it
        ("OIDC token", Phase.RETRYING, False),
    ],
)
def test_a_token_of_refused_keys_has_no_time_left(store, kind, phase, refused):
    """It is signed without AWS, so it is fresh though the API server refuses it."""
    store.set_fact(Facts.aws_identity, ReadFailed("Expired.", NOW, identity(refused=True)))
    store.set_fact(Facts.credential, Read(CredentialFact(kind=kind), NOW))
    for name in list(store.links):
        store.set_link(Link(name, phase, NOW))
    assert ("token refused" in header(store)) is refused
    assert ("token 11m" in header(store)) is not refused


def ecs_link(phase=Phase.LIVE):
    return Link(ECS, phase, NOW - 9, heard=NOW - 3)


def without_kubernetes(reason="eksview was opened with --ecs-cluster."):
    store = Store()
    for name in (HEALTH, Kind.NODE, Kind.POD):
        store.set_link(Link(name, Phase.OFF, NOW, reason))
    return store


def test_what_ecs_answers_says_nothing_about_kubernetes(store):
    store.set_link(ecs_link(Phase.LISTING))
    assert "live" in header(store)
    assert ECS not in kubernetes(store.links)


def test_a_cluster_of_ecs_alone_is_named_with_the_state_of_its_links():
    store = without_kubernetes()
    store.set_link(ecs_link())
    store.set_fact(Facts.aws_identity, Read(identity(), NOW))
    said = header(store, ecs="arn:aws:ecs:us-west-2:111122223333:cluster/shop")
    assert "shop  us-west-2  Amazon ECS" in said
    assert "live" in said
    assert "pods" not in said
