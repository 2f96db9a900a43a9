"""EKS's verdict, the words for support and endpoint, and the console's URL."""

import pytest

from eksview.domain.aws.arn import console_url
from eksview.domain.aws.cluster_health import (
    eks_state,
    endpoint_words,
    status_health,
    support_words,
)
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read
from eksview.domain.rows.aws import AddonRow, InsightRow, Issue, UpdateRow
from tests.ui.aws_account import cluster
from tests.ui.harness import DAY, NOW

GOOD = AddonRow("coredns", "v1", "ACTIVE", ())


def state(addons=(GOOD,), insights=(), updates=(), **fields):
    support = Read(None, NOW)
    readings = (Read(tuple(rows), NOW) for rows in (addons, insights, updates))
    return eks_state(cluster(**fields), *readings, support, NOW)


def insight(status):
    return InsightRow(status, "name", "UPGRADE_READINESS", status, "", "1.34")


def update(status, about=""):
    return UpdateRow("u", about, "VersionUpdate", status, NOW)


def test_a_cluster_with_nothing_wrong_is_ok_and_its_status_comes_first():
    found = state()
    assert found.health is Health.OK
    assert [part.text for part in found.parts] == [
        "ACTIVE eks.12", "1 add-on ACTIVE", "1.33 supported until 2026-04-27",
        "public+private endpoint",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "health", "said"),
    [
        ({"status": "CREATING"}, Health.WARN, "CREATING eks.12"),
        ({"status": "DELETING"}, Health.BAD, "DELETING eks.12"),
        ({"status": "FAILED", "platform": ""}, Health.BAD, "FAILED"),
        ({"status": "", "platform": ""}, Health.UNKNOWN, "status unknown"),
        ({"issues": (Issue("Ec2SubnetNotFound", "gone"),)}, Health.BAD,
         "health issue Ec2SubnetNotFound"),
        ({"issues": (Issue("A", ""), Issue("B", ""))}, Health.BAD, "health issue A and 1 more"),
        ({"updates": [update("InProgress", "nodegroup/ng")]}, Health.WARN,
         "VersionUpdate of nodegroup/ng in progress"),
        ({"addons": [AddonRow("coredns", "v1", "DEGRADED", ())]}, Health.WARN, "coredns DEGRADED"),
        ({"addons": [AddonRow("cni", "v1", "CREATE_FAILED", ())]}, Health.BAD, "cni CREATE_FAILED"),
        ({"addons": [AddonRow("cni", "v1", "ACTIVE", (Issue("X", ""),))]}, Health.WARN,
         "cni ACTIVE"),
        ({"insights": [insight("ERROR"), insight("WARNING")]}, Health.WARN,
         "insights 1 in ERROR, 1 in WARNING"),
        ({"insights": [insight("PASSING")]}, Health.OK, "1 insight passing"),
        ({"support_ends": NOW + 30 * DAY}, Health.WARN,
         "1.33 standard support until 2025-11-08 (in 30d)"),
    ],
)  # fmt: skip
def test_what_is_wrong_decides_and_is_said(given, health, said):
    found = state(**given)
    assert found.health is health
    assert said in [part.text for part in found.parts]


def test_an_update_that_has_ended_says_nothing():
    assert not any("VersionUpdate" in part.text for part in state(updates=[update("Failed")]).parts)


def test_what_needs_attention_comes_before_what_is_well():
    parts = state(addons=[AddonRow("coredns", "v1", "DEGRADED", ())]).parts
    assert [part.health for part in parts[1:]] == [Health.WARN, Health.OK, Health.OK]


@pytest.mark.parametrize(
    ("fields", "health", "said"),
    [
        ({}, Health.OK, "standard support until 2026-04-27 (in 200d), then extended support"),
        ({"support": ""}, Health.OK, "standard support until 2026-04-27 (in 200d)"),
        ({"support": "STANDARD"}, Health.OK,
         "standard support until 2026-04-27 (in 200d), then upgraded by EKS"),
        ({"support_ends": NOW - 1}, Health.WARN,
         "extended support until 2027-04-27 (in 565d), then upgraded by EKS"),
        ({"support_ends": NOW - 9 * DAY, "extended_ends": NOW - DAY}, Health.BAD,
         "support ended on 2025-10-08"),
        ({"support_ends": None, "extended_ends": None}, Health.OK, "standard support"),
        ({"support_ends": None, "extended_ends": None, "support_status": "UNSUPPORTED"},
         Health.BAD, "no longer supported"),
        ({"support_ends": None, "extended_ends": None, "support_status": ""}, Health.UNKNOWN, ""),
    ],
)  # fmt: skip
def test_support_is_told_with_its_end_and_what_follows(fields, health, said):
    assert support_words(cluster(**fields), NOW) == (health, said)


@pytest.mark.parametrize(
    ("public", "private", "said"),
    [(True, True, "public+private endpoint"), (True, False, "public endpoint"),
     (False, True, "private endpoint"), (False, False, "no endpoint")],
)  # fmt: skip
def test_the_endpoint_is_named_by_its_ways(public, private, said):
    assert endpoint_words(cluster(public=public, private=private)) == said


def test_a_status_that_is_new_to_us_is_unknown():
    assert status_health("HIBERNATING") is Health.UNKNOWN


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-west-2", "us-west-2.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_the_console_has_another_name_in_every_partition(region, host):
    assert console_url(region, "i-1") == (
        f"https://{host}/ec2/home?region={region}#InstanceDetails:instanceId=i-1"
    )


@pytest.mark.parametrize(
    ("region", "instance"), [("", "i-1"), ("us-west-2", ""), ("us-iso-east-1", "i-1")]
)
def test_no_url_is_made_up(region, instance):
    assert console_url(region, instance) == ""
