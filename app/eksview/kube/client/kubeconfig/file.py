"""One kubeconfig file, with the types that client-go demands.

Source: k8s.io/client-go/tools/clientcmd/api/v1.
"""

import base64
import binascii
import re
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import yaml
from msgspec import Struct, field

from eksview.config.file_bytes import file_bytes
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.kube.client.kubeconfig.go_yaml import first_document

Extra: TypeAlias = dict[str, list[str | None]]


class Base64(bytes):
    """Bytes that a kubeconfig holds as base64."""


class ClusterFields(Struct, frozen=True, rename="kebab"):
    """A server and how to trust it."""

    server: str = ""
    tls_server_name: str = ""
    insecure_skip_tls_verify: bool = False
    certificate_authority: str = ""
    certificate_authority_data: Base64 = Base64()
    proxy_url: str = ""
    disable_compression: bool = False


class ExecVariable(Struct, frozen=True):
    """A variable of a plugin's environment."""

    name: str = ""
    value: str = ""

    def __repr__(self) -> str:
        return f"ExecVariable({self.name!r})"


class ExecFields(Struct, frozen=True, rename="camel"):
    """A credential plugin."""

    command: str = ""
    args: list[str | None] = []
    env: list[ExecVariable | None] = []
    api_version: str = ""
    install_hint: str = ""
    provide_cluster_info: bool = False
    interactive_mode: str = ""

    def __repr__(self) -> str:
        return f"ExecFields({self.command!r})"


class ProviderFields(Struct, frozen=True):
    """A credential provider that is part of the client, such as OpenID Connect."""

    name: str = ""
    config: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"ProviderFields({self.name!r})"


class UserFields(Struct, frozen=True, rename="kebab"):
    """The credentials of a user."""

    client_certificate: str = ""
    client_certificate_data: Base64 = Base64()
    client_key: str = ""
    client_key_data: Base64 = Base64()
    token: str = ""
    token_file: str = field(name="tokenFile", default="")
    as_user: str = field(name="as", default="")
    as_uid: str = ""
    as_groups: list[str | None] = []
    as_user_extra: Extra = {}
    username: str = ""
    password: str = ""
    auth_provider: ProviderFields | None = None
    exec: ExecFields | None = None

    def __repr__(self) -> str:
        return "UserFields()"


class ContextFields(Struct, frozen=True):
    """A cluster, a user and a namespace."""

    cluster: str = ""
    user: str = ""
    namespace: str = ""


class NamedCluster(Struct, frozen=True):
    name: str = ""
    cluster: ClusterFields = ClusterFields()


class NamedUser(Struct, frozen=True):
    name: str = ""
    user: UserFields = UserFields()


class NamedContext(Struct, frozen=True):
    name: str = ""
    context: ContextFields = ContextFields()


class Preferences(Struct, frozen=True):
    colors: bool = False
    extensions: list[dict[str, Any] | None] = []


class KubeconfigFile(Struct, frozen=True, rename="kebab"):
    """The fields of a file; fields that client-go doesn't have are ignored."""

    kind: str = ""
    api_version: str = field(name="apiVersion", default="")
    current_context: str = ""
    clusters: list[NamedCluster | None] = []
    users: list[NamedUser | None] = []
    contexts: list[NamedContext | None] = []
    preferences: Preferences = Preferences()
    extensions: list[dict[str, Any] | None] = []


def read_file(path: Path, *, must_exist: bool = False) -> KubeconfigFile | None:
    """Return the first document of a file; None for no file unless it must exist.

    Raises `UserError` with the field for what client-go refuses, also in an entry not in use.
    """
    try:
        data = file_bytes(path)
    except FileNotFoundError:
        if must_exist:
            raise UserError(f"There is no kubeconfig at {path}: check --kubeconfig.") from None
        return None
    except (OSError, ValueError) as error:  # ValueError: a path with NUL
        raise UserError(f"The kubeconfig {path} can't be read: {file_fault(error)}.") from None
    tree = _document(path, data)
    if not isinstance(tree, dict):
        raise UserError(
            f"The kubeconfig {path} isn't a kubeconfig: it should begin with a mapping."
        )
    try:
        file = msgspec.convert(tree, KubeconfigFile, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        raise UserError(f"In the kubeconfig {path}, {_type_fault(error, tree)}.") from None
    _check(file, path)
    return file


def file_fault(error: OSError | ValueError) -> str:
    """Return why a file can't be read."""
    return (isinstance(error, OSError) and error.strerror) or "its path isn't valid"


def _document(path: Path, data: bytes) -> Any:
    # Bytes, because YAML has an encoding of its own whatever the locale is.
    try:
        document = first_document(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError(f"The kubeconfig {path} isn't valid YAML{_line(error)}.") from None
    return {} if document is None else document


def _line(error: Exception) -> str:
    # Only the line number, because the text may hold a token.
    mark = getattr(error, "problem_mark", None)
    return f" (line {mark.line + 1})" if mark is not None else ""


def _check(file: KubeconfigFile, path: Path) -> None:
    if file.kind not in ("", "Config") or file.api_version not in ("", "v1"):
        raise UserError(
            f"{path} isn't a kubeconfig: its kind is {clean(file.kind) or 'Config'} of "
            f"{clean(file.api_version) or 'v1'}, and should be Config of v1."
        )
    for kind, entries in (
        ("cluster", file.clusters),
        ("user", file.users),
        ("context", file.contexts),
    ):
        names = Counter(entry.name if entry else "" for entry in entries)
        for name, count in names.items():
            if count > 1:
                raise UserError(
                    f"The kubeconfig {path} has {count} {kind}s named {clean(name)!r}: "
                    "remove or rename all but one."
                )


_SCALARS = {
    "str": "a string",
    "bool": "a boolean",
    "int": "a number",
    "float": "a number",
    "array": "a list",
    "object": "a mapping",
}
_TYPES = re.compile(r"Expected `([a-z]+)[^`]*`, got `([a-z]+)`")
_ENTRY = re.compile(r"(clusters|users|contexts)\[(\d+)\](?:\.(?:cluster|user|context)\b)?\.?(.*)")


def _type_fault(error: msgspec.ValidationError, tree: dict[str, Any]) -> str:
    """Return which field should be of which type; no value of the file is repeated."""
    message, _, at = str(error).partition(" - at `$.")
    place = _place(at.rstrip("`"), tree)
    types = _TYPES.match(message)
    if types is None:
        return f"{place} {message}"
    wanted, given = (_SCALARS.get(name, name) for name in types.groups())
    return f"{place} should be {wanted}, not {given}"


def _place(at: str, tree: dict[str, Any]) -> str:
    match = _ENTRY.match(at)
    if match is None:
        return at
    kind, number, fields = match.groups()
    entry = tree[kind][int(number)]
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str):
        return at
    return f"{fields} of {kind[:-1]} {clean(name)}" if fields else f"{kind[:-1]} {clean(name)}"


def _decoded(kind: type, value: object) -> Base64:
    assert kind is Base64  # noqa: S101 - the only type that msgspec doesn't know
    if not isinstance(value, str):
        raise ValueError("should be a string of base64")
    return Base64(base64_bytes(value))


def base64_bytes(text: str) -> bytes:
    """Return the bytes of base64, in which Go ignores line breaks but nothing else."""
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("isn't valid base64") from None


def field_bytes(data: bytes, path: str, folder: Path, key: str, of: str) -> bytes:
    """Return the bytes of a `-data` field or of the file that a field names; empty without both."""
    if not path:
        return data
    if data:
        raise UserError(f"{clean(of)} has both {key} and {key}-data: remove one of them.")
    try:
        return file_bytes(folder / path)
    except (OSError, ValueError) as error:  # ValueError: a path with NUL
        reason = file_fault(error)
        raise UserError(
            f"{key} of {clean(of)} can't be read: {clean(str(folder / path))}: {reason}."
        ) from None
