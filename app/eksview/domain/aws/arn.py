"""Amazon Resource Names, `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, and console pages."""

from urllib.parse import quote

from msgspec import Struct

from eksview.domain.base.text import clean

_CONSOLES = (
    ("cn-", "console.amazonaws.cn"),
    ("us-gov-", "console.amazonaws-us-gov.com"),
    ("us-iso", ""),  # the isolated partitions' consoles have no public names
    ("eu-iso", ""),
    ("eusc-", "console.amazonaws-eusc.eu"),
)


class Arn(Struct, frozen=True):
    """Where a resource is; a field is empty where the ARN leaves it out, all are for other text."""

    partition: str = ""
    region: str = ""
    account: str = ""


def parse_arn(text: str) -> Arn:
    """Return the fields of an ARN."""
    fields = text.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn":
        return Arn()
    return Arn(fields[1], fields[3], fields[4])


def console_url(region: str, instance: str) -> str:
    """Return the console page of an instance; empty without region or instance.

    Source: "Regional endpoints of the AWS Management Console".
    """
    hosts = (host for start, host in _CONSOLES if region.startswith(start))
    host = next(hosts, "console.aws.amazon.com")
    if not (region and instance and host):
        return ""
    place, name = quote(region, safe=""), quote(instance, safe="")
    return f"https://{place}.{host}/ec2/home?region={place}#InstanceDetails:instanceId={name}"


def short_arn(arn: str) -> str:
    """Return `Ops/alice` for `arn:aws:sts::123:assumed-role/Ops/alice`, or a user's name."""
    resource = clean(arn.rpartition(":")[2])
    kind, slash, name = resource.partition("/")
    return (
        name if slash and kind in ("assumed-role", "user", "role", "federated-user") else resource
    )
