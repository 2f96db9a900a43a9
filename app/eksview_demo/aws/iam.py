"""IAM: the node roles, as far as an instance's own screen asks for them."""

from eksview_demo.aws import estate as e
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.estate import Account
from eksview_demo.aws.wire import Parameters

POLICIES = (
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
)
PEOPLE = ("admin", "viewer", "nobody", "cluster", "fargate", "oncall")
_PREFIX = f"{e.CLUSTER}-node-"


def get_instance_profile(estate: Account, parameters: Parameters) -> Parameters:
    """The profile of a group, with its role."""
    name = parameters["InstanceProfileName"]
    group = _group(estate, name)
    role = {
        "Path": "/",
        "RoleName": name,
        "RoleId": "AROADEMO0000EXAMPLE01",
        "Arn": e.role(group),
        "CreateDate": estate.began - 90 * 86_400.0,
    }
    return {
        "InstanceProfile": {
            "Path": "/",
            "InstanceProfileName": name,
            "InstanceProfileId": "AIPADEMO0000EXAMPLE00",
            "Arn": e.profile(group),
            "CreateDate": estate.began - 90 * 86_400.0,
            "Roles": [role],
        }
    }


def list_attached_policies(estate: Account, parameters: Parameters) -> Parameters:
    """What every node role has."""
    _group(estate, parameters["RoleName"])
    return {
        "AttachedPolicies": [
            {"PolicyName": each, "PolicyArn": f"arn:aws:iam::aws:policy/{each}"}
            for each in POLICIES
        ],
        "IsTruncated": False,
    }


def list_roles(estate: Account, parameters: Parameters) -> Parameters:
    """Every role but the one that somebody deleted and aws-auth still names."""
    names = [f"{_PREFIX}{group}" for group in sorted({i.group for i in estate.instances()})]
    names += [f"{e.CLUSTER}-{each}" for each in PEOPLE]
    every = [
        {
            "Path": "/",
            "RoleName": name,
            "RoleId": f"AROADEMO0000EXAMP{number:04d}",
            "Arn": f"arn:aws:iam::{e.ACCOUNT}:role/{name}",
            "CreateDate": estate.began - 90 * 86_400.0,
        }
        for number, name in enumerate(names)
    ]
    found, token = page(every, parameters, "MaxItems", "Marker", most=100)
    return {"Roles": found, "IsTruncated": bool(token), **token}


def _group(estate: Account, name: str) -> str:
    group = name.removeprefix(_PREFIX)
    if group == name or group not in {each.group for each in estate.instances()}:
        raise NoSuch("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
    return group


OPERATIONS = {
    "GetInstanceProfile": get_instance_profile,
    "ListAttachedRolePolicies": list_attached_policies,
    "ListRoles": list_roles,
}
