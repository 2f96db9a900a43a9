"""Why an API server refuses an EKS token: AWS is asked whose it is, once for each token."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TypeAlias

from eksview.domain.access.eks_token import EksToken, read_token
from eksview.domain.access.iam_mapping import principal_of
from eksview.domain.access.remedies import is_mappable
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean

if TYPE_CHECKING:  # these imports take long
    from eksview.aws.client.session import AwsSession
    from eksview.kube.client.cluster_access import ClusterAccess
    from eksview.kube.client.exec_plugin import Credential

    OpenSession: TypeAlias = Callable[[AwsTarget], AbstractAsyncContextManager[AwsSession]]

LIMIT = 5.0  # seconds for AWS's answer
OTHERS = "Its credential plugin signs with other keys than eksview's calls."


class RefusedTokens:
    """The reasons for refused tokens, by token."""

    def __init__(
        self,
        target_of: Callable[["ClusterAccess"], AwsTarget],
        open_session: "OpenSession",
        environ: Mapping[str, str],
    ) -> None:
        self._target_of = target_of
        self._open_session = open_session
        self._environ = environ
        self._reasons: dict[str, asyncio.Task[str]] = {}

    async def __call__(self, credential: "Credential", access: "ClusterAccess", now: float) -> str:
        """Return a sentence; empty for a credential that isn't a token of EKS."""
        token = read_token(credential.token)
        if token is None:
            return ""
        if token.ends <= now:
            return (
                f"The token of user {clean(access.user)} was signed "
                f"{human_duration(now - token.signed)} ago, and EKS accepts one for 15 minutes: "
                "use a credential plugin, which renews it."
            )
        if credential.token not in self._reasons:
            reason = self._reason(token, access, own=credential.own)
            self._reasons = {credential.token: asyncio.create_task(reason)}
        return await asyncio.shield(self._reasons[credential.token])

    async def _reason(self, token: EksToken, access: "ClusterAccess", *, own: bool) -> str:
        target = self._target_of(access)
        name = clean(target.cluster or access.cluster)
        try:
            async with asyncio.timeout(LIMIT):
                arn, reason = await self._signer(token, target, own=own)
        except TimeoutError:
            arn, reason = "", "AWS didn't answer in time whose it is."
        if arn:
            return (
                f"AWS knows you as {clean(principal_of(arn))}, but cluster {name} refuses the "
                f"token (401). {_remedy(arn)} (see `eksview doctor`)."
            )
        return (
            f"Cluster {name} refuses a fresh EKS token of user {clean(access.user)} (401): its "
            "AWS credentials have ended, the cluster maps its identity to no user, or it is for "
            f"another cluster. {reason}"
        ).rstrip()

    async def _signer(self, token: EksToken, target: AwsTarget, *, own: bool) -> tuple[str, str]:
        """Return the ARN of who signed a token, or the reason why that is unknown."""
        from eksview.aws.client.errors import from_exception  # noqa: PLC0415 - half a second
        from eksview.aws.services.sts import ACTION, identify  # noqa: PLC0415

        try:
            async with self._open_session(target) as session:
                identity = await identify(session, session.place, self._environ)
        except Exception as error:
            refusal = from_exception(error, ACTION, target, self._environ)
            return "", refusal.sentence if own else OTHERS
        known = own or identity.key_id == token.key_id
        return (identity.arn, "") if known else ("", OTHERS)


def _remedy(arn: str) -> str:
    """Return what helps if nothing maps an identity, which only an administrator can read."""
    if not is_mappable(arn):
        return "EKS creates access entries only for roles and users: use credentials of one"
    return "If nothing maps it, an administrator adds an access entry or a row of aws-auth"
