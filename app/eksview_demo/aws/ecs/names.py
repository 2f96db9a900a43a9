"""Identifiers of ECS: ARNs and ids, the same for the same parts."""

import hashlib

from eksview_demo.aws.account import ACCOUNT
from eksview_demo.cluster.nodes.node_state import REGION


def digits(*parts: object, count: int = 32) -> str:
    """Return hexadecimal digits that belong to these parts."""
    text = "/".join(map(str, parts)).encode()
    return hashlib.blake2b(text, digest_size=16).hexdigest()[:count]


def arn(*path: str) -> str:
    """Return an ARN in the long format, such as `arn:aws:ecs:us-west-2:1:service/shop/web`."""
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}:{'/'.join(path)}"


def definition_arn(family: str, revision: int) -> str:
    return arn("task-definition", f"{family}:{revision}")


def deployment_id(*parts: object) -> str:
    """Return an id as those of deployments, `ecs-svc/` and 19 decimal digits."""
    return f"ecs-svc/{int(digits(*parts), 16) % 9 * 10**18 + int(digits(*parts), 16) % 10**18:019d}"


def uuid(*parts: object) -> str:
    """Return an identifier with hyphens that belongs to these parts."""
    text = digits(*parts)
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def last(name: str) -> str:
    """Return the last part of an ARN, or a name itself."""
    return name.rpartition("/")[2]


def target_group(service: str) -> str:
    """Return the ARN of the target group of a service's load balancer."""
    name = f"ecs-shop-{service}/{digits('target group', service, count=16)}"
    return f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/{name}"
