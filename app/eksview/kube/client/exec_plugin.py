"""Credential plugins, run with a time limit and without access to the terminal.

Source: Kubernetes "Authenticating", client-go credential plugins.
"""

import json
import os
import shutil
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from eksview.domain.base.age import parse_time
from eksview.domain.base.errors import SetupError, UserError
from eksview.domain.base.text import clean
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from eksview.kube.client.kubeconfig.go_yaml import first_document
from eksview.process.hidden import ProcessOutput, run_hidden

LIMIT = 60.0  # seconds: a login in a browser isn't waited for longer


class Credential(Struct, frozen=True):
    """A credential; PEM where bytes."""

    token: str = ""
    certificate: bytes = b""
    key: bytes = b""
    expires: float | None = None
    own: bool = False  # signed by eksview with the credentials of its AWS calls

    def __repr__(self) -> str:
        return f"Credential(expires={self.expires})"


async def run(
    plugin: Exec,
    access: ClusterAccess,
    limit: float = LIMIT,
    environ: Mapping[str, str] = os.environ,
) -> Credential:
    """Run a plugin; raises `UserError` with the reason and its last line where that fails."""
    if plugin.interactive == "Always":
        raise UserError(
            f"The credential plugin {_name(plugin)} wants to ask you something, which it can't "
            "under a dashboard: log in with it in another terminal first."
        )
    output = await _output(plugin, _environ(plugin, access, environ), limit)
    if output.code != 0:
        reason = f": {output.complaint}" if output.complaint else " and printed no error."
        raise UserError(
            f"The credential plugin {_name(plugin)} failed with exit code {output.code}{reason}"
        )
    return _parsed(plugin, output.out)


async def _output(plugin: Exec, environ: Mapping[str, str], limit: float) -> ProcessOutput:
    command = shutil.which(plugin.command, path=environ.get("PATH"))
    if command is None:
        hint = f" {clean(' '.join(plugin.hint.split()))}" if plugin.hint else ""
        raise SetupError(
            f"The credential plugin {_name(plugin)} isn't on the PATH: install it, "
            f"or correct the kubeconfig.{hint}"
        )
    try:
        subject = f"the credential plugin {_name(plugin)}"
        return await run_hidden(subject, (command, *plugin.args), environ, limit)
    except TimeoutError:
        raise UserError(
            f"The credential plugin {_name(plugin)} didn't answer within {limit:.0f} s: "
            "run it by hand to see what it waits for."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: NUL in an argument or a variable
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise SetupError(f"The credential plugin {_name(plugin)} can't be run: {reason}.") from None


def _environ(plugin: Exec, access: ClusterAccess, environ: Mapping[str, str]) -> dict[str, str]:
    spec: dict[str, Any] = {"interactive": False}
    if plugin.cluster_info:
        spec["cluster"] = {
            "server": access.server,
            "tls-server-name": access.tls_server_name,
            "insecure-skip-tls-verify": access.insecure,
            "certificate-authority-data": b64encode(access.ca).decode(),
        }
    info = {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec}
    return {**environ, **dict(plugin.env), "KUBERNETES_EXEC_INFO": json.dumps(info)}


class _Status(Struct, rename="camel"):
    token: str | None = None
    client_certificate_data: str | None = None
    client_key_data: str | None = None
    expiration_timestamp: str | None = None


class _ExecCredential(Struct, rename="camel"):
    kind: str | None = None
    api_version: str | None = None
    status: _Status | None = None


def _parsed(plugin: Exec, out: bytes) -> Credential:
    """Return the credential in an ExecCredential, of which kubectl demands the same."""
    answer = _decoded(out)
    version = answer.api_version if answer is not None else None
    if answer is None or version is None or answer.kind not in (None, "", "ExecCredential"):
        # The output may be a secret, so it is not shown.
        raise SetupError(
            f"The credential plugin {_name(plugin)} printed something that isn't an "
            "ExecCredential: run it by hand, or update it."
        )
    if version != plugin.api_version:
        raise SetupError(
            f"The credential plugin {_name(plugin)} printed an ExecCredential of {clean(version)}, "
            f"and the kubeconfig names {clean(plugin.api_version)}: correct one of them."
        )
    status = answer.status or _Status()
    if bool(status.client_certificate_data) != bool(status.client_key_data):
        raise SetupError(
            f"The credential plugin {_name(plugin)} gave a certificate without a key, or a key "
            "without a certificate: update it."
        )
    if not (status.token or status.client_certificate_data):
        raise UserError(
            f"The credential plugin {_name(plugin)} gave neither a token nor a certificate: "
            "log in with it again."
        )
    return Credential(
        token=status.token or "",
        certificate=(status.client_certificate_data or "").encode(),
        key=(status.client_key_data or "").encode(),
        expires=parse_time(status.expiration_timestamp),
    )


def _decoded(out: bytes) -> _ExecCredential | None:
    """Return the ExecCredential in JSON or YAML; None for anything else."""
    try:
        answer = _from_json_or_yaml(out)
        ends = answer.status.expiration_timestamp if answer.status else None
    except (msgspec.MsgspecError, yaml.YAMLError, ValueError, RecursionError):
        return None
    return None if ends and parse_time(ends) is None else answer


def _from_json_or_yaml(out: bytes) -> _ExecCredential:
    try:
        document = msgspec.json.decode(out)
    except (msgspec.DecodeError, UnicodeDecodeError):
        document = first_document(out)
    return msgspec.convert(document, _ExecCredential)


def _name(plugin: Exec) -> str:
    return clean(Path(plugin.command).name)
