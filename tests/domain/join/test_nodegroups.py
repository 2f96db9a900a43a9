"""Nodegroups and Auto Scaling groups: what they should be, what they are, and what is done."""

from typing import Any

import pytest
from msgspec.structs import replace

from eksview.domain.base.health import Health
from eksview.domain.join.nodegroups import GroupRow, group_health
from eksview.domain.rows.aws import (
    Activity,
    AutoScalingRow,
    Issue,
    Member,
    NodegroupRow,
    UpdateRow,
)
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.tables.nodegroup_columns import NODEGROUP_COLUMNS, NodegroupContext
from eksview.store.selectors.nodegroups import nodegroup_rows
from eksview.store.store import Store
from tests.domain.aws_objects import ID, NOW, ROLE, instance, node, not_ready

OTHER = "i-0fedcba9876543210"
MANAGED = NodegroupRow(
    name="ng-general",
    arn="",
    status="ACTIVE",
    version="1.33",
    release="1.33.4-20251001",
    ami_type="AL2023_x86_64_STANDARD",
    capacity="ON_DEMAND",
    types=("m6i.large",),
    least=1,
    desired=2,
    most=4,
    autoscaling=("eks-ng-general-1234",),
    template="lt-1 v3",
    role=ROLE,
    subnets=(),
    issues=(),
    created=NOW - 9e5,
)


def scaling(name: str, *members: str, **changes: Any) -> AutoScalingRow:
    rows = tuple(Member(each, "InService", "Healthy", "us-west-2a", "lt-1 v3") for each in members)
    return replace(AutoScalingRow(name, 1, 2, 4, rows, (), "lt-1 v3", {}), **changes)


def activity(status: str, ago: float, message: str = "") -> Activity:
    return Activity(NOW - ago, None, status, "Launching a new EC2 instance", "", message)


def update(status: str, ago: float, about: str = "nodegroup/ng-general") -> UpdateRow:
    return UpdateRow(f"u{ago}", about, "VersionUpdate", status, NOW - ago)


def table(*rows: tuple[Kind, Any]) -> dict[str, GroupRow]:
    store = Store()
    for link in ("nodes", "eks", "autoscaling", "ec2"):
        store.set_link(Link(link, Phase.LIVE, NOW, heard=NOW))
    for kind, row in rows:
        store.put(kind, row)
    return {row.key: row for row in nodegroup_rows(store, NOW)}


def test_a_managed_group_counts_instances_nodes_and_ready_ones() -> None:
    row = table(
        (Kind.NODEGROUP, MANAGED),
        (Kind.AUTOSCALING, scaling("eks-ng-general-1234", ID, OTHER)),
        (Kind.INSTANCE, instance()),
        (Kind.INSTANCE, instance(id=OTHER, private_dns="b")),
        (Kind.NODE, node()),
        (Kind.NODE, not_ready(name="b", provider_id=f"aws:///us-west-2a/{OTHER}")),
    )["managed/ng-general"]
    assert (row.actual, row.joined, row.ready, row.desired) == (2, 2, 1, 2)


def test_nodes_are_counted_without_ec2() -> None:
    row = table((Kind.NODEGROUP, MANAGED), (Kind.NODE, node()))["managed/ng-general"]
    assert (row.actual, row.joined, row.ready) == (None, 1, 1)


def test_an_instance_that_left_for_good_isnt_counted() -> None:
    row = table(
        (Kind.NODEGROUP, MANAGED),
        (Kind.INSTANCE, instance()),
        (Kind.INSTANCE, instance(id=OTHER, private_dns="", state="terminated")),
    )["managed/ng-general"]
    assert row.actual == 1


def test_a_self_managed_group_is_a_row_and_a_managed_ones_group_isnt() -> None:
    tags = {"kubernetes.io/cluster/demo": "owned", "aws:autoscaling:groupName": "own"}
    rows = table(
        (Kind.NODEGROUP, MANAGED),
        (Kind.AUTOSCALING, scaling("eks-ng-general-1234")),
        (Kind.AUTOSCALING, scaling("eks-gone", tags={"eks:nodegroup-name": "gone"})),
        (Kind.AUTOSCALING, scaling("own", ID)),
        (Kind.INSTANCE, instance(tags=tags)),
        (Kind.NODE, node(labels={})),
    )
    assert set(rows) == {"managed/ng-general", "self-managed/own"}
    own = rows["self-managed/own"]
    assert (own.actual, own.joined, own.ready) == (1, 1, 1)


def test_activities_come_newest_first() -> None:
    group = scaling(
        "eks-ng-general-1234",
        activities=(activity("Successful", 500), activity("Failed", 20, "no capacity")),
    )
    row = table((Kind.NODEGROUP, MANAGED), (Kind.AUTOSCALING, group))["managed/ng-general"]
    assert [each.status for each in row.activities] == ["Failed", "Successful"]


@pytest.mark.parametrize(
    ("updates", "status"),
    [
        ((update("InProgress", 50),), "InProgress"),
        ((update("InProgress", 50), update("Failed", 10)), "InProgress"),
        ((update("Failed", 50),), "Failed"),
        ((update("Failed", 50), update("Successful", 10)), None),
        ((update("Successful", 50),), None),
        ((update("InProgress", 50, "nodegroup/other"),), None),
        ((), None),
    ],
)
def test_the_update_shown_is_the_one_under_way_or_the_last_that_failed(
    updates: tuple[UpdateRow, ...], status: str | None
) -> None:
    rows = table((Kind.NODEGROUP, MANAGED), *((Kind.UPDATE, each) for each in updates))
    shown = rows["managed/ng-general"].update
    assert (shown.status if shown else None) == status


def fine(**changes: Any) -> GroupRow:
    rows = table((Kind.NODEGROUP, MANAGED))
    return replace(
        rows["managed/ng-general"], **{"actual": 2, "ready": 2, "activities": ()} | changes
    )


@pytest.mark.parametrize(
    ("row", "health"),
    [
        (fine(), Health.OK),
        (fine(status=""), Health.OK),
        (fine(status="UPDATING"), Health.WARN),
        (fine(status="DEGRADED"), Health.BAD),
        (fine(issues=(Issue("AccessDenied", "m"),)), Health.BAD),
        (fine(update=update("Failed", 1)), Health.BAD),
        (fine(update=update("InProgress", 1)), Health.WARN),
        (fine(ready=1), Health.WARN),
        (fine(actual=1), Health.WARN),
        (fine(actual=1, activities=(activity("Failed", 1),)), Health.BAD),
        (fine(activities=(activity("Failed", 1),)), Health.WARN),
        (fine(actual=None), Health.UNKNOWN),
        (fine(activities=None), Health.UNKNOWN),
        (fine(updates_read=False), Health.UNKNOWN),
    ],
)
def test_a_groups_health_is(row: GroupRow, health: Health) -> None:
    assert group_health(row) is health


def test_the_columns_read_as() -> None:
    row = fine(
        update=update("InProgress", 240),
        activities=(activity("Failed", 180, "no capacity"),),
        issues=(Issue("AccessDenied", "m"),),
    )
    cells = {each.title: each.cell(row, NodegroupContext(NOW)) for each in NODEGROUP_COLUMNS}
    assert cells == {
        "NAME": "ng-general",
        "TYPE": "managed",
        "STATUS": "ACTIVE",
        "MIN": "1",
        "DESIRED": "2",
        "MAX": "4",
        "ACTUAL": "2",
        "READY": "2",
        "WARM": "-",
        "ISSUES": "AccessDenied",
        "UPDATE": "VersionUpdate InProgress 4m",
        "LAST ACTIVITY": "Failed 3m no capacity",
        "CAPACITY": "on-demand",
        "VERSION": "1.33",
        "RELEASE": "1.33.4-20251001",
        "TYPES": "m6i.large",
        "TEMPLATE": "lt-1 v3",
    }


@pytest.mark.parametrize("column", NODEGROUP_COLUMNS, ids=lambda column: column.id)
def test_a_column_sorts_rows_that_know_all_and_nothing(column: Any) -> None:
    rows = [fine(), fine(actual=None, created=None, types=()), fine(activities=(activity("x", 1),))]
    assert len(sorted(rows, key=lambda row: column.sort(row, NodegroupContext(NOW)))) == 3


def test_every_column_has_its_own_key() -> None:
    keys = [column.key for column in NODEGROUP_COLUMNS]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set("GK")
