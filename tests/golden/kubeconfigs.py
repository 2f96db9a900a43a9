"""What kubectl makes of kubeconfigs: accepted or refused, and the credentials that it sent.

`python -m tests.golden.kubeconfigs` asks the kubectl on the PATH again and rewrites the record.
"""

import asyncio
import base64
import json
import os
import re
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple, TypeVar

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from eksview_demo.api import tls
from tests.golden.kubeconfig_cases import CASES, VALID, Case

RECORD = Path(__file__).parent / "kubeconfigs-kubectl.json"
CLIENT = "client-certificate"


class Sent(NamedTuple):
    """The credentials of a request."""

    authorization: str | None
    impersonate: list[list[str]]
    certificate: str | None
    path: str


class Recorder:
    """An API server, over TLS and in clear, that keeps the credentials it is sent.

    It is an OpenID issuer too, whose refreshed tokens are always `VALID`.
    """

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.certificates = tls.make()
        self.client, self.key = _client_certificate()
        self.https = self.http = ""

    async def handle(self, request: web.Request) -> web.Response:
        if request.path == "/.well-known/openid-configuration":
            issuer = f"https://{self.https}"
            return web.json_response({"issuer": issuer, "token_endpoint": f"{issuer}/refresh"})
        if request.path == "/refresh":
            return web.json_response(
                {"access_token": "a", "token_type": "Bearer", "id_token": VALID}
            )
        self.sent.append(sent_with(request))
        return web.json_response({"major": "1", "minor": "33", "gitVersion": "v1.33.0"})

    def write(self, case: Case, folder: Path) -> dict[str, str]:
        """Write a case's files and return the variables of a command that reads them."""
        texts = {"config": case.config, **case.files, **case.plugins}
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self._filled(text))
            path.chmod(0o700 if name in case.plugins else 0o600)
        listed = os.pathsep.join(str(folder / path) for path in case.paths)
        chosen = {"KUBECONFIG": listed} if case.paths else {}
        return {"HOME": str(folder), "PATH": os.environ["PATH"], **chosen}

    def _filled(self, text: str | bytes) -> bytes:
        data = text.encode() if isinstance(text, str) else text
        wide = data.startswith(b"\xff\xfe")
        data = data[2:].decode("utf-16-le").encode() if wide else data
        for name, value in self._values().items():
            data = data.replace(f"@{name}@".encode(), value)
        return b"\xff\xfe" + data.decode().encode("utf-16-le") if wide else data

    def _values(self) -> Mapping[str, bytes]:
        pem = {"CA": self.certificates.authority, "CERT": self.client, "KEY": self.key}
        return {
            "HTTPS": self.https.encode(),
            "HTTP": self.http.encode(),
            "CA-WRAPPED": _wrapped(self.certificates.authority),
            **{f"{name}-PEM": text for name, text in pem.items()},
            **{f"{name}-JSON": text.replace(b"\n", b"\\n") for name, text in pem.items()},
            **{name: base64.b64encode(text) for name, text in pem.items()},
        }


def _wrapped(pem: bytes) -> bytes:
    return fill(base64.b64encode(pem).decode(), 64).replace("\n", "\n      ").encode()


def sent_with(request: web.Request) -> Sent:
    tls_object = request.transport.get_extra_info("ssl_object") if request.transport else None
    peer = tls_object.getpeercert() if tls_object else None
    names = [value for part in (peer or {}).get("subject", ()) for _, value in part]
    headers = [
        [name.decode().title(), value.decode(errors="backslashreplace")]
        for name, value in request.raw_headers
    ]
    given = [value for name, value in headers if name == "Authorization"]
    return Sent(
        authorization=given[0] if given else None,
        impersonate=sorted(pair for pair in headers if pair[0].startswith("Impersonate-")),
        certificate=names[0] if names else None,
        path=request.path,
    )


RecorderT = TypeVar("RecorderT", bound=Recorder)


@asynccontextmanager
async def recorder(server: RecorderT) -> AsyncIterator[RecorderT]:
    """Serve on two free ports of 127.0.0.1."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.0)
    await runner.setup()
    for context in (_context(server), None):
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    server.https, server.http = (f"127.0.0.1:{address[1]}" for address in runner.addresses)
    try:
        yield server
    finally:
        await runner.cleanup()


def _context(server: Recorder) -> ssl.SSLContext:
    context = tls.server_context(server.certificates)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(cadata=server.client.decode())
    return context


def _client_certificate() -> tuple[bytes, bytes]:
    """Return a certificate signed by itself and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, CLIENT)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return certificate.public_bytes(serialization.Encoding.PEM), secret


async def kubectl_version(
    flags: Sequence[str], environ: Mapping[str, str], folder: str, **identity: Any
) -> tuple[int, str]:
    """Run `kubectl version` in a folder; return its exit code and stderr."""
    kubectl = await asyncio.create_subprocess_exec(
        *("kubectl", "version", "--output", "json", *flags),
        env=environ,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        **identity,
    )
    _, errors = await kubectl.communicate()
    return kubectl.returncode or 0, errors.decode(errors="replace")


async def ask_kubectl(server: Recorder, case: Case) -> dict[str, Any]:
    """Return what kubectl sent for a case, or that it refused the kubeconfig and why."""
    with tempfile.TemporaryDirectory() as folder:
        environ = server.write(case, Path(folder))
        chosen = [] if case.paths else ["--kubeconfig", f"{folder}/config"]
        code, errors = await kubectl_version(chosen, environ, folder)
    last = errors.strip().splitlines()[-1:]
    for name, value in ((folder, "DIR"), (server.https, "HTTPS"), (server.http, "HTTP")):
        last = [line.replace(name, value) for line in last]
    if code != 0:
        return {"refused": re.sub(r"0x[0-9a-f]+", "0x", "".join(last))[:300]}
    return {"sent": server.sent[-1]._asdict()}


async def record() -> None:
    """Ask kubectl about every case and write its answers."""
    answers = {}
    async with recorder(Recorder()) as server:
        for name, case in CASES.items():
            server.sent.clear()
            answers[name] = await ask_kubectl(server, case)
    RECORD.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(record())
