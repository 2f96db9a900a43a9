"""The lists of ECS on the demo's account, compared with what boto3 and the AWS CLI read of it.

The demo's tasks go on between two readings, so that what may be printed is bounded by what was
listed before and after.
"""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from typing import Any

import boto3
import pytest

from eksview_demo.aws.account import Account
from eksview_demo.aws.listener import AwsListener
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.cli.command import call
from tests.patience import PATIENCE

CLUSTERS = ("batch", "edge", "shop")
AWS = shutil.which("aws")
needs_cli = pytest.mark.skipif(AWS is None, reason="there is no AWS CLI")


@pytest.fixture
async def env() -> AsyncIterator[Mapping[str, str]]:
    cluster = DemoCluster(seed=7)
    build(cluster, nodes=10, pods=60)
    listener = AwsListener(Account(cluster, "https://127.0.0.1:9", b"authority"))
    listener.open()
    await listener.opened()
    yield {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **listener.environ}
    await listener.close()


async def ours(env: Mapping[str, str], *words: str) -> list[dict[str, Any]]:
    done = await asyncio.to_thread(call, "get", *words, "-o", "json", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    items: list[dict[str, Any]] = json.loads(done.stdout)["items"]
    return items


def theirs(env: Mapping[str, str], *words: str) -> Any:
    assert AWS is not None
    done = subprocess.run(
        [AWS, "ecs", *words, "--output", "json"],
        env=env, check=True, capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    return json.loads(done.stdout)


def listed(env: Mapping[str, str], operation: str, arns: str, **arguments: str) -> set[str]:
    """Return the ARNs of all clusters, by boto3's paginator."""
    client = boto3.client(
        "ecs",
        region_name=env["AWS_REGION"],
        endpoint_url=env["AWS_ENDPOINT_URL"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
    )
    pages = client.get_paginator(operation)
    asked = [pages.paginate(cluster=name, **arguments) for name in CLUSTERS]
    return {arn for answers in asked for page in answers for arn in page[arns]}


@pytest.mark.parametrize(
    ("resource", "operation", "arns", "arn"),
    [
        ("ecs-services", "list_services", "serviceArns", lambda row: row["serviceArn"]),
        ("ecs-tasks", "list_tasks", "taskArns", lambda row: row["taskArn"]),
        (
            "ecs-instances",
            "list_container_instances",
            "containerInstanceArns",
            lambda row: (row["containerInstance"] or {}).get("containerInstanceArn"),
        ),
    ],
)
async def test_boto3_lists_the_same(
    env: Mapping[str, str], resource: str, operation: str, arns: str, arn: Any
) -> None:
    before = await asyncio.to_thread(listed, env, operation, arns)
    printed = {arn(row) for row in await ours(env, resource)} - {None}
    after = await asyncio.to_thread(listed, env, operation, arns)
    if resource == "ecs-tasks":
        stopped = await asyncio.to_thread(listed, env, operation, arns, desiredStatus="STOPPED")
        after |= stopped
    assert before
    assert before & after <= printed <= before | after


@needs_cli
async def test_the_aws_cli_describes_a_service_as_printed(env: Mapping[str, str]) -> None:
    rows = {row["serviceName"]: row for row in await ours(env, "ecs-services")}
    words = ("describe-services", "--cluster", "shop", "--services", "payments")
    (described,) = (await asyncio.to_thread(theirs, env, *words))["services"]
    for name in ("status", "desiredCount", "taskDefinition", "schedulingStrategy", "launchType"):
        assert rows["payments"][name] == described[name], name


async def test_an_instance_with_the_wrong_cluster_in_its_user_data_says_so(
    env: Mapping[str, str],
) -> None:
    rows = await ours(env, "ecs-instances", "--ecs-cluster", "shop")
    lone = [row for row in rows if row["containerInstance"] is None]
    first = {row["reasons"][0] for row in lone}
    assert len(lone) > 1
    assert "Its user data sets ECS_CLUSTER=shopp, not shop." in first


async def test_a_stopped_task_has_the_meaning_of_its_exit_code(env: Mapping[str, str]) -> None:
    rows = await ours(env, "ecs-tasks", "--ecs-cluster", "batch")
    containers = [each for row in rows for each in row["containers"]]
    killed = [each for each in containers if each["exitCode"] == 137]
    assert killed
    assert all(each["exitMeaning"].startswith("SIGKILL") for each in killed)
