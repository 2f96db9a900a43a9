"""The token of an OpenID Connect provider, taken from the kubeconfig as long as it is valid.

It isn't refreshed here: many providers accept a refresh token once, so that the new one has to be
written to the kubeconfig, which kubectl does and eksview never does.
Source: client-go/plugin/pkg/client/auth/oidc.
"""

from eksview.domain.access.jwt import claims
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.live.command_context import CommandContext
from eksview.kube.client.cluster_access import ClusterAccess, IdToken
from eksview.kube.client.exec_plugin import Credential
from eksview.kube.client.kubeconfig_file import KubeconfigFile, read_file

EARLY = 10.0  # seconds before its end in which client-go no longer sends a token


def id_token_credential(access: ClusterAccess, provider: IdToken, now: float) -> Credential:
    """Return the token, read again from its file once it has ended. Raises `UserError`."""
    user = clean(access.user)
    credential = _credential(provider.token, user)
    if not _is_valid(credential, now):
        file = read_file(provider.file)
        credential = _credential(_token_of(file, access.user) if file else "", user)
    if not _is_valid(credential, now):
        remedy = "log in to its provider again"
        if provider.refreshable:
            commands = CommandContext(access.context, files=access.files)
            remedy = f"run `{clean(commands.kubectl('version'))}`, which renews it"
        raise UserError(f"The id-token of user {user} has ended: {remedy}.")
    return credential


def _is_valid(credential: Credential, now: float) -> bool:
    return credential.expires is not None and now + EARLY < credential.expires


def _credential(token: str, user: str) -> Credential:
    if not token:
        return Credential()
    fields = claims(token)
    if fields is None:
        raise UserError(f"The id-token of user {user} isn't a JSON Web Token: log in again.")
    return Credential(token=token, expires=fields.expires)


def _token_of(file: KubeconfigFile, name: str) -> str:
    users = [entry.user for entry in file.users if entry is not None and entry.name == name]
    provider = users[0].auth_provider if users else None
    return provider.config.get("id-token", "") if provider else ""
