"""An estate in which everything is there once, as plain answers: what is missing was refused.

An action of the policy can be denied in it, or answer that there is none.
"""

from base64 import b64encode
from datetime import timedelta
from typing import Any

from eksview.domain.aws.answers import MEMBERS
from eksview.domain.aws.parts import USER_DATA
from tests import aws_page
from tests.aws.fakes import nothing, refusal
from tests.aws.shapes import operation
from tests.aws.world import AT, GROUP, World, instance_id

(_STATEMENT,) = aws_page.policy_of(aws_page.PAGE.read_text())["Statement"]
_ELSEWHERE = {name for name in MEMBERS if name.startswith("ecs:")} | {USER_DATA}
ACTIONS: list[str] = [
    name for name in _STATEMENT["Action"] if not name.startswith("logs:") and name not in _ELSEWHERE
]
"""The actions of the policy in docs/aws.md, but for those of logs, which only their view calls, and
those of ECS alone, which `tests/ui/ecs/test_unread_ecs.py` denies."""

LATER = AT + timedelta(days=400)
ADMIN = "arn:aws:iam::111122223333:role/admin"
ROLE = "arn:aws:iam::111122223333:role/node"
JOINED, LOST = instance_id(0), instance_id(1)


def denied(action: str) -> Exception:
    """Return the refusal in the words of the service."""
    user = "arn:aws:sts::111122223333:assumed-role/Ops/me"
    message = f"User: {user} is not authorized to perform: {action} on resource: *"
    if action.startswith("ec2:"):
        return refusal("UnauthorizedOperation", f"You are not authorized. {message}")
    code = (
        "AccessDenied" if action.startswith(("iam:", "auto", "sts:")) else "AccessDeniedException"
    )
    return refusal(code, message)


def emptied(action: str) -> dict[str, Any] | None:
    """Return the answer of an account that has none of it; None for an action about one item."""
    member = operation(action).output_shape.members[MEMBERS[action]]
    return nothing(action) if member.type_name == "list" else None


class FullWorld(World):
    """Two instances, of which one has joined; every list has a member."""

    def __init__(self) -> None:
        super().__init__(count=0)
        more: dict[str, Any] = {
            "IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/node"},
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-1"}}],
            "InstanceLifecycle": "spot",
            "SpotInstanceRequestId": "sir-1",
            "PrivateIpAddress": "10.0.0.1",
            "PrivateDnsName": "ip-10-0-0-1.ec2.internal",
        }
        for name in (JOINED, LOST):
            self.launch(name, **more)
            tags = self.instances[name]["Tags"]
            tags.append({"Key": "kubernetes.io/cluster/demo", "Value": "owned"})
            tags.append({"Key": "eks:nodegroup-name", "Value": "general"})
        self.members = [JOINED, LOST]
        self.status_of_update = "Successful"
        self.over = ["grace-1"]
        self.session.answers |= {
            "eks:ListNodegroups": {"nodegroups": ["general"]},
            "eks:DescribeClusterVersions": {
                "clusterVersions": [{"clusterVersion": "1.33", "endOfStandardSupportDate": LATER}]
            },
            "eks:ListAccessEntries": {"accessEntries": [ROLE, ADMIN]},
            "eks:ListAssociatedAccessPolicies": {
                "associatedAccessPolicies": [{"policyArn": "arn:aws:eks::aws:policy/View"}]
            },
            "iam:ListRoles": {"Roles": [{"Arn": ROLE}, {"Arn": ADMIN}]},
            "iam:GetInstanceProfile": {"InstanceProfile": {"Roles": [{"Arn": ROLE}]}},
            "iam:ListAttachedRolePolicies": {
                "AttachedPolicies": [{"PolicyName": "AmazonEKSWorkerNodePolicy"}]
            },
            "ec2:DescribeVolumes": {
                "Volumes": [
                    {
                        "VolumeId": "vol-1",
                        "Size": 20,
                        "State": "in-use",
                        "Attachments": [{"InstanceId": JOINED, "Device": "/dev/xvda"}],
                    }
                ]
            },
            "ec2:DescribeSpotInstanceRequests": {
                "SpotInstanceRequests": [{"Status": {"Code": "fulfilled", "Message": "ok"}}]
            },
            "ec2:GetConsoleOutput": {
                "InstanceId": JOINED,
                "Output": b64encode(b"systemd: booted").decode(),
            },
            "eks:DescribeFargateProfile": {
                "fargateProfile": {
                    "fargateProfileName": "fp",
                    "status": "ACTIVE",
                    "podExecutionRoleArn": ROLE,
                }
            },
        }

    def entry(self, asked: dict[str, Any]) -> Any:
        principal = asked["principalArn"]
        kind = "STANDARD" if principal == ADMIN else "EC2_LINUX"
        return {"accessEntry": {"principalArn": principal, "type": kind}}

    def nodegroup(self, asked: dict[str, Any]) -> Any:
        answer = super().nodegroup(asked)
        answer["nodegroup"] |= {"nodeRole": ROLE, "scalingConfig": {"desiredSize": 2}}
        return answer

    def groups(self, asked: dict[str, Any]) -> Any:
        answer = super().groups({"AutoScalingGroupNames": [GROUP]})
        for group in answer["AutoScalingGroups"]:
            group["WarmPoolConfiguration"] = {"PoolState": "Stopped", "MinSize": 1}
            group["Tags"] = [{"Key": "eks:nodegroup-name", "Value": "general"}]
            for member in group["Instances"]:
                member["HealthStatus"] = "Healthy"
        return answer

    def activities(self, asked: dict[str, Any]) -> Any:
        activity = {"StatusCode": "Successful", "Description": f"Launched for {GROUP}"}
        return {"Activities": [activity | {"StartTime": AT}]}
