"""What `eksview get ecs-instances` and the other lists of ECS print of a store."""

import io
import json

import pytest
import yaml

from eksview.cli.get.ecs.command import print_store
from eksview.cli.get.ecs.tables import ECS_TABLES
from eksview.cli.get.output_format import output_of
from eksview.cli.get.query import Query, Selection
from eksview.domain.aws.poll_plan import ECS_PLANS
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read, Refused
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import Answered, part_key
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from tests.domain.aws_objects import ID, NOW
from tests.domain.ecs_objects import (
    ARN,
    container,
    deployment,
    ecs_cluster,
    ecs_instance,
    ecs_machine,
    service,
    task,
)

OTHER = Clean("bakery")
FAILED = container(status="STOPPED", exit_code=137)


def filled() -> Store:
    """Return what all parts of ECS read: two clusters, one of them with a batch task only."""
    store = Store(lambda: NOW)
    for plan in ECS_PLANS:
        store.set_link(Link(plan, Phase.LIVE, NOW, heard=NOW))
    for kind in Kind:
        if kind.link in ECS_PLANS:
            store.set_fact(part_key(kind.part), Read(Answered(), NOW))
    store.put(Kind.ECS_CLUSTER, ecs_cluster())
    store.put(Kind.ECS_CLUSTER, ecs_cluster(arn=Clean(f"{ARN}:cluster/{OTHER}"), name=OTHER))
    store.put(Kind.ECS_INSTANCE, ecs_instance())
    store.put(Kind.ECS_MACHINE, ecs_machine())
    store.put(Kind.ECS_MACHINE, ecs_machine("bakery", id="i-0b"))
    store.put(Kind.ECS_SERVICE, service(deployments=(deployment(rollout="IN_PROGRESS"),)))
    store.put(Kind.ECS_TASK, task())
    stopped = task(
        arn=Clean(f"{ARN}:task/{OTHER}/t2"),
        cluster=OTHER,
        group=Clean("family:batch"),
        status=Clean("STOPPED"),
        stop_code=Clean("EssentialContainerExited"),
        reason=Clean("Essential container in task exited"),
        launch_type=Clean("FARGATE"),
        on=Clean(""),
        provider=Clean("FARGATE_SPOT"),
        containers=(FAILED,),
    )
    store.put(Kind.ECS_TASK, stopped)
    return store


def printed(
    kind: Kind,
    output: str = "table",
    *names: str,
    cluster: str = "",
    store: Store | None = None,
    code: int = 0,
    sort_by: str = "",
) -> str:
    out = io.StringIO()
    query = Query((Selection(kind, names),), output=output_of(output), sort_by=sort_by)
    assert print_store(query, ECS_TABLES[kind], store or filled(), cluster, out) == code
    return out.getvalue()


def test_an_instance_without_an_agent_stands_beside_those_with_one() -> None:
    title, *lines = printed(Kind.ECS_INSTANCE, cluster="shop").splitlines()
    assert title.split()[:6] == ["NAME", "STATUS", "AGENT", "VERSION", "CPU", "MEM"]
    assert [line.split()[0] for line in lines] == ["i-0b", ID]
    assert lines[1].split()[1:6] == ["ACTIVE", "connected", "1.89.3", "1024/2048", "2Gi/7.6Gi"]
    assert "not registered" in lines[0]


def test_wide_says_why() -> None:
    assert "Its user data sets ECS_CLUSTER=bakery, not shop." in printed(Kind.ECS_INSTANCE, "wide")


def test_without_a_cluster_the_rows_of_all_have_its_name() -> None:
    title, *lines = printed(Kind.ECS_TASK).splitlines()
    assert title.split()[:2] == ["CLUSTER", "NAME"]
    assert [line.split()[:2] for line in lines] == [["bakery", "t2"], ["shop", "t1"]]
    assert "EssentialContainerExited: Essential container in task exited" in lines[0]
    assert "STOPPED, web exited with 137" in lines[0]
    assert ID in lines[1]


def test_a_service_has_its_deployment() -> None:
    _, line = printed(Kind.ECS_SERVICE, cluster="shop").splitlines()
    assert line.split()[:6] == ["web", "ACTIVE", "4", "4", "0", "EC2"]
    assert "deploying for 5m" in line


def test_clusters_are_sorted_by_name() -> None:
    assert printed(Kind.ECS_CLUSTER, "name") == "ecs-cluster/bakery\necs-cluster/shop\n"


@pytest.mark.parametrize("name", ["t1", f"{ARN}:task/shop/t1"])
def test_a_task_is_named_by_its_id_or_arn(name: str) -> None:
    assert json.loads(printed(Kind.ECS_TASK, "json", name))["id"] == "t1"


@pytest.mark.parametrize("name", [ID, "aaaa", f"{ARN}:container-instance/shop/aaaa"])
def test_a_container_instance_is_named_by_its_ids_too(name: str) -> None:
    document = json.loads(printed(Kind.ECS_INSTANCE, "json", name))
    assert document["containerInstance"]["ec2InstanceId"] == document["instance"]["id"] == ID
    assert document["containerInstance"]["remainingResources"]["cpu"] == 1024


def test_what_is_unknown_is_null_in_json() -> None:
    document = json.loads(printed(Kind.ECS_INSTANCE, "json", "i-0b"))
    assert document["containerInstance"] is None
    assert document["health"] == "bad"
    assert json.loads(printed(Kind.ECS_TASK, "json", "t2"))["containerInstanceArn"] is None


def test_yaml_has_all_rows_with_the_exit_code_of_each_container() -> None:
    stopped, running = yaml.safe_load(printed(Kind.ECS_TASK, "yaml"))["items"]
    assert stopped["containers"][0]["exitCode"] == 137
    assert stopped["containers"][0]["exitMeaning"].startswith("SIGKILL")
    assert running["containers"] == []


def test_rows_are_sorted_by_a_path() -> None:
    names = printed(Kind.ECS_TASK, "name", sort_by=".cluster")
    assert names == "ecs-task/t2\necs-task/t1\n"


def test_a_name_that_there_is_not_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="There is no ECS task t9 in the ECS cluster shop"):
        printed(Kind.ECS_TASK, "table", "t9", cluster="shop")
    with pytest.raises(UserError, match="There is no ECS task t9 in this account and region"):
        printed(Kind.ECS_TASK, "table", "t9")
    assert capsys.readouterr().err == ""


def test_an_empty_list_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(Kind.ECS_SERVICE, cluster="bakery") == ""
    assert capsys.readouterr().err == "No ECS services found in the ECS cluster bakery.\n"


def test_a_denied_part_is_named_with_its_right(capsys: pytest.CaptureFixture[str]) -> None:
    store = filled()
    right = Clean("ec2:DescribeInstances")
    denied = Refused(Clean("AWS denied ec2:DescribeInstances."), right, NOW)
    store.set_fact(part_key(Kind.ECS_MACHINE.part), denied)
    assert ID in printed(Kind.ECS_INSTANCE, store=store, code=1)
    assert "EC2 instances of ECS" in (said := capsys.readouterr().err)
    assert "ec2:DescribeInstances" in said


def test_a_link_without_an_answer_is_no_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(Kind.ECS_TASK, store=Store(lambda: NOW), code=1) == ""
    assert capsys.readouterr().err.startswith("eksview: AWS didn't answer in time")
