"""A kubeconfig as `aws eks update-kubeconfig` leaves it in a company with thousands of clusters."""

import json
from pathlib import Path
from typing import Any

CONTEXTS = 2_000
REGIONS = ("us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1")
ACCOUNTS = ("111122223333", "444455556666", "777788889999")


def arn(number: int) -> str:
    """Return the ARN of a cluster, which is also the name of its context and user."""
    region, account = REGIONS[number % 4], ACCOUNTS[number % 3]
    team = ("payments", "search", "ml-platform")[number % 3]
    partition = "aws-us-gov" if "gov" in region else "aws"
    return f"arn:{partition}:eks:{region}:{account}:cluster/{team}-{number:04d}"


def crowded(count: int = CONTEXTS) -> dict[str, Any]:
    names = [arn(number) for number in range(count)]
    return {
        "current-context": names[0],
        "clusters": [
            {"name": name, "cluster": {"server": f"https://127.0.0.1:9/{number}"}}
            for number, name in enumerate(names)
        ],
        "users": [{"name": name, "user": {"token": "t"}} for name in names],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in names],
    }


def write_crowded(path: Path, count: int = CONTEXTS) -> Path:
    """Write the kubeconfig; JSON is YAML too, and is written faster."""
    path.write_text(json.dumps(crowded(count)), encoding="utf-8")
    return path
