"""The token of an OpenID Connect provider, renewed and kept in the kubeconfig as kubectl does.

Many providers accept a refresh token once. A new one that isn't in the kubeconfig would lock the
user out of kubectl, so a token that can't be kept isn't used, and none is asked for then.
Source: client-go/plugin/pkg/client/auth/oidc.
"""

import os
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

from msgspec.structs import replace

from eksview.domain.access.jwt import claims
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import SetupError, UserError
from eksview.domain.base.text import clean
from eksview.kube.client.cluster_access import ClusterAccess, IdToken
from eksview.kube.client.exec_plugin import Credential
from eksview.kube.client.kubeconfig.file import read_file
from eksview.kube.client.kubeconfig.writer import rewrite
from eksview.kube.client.kubeconfig.yaml_scalars import with_provider_values
from eksview.kube.client.oidc import Tokens, renewed

EARLY = 10.0  # seconds before its end in which client-go no longer sends a token
Renew: TypeAlias = Callable[[IdToken, str, Mapping[str, str]], Awaitable[Tokens]]


class IdTokens:
    """The id-tokens of a user: that of the kubeconfig, as long as it is valid, else a new one."""

    def __init__(
        self,
        access: ClusterAccess,
        clock: Clock,
        environ: Mapping[str, str] = os.environ,
        renew: Renew = renewed,
    ) -> None:
        self._access = access
        self._clock = clock
        self._environ = environ
        self._renew = renew
        self._unwritten: tuple[str, Tokens] | None = None  # and the refresh token it replaces

    async def get(self, provider: IdToken) -> Credential:
        """Return a valid token, from the file if another command has renewed it.

        Raises `UserError`.
        """
        credential = self._credential(provider.token)
        if self._is_valid(credential):
            return credential
        provider = self._read_again(provider)
        credential = self._credential(provider.token)
        if self._is_valid(credential):
            return credential
        if not provider.refresh_token:
            user = clean(self._access.user)
            raise UserError(
                f"The id-token of user {user} has ended, and the kubeconfig has no refresh-token: "
                "log in to its provider again."
            )
        return self._credential((await self._kept(provider)).id)

    async def _kept(self, provider: IdToken) -> Tokens:
        """Return new tokens once they are in the kubeconfig."""
        replaced, tokens = self._unwritten or ("", None)
        if tokens is None or replaced != provider.refresh_token:
            values = {"id-token": "placeholder", "refresh-token": "placeholder"}
            check = partial(_checked, user=self._access.user, values=values)
            await self._rewrite(provider, check)
            tokens = await self._renew(provider, self._access.user, self._environ)
            self._unwritten = (provider.refresh_token, tokens)
        values = {"id-token": tokens.id}
        if tokens.refresh != provider.refresh_token:
            values["refresh-token"] = tokens.refresh
        change = partial(with_provider_values, user=self._access.user, values=values)
        await self._rewrite(provider, change)
        self._unwritten = None
        return tokens

    async def _rewrite(self, provider: IdToken, change: Callable[[bytes], bytes]) -> None:
        try:
            await rewrite(provider.file, change)
        except UserError as error:
            raise SetupError(
                f"The id-token of user {clean(self._access.user)} has ended and isn't renewed, "
                f"because {error}"
            ) from None

    def _is_valid(self, credential: Credential) -> bool:
        return credential.expires is not None and self._clock() + EARLY < credential.expires

    def _credential(self, token: str) -> Credential:
        access = self._access
        if not token:
            return Credential()
        fields = claims(token)
        if fields is None:
            raise UserError(
                f"The id-token of user {clean(access.user)} isn't a JSON Web Token: log in again."
            )
        return Credential(token, access.certificate, access.key, fields.expires)

    def _read_again(self, provider: IdToken) -> IdToken:
        """Return the provider with the tokens that its file has by now."""
        file = read_file(provider.file)
        users = filter(None, file.users if file else ())
        fields = next((entry.user for entry in users if entry.name == self._access.user), None)
        config = fields.auth_provider.config if fields and fields.auth_provider else {}
        return replace(
            provider,
            token=config.get("id-token", ""),
            refresh_token=config.get("refresh-token", ""),
        )


def _checked(data: bytes, user: str, values: Mapping[str, str]) -> bytes:
    """Return the text as it is; raises `ValueError` where the values can't be set."""
    with_provider_values(data, user, values)
    return data
