"""Who AWS says we are: STS GetCallerIdentity."""

from collections.abc import Mapping
from typing import Any

from eksview.domain.aws.target import Place, ambient_warnings
from eksview.domain.rows.aws import AwsIdentity


async def identify(session: Any, place: Place, environ: Mapping[str, str]) -> AwsIdentity:
    """Ask; raises botocore's errors. Contradictions with the kubeconfig are warnings."""
    client = await session.client("sts")
    said = await client.get_caller_identity()
    account = str(said.get("Account") or "")
    expires = getattr(session, "expires", None)
    return AwsIdentity(
        account=account,
        arn=str(said.get("Arn") or ""),
        region=place.region,
        cluster=place.cluster,
        profile=place.profile,
        source=place.source,
        expires=await expires() if expires is not None else None,
        warnings=ambient_warnings(place, account, environ),
    )
