"""Names out of ARNs."""

from eksview.domain.base.text import clean


def short_arn(arn: str) -> str:
    """`Ops/alice` of `arn:aws:sts::111122223333:assumed-role/Ops/alice`; a user by its name."""
    resource = clean(arn.rpartition(":")[2])
    kind, slash, name = resource.partition("/")
    return (
        name if slash and kind in ("assumed-role", "user", "role", "federated-user") else resource
    )
