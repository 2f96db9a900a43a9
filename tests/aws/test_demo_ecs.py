"""The demo's ECS and the logs of its tasks, as boto3 reads them over HTTP."""

import asyncio
import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError

from eksview_demo.aws.listener import AwsListener
from tests.aws.test_demo_account import client

SHOP = {"cluster": "shop"}


async def paged(ecs: Any, operation: str, key: str, **parameters: Any) -> list[str]:
    def read() -> list[str]:
        pages = ecs.get_paginator(operation).paginate(**parameters)
        return [name for page in pages for name in page[key]]

    return await asyncio.to_thread(read)


async def code(function: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        await asyncio.to_thread(function, **parameters)
    return str(refused.value.response["Error"]["Code"])


async def test_boto3s_pages_have_everything_once(demo_estate: AwsListener) -> None:
    ecs = client("ecs", demo_estate.environ)
    arns = await paged(ecs, "list_clusters", "clusterArns", PaginationConfig={"PageSize": 2})
    assert [arn.rpartition("/")[2] for arn in arns] == ["batch", "edge", "shop"]
    for operation, key in (
        ("list_services", "serviceArns"),
        ("list_container_instances", "containerInstanceArns"),
        ("list_tasks", "taskArns"),
    ):
        small = await paged(ecs, operation, key, **SHOP, PaginationConfig={"PageSize": 3})
        whole = await paged(ecs, operation, key, **SHOP)
        assert len(small) > 3, operation
        assert len(small) == len(set(small)), operation
        if key != "taskArns":  # which come and go
            assert small == whole, operation


async def test_more_than_a_call_may_describe_is_refused(demo_estate: AwsListener) -> None:
    ecs = client("ecs", demo_estate.environ)
    for function, key, most in (
        (ecs.describe_services, "services", 10),
        (ecs.describe_tasks, "tasks", 100),
        (ecs.describe_container_instances, "containerInstances", 100),
    ):
        names = [f"{number:032x}" for number in range(most + 1)]
        assert await code(function, **SHOP, **{key: names}) == "InvalidParameterException"
        assert await code(function, **SHOP, **{key: []}) == "InvalidParameterException"
        answer = await asyncio.to_thread(function, **SHOP, **{key: names[:most]})
        assert (len(answer[key]), len(answer["failures"])) == (0, most)
        assert {each["reason"] for each in answer["failures"]} == {"MISSING"}


async def test_what_isnt_there_has_the_errors_of_ecs(demo_estate: AwsListener) -> None:
    ecs = client("ecs", demo_estate.environ)
    assert await code(ecs.list_tasks, cluster="nope") == "ClusterNotFoundException"
    assert await code(ecs.list_tasks, **SHOP, serviceName="nope") == "ServiceNotFoundException"
    absent = "legacy-import:1"
    assert await code(ecs.describe_task_definition, taskDefinition=absent) == "ClientException"
    answer = await asyncio.to_thread(ecs.describe_clusters, clusters=["nope", "shop"])
    assert [each["clusterName"] for each in answer["clusters"]] == ["shop"]
    assert [each["reason"] for each in answer["failures"]] == ["MISSING"]


async def test_a_denied_action_of_ecs_is_named(demo_estate: AwsListener) -> None:
    demo_estate.account.refused = frozenset({"ecs:ListTasks"})
    ecs = client("ecs", demo_estate.environ)
    assert await code(ecs.list_tasks, **SHOP) == "AccessDeniedException"
    assert (await asyncio.to_thread(ecs.list_services, **SHOP))["serviceArns"]


async def test_tasks_are_listed_by_what_they_belong_to(demo_estate: AwsListener) -> None:
    ecs = client("ecs", demo_estate.environ)
    for host in await paged(ecs, "list_container_instances", "containerInstanceArns", **SHOP):
        names = await paged(ecs, "list_tasks", "taskArns", **SHOP, containerInstance=host)
        if names:
            answer = await asyncio.to_thread(ecs.describe_tasks, **SHOP, tasks=names)
            assert {task["containerInstanceArn"] for task in answer["tasks"]} == {host}
    stopped = await paged(ecs, "list_tasks", "taskArns", **SHOP, desiredStatus="STOPPED")
    answer = await asyncio.to_thread(ecs.describe_tasks, **SHOP, tasks=stopped[:100])
    assert {task["desiredStatus"] for task in answer["tasks"]} == {"STOPPED"}
    spot = await paged(ecs, "list_tasks", "taskArns", **SHOP, launchType="FARGATE")
    answer = await asyncio.to_thread(ecs.describe_tasks, **SHOP, tasks=spot[:100])
    assert {task["launchType"] for task in answer["tasks"]} == {"FARGATE"}
    providers = {task.get("capacityProviderName") for task in answer["tasks"]}
    assert {"FARGATE", "FARGATE_SPOT"} <= providers


async def test_a_task_has_a_log_that_grows(demo_estate: AwsListener) -> None:
    ecs, logs = (client(name, demo_estate.environ) for name in ("ecs", "logs"))
    (arn, *_) = await paged(ecs, "list_tasks", "taskArns", **SHOP, serviceName="worker")
    answer = await asyncio.to_thread(ecs.describe_tasks, **SHOP, tasks=[arn])
    definition = answer["tasks"][0]["taskDefinitionArn"]
    described = await asyncio.to_thread(ecs.describe_task_definition, taskDefinition=definition)
    first = described["taskDefinition"]["containerDefinitions"][0]
    options = first["logConfiguration"]["options"]
    group, task = options["awslogs-group"], arn.rpartition("/")[2]
    stream = f"{options['awslogs-stream-prefix']}/{first['name']}/{task}"
    listed = await asyncio.to_thread(
        logs.describe_log_streams, logGroupName=group, logStreamNamePrefix=stream
    )
    assert [each["logStreamName"] for each in listed["logStreams"]] == [stream]
    events = (
        await asyncio.to_thread(logs.filter_log_events, logGroupName=group, logStreamNames=[stream])
    )["events"]
    times = [event["timestamp"] for event in events]
    assert times == sorted(times)
    assert len({event["eventId"] for event in events}) == len(events) > 0


async def test_log_groups_are_there_or_missing(demo_estate: AwsListener) -> None:
    logs = client("logs", demo_estate.environ)
    answer = await asyncio.to_thread(logs.describe_log_groups, logGroupNamePrefix="/ecs/")
    groups = [each["logGroupName"] for each in answer["logGroups"]]
    assert {"/ecs/api", "/ecs/web", "/ecs/worker"} <= set(groups)
    assert "/ecs/checkout" not in groups  # though a task definition names it
    missing = "ResourceNotFoundException"
    assert await code(logs.filter_log_events, logGroupName="/ecs/checkout") == missing
    nowhere = {"logGroupName": "/ecs/web", "logStreamNames": ["ecs/nginx/nope"]}
    assert await code(logs.filter_log_events, **nowhere) == missing


async def test_the_drivers_of_logs_are_several(demo_estate: AwsListener) -> None:
    ecs = client("ecs", demo_estate.environ)
    drivers: dict[str, set[str]] = {}
    for family in ("web", "payments", "log-router", "indexer", "worker"):
        answer = await asyncio.to_thread(ecs.describe_task_definition, taskDefinition=family)
        containers = answer["taskDefinition"]["containerDefinitions"]
        drivers[family] = {
            each["logConfiguration"]["logDriver"]
            for each in containers
            if "logConfiguration" in each
        }
    assert drivers == {
        "web": {"awslogs"},
        "payments": {"awsfirelens"},
        "log-router": {"awsfirelens"},
        "indexer": {"splunk"},
        "worker": {"awslogs", "json-file"},
    }


async def test_machines_without_an_agent_have_evidence(demo_estate: AwsListener) -> None:
    ec2, iam = (client(name, demo_estate.environ) for name in ("ec2", "iam"))
    ecs = client("ecs", demo_estate.environ)
    arns = await paged(ecs, "list_container_instances", "containerInstanceArns", **SHOP)
    answer = await asyncio.to_thread(
        ecs.describe_container_instances, **SHOP, containerInstances=arns
    )
    joined = {each["ec2InstanceId"] for each in answer["containerInstances"]}
    named = [{"Name": "tag:aws:autoscaling:groupName", "Values": ["ecs-general"]}]
    pages = await asyncio.to_thread(ec2.describe_instances, Filters=named)
    machines = [each for one in pages["Reservations"] for each in one["Instances"]]
    evidence: set[str] = set()
    for machine in machines:
        if machine["InstanceId"] in joined:
            continue
        console = await asyncio.to_thread(ec2.get_console_output, InstanceId=machine["InstanceId"])
        assert "Unable to register" in console["Output"]
        profile = machine["IamInstanceProfile"]["Arn"].rpartition("/")[2]
        attached = await asyncio.to_thread(iam.list_attached_role_policies, RoleName=profile)
        policies = {each["PolicyName"] for each in attached["AttachedPolicies"]}
        if "AmazonEC2ContainerServiceforEC2Role" not in policies:
            evidence.add("role")
        subnet = [{"Name": "association.subnet-id", "Values": [machine["SubnetId"]]}]
        (table,) = (await asyncio.to_thread(ec2.describe_route_tables, Filters=subnet))[
            "RouteTables"
        ]
        if [route["DestinationCidrBlock"] for route in table["Routes"]] == ["10.0.0.0/16"]:
            evidence.add("route")
        attribute = await asyncio.to_thread(
            ec2.describe_instance_attribute,
            InstanceId=machine["InstanceId"],
            Attribute="userData",
        )
        script = base64.b64decode(attribute["UserData"]["Value"]).decode()
        if "ECS_CLUSTER=shop " not in script:
            evidence.add("user data")
    assert len(machines) == len(joined) + 3
    assert evidence == {"role", "route", "user data"}
