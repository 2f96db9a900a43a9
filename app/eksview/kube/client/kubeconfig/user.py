"""The credentials of a kubeconfig's user, checked and chosen as kubectl does.

Source: clientcmd's validateAuthInfo and getUserIdentificationPartialConfig.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from msgspec.structs import replace

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.kube.client.certificates import bundle
from eksview.kube.client.cluster_access import ClusterAccess, Exec, IdToken
from eksview.kube.client.kubeconfig.file import (
    ExecFields,
    ExecVariable,
    UserFields,
    base64_bytes,
    field_bytes,
)

API_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
MODES = ("Never", "IfAvailable", "Always")
_IN_HEADER_NAMES = "!#$&'*+-.^_`|~"
"""The characters of a header's name beside letters, digits and the percent sign, which escapes."""


def with_credentials(access: ClusterAccess, user: UserFields, file: Path) -> ClusterAccess:
    """Return the access with the credentials that kubectl would send for a user of a file.

    To a server without TLS that is none. Raises `UserError` for what kubectl refuses.
    """
    name = clean(access.user)
    folder = file.absolute().parent
    certificate, key = _checked_certificate(user, folder, name)
    _check_methods(user, name)
    plugin = _checked_plugin(user, folder, name)
    access = replace(access, impersonate=tuple(_impersonation(user, name)))
    if not access.secure:
        return access
    id_token = _id_token(user, file, name)
    if user.token_file and user.username and not user.token:
        raise UserError(
            f"User {name} has a tokenFile and a password, of which kubectl allows only one."
        )
    header = bool(user.token or user.token_file or user.username)
    if not (header or certificate or plugin or id_token):
        raise _without_credentials(access)
    return replace(
        access,
        certificate=certificate,
        key=key,
        token=user.token,
        token_file=folder / user.token_file if user.token_file else None,
        username=user.username,
        password=user.password,
        exec=None if header or certificate else plugin,
        id_token=None if header else id_token,
    )


def _without_credentials(access: ClusterAccess) -> UserError:
    subject = f"user {clean(access.user)} has no credentials"
    if not access.user:
        subject = f"context {clean(access.context)} names no user"
    return UserError(
        f"In {access.source}, {subject}, and kubectl would ask for a password: add credentials to "
        "the kubeconfig, or choose another context."
    )


def _check_methods(user: UserFields, name: str) -> None:
    if user.token and (user.username or user.password):
        raise UserError(
            f"User {name} has a token and a password, of which kubectl allows only one."
        )
    if user.exec and user.auth_provider:
        raise UserError(
            f"User {name} has exec and auth-provider, of which kubectl allows only one."
        )


def _checked_certificate(user: UserFields, folder: Path, name: str) -> tuple[bytes, bytes]:
    """Return the client certificate and its key; a key alone isn't used."""
    of = f"user {name}"
    certificate = field_bytes(
        user.client_certificate_data, user.client_certificate, folder, "client-certificate", of
    )
    if not (certificate or user.client_certificate):
        return b"", b""
    key = field_bytes(user.client_key_data, user.client_key, folder, "client-key", of)
    if not key:
        raise UserError(f"User {name} has a client-certificate without a client-key.")
    return certificate, key


def _impersonation(user: UserFields, name: str) -> Iterator[tuple[str, str]]:
    """Yield the headers that impersonate another user."""
    if not user.as_user:
        if user.as_uid or user.as_groups or user.as_user_extra:
            raise UserError(
                f"User {name} impersonates groups, a uid or extra fields without a user (as)."
            )
        return
    yield "Impersonate-User", user.as_user
    if user.as_uid:
        yield "Impersonate-Uid", user.as_uid
    for group in user.as_groups:
        yield "Impersonate-Group", group or ""
    for key, values in user.as_user_extra.items():
        name = f"Impersonate-Extra-{quote(key, safe=_IN_HEADER_NAMES)}"
        yield from ((name, value or "") for value in values)


def _checked_plugin(user: UserFields, folder: Path, name: str) -> Exec | None:
    fields = user.exec
    if fields is None:
        return None
    of = f"exec plugin of user {name}"
    if not fields.command:
        raise UserError(f"The {of} names no command: correct the kubeconfig.")
    if fields.api_version not in API_VERSIONS:
        raise UserError(
            f"The {of} has apiVersion {clean(fields.api_version) or 'empty'}, which should be "
            f"{' or '.join(API_VERSIONS)}: write the kubeconfig again with a current tool."
        )
    if not fields.interactive_mode and fields.api_version == API_VERSIONS[0]:
        raise UserError(
            f"The {of} has no interactiveMode, which should be one of {', '.join(MODES)}."
        )
    if fields.interactive_mode and fields.interactive_mode not in MODES:
        raise UserError(
            f"The {of} has interactiveMode {clean(fields.interactive_mode)}, which should be "
            f"one of {', '.join(MODES)}."
        )
    return _plugin(fields, folder, of)


def _plugin(fields: ExecFields, folder: Path, of: str) -> Exec:
    command = fields.command
    return Exec(
        command=str(folder / command) if "/" in command else command,
        args=tuple(argument or "" for argument in fields.args),
        env=tuple(_variable(variable, of) for variable in fields.env),
        api_version=fields.api_version,
        hint=fields.install_hint,
        interactive=fields.interactive_mode,
        cluster_info=fields.provide_cluster_info,
    )


def _variable(variable: ExecVariable | None, of: str) -> tuple[str, str]:
    if variable is None or not variable.name:
        raise UserError(f"env of the {of} has a variable without name: correct the kubeconfig.")
    # Go joins both with an equals sign, and the first one in the result ends the name.
    name, _, value = f"{variable.name}={variable.value}".partition("=")
    return name, value


def _id_token(user: UserFields, file: Path, name: str) -> IdToken | None:
    provider = user.auth_provider
    if provider is None:
        return None
    if provider.name != "oidc":
        raise UserError(
            f"auth-provider of user {name} is {clean(provider.name) or 'empty'}, which kubectl "
            "doesn't have (any more): use a credential plugin."
        )
    for key in ("idp-issuer-url", "client-id"):
        if not provider.config.get(key):
            raise UserError(f"auth-provider of user {name} has no {key}: correct the kubeconfig.")
    return IdToken(
        issuer=provider.config["idp-issuer-url"],
        client_id=provider.config["client-id"],
        file=file.absolute(),
        client_secret=provider.config.get("client-secret", ""),
        ca=_provider_authority(provider.config, name),
        token=provider.config.get("id-token", ""),
        refresh_token=provider.config.get("refresh-token", ""),
    )


def _provider_authority(config: Mapping[str, str], name: str) -> bytes:
    """Return the CA of an OpenID Connect provider, as PEM; empty where the machine's are used.

    In client-go the data come first, and a file is relative to the working directory.
    """
    data = config.get("idp-certificate-authority-data", "")
    path = config.get("idp-certificate-authority", "")
    key = "idp-certificate-authority-data" if data else "idp-certificate-authority"
    of = f"auth-provider of user {name}"
    try:
        authority = base64_bytes(data) if data else b""
    except ValueError as error:
        raise UserError(f"{key} of {of} {error}.") from None
    if path and not data:
        authority = field_bytes(b"", path, Path(), key, of)
    if (data or path) and not bundle(authority):
        raise UserError(f"{key} of {of} has no certificate in PEM: correct the kubeconfig.")
    return authority
