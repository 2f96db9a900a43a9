"""STS: who AWS says we are; and thereby whether there is anything to ask with."""

from collections.abc import Mapping
from typing import Any

from eksview.aws.client.context import AwsContext
from eksview.aws.client.throttled_client import CallRefused, PolledCall, ThrottledClient, unread
from eksview.domain.aws.target import AwsTarget, ambient_warnings
from eksview.domain.base.reading import Read, Reading
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.rows.aws import AwsIdentity


async def identify(session: Any, place: AwsTarget, environ: Mapping[str, str]) -> AwsIdentity:
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


ACTION = "sts:GetCallerIdentity"
MISSING = ("expired", "no-credentials")


class CallerIdentity:
    """Opens the gate for the other links, unless it is the credentials that are missing."""

    def __init__(self, means: AwsContext) -> None:
        place = means.place
        self._means = means
        self._last = AwsIdentity(
            account="",
            arn="",
            region=place.region,
            cluster=place.cluster,
            profile=place.profile,
            source=place.source,
        )

    def parts(self) -> list[PolledCall]:
        """The one question of this link."""
        return [PolledCall(self.ask, essential=True)]

    async def ask(self, meter: ThrottledClient) -> float | None:
        """Ask; again when the credentials have ended."""
        means = self._means
        try:
            found = await meter.spend(
                ACTION, lambda: identify(means.session, means.place, means.environ)
            )
        except CallRefused as refused:
            self._tell(unread(refused, means.clock(), self._last))
            if refused.refusal.kind in MISSING:
                means.gate.shut(refused.refusal)
                await means.session.renew()  # somebody may log in before the next try
            else:
                means.gate.open()
            raise
        self._last = found
        self._tell(Read(found, means.clock()))
        means.gate.open()
        rest = (found.expires or 0.0) - means.clock()
        return rest + 1.0 if rest > 0.0 else None

    def _tell(self, reading: Reading[AwsIdentity]) -> None:
        self._means.sink.send(FactSet(Facts.aws_identity, reading))
