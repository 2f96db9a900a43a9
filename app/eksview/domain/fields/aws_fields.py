"""The fields of AWS resources."""

from eksview.domain.aws.arn import parse_arn
from eksview.domain.base.text import clean
from eksview.domain.fields.field import Field, pairs
from eksview.domain.rows.aws import AwsIdentity, ClusterInfo, InstanceRow, NodegroupRow


def instance_arn(identity: AwsIdentity, instance: str) -> str:
    """Return the ARN of an instance of the account and region that are read.

    Source: "Actions, resources, and condition keys for Amazon EC2".
    """
    partition = parse_arn(identity.arn).partition or "aws"
    return clean(f"arn:{partition}:ec2:{identity.region}:{identity.account}:instance/{instance}")


INSTANCE_FIELDS: tuple[Field[InstanceRow], ...] = (
    Field("Instance ID", lambda row: row.id),
    Field("Private IP", lambda row: row.private_ip),
    Field("Private DNS name", lambda row: row.private_dns),
    Field("Public IP", lambda row: row.public_ip),
    Field("IPv6 address", lambda row: row.ipv6),
    Field("Instance type", lambda row: row.type),
    Field("Zone", lambda row: row.zone),
    Field("Image ID", lambda row: row.image),
    Field("VPC", lambda row: row.vpc),
    Field("Subnet", lambda row: row.subnet),
    Field("Security groups", lambda row: "\n".join(row.security_groups)),
    Field("Network interfaces", lambda row: "\n".join(each.id for each in row.interfaces)),
    Field("Volumes", lambda row: "\n".join(row.volumes)),
    Field("Instance profile ARN", lambda row: row.profile),
    Field("Spot request", lambda row: row.spot_request),
    Field("Tags", lambda row: pairs(row.tags)),
)

NODEGROUP_FIELDS: tuple[Field[NodegroupRow], ...] = (
    Field("ARN", lambda row: row.arn),
    Field("Node role ARN", lambda row: row.role),
    Field("Auto Scaling groups", lambda row: "\n".join(row.autoscaling)),
    Field("Launch template", lambda row: row.template),
    Field("Release", lambda row: row.release),
    Field("Subnets", lambda row: "\n".join(row.subnets)),
)

CLUSTER_FIELDS: tuple[Field[ClusterInfo], ...] = (
    Field("Name", lambda cluster: cluster.name),
    Field("ARN", lambda cluster: cluster.arn),
    Field("Endpoint", lambda cluster: cluster.endpoint),
    Field("Cluster role ARN", lambda cluster: cluster.role),
    Field("OIDC issuer", lambda cluster: cluster.issuer),
    Field("VPC", lambda cluster: cluster.vpc),
    Field("Subnets", lambda cluster: "\n".join(cluster.subnets)),
    Field("Cluster security group", lambda cluster: cluster.security_group),
    Field("Security groups", lambda cluster: "\n".join(cluster.security_groups)),
    Field("Service CIDR", lambda cluster: cluster.service_cidr),
    Field("KMS key ARN", lambda cluster: cluster.encryption),
)
