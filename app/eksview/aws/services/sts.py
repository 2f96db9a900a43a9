"""STS: the identity that AWS sees, and so whether there are credentials to ask with."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from eksview.aws.client.errors import of_aws
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services.parse import text
from eksview.aws.services.reader import AwsReader, WatchedAccount, reads
from eksview.domain.aws import errors
from eksview.domain.aws.poll_plan import STS
from eksview.domain.aws.target import AwsTarget, ambient_warnings, unidentified
from eksview.domain.base.reading import Read, Reading
from eksview.domain.base.text import clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.rows.aws import AwsIdentity

ACTION = "sts:GetCallerIdentity"


async def identify(session: Any, place: AwsTarget, environ: Mapping[str, str]) -> AwsIdentity:
    """Ask AWS; raises botocore's errors. Contradictions with the kubeconfig are warnings."""
    client = await session.client("sts")
    answer = of_aws(await client.get_caller_identity(), ACTION)
    account = text(answer.get("Account"))
    expires = getattr(session, "expires", None)
    return replace(
        unidentified(place),
        account=account,
        arn=text(answer.get("Arn")),
        expires=await expires() if expires is not None else None,
        warnings=tuple(map(clean, ambient_warnings(place, account, environ))),
        key_id=await _key_id(session),
    )


async def _key_id(session: Any) -> str:
    credentials = getattr(session, "credentials", None)
    if credentials is None:
        return ""
    frozen = await (await credentials()).get_frozen_credentials()
    return str(frozen.access_key or "")


class CallerIdentity(AwsReader):
    """The reader that opens the gate for the other links, unless credentials are missing."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._last = unidentified(account.context.place, account.context.environ)

    @reads(STS, ACTION, essential=True)
    async def ask(self, client: ThrottledClient) -> float | None:
        """Read the identity; asks again when the credentials have ended."""
        context = self.account.context
        try:
            identity = await client.spend(
                ACTION, lambda: identify(context.session, context.place, context.environ)
            )
        except CallRefused as refused:
            of_credentials = refused.refusal.of_credentials
            last = replace(self._last, refused=of_credentials)
            self._send(errors.unread(refused.refusal, self.clock(), last))
            if of_credentials:
                context.gate.shut(refused.refusal)
                await context.session.renew()  # somebody may log in before the next try
            else:
                context.gate.open()
            raise
        self._last, self.inventory.caller = identity, identity.arn
        self._send(Read(identity, self.clock()))
        context.gate.open()
        rest = (identity.expires or 0.0) - self.clock()
        return rest + 1.0 if rest > 0.0 else None

    def _send(self, reading: Reading[AwsIdentity]) -> None:
        self.sink.send(FactSet(Facts.aws_identity, reading))
