"""What `eksview get instances` prints."""

import io
import json

import pytest
import yaml

from eksview.cli.get.instances import print_rows, select_rows
from eksview.cli.get.output_format import output_of
from eksview.cli.get.query import Query, Selection
from eksview.domain.rows.aws import AutoScalingRow, ImageRow, Member, ScheduledEvent, StatusRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from tests.domain.aws_objects import DNS, ID, NOW, instance, node

LOST = "i-0fedcba9876543210"


def filled() -> Store:
    store = Store()
    store.set_link(Link("nodes", Phase.LIVE, NOW - 9000))
    store.set_link(Link("autoscaling", Phase.LIVE, NOW, heard=NOW))
    store.put(Kind.NODE, node())
    store.put(Kind.NODE, node(name="fargate-a", provider_id="aws:///a/1/fargate-ip-1"))
    store.put(Kind.INSTANCE, instance())
    late = instance(id=LOST, private_dns="b", launched=NOW - 9000, type="\x1b[2J")
    store.put(Kind.INSTANCE, late)
    event = ScheduledEvent("system-reboot", "Scheduled", NOW + 86400)
    store.put(Kind.STATUS, StatusRow(ID, "ok", "ok", events=(event,)))
    store.put(Kind.IMAGE, ImageRow("ami-0aa", "al2023", NOW - 86400))
    member = Member(ID, "InService", "Healthy", "us-west-2a", "lt-0aa v3")
    store.put(Kind.AUTOSCALING, AutoScalingRow("asg", 1, 1, 1, (member,), (), "lt-0aa v3", {}))
    store.mapping.complete()
    return store


def printed(output: str, *names: str, headers: bool = True) -> str:
    store, out = filled(), io.StringIO()
    question = Query((Selection(Kind.INSTANCE, names),), output=output_of(output), headers=headers)
    rows, _ = select_rows(store.mapping.rows.values(), names)
    print_rows(question, rows, store.mapping.context(NOW), out)
    return out.getvalue()


def test_a_table_has_one_row_each_with_kind_node_and_instance() -> None:
    title, *lines = printed("table").splitlines()
    assert title.split()[:4] == ["KIND", "NODE", "INSTANCE", "STATE"]
    assert [line.split()[:3] for line in lines] == [
        ["not-ec2", "fargate-a", "-"],
        ["joined", DNS, ID],
        ["not-joined", "-", LOST],
    ]
    assert "failed to join" in lines[2]
    bare = [line.split()[:3] for line in printed("table", headers=False).splitlines()]
    assert bare == [line.split()[:3] for line in lines]


def test_wide_adds_the_columns_of_aws() -> None:
    title = printed("wide").splitlines()[0].split()
    assert {"EVENTS", "AMI", "AMI-AGE", "LIFECYCLE", "TEMPLATE", "PRIVATE-IP"} <= set(title)
    assert not {"EVENTS", "AMI"} & set(printed("table").splitlines()[0].split())


@pytest.mark.parametrize(("form", "parse"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_program_gets_every_row_with_times_and_nulls(form, parse) -> None:
    document = parse(printed(form))
    assert document["kind"] == "List"
    fargate, joined, lost = document["items"]
    assert (fargate["kind"], fargate["instance"], fargate["launched"]) == ("not-ec2", None, None)
    assert (lost["kind"], lost["state"], lost["node"]) == ("not-joined", "failed to join", None)
    assert joined == {
        "kind": "joined",
        "node": DNS,
        "instance": ID,
        "nodeClaim": None,
        "state": "Ready",
        "why": None,
        "matchedBy": "provider ID",
        "nodeState": "Ready",
        "instanceState": "running",
        "systemStatus": "ok",
        "instanceStatus": "ok",
        "type": "m6i.large",
        "zone": "us-west-2a",
        "capacity": "on-demand",
        "launched": "2025-10-09T07:52:20Z",
        "managedBy": {"kind": "nodegroup", "name": "ng-general"},
        "autoScalingGroup": "asg",
        "lifecycle": "InService",
        "launchTemplate": "lt-0aa v3",
        "image": "ami-0aa",
        "imageCreated": "2025-10-08T08:53:20Z",
        "privateIP": "10.0.1.17",
        "publicIP": None,
        "joinChecks": None,
        "advice": None,
        "events": [
            {
                "code": "system-reboot",
                "description": "Scheduled",
                "notBefore": "2025-10-10T08:53:20Z",
            }
        ],
    }


@pytest.mark.parametrize("form", ["table", "wide", "json", "yaml", "name"])
def test_nothing_printed_moves_the_cursor(form: str) -> None:
    assert "\x1b" not in printed(form)


def test_names_are_of_the_instance_or_else_the_node() -> None:
    expected = ["node/fargate-a", f"instance/{ID}", f"instance/{LOST}"]
    assert printed("name").splitlines() == expected


def test_rows_are_chosen_by_node_or_instance_and_one_is_printed_alone() -> None:
    assert json.loads(printed("json", DNS))["instance"] == ID
    assert json.loads(printed("json", ID))["node"] == DNS
    assert len(json.loads(printed("json", ID, LOST))["items"]) == 2
    rows, missing = select_rows(filled().mapping.rows.values(), (ID, "nobody"))
    assert ([row.instance for row in rows], missing) == ([ID], ["nobody"])


def test_no_rows_print_an_empty_list_and_no_table() -> None:
    out = io.StringIO()
    question = Query((Selection(Kind.INSTANCE),), output=output_of("json"))
    print_rows(question, [], Store().mapping.context(NOW), out)
    assert json.loads(out.getvalue())["items"] == []
    out = io.StringIO()
    print_rows(Query((Selection(Kind.INSTANCE),)), [], Store().mapping.context(NOW), out)
    assert out.getvalue() == ""
