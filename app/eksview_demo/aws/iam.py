"""IAM: the node roles, as far as an instance's own screen asks for them."""

from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.account import Account
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.ecs import machines
from eksview_demo.aws.wire import Parameters

POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
PEOPLE = ("admin", "viewer", "nobody", "cluster", "fargate", "fargate-reports", "oncall")
_OF_ECS = {
    machines.ROLE: ("service-role/AmazonEC2ContainerServiceforEC2Role", POLICIES[-1]),
    machines.WRONG_ROLE: ("AmazonS3ReadOnlyAccess", POLICIES[-1]),
}
"""The roles of ECS's machines; the second one may not register a container instance."""
_PREFIX = f"{e.CLUSTER}-node-"


def get_instance_profile(account: Account, parameters: Parameters) -> Parameters:
    name = parameters["InstanceProfileName"]
    if name not in _OF_ECS:
        _group(account, name)
    return {
        "InstanceProfile": {
            "Path": "/",
            "InstanceProfileName": name,
            "InstanceProfileId": "AIPADEMO0000EXAMPLE00",
            "Arn": f"arn:aws:iam::{e.ACCOUNT}:instance-profile/{name}",
            "CreateDate": account.began - 90 * 86_400.0,
            "Roles": [_role(account, name, "AROADEMO0000EXAMPLE01")],
        }
    }


def list_attached_policies(account: Account, parameters: Parameters) -> Parameters:
    """Return the policies of a role: every node role has the same."""
    name = parameters["RoleName"]
    if name not in _OF_ECS:
        _group(account, name)
    return {
        "AttachedPolicies": [
            {"PolicyName": each.rpartition("/")[2], "PolicyArn": f"arn:aws:iam::aws:policy/{each}"}
            for each in _OF_ECS.get(name, POLICIES)
        ],
        "IsTruncated": False,
    }


def list_roles(account: Account, parameters: Parameters) -> Parameters:
    """Return every role but the deleted one that aws-auth still names."""
    names = [f"{_PREFIX}{group}" for group in sorted({i.group for i in account.instances()})]
    names += [f"{e.CLUSTER}-{each}" for each in PEOPLE] + list(_OF_ECS)
    existing = [
        _role(account, name, f"AROADEMO0000EXAMP{number:04d}") for number, name in enumerate(names)
    ]
    roles, token = page(existing, parameters, "MaxItems", "Marker", most=100)
    return {"Roles": roles, "IsTruncated": bool(token), **token}


def _role(account: Account, name: str, role_id: str) -> dict[str, Any]:
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": role_id,
        "Arn": f"arn:aws:iam::{e.ACCOUNT}:role/{name}",
        "CreateDate": account.began - 90 * 86_400.0,
    }


def _group(account: Account, name: str) -> str:
    group = name.removeprefix(_PREFIX)
    if group == name or group not in {each.group for each in account.instances()}:
        raise NoSuch("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
    return group


OPERATIONS = {
    "GetInstanceProfile": get_instance_profile,
    "ListAttachedRolePolicies": list_attached_policies,
    "ListRoles": list_roles,
}
