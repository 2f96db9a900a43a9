"""Names out of ARNs."""

from urllib.parse import quote

from eksview.domain.base.text import clean

_CONSOLES = (
    ("cn-", "console.amazonaws.cn"),
    ("us-gov-", "console.amazonaws-us-gov.com"),
    ("us-iso", ""),  # the isolated partitions' consoles have no public names
    ("eu-iso", ""),
    ("eusc-", "console.amazonaws-eusc.eu"),
)


def console_url(region: str, instance: str) -> str:
    """The page of an instance; empty where region or instance isn't known.

    Source: "Regional endpoints of the AWS Management Console".
    """
    found = (host for start, host in _CONSOLES if region.startswith(start))
    host = next(found, "console.aws.amazon.com")
    if not (region and instance and host):
        return ""
    place, which = quote(region, safe=""), quote(instance, safe="")
    return f"https://{place}.{host}/ec2/home?region={place}#InstanceDetails:instanceId={which}"


def short_arn(arn: str) -> str:
    """`Ops/alice` of `arn:aws:sts::111122223333:assumed-role/Ops/alice`; a user by its name."""
    resource = clean(arn.rpartition(":")[2])
    kind, slash, name = resource.partition("/")
    return (
        name if slash and kind in ("assumed-role", "user", "role", "federated-user") else resource
    )
