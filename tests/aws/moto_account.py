"""An account in moto, over HTTP on the loopback: a cluster, its network and its instances."""

import contextlib
import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.aws.moto_extras import Extras, eks_of_today
from tests.aws.moto_layer import MotoLayer

HOST = "127.0.0.1"
REGION, ACCOUNT, CLUSTER = "us-west-2", "123456789012", "estate"
ZONES = tuple(f"{REGION}{letter}" for letter in "abc")
NODEGROUP, CANARY = "general", "canary"


def visit(name: str, target: str, started: float, ended: float | None = None) -> dict[str, Any]:
    """A Session Manager session, by the names of the API reference."""
    return {
        "SessionId": name,
        "Target": target,
        "Status": "Connected" if ended is None else "Terminated",
        "StartDate": started,
        "Owner": f"arn:aws:sts::{ACCOUNT}:assumed-role/Ops/{name.partition('-')[0]}",
        "DocumentName": "SSM-SessionManagerRunShell",
        "AccessType": "Standard",
        **({} if ended is None else {"EndDate": ended}),
    }


class Quiet(MotoRequestHandler):
    """werkzeug writes a line for every request to stderr; a terminal is drawn there."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        pass


class MotoAccount:
    """`joined` are instance ids by private DNS name, the name that their nodes would have."""

    def __init__(self) -> None:
        self.extras = Extras()
        with contextlib.redirect_stderr(io.StringIO()):
            moto = DomainDispatcherApplication(create_backend_app)
        self.layer = MotoLayer(moto, self.extras.own())
        self._server = make_server(HOST, 0, self.layer, threaded=True, request_handler=Quiet)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.joined: dict[str, str] = {}
        self.canary = self.stopped = self.spot = self.terminated = ""
        self.vpc = self.group = ""
        self.subnets: list[str] = []

    @property
    def environ(self) -> dict[str, str]:
        """What leads a client here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "AKIAMOTO0000EXAMPLE0",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def known(self) -> tuple[str, ...]:
        """The instance ids that the nodes' provider IDs hold."""
        return tuple(self.joined.values())

    def client(self, service: str) -> Any:
        """boto3's, that never tries twice."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="AKIAMOTO0000EXAMPLE0",
            aws_secret_access_key="secret",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def build(self) -> None:
        """Make everything."""
        self._network()
        self._roles()
        groups = {f"asg-{name}": name for name in (NODEGROUP, CANARY)}
        eks_of_today(self.extras, ACCOUNT, groups)
        self._cluster()
        ids = [self._launch(zone, NODEGROUP) for zone in ZONES]
        self.spot = self._launch(ZONES[0], NODEGROUP, spot=True)
        self.canary = self._launch(ZONES[1], CANARY)
        self._scaling(NODEGROUP, [*ids, self.spot])
        self._scaling(CANARY, [self.canary])
        self.joined = {self._dns(each): each for each in (*ids, self.spot)}
        self.stopped = ids[2]
        self.terminated = self._launch(ZONES[2], NODEGROUP)
        ec2 = self.client("ec2")
        ec2.stop_instances(InstanceIds=[self.stopped])
        ec2.terminate_instances(InstanceIds=[self.terminated])
        event = {
            "Code": "system-reboot",
            "Description": "maintenance",
            "NotBefore": 1_900_000_000.0,
        }
        self.extras.events[ids[0]] = [event]
        del self.extras.entries[f"arn:aws:iam::{ACCOUNT}:role/node-{CANARY}"]
        now = time.time()
        self.extras.sessions += [
            visit("ada-1", ids[0], now - 600.0),
            visit("ada-2", self.canary, now - 60.0),
            visit("grace-1", ids[1], now - 900.0, now - 300.0),
            visit("grace-2", ids[1], now - 9 * 86_400.0, now - 8 * 86_400.0),
            visit("stranger-1", "i-0123456789abcdef0", now - 60.0),
        ]

    def close(self) -> None:
        """Let go of the port; slow answers are given up."""
        self.layer.closed.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _network(self) -> None:
        ec2 = self.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        for number, zone in enumerate(ZONES):
            made = ec2.create_subnet(
                VpcId=self.vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone
            )
            self.subnets.append(made["Subnet"]["SubnetId"])
        group = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=self.vpc)
        self.group = group["GroupId"]
        self.extras.cluster["resourcesVpcConfig"] = {
            "clusterSecurityGroupId": self.group,
            "vpcId": self.vpc,
            "endpointPublicAccess": True,
            "endpointPrivateAccess": True,
            "publicAccessCidrs": ["0.0.0.0/0"],
        }

    def _roles(self) -> None:
        iam = self.client("iam")
        for name in (f"node-{NODEGROUP}", f"node-{CANARY}"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
            iam.create_instance_profile(InstanceProfileName=name)
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)

    def _cluster(self) -> None:
        eks = self.client("eks")
        role = f"arn:aws:iam::{ACCOUNT}:role/cluster"
        network = {"subnetIds": self.subnets, "securityGroupIds": [self.group]}
        eks.create_cluster(name=CLUSTER, roleArn=role, resourcesVpcConfig=network)
        for name in (NODEGROUP, CANARY):
            eks.create_nodegroup(
                clusterName=CLUSTER,
                nodegroupName=name,
                nodeRole=f"arn:aws:iam::{ACCOUNT}:role/node-{name}",
                subnets=self.subnets,
                scalingConfig={"minSize": 1, "desiredSize": 1, "maxSize": 9},
            )
        eks.create_fargate_profile(
            clusterName=CLUSTER,
            fargateProfileName="serverless",
            podExecutionRoleArn=role,
            selectors=[{"namespace": "serverless"}],
            subnets=self.subnets,
        )

    def _launch(self, zone: str, nodegroup: str, *, spot: bool = False) -> str:
        tags = {
            f"kubernetes.io/cluster/{CLUSTER}": "owned",
            "eks:cluster-name": CLUSTER,
            "eks:nodegroup-name": nodegroup,
        }
        made = self.client("ec2").run_instances(
            ImageId="ami-12c6146b",
            InstanceType="m5.large",
            MinCount=1,
            MaxCount=1,
            SubnetId=self.subnets[ZONES.index(zone)],
            SecurityGroupIds=[self.group],
            IamInstanceProfile={"Name": f"node-{nodegroup}"},
            TagSpecifications=[
                {
                    "ResourceType": "instance",
                    "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
                }
            ],
            **({"InstanceMarketOptions": {"MarketType": "spot"}} if spot else {}),
        )
        return str(made["Instances"][0]["InstanceId"])

    def _scaling(self, nodegroup: str, ids: list[str]) -> None:
        """Instances launched by moto's groups would all land in one zone: these are attached."""
        scaling, name = self.client("autoscaling"), f"asg-{nodegroup}"
        configuration = {"LaunchConfigurationName": name, "ImageId": "ami-12c6146b"}
        scaling.create_launch_configuration(**configuration, InstanceType="m5.large")
        tag = {"Key": f"kubernetes.io/cluster/{CLUSTER}", "Value": "owned"}
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            MinSize=0,
            DesiredCapacity=0,
            MaxSize=9,
            VPCZoneIdentifier=",".join(self.subnets),
            Tags=[tag | {"PropagateAtLaunch": False}],
        )
        scaling.attach_instances(InstanceIds=ids, AutoScalingGroupName=name)

    def _dns(self, instance: str) -> str:
        said = self.client("ec2").describe_instances(InstanceIds=[instance])
        return str(said["Reservations"][0]["Instances"][0]["PrivateDnsName"])


@contextlib.contextmanager
def built() -> Iterator[MotoAccount]:
    """A whole account, listening."""
    account = MotoAccount()
    try:
        account.build()
        yield account
    finally:
        account.close()
