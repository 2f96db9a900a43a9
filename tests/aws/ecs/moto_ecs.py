"""ECS in moto: clusters, services, container instances and tasks, made and read by boto3."""

import json
from contextlib import suppress
from time import time
from typing import Any

import boto3
from botocore.config import Config

from tests.aws.moto_account import MotoAccount

REGION = "eu-west-1"  # apart from the account's cluster of EKS
CLUSTER, EMPTY_CLUSTER = "estate-web", "bare"
TASKS, SERVICES, MACHINES = 120, 23, 3
GROUP = "ecs-machines"
LOGS = {"awslogs-group": "/ecs/web", "awslogs-region": REGION, "awslogs-stream-prefix": "web"}
DOCUMENT = {"accountId": "1", "region": REGION}


class MotoEcs:
    """What boto3 makes and says; `read` follows every page of a list and describes it."""

    def __init__(self, account: MotoAccount) -> None:
        self.account = account
        self.ecs = self._client("ecs")
        self._ec2 = self._client("ec2")
        self.machines: list[str] = []

    def log(self, region: str, stream: str, *messages: str) -> None:
        """Write messages into a stream of /ecs/web."""
        logs, named = self._client("logs", region), {"logGroupName": LOGS["awslogs-group"]}
        with suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(**named)
        logs.create_log_stream(**named, logStreamName=stream)
        now = round(time() * 1000)
        events = [{"timestamp": now, "message": message} for message in messages]
        logs.put_log_events(**named, logStreamName=stream, logEvents=events)

    def _client(self, service: str, region: str = REGION) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.account.url,
            aws_access_key_id="AKIAMOTO0000EXAMPLE0",
            aws_secret_access_key="secret",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def build(self) -> None:
        """Make everything."""
        settings = [{"name": "containerInsights", "value": "enabled"}]
        execute = {"executeCommandConfiguration": {"logging": "DEFAULT"}}
        self.ecs.create_cluster(clusterName=EMPTY_CLUSTER)
        self.ecs.create_cluster(
            clusterName=CLUSTER,
            settings=settings,
            configuration=execute,
            capacityProviders=["FARGATE_SPOT", "machines"],
            defaultCapacityProviderStrategy=[
                {"capacityProvider": "FARGATE_SPOT", "weight": 3, "base": 1}
            ],
        )
        self._machines()
        self._definition()
        for number in range(SERVICES):
            self.ecs.create_service(
                cluster=CLUSTER,
                serviceName=f"service-{number}",
                taskDefinition="web",
                desiredCount=number,
                launchType="FARGATE",
            )
        self._tasks()

    def _machines(self) -> None:
        made = self._ec2.run_instances(
            ImageId="ami-12c6146b", InstanceType="m5.large", MinCount=MACHINES + 1,
            MaxCount=MACHINES + 1, UserData="#!/bin/bash\necho ECS_CLUSTER=estate-wbe >> config",
        )  # fmt: skip
        self.machines = [each["InstanceId"] for each in made["Instances"]]
        scaling = self._client("autoscaling")
        scaling.create_launch_configuration(
            LaunchConfigurationName=GROUP, ImageId="ami-12c6146b", InstanceType="m5.large"
        )
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=GROUP, LaunchConfigurationName=GROUP, MinSize=0, MaxSize=9,
            DesiredCapacity=0, AvailabilityZones=[f"{REGION}a"],
        )  # fmt: skip
        scaling.attach_instances(InstanceIds=self.machines, AutoScalingGroupName=GROUP)
        (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        provider = {
            "autoScalingGroupArn": group["AutoScalingGroupARN"],
            "managedScaling": {"status": "ENABLED", "targetCapacity": 90},
        }
        made = self.ecs.create_capacity_provider(name="machines", autoScalingGroupProvider=provider)
        self.account.extras.capacity_providers["machines"] = made["capacityProvider"]
        for machine in self.machines[:MACHINES]:
            document = json.dumps(DOCUMENT | {"instanceId": machine})
            self.ecs.register_container_instance(cluster=CLUSTER, instanceIdentityDocument=document)

    def _definition(self) -> None:
        secret = [{"name": "splunk-token", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/t"}]
        container = {
            "name": "app", "image": "app:1", "cpu": 64, "memory": 128, "memoryReservation": 64,
            "essential": True,
            "logConfiguration": {"logDriver": "awslogs", "options": LOGS, "secretOptions": secret},
        }  # fmt: skip
        self.ecs.register_task_definition(
            family="web", containerDefinitions=[container], networkMode="awsvpc",
            cpu="256", memory="512", executionRoleArn="arn:aws:iam::123456789012:role/execution",
        )  # fmt: skip

    def _tasks(self) -> None:
        subnet = self._ec2.describe_subnets()["Subnets"][0]["SubnetId"]
        group = self._ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
        network = {"subnets": [subnet], "securityGroups": [group]}
        common: dict[str, Any] = {
            "cluster": CLUSTER,
            "taskDefinition": "web",
            "networkConfiguration": {"awsvpcConfiguration": network},
        }
        for _ in range(TASKS // 10):  # ten at most in one call
            tasks = self.ecs.run_task(launchType="FARGATE", count=10, **common)["tasks"]
        self.ecs.run_task(launchType="EC2", count=2, **common)
        stopped = tasks[0]["taskArn"]
        self.ecs.stop_task(cluster=CLUSTER, task=stopped, reason="Moved elsewhere")

    def read(
        self, listing: str, describing: str, member: str, arn: str, size: int = 100, **more: Any
    ) -> dict[str, Any]:
        """Return what boto3 describes of all pages that it lists, by the member with the ARN."""
        pages = self.ecs.get_paginator(listing).paginate(cluster=CLUSTER, **more)
        arns = [each for page in pages for each in page[f"{arn}s"]]
        items: dict[str, Any] = {}
        for start in range(0, len(arns), size):
            named = {"cluster": CLUSTER, member: arns[start : start + size]}
            items |= {item[arn]: item for item in getattr(self.ecs, describing)(**named)[member]}
        return items
