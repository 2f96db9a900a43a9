"""The mapping's golden row, and what a cell says where one side is missing."""

from typing import Any

import pytest

from eksview.domain.join.mapping_row import MappingRow, RowKind
from eksview.domain.rows.aws import AutoScalingRow, ImageRow, Member, ScheduledEvent, StatusRow
from eksview.domain.rows.kube import Kind, Row
from eksview.domain.rows.link import Link, Phase
from eksview.domain.tables.column import MappingColumn
from eksview.domain.tables.mapping_columns import KIND_ORDER, MAPPING_COLUMNS, checks, events
from eksview.store.store import Store
from tests.domain.aws_objects import DNS, ID, NOW, instance, node

REBOOT = ScheduledEvent("system-reboot", "Scheduled reboot", NOW + 3 * 86400)
LABELS = {
    "eks.amazonaws.com/nodegroup": "ng-general",
    "eks.amazonaws.com/capacityType": "SPOT",
    "node.kubernetes.io/instance-type": "c5.large",
    "topology.kubernetes.io/zone": "us-west-2b",
}


def filled(*rows: tuple[Kind, Row]) -> Store:
    store = Store()
    store.set_link(Link("nodes", Phase.LIVE, NOW))
    for kind, row in rows:
        store.put(kind, row)
    return store


def cells(store: Store, row: MappingRow) -> dict[str, str]:
    context = store.mapping.context(NOW)
    return {column.title: column.cell(row, context) for column in MAPPING_COLUMNS}


def test_a_joined_row_reads() -> None:
    member = Member(ID, "InService", "Healthy", "us-west-2a", "lt-0aa v3")
    store = filled(
        (Kind.NODE, node()),
        (Kind.INSTANCE, instance(public_ip="198.51.100.7")),
        (Kind.STATUS, StatusRow(ID, "ok", "ok", events=(REBOOT,))),
        (Kind.IMAGE, ImageRow("ami-0aa", "al2023", NOW - 40 * 86400)),
        (Kind.AUTOSCALING, AutoScalingRow("asg-1", 1, 2, 3, (member,), (), "lt-0aa v3", {})),
    )
    assert cells(store, store.mapping.rows[ID]) == {
        "KIND": "joined",
        "NODE": DNS,
        "INSTANCE": ID,
        "STATE": "Ready",
        "NODE-STATE": "Ready",
        "EC2-STATE": "running",
        "CHECKS": "ok",
        "EVENTS": "system-reboot in 3d",
        "TYPE": "m6i.large",
        "ZONE": "2a",
        "CAPACITY": "on-demand",
        "AGE": "61m",
        "MANAGED-BY": "nodegroup",
        "GROUP": "ng-general",
        "NODECLAIM": "-",
        "ASG": "asg-1",
        "LIFECYCLE": "InService",
        "TEMPLATE": "lt-0aa v3",
        "AMI": "ami-0aa",
        "AMI-AGE": "40d",
        "PRIVATE-IP": "10.0.1.17",
        "PUBLIC-IP": "198.51.100.7",
        "SESSIONS": "?",
    }


def test_without_ec2_the_labels_tell_what_they_can() -> None:
    store = filled((Kind.NODE, node(labels=LABELS, external_ip="198.51.100.8")))
    said = {
        title: cell for title, cell in cells(store, store.mapping.rows[ID]).items() if cell != "-"
    }
    assert said == {
        "KIND": "unknown",
        "NODE": DNS,
        "INSTANCE": ID,
        "STATE": "EC2 not read",
        "NODE-STATE": "Ready",
        "TYPE": "c5.large",
        "ZONE": "2b",
        "CAPACITY": "spot",
        "MANAGED-BY": "nodegroup",
        "GROUP": "ng-general",
        "PRIVATE-IP": "10.0.1.17",
        "PUBLIC-IP": "198.51.100.8",
        "SESSIONS": "?",
    }


def test_an_instance_without_a_node_reads() -> None:
    tags = {"aws:ec2launchtemplate:id": "lt-0bb", "aws:ec2launchtemplate:version": "7"}
    store = filled((Kind.INSTANCE, instance(lifecycle="spot", tags=tags, launched=NOW - 60)))
    said = cells(store, store.mapping.rows[ID])
    assert (said["KIND"], said["NODE"], said["STATE"]) == ("not-joined", "-", "joining")
    assert (said["CAPACITY"], said["TEMPLATE"], said["GROUP"]) == ("spot", "lt-0bb v7", "-")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (None, ""),
        (StatusRow(ID, "ok", "ok"), "ok"),
        (StatusRow(ID, "ok", "impaired"), "ok/impaired"),
        (StatusRow(ID, "impaired", "impaired"), "impaired"),
        (StatusRow(ID, "", "initializing"), "?/initializing"),
    ],
)
def test_two_checks_are_one_cell(status: StatusRow | None, text: str) -> None:
    assert checks(status) == text


@pytest.mark.parametrize(("state", "text"), [("running", "ok"), ("stopped", "-")])
def test_checks_made_before_an_instance_stopped_are_not_shown(state: str, text: str) -> None:
    stopped = (Kind.INSTANCE, instance(state=state))
    store = filled(stopped, (Kind.STATUS, StatusRow(ID, "ok", "ok")))
    assert cells(store, store.mapping.rows[ID])["CHECKS"] == text


@pytest.mark.parametrize(
    ("coming", "text"),
    [
        ((), ""),
        ((REBOOT,), "system-reboot in 3d"),
        ((ScheduledEvent("instance-stop", "", NOW + 60), REBOOT), "instance-stop in 60s +1"),
        ((ScheduledEvent("instance-stop", "", NOW - 60),), "instance-stop due"),
        ((ScheduledEvent("instance-stop", "", None),), "instance-stop due"),
        ((ScheduledEvent("system-reboot", "[Completed] reboot", NOW - 60),), ""),
        ((ScheduledEvent("system-reboot", "[Canceled] reboot", NOW + 60),), ""),
    ],
)
def test_the_next_scheduled_event_is_said(coming: tuple[ScheduledEvent, ...], text: str) -> None:
    assert events(StatusRow(ID, "ok", "ok", events=coming), NOW) == text


def everything() -> Store:
    hostile = "\x1b[2J"
    return filled(
        (Kind.NODE, node()),
        (Kind.INSTANCE, instance()),
        (Kind.STATUS, StatusRow(ID, "ok", "impaired")),
        (Kind.NODE, node(name="f", provider_id="aws:///a/1/fargate-ip-1")),
        (Kind.INSTANCE, instance(id="i-0b", private_dns="b", type=hostile, launched=None)),
        (Kind.INSTANCE, instance(id="i-0c", private_dns="c", state="terminated", image=hostile)),
    )


@pytest.mark.parametrize("column", MAPPING_COLUMNS, ids=lambda column: column.id)
def test_a_column_shows_and_sorts_rows_of_every_kind(column: MappingColumn) -> None:
    store = everything()
    context: Any = store.mapping.context(NOW)
    rows = sorted(store.mapping.rows.values(), key=lambda row: column.sort(row, context))
    assert len(rows) == 4
    assert all(
        "\x1b" not in column.cell(row, context) and column.cell(row, context) for row in rows
    )


def test_every_column_has_its_own_key_and_every_kind_its_place() -> None:
    keys = [column.key for column in MAPPING_COLUMNS]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set("GK")
    assert set(KIND_ORDER) == set(RowKind)
