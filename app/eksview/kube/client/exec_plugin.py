"""Credential plugins, run with a time limit and without access to the terminal.

Source: Kubernetes "Authenticating", client-go credential plugins.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from eksview.domain.base.age import parse_time
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from eksview.process.hidden import Output, run_hidden

LIMIT = 60.0  # seconds: a login in a browser isn't waited for longer


class Credential(Struct, frozen=True):
    """A credential; PEM where bytes."""

    token: str = ""
    certificate: bytes = b""
    key: bytes = b""
    expires: float | None = None

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


async def _output(plugin: Exec, environ: Mapping[str, str], limit: float) -> Output:
    command = shutil.which(plugin.command, path=environ.get("PATH"))
    if command is None:
        hint = f" {clean(' '.join(plugin.hint.split()))}" if plugin.hint else ""
        raise UserError(
            f"The credential plugin {_name(plugin)} isn't on the PATH: install it, "
            f"or correct the kubeconfig.{hint}"
        )
    try:
        return await run_hidden((command, *plugin.args), environ, limit)
    except TimeoutError:
        raise UserError(
            f"The credential plugin {_name(plugin)} didn't answer within {limit:.0f} s: "
            "run it by hand to see what it waits for."
        ) from None
    except OSError as error:
        raise UserError(
            f"The credential plugin {_name(plugin)} can't be run: {error.strerror}."
        ) from None


def _environ(plugin: Exec, access: ClusterAccess, environ: Mapping[str, str]) -> dict[str, str]:
    spec: dict[str, Any] = {"interactive": False}
    if plugin.cluster_info:
        spec["cluster"] = {
            "server": access.server,
            "tls-server-name": access.tls_server_name,
            "insecure-skip-tls-verify": access.insecure,
            "certificate-authority-data": _base64(access.ca),
        }
    info = {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec}
    return {**environ, **dict(plugin.env), "KUBERNETES_EXEC_INFO": json.dumps(info)}


def _base64(data: bytes) -> str:
    from base64 import b64encode  # noqa: PLC0415 - only for plugins that ask for it

    return b64encode(data).decode()


def _parsed(plugin: Exec, out: bytes) -> Credential:
    try:
        answer = json.loads(out)
        status = answer["status"]
        certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
        credential = Credential(
            token=str(status.get("token") or ""),
            certificate=str(certificate or "").encode(),
            key=str(key or "").encode(),
            expires=parse_time(status.get("expirationTimestamp")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        # The output may be a secret, so it is not shown.
        raise UserError(
            f"The credential plugin {_name(plugin)} printed something that isn't an "
            "ExecCredential: run it by hand, or update it."
        ) from None
    if not credential.token and not credential.certificate:
        raise UserError(
            f"The credential plugin {_name(plugin)} gave neither a token nor a certificate: "
            "log in with it again."
        )
    return credential


def _name(plugin: Exec) -> str:
    return clean(Path(plugin.command).name)
