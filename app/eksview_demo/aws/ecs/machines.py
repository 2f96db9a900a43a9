"""The EC2 instances of ECS's Auto Scaling group, those whose agent never registered included."""

from functools import lru_cache

from eksview_demo.aws.account import ACCOUNT, Account, Instance
from eksview_demo.aws.ecs.estate import DAY, EcsEstate, estate_of
from eksview_demo.aws.ecs.names import digits, uuid
from eksview_demo.cluster.nodes.node_state import M6I_LARGE, REGION, ZONES

GROUP = "ecs-general"
"""The capacity provider and its Auto Scaling group."""
IMAGE = "ami-0ec5a1b2c3d4e5f60"
IMAGE_NAME = "al2023-ami-ecs-hvm-2023.0.20250923-kernel-6.1-x86_64"
ROLE, WRONG_ROLE = "ecsInstanceRole", "shop-app-role"
SECURITY_GROUP = "sg-0ec500000000000c3"
FIRST_BLOCK = 40  # 10.0.40.0/24 is its first subnet
ISOLATED = 66  # the subnet 10.0.66.0/24 has no route out of the VPC
TASK_BLOCK = 70  # 10.0.70.0/24 is the first subnet of Fargate's tasks
_PER_BLOCK = 240
_LATE = 3 * 3600.0  # seconds since the launch of those without an agent


def task_blocks() -> list[int]:
    """Return the numbers of the subnets of Fargate's tasks."""
    return [TASK_BLOCK + number for number in range(len(ZONES))]


def of_ecs(block: int) -> bool:
    """Return whether a subnet belongs to ECS."""
    return FIRST_BLOCK <= block < TASK_BLOCK + len(ZONES)


@lru_cache(maxsize=8)
def members(estate: EcsEstate) -> tuple[Instance, ...]:
    """Return the instances whose agents registered; the position of each is its number."""
    return tuple(_member(estate, number) for number in range(estate.size))


def mistyped(estate: EcsEstate) -> Instance:
    """Return the instance whose user data names a cluster that doesn't exist."""
    return _stray(estate, 0)


def strays(estate: EcsEstate) -> tuple[Instance, ...]:
    """Return those that never registered: wrong cluster, role without the right, no route."""
    return tuple(_stray(estate, number) for number in range(3))


def machines(account: Account) -> tuple[Instance, ...]:
    """Return all instances of the group."""
    estate = estate_of(account)
    return members(estate) + strays(estate)


def user_data(account: Account, instance: Instance) -> str:
    """Return the script that an instance of the group ran at its launch."""
    wrong = instance.id == mistyped(estate_of(account)).id
    return f"#!/bin/bash\necho ECS_CLUSTER={'shopp' if wrong else 'shop'} >> /etc/ecs/ecs.config\n"


_BOOTED = (
    "[    0.000000] Linux version 6.1.153-175.280.amzn2023.x86_64",
    "[   14.112630] systemd[1]: Starting ecs.service - Amazon Elastic Container Service...",
)


def console_lines(account: Account, instance: Instance) -> tuple[str, ...]:
    """Return what an instance has written to its console."""
    complaints = zip(strays(estate_of(account)), _COMPLAINTS, strict=True)
    return _BOOTED + tuple(text for stray, text in complaints if stray.id == instance.id)


_COMPLAINTS = (
    'level=error msg="Unable to register as a container instance with ECS" error="ClientException: '
    'Cluster not found."',
    'level=error msg="Unable to register as a container instance with ECS" error='
    f'"AccessDeniedException: User: arn:aws:sts::{ACCOUNT}:assumed-role/{WRONG_ROLE} is not '
    'authorized to perform: ecs:RegisterContainerInstance"',
    'level=error msg="Unable to register as a container instance with ECS" error="RequestError: '
    f"send request failed caused by: Post https://ecs.{REGION}.amazonaws.com/: dial tcp: "
    'i/o timeout"',
)
"""The agents' reasons, in the order of `strays`."""


def _member(estate: EcsEstate, number: int) -> Instance:
    zone = number % len(ZONES)
    row, host = divmod(number // len(ZONES), _PER_BLOCK)
    block = FIRST_BLOCK + len(ZONES) * row + zone
    launched = estate.began - (21 - number % 7) * DAY + number * 37.0 % 3600
    return _instance(estate, number, ZONES[zone], f"10.0.{block}.{10 + host}", launched)


def _stray(estate: EcsEstate, number: int) -> Instance:
    zone = ZONES[2] if number == 2 else ZONES[number]
    block = ISOLATED if number == 2 else FIRST_BLOCK + number
    role = WRONG_ROLE if number == 1 else ROLE
    launched = estate.began - _LATE - number * 61.0
    return _instance(
        estate, f"stray {number}", zone, f"10.0.{block}.{251 + number}", launched, role
    )


def _instance(
    estate: EcsEstate, number: object, zone: str, ip: str, launched: float, role: str = ROLE
) -> Instance:
    return Instance(
        id=f"i-0{digits(estate.seed, 'machine', number, count=16)}",
        kind="ecs",
        group=GROUP,
        machine=M6I_LARGE,
        zone=zone,
        ip=ip,
        launched=launched,
        created=launched,
        state="running",
        spot=False,
        image=IMAGE,
        role=role,
    )


def group_arn() -> str:
    """Return the ARN of the Auto Scaling group."""
    identifier = uuid("group", GROUP)
    return (
        f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:{identifier}"
        f":autoScalingGroupName/{GROUP}"
    )
