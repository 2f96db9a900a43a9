"""`eksview get ecs-tasks` and the other lists of ECS, as a script runs them on moto's ECS and EC2.

What is printed is compared with what boto3 reads.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Struct

from eksview.engine import one_shot
from tests.cli.command import Done, call

REGION = "eu-north-1"  # apart from the instances of other tests, which one moto holds
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
INSTANCES = 3
MOTO_LACKS = (
    "eksview: EC2 instances of ECS incomplete: The server that answered "
    "ecs:DescribeCapacityProviders isn't AWS: check proxies and AWS_ENDPOINT_URL.\n"
)
"""moto fails to list capacity providers that aren't named."""
LISTS = ("ecs-clusters", "ecs-instances", "ecs-services", "ecs-tasks")


class Account(Struct):
    """An account of moto, and boto3's clients of it."""

    url: str
    ecs: Any
    ec2: Any

    def get(self, *words: str, **env: str) -> Done:
        plain = {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
        }
        return call("get", *words, env=plain | KEYS | env)

    def items(self, *words: str, unread: str = "") -> list[dict[str, Any]]:
        done = self.get(*words, "-o", "json")
        assert (done.returncode, done.stderr) == (int(bool(unread)), unread)
        items: list[dict[str, Any]] = json.loads(done.stdout)["items"]
        return items


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """Return two clusters: `shop` has instances, a service and tasks, `bakery` has nothing."""
    import boto3
    from moto.moto_api import state_manager
    from moto.server import ThreadedMotoServer

    # A task of moto is in another state whenever it is described.
    before = state_manager.get_transition("ecs::task")
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 99})

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    made = Account(f"http://{host}:{port}", None, None)
    named = {
        "region_name": REGION,
        "endpoint_url": made.url,
        "aws_access_key_id": "AKIAEXAMPLE",
        "aws_secret_access_key": "secret",
    }
    made.ecs, made.ec2 = boto3.client("ecs", **named), boto3.client("ec2", **named)
    _fill(made)
    yield made
    server.stop()
    state_manager.set_transition("ecs::task", before)


def _fill(account: Account) -> None:
    for cluster in ("shop", "bakery"):
        account.ecs.create_cluster(clusterName=cluster)
    image = account.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    launched = account.ec2.run_instances(
        ImageId=image, MinCount=INSTANCES, MaxCount=INSTANCES, InstanceType="m5.large"
    )
    for machine in launched["Instances"]:
        document = json.dumps({"instanceId": machine["InstanceId"]})
        account.ecs.register_container_instance(cluster="shop", instanceIdentityDocument=document)
    container = {"name": "web", "image": "web:7", "cpu": 256, "memory": 512, "essential": True}
    account.ecs.register_task_definition(family="web", containerDefinitions=[container])
    account.ecs.create_service(
        cluster="shop", serviceName="web", taskDefinition="web", desiredCount=2, launchType="EC2"
    )
    account.ecs.run_task(cluster="shop", taskDefinition="web", count=2, launchType="EC2")


def test_clusters_are_those_that_boto3_describes(account: Account) -> None:
    described = account.ecs.describe_clusters(clusters=["bakery", "shop"])["clusters"]
    rows = account.items("ecs-clusters")
    for row, wanted in zip(
        rows, sorted(described, key=lambda each: each["clusterName"]), strict=True
    ):
        for name in ("clusterArn", "clusterName", "status", "registeredContainerInstancesCount"):
            assert row[name] == wanted[name], name


def test_container_instances_are_joined_with_their_ec2_instances(account: Account) -> None:
    listed = account.ecs.list_container_instances(cluster="shop")["containerInstanceArns"]
    described = account.ecs.describe_container_instances(cluster="shop", containerInstances=listed)
    machines = account.ec2.describe_instances()["Reservations"][0]["Instances"]
    types = {each["InstanceId"]: each["InstanceType"] for each in machines}
    rows = {
        row["containerInstance"]["containerInstanceArn"]: row
        for row in account.items("ecs-instances", unread=MOTO_LACKS)
    }
    assert len(rows) == INSTANCES
    for wanted in described["containerInstances"]:
        row = rows[wanted["containerInstanceArn"]]
        for name in ("ec2InstanceId", "status", "agentConnected", "runningTasksCount"):
            assert row["containerInstance"][name] == wanted[name], name
        machine = row["instance"]
        assert (machine["id"], machine["state"]) == (wanted["ec2InstanceId"], "running")
        assert machine["type"] == types[machine["id"]]


def test_services_and_tasks_are_those_that_boto3_describes(account: Account) -> None:
    (service,) = account.ecs.describe_services(cluster="shop", services=["web"])["services"]
    (row,) = account.items("ecs-services", "--ecs-cluster", "shop")
    for name in ("serviceArn", "serviceName", "status", "desiredCount", "taskDefinition"):
        assert row[name] == service[name], name
    arns = account.ecs.list_tasks(cluster="shop")["taskArns"]
    tasks = account.ecs.describe_tasks(cluster="shop", tasks=arns)["tasks"]
    rows = {row["taskArn"]: row for row in account.items("ecs-tasks")}
    assert rows.keys() == {*arns}
    for wanted in tasks:
        for name in ("lastStatus", "desiredStatus", "taskDefinitionArn", "containerInstanceArn"):
            assert rows[wanted["taskArn"]][name] == wanted[name], name


@pytest.mark.parametrize("word", LISTS)
def test_a_cluster_that_there_is_not_is_an_error(account: Account, word: str) -> None:
    done = account.get(word, "--ecs-cluster", "nothing")
    assert done.returncode == 1
    assert done.stderr == f"eksview: There is no ECS cluster nothing in {REGION}.\n"
    assert done.stdout == ""


@pytest.mark.parametrize("word", LISTS)
def test_a_table_has_its_cluster_unless_one_is_named(account: Account, word: str) -> None:
    title, *_ = account.get(word).stdout.splitlines()
    assert (title.split()[0] == "CLUSTER") is (word != "ecs-clusters")
    title, *_ = account.get(word, "--ecs-cluster", "shop").stdout.splitlines()
    assert title.split()[0] == "NAME"


def test_a_cluster_is_named_by_its_arn_too(account: Account) -> None:
    (cluster,) = account.ecs.describe_clusters(clusters=["shop"])["clusters"]
    (row,) = account.items("ecs-services", "--ecs-cluster", cluster["clusterArn"])
    assert row["serviceName"] == "web"


def test_a_missing_region_is_an_error_at_once(account: Account) -> None:
    done = account.get("ecs-tasks", AWS_REGION="")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "eksview: No AWS region: name one with --region or AWS_REGION.\n"


def test_an_empty_cluster_is_said(account: Account) -> None:
    done = account.get("ecs-tasks", "--ecs-cluster", "bakery")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "No ECS tasks found in the ECS cluster bakery.\n"


def test_an_address_without_an_answer_is_an_error(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_shot, "RETRY_TIME", 0.1)
    done = account.get("ecs-tasks", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("eksview: ECS clusters not read: AWS can't be reached")
