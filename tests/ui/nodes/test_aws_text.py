"""What is said about an instance, a life, the cluster and AWS's links."""

import pytest
from msgspec.structs import replace

from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.base.text import Clean, clean
from eksview.domain.join.checks.join_facts import JoinCheck
from eksview.domain.join.mapping_row import MappingRow, RowKind
from eksview.domain.join.nodegroups import GroupRow
from eksview.domain.join.timeline import TimelineStep
from eksview.domain.live.facts import Facts
from eksview.domain.rows.aws import Call, InstanceDetail, Issue, StatusRow
from eksview.domain.rows.kube import Kind, Taint
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.eks import eks_state_of, eks_summary
from eksview.store.selectors.machine import join_facts, machine_of_instance, machine_of_node
from eksview.store.store import Store
from eksview.ui.cluster.cluster_text import cluster_lines
from eksview.ui.cluster.upgrades import addon_lines, upgrade_lines
from eksview.ui.nodes.ec2 import DetailRequest, ec2_lines, kind_health
from eksview.ui.nodes.ec2_parts import addresses
from eksview.ui.nodes.nodegroup_screen import group_lines
from eksview.ui.nodes.timeline import check_lines, lifecycle_lines
from eksview.ui.text.aws_links import link_lines, link_words
from eksview.ui.text.glyphs import ASCII, UNICODE
from tests.ui.aws_account import (
    LOST,
    ROLE,
    cluster,
    detail,
    identity,
    instance,
    instance_id,
    interface,
    populate_aws,
)
from tests.ui.harness import NOT_READY, NOW, node, node_name, populate

WIDTHS = (20, 76, 200)
URL = "https://console"


@pytest.fixture
def store():
    return populate_aws(populate(Store()))


def said(lines):
    return "\n".join("".join(text for text, _ in words).rstrip() for words in lines)


def tone(lines, word):
    return {tone for words in lines for text, tone in words if word in text}


def ec2(store, number=1, request=None, width=100, glyphs=UNICODE):
    machine = machine_of_node(store, node_name(number))
    return list(
        ec2_lines(machine, request or DetailRequest(detail()), ("URL", URL), NOW, width, glyphs)
    )


def put(store, number, **fields):
    store.put(Kind.INSTANCE, instance(number, **fields))


def everything(store, width, glyphs):
    yield from ec2(store, width=width, glyphs=glyphs)
    yield from lifecycle_lines(STEPS, width, glyphs)
    yield from check_lines(CHECKS, width, glyphs)
    eks = eks_summary(store, NOW)
    for draw in (cluster_lines, addon_lines, upgrade_lines):
        yield from draw(eks, width, glyphs)
    yield from link_lines(store.links, {}, NOW, width, glyphs)


STEPS = (
    TimelineStep("Instance launched", NOW - 100, "done", "i-1 m6i.large"),
    TimelineStep("Kubelet started", NOW - 40, "done", "event", took=60.0),
    TimelineStep("Node registered", NOW - 10, "done", "ip-1", took=30.0),
    TimelineStep("Heartbeat", NOW - 1, "stopped", "late", took=9.0),
)
CHECKS = (
    JoinCheck("Cluster", "passed", "It is ACTIVE."),
    JoinCheck("Role", "failed", "No entry maps it: add one."),
    JoinCheck("Route", "unknown", "Route tables are unread."),
)


def test_ascii_glyphs_make_ascii_lines(store):
    assert said(everything(store, 76, ASCII)).isascii()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_from_aws_can_move_the_cursor(store, width):
    evil = "x\x1b[31m\n\u202eevil"
    put(store, 1, tags={evil: evil}, state_reason=evil, image=evil)
    store.set_fact(
        Facts.cluster, Read(cluster(issues=(Issue(evil, evil, (evil,)),), status=evil), NOW)
    )
    assert all(line.isprintable() for line in said(everything(store, width, UNICODE)).split("\n"))


@pytest.mark.parametrize(
    "word",
    [
        "EC2 12s ago · every 30s · 4 of 180 calls a minute", "m6i.large, 2 vCPU, 8Gi, x86_64",
        "on-demand", "created 41d ago", "managed nodegroup ng-general", "InService, Healthy",
        "lt-0abc v3, but the group now uses lt-0abc v4", "NAT gateway", "private-1",
        "12 of 30 for m6i.large, 2 of them prefixes: 42 addresses", "sg-0aaa  prod-nodes",
        "Network interfaces  2 of 3", "/dev/xvda  80 GiB  gp3  3,000 IOPS  encrypted", ROLE,
        "AmazonEKSWorkerNodePolicy", "required (IMDSv2 only)", "kubernetes.io/cluster/prod", URL,
        "systemd: Reached target",
    ],
)  # fmt: skip
def test_the_instances_tab_says_all_that_is_asked_for(store, word):
    assert word in said(ec2(store, width=120))


@pytest.mark.parametrize(
    ("action", "heading"),
    [
        ("ec2:DescribeSpotInstanceRequests", "Request"),
        ("ec2:DescribeVolumes", "Volumes"),
        ("ec2:GetConsoleOutput", "Serial console"),
        ("iam:GetInstanceProfile", "Role"),
        ("iam:ListAttachedRolePolicies", "Policies"),
    ],
)
def test_a_part_that_is_refused_isnt_shown_as_absent(store, action, heading):
    reason = clean(f"Access denied: allow {action} for these AWS credentials.")
    lines = said(ec2(store, 0, request=DetailRequest(InstanceDetail(reason=(reason,)))))
    (line,) = [line for line in lines.splitlines() if f"not read ({action})" in line]
    assert line.strip().startswith(heading)
    assert reason in lines


def test_spot_signals_are_told_and_a_rebalance_warns(store):
    found = InstanceDetail(spot="marked-for-termination: going", rebalance=True)
    lines = ec2(store, 0, DetailRequest(found))
    assert "spot, request sir-abc12345" in said(lines)
    assert tone(lines, "marked-for-termination") == {"bad"}
    assert tone(lines, "elevated risk") == {"warn"}


@pytest.mark.parametrize(
    ("read", "word", "expected"),
    [(None, "unknown: EC2 reports it", "○"), (False, "none reported by the", "●")],
)
def test_a_rebalance_that_wasnt_read_is_never_a_green_guess(store, read, word, expected):
    lines = ec2(store, 0, DetailRequest(InstanceDetail(rebalance=read)))
    assert f"{expected} {word}" in said(lines)


def test_what_an_interruption_handler_left_on_the_node_is_told(store):
    taint = Taint("aws-node-termination-handler/spot-itn", "1", "NoSchedule")
    store.put(Kind.NODE, replace(node(0), taints=(taint,)))
    assert "▲ aws-node-termination-handler/spot-itn" in said(ec2(store, 0))


def test_checks_are_not_told_of_an_instance_that_doesnt_run(store):
    store.put(Kind.INSTANCE, instance(1, state="stopped"))
    assert "none: EC2 checks running instances only" in said(ec2(store, 1))


def test_states_that_disagree_are_said_first(store):
    text = said(ec2(store, NOT_READY))
    assert "NotReady because its instance" in text.split("Instance\n")[0]
    assert "✖ stopped, Client.UserInitiatedShutdown" in text


def test_a_scheduled_event_warns_with_its_time(store):
    assert tone(ec2(store, 0), "instance-retirement in 3d") == {"warn"}


def test_an_impaired_check_is_bad(store):
    store.put(Kind.STATUS, StatusRow(instance_id(1), "impaired", "ok"))
    assert "bad" in tone(ec2(store), "impaired")


def test_imdsv1_and_a_missing_profile_are_said(store):
    put(store, 1, metadata_tokens="optional", profile="")
    lines = ec2(store)
    assert tone(lines, "IMDSv1 is enabled") == {"warn"}
    assert tone(lines, "the kubelet needs an IAM role") == {"bad"}


def test_what_was_refused_is_said_in_place_of_what_is_missing(store):
    reason = "ec2:DescribeVolumes is missing."
    assert f"▲ {reason}" in said(
        ec2(store, request=DetailRequest(InstanceDetail(reason=(reason,))))
    )
    assert "▲ EC2 is away." in said(ec2(store, request=DetailRequest(problem="EC2 is away.")))
    assert "loading…" in said(ec2(store, request=DetailRequest(busy=True)))


def test_addresses_warn_when_nearly_all_are_used(store):
    kind = machine_of_node(store, node_name(1)).type
    nearly = (interface(1, addresses=28),)
    assert addresses(nearly, kind, UNICODE) == ("IPs", "▲ 28 of 30 for m6i.large", "warn")
    assert addresses(nearly, None, UNICODE)[1] == "● 28 used"


def test_a_fargate_node_has_no_instance_and_says_so(store):
    row = replace(store.nodes[node_name(1)], provider_id="aws:///us-west-2a/abc/fargate-ip-1")
    store.put(Kind.NODE, row)
    assert "● Fargate nodes have no EC2 instance." in said(ec2(store))


@pytest.mark.parametrize(
    ("link", "call", "unusable", "words"),
    [
        (None, None, "", "Loading from EC2"),
        (None, None, "No credentials: run aws sso login.", "run aws sso login"),
        (Link("ec2", Phase.REFUSED, NOW, reason="ec2:DescribeInstances is missing."), None, "",
         "ec2:DescribeInstances is missing"),
        (Link("ec2", Phase.RETRYING, NOW, reason="No answer.", heard=NOW - 90), None, "",
         "EC2 90s ago  retrying: No answer."),
        (Link("ec2", Phase.LIVE, NOW, heard=NOW - 5),
         Call("ec2:DescribeInstances", 30, 180, 180, throttled=NOW - 4), "",
         "180 of 180 calls a minute  throttled"),
    ],
)  # fmt: skip
def test_the_age_of_what_is_shown_or_why_there_is_nothing(link, call, unusable, words):
    assert words in said([link_words(link, call, unusable, NOW, UNICODE)])


def test_a_link_that_was_refused_names_what_is_missing_in_its_row(store):
    store.set_link(Link("images", Phase.REFUSED, NOW, reason="ec2:DescribeImages is missing."))
    text = said(link_lines(store.links, {}, NOW, 100, UNICODE))
    assert "✖ images" in text
    assert "    ec2:DescribeImages is missing." in text
    assert "● ec2" in text


def test_a_life_shows_what_took_how_long_and_where_it_broke():
    lines = list(lifecycle_lines(STEPS, 100, UNICODE))
    text = said(lines).split("\n")
    assert text[0].startswith("● Instance launched")
    assert text[1].split() == ["│", "60s", "█" * 30]
    assert text[3].split() == ["│", "30s", "█" * 15]
    assert text[5].split() == ["┆", "9s"]
    assert tone(lines, "✖") == {"bad"}


def test_nothing_known_is_a_sentence():
    assert "No lifecycle data" in said(lifecycle_lines((), 80, UNICODE))


def test_every_check_stands_with_its_result_and_evidence_the_failed_ones_first():
    text = said(check_lines(CHECKS, 100, UNICODE)).split("\n")
    assert "1 failed, 1 unknown, 1 passed" in text[0]
    assert [line[0] for line in text[1:4]] == ["✖", "○", "●"]
    assert "No entry maps it: add one." in text[1]


@pytest.mark.parametrize(
    ("overdue", "health"), [(NOW + 5, "unknown"), (NOW - 5, "bad"), (None, "warn")]
)
def test_an_instance_without_a_node_is_judged_by_its_time(overdue, health):
    row = MappingRow("i", RowKind.NOT_JOINED, "", "i", "joining", "", overdue=overdue)
    assert kind_health(row, NOW) == health


def test_each_count_of_checks_has_the_color_of_its_result() -> None:
    checks = [JoinCheck("a", result, clean("e")) for result in ("passed", "failed", "unknown")]
    head = next(check_lines(checks, 80, UNICODE))
    assert dict(head[1:]) == {
        "1 failed": "bad", ", ": "dim", "1 unknown": "unknown", "1 passed": "dim",
    }  # fmt: skip


def test_the_checks_are_given_what_was_read_and_none_for_what_was_not(store):
    store.set_link(Link("network", Phase.REFUSED, NOW))
    store.set_link(Link("signing", Phase.LIVE, NOW, heard=NOW))
    for kind in (Kind.SUBNET, Kind.SECURITY_GROUP):
        for row in list(store.table(kind.row).values()):
            store.drop(kind, row)
    facts = join_facts(store, machine_of_instance(store, LOST), None, NOW)
    assert facts.role == ROLE  # of its nodegroup, until the profile's has been asked for
    assert facts.kubelet == "1.33"
    assert facts.subnets is None
    assert facts.groups is None
    assert len(facts.entries.value) == 1
    assert facts.signing == ()
    store.set_link(Link("signing", Phase.REFUSED, NOW))
    assert join_facts(store, machine_of_instance(store, LOST), None, NOW).signing is None


@pytest.mark.parametrize(
    "word",
    [
        "● ACTIVE", "1.33, platform eks.12", "standard support until", "from 203.0.113.0/24",
        "API_AND_CONFIG_MAP: access entries and aws-auth", "audit", "encrypted with arn:aws:kms",
        "Auto Mode            ○ off", "Deletion protection  ● on", "Scaling tier        standard",
        "assumed-role/Ops/alice", "expire in 43m", "serverless",
    ],
)  # fmt: skip
def test_the_cluster_is_told_from_status_to_identity(store, word):
    assert word in said(cluster_lines(eks_summary(store, NOW), 120, UNICODE))


def test_a_mismatch_is_said_before_anything_else(store):
    warning = "The kubeconfig means account 1, the credentials are of account 2."
    store.set_fact(Facts.aws_identity, Read(identity(warnings=(warning,)), NOW))
    assert said(cluster_lines(eks_summary(store, NOW), 120, UNICODE)).startswith(f"▲ {warning}")
    assert eks_state_of(store, NOW).parts[0].text == warning


def test_without_aws_the_reason_stands_in_place_of_the_cluster():
    store = populate(Store())
    store.set_fact(
        Facts.aws_identity, ReadFailed("Run `aws sso login --profile prod`.", NOW, identity())
    )
    assert "aws sso login --profile prod" in said(
        cluster_lines(eks_summary(store, NOW), 80, UNICODE)
    )
    assert eks_state_of(store, NOW).health == "unknown"


def test_what_is_no_longer_confirmed_is_called_last_known(store):
    store.set_link(Link("eks", Phase.RETRYING, NOW, reason="EKS doesn't answer.", heard=NOW - 60))
    assert eks_state_of(store, NOW).parts[0].text == "last known, EKS doesn't answer."


def test_add_ons_stand_with_their_issues_and_what_is_newer(store):
    text = said(addon_lines(eks_summary(store, NOW), 120, UNICODE))
    assert "▲ coredns" in text
    assert "InsufficientNumberOfReplicas: The add-on is unhealthy" in text
    assert "▴ v1.20.1-eksbuild.1" in text


def test_upgrades_tell_skew_updates_and_insights(store):
    text = said(upgrade_lines(eks_summary(store, NOW), 140, UNICODE))
    assert "1 of 6 nodes one minor version behind" in text
    assert "▲ InProgress" in text
    assert "nodegroup/ng-general" in text
    assert "✖ Deprecated APIs removed" in text
    assert "Update manifests and API clients." in text


def test_a_nodegroup_that_lacks_nodes_is_active_and_its_count_has_the_mark() -> None:
    row = GroupRow(name=Clean("ng"), type="managed", status=Clean("ACTIVE"), least=1, desired=4,
                   most=8, actual=4, joined=4, ready=3, template=Clean("lt"), autoscaling=(),
                   suspended=(), activities=())  # fmt: skip
    lines = [line.split() for line in said(group_lines(row, NOW, 80, UNICODE)).splitlines()]
    assert ["Status", UNICODE.mark(Health.OK), "ACTIVE"] in lines
    assert ["Nodes", UNICODE.mark(Health.WARN), "4,", "3", "Ready"] in lines
    assert ["Instances", "4"] in lines
