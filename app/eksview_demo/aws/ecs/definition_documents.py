"""Task definitions as DescribeTaskDefinition returns them."""

from typing import Any

from eksview_demo.aws.account import ACCOUNT
from eksview_demo.aws.ecs.definitions import Family, Recipe
from eksview_demo.aws.ecs.names import definition_arn
from eksview_demo.cluster.nodes.node_state import REGION


def definition_document(family: Family, revision: int, began: float) -> dict[str, Any]:
    mode = "FARGATE" if family.fargate else "EC2"
    return {
        "taskDefinitionArn": definition_arn(family.name, revision),
        "family": family.name,
        "revision": revision,
        "status": "ACTIVE",
        "networkMode": "awsvpc" if family.fargate else "bridge",
        "requiresCompatibilities": [mode],
        "compatibilities": [mode],
        "cpu": str(family.cpu) if family.cpu else None,
        "memory": str(family.memory) if family.memory else None,
        "taskRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{family.name}-task",
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/ecsTaskExecutionRole",
        "containerDefinitions": [_container(family, each) for each in family.containers],
        "volumes": [],
        "placementConstraints": [],
        "registeredAt": began - 90 * 86_400.0 + revision * 60.0,
        "registeredBy": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/ci",
    }


def _container(family: Family, recipe: Recipe) -> dict[str, Any]:
    ports = [{"containerPort": family.port, "hostPort": 0, "protocol": "tcp"}]
    document: dict[str, Any] = {
        "name": recipe.name,
        "image": recipe.image,
        "cpu": recipe.cpu,
        "essential": recipe.essential,
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "portMappings": ports if family.port and recipe is family.containers[0] else [],
    }
    if recipe.memory:
        document["memory"] = recipe.memory
    if recipe.router:
        document["firelensConfiguration"] = {"type": "fluentbit"}
    if recipe.health:
        document["healthCheck"] = {
            "command": ["CMD-SHELL", f"curl -fs localhost:{family.port}/healthz || exit 1"],
            "interval": 10,
            "timeout": 5,
            "retries": 3,
        }
    if recipe.log:
        document["logConfiguration"] = _log(recipe)
    return document


def _log(recipe: Recipe) -> dict[str, Any]:
    options = {
        "awslogs": {
            "awslogs-group": recipe.group,
            "awslogs-region": REGION,
            "awslogs-stream-prefix": "ecs",
        },
        "awsfirelens": {"Name": "opensearch", "Host": "logs.example.com", "Port": "443"},
        "splunk": {"splunk-url": "https://splunk.example.com:8088", "splunk-source": recipe.name},
    }.get(recipe.log, {})
    document: dict[str, Any] = {"logDriver": recipe.log, "options": options}
    if recipe.log == "splunk":
        secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:splunk-AbCdEf"
        document["secretOptions"] = [{"name": "splunk-token", "valueFrom": secret}]
    return document
