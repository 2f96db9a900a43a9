"""Who signs the token of `aws eks get-token`, and where roles are assumed, beside a fake AWS.

`python -m tests.golden.aws_identity` asks the AWS CLI on the PATH again and rewrites the record.
Version 1 of it doesn't read AWS_REGION; it is given that as AWS_DEFAULT_REGION, as version 2 reads
both, AWS_REGION first.
"""

import asyncio
import base64
import json
import os
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.golden.aws_identity_cases import (
    CASES,
    CONFIG,
    CREDENTIALS,
    OTHER_CONFIG,
    OTHER_CREDENTIALS,
    IdentityCase,
)

RECORD = Path(__file__).parent / "aws_identity.json"
CLUSTER = "prod"
LATER = "2099-01-01T00:00:00Z"
REGIONS = (
    *("ap-northeast-1", "ap-south-1", "ca-central-1", "eu-central-1", "eu-north-1", "eu-south-1"),
    *("eu-south-2", "eu-west-1", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2"),
    *("us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2"),
)
HOSTS = (
    *("*.amazonaws.com", "*.private.example", "*.services.example", "*.us-iso-east-1.c2s.ic.gov"),
    *(f"*.{region}.{suffix}" for region in REGIONS for suffix in ("amazonaws.com", "api.aws")),
    *("*.cn-north-1.amazonaws.com.cn", "portal.sso.us-east-2.amazonaws.com"),
)


class Signer(NamedTuple):
    """The access key of a request, and what it is signed for."""

    key: str
    region: str
    host: str


def signer_of(token: str) -> Signer:
    """Return who signed a token."""
    body = token.removeprefix("k8s-aws-v1.")
    url = urlsplit(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode())
    key, _, region, *_ = parse_qs(url.query)["X-Amz-Credential"][0].rsplit("/", 4)
    return Signer(key, region, url.hostname or "")


class FakeAws:
    """STS and IAM Identity Center behind a proxy of HTTPS, whatever their host.

    The access key that it gives says the role, where and by whom it was assumed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.proxy = ""
        self._context = _server_context(folder)

    @property
    def bundle(self) -> str:
        """Return the file of the certificate that signs all hosts."""
        return str(self.folder / "ca.pem")

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode().rpartition(":")[0]
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()
        try:
            await writer.start_tls(self._context)
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            headers = {name.lower(): value for name, value in lines.items()}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            answer, kind = self.answer(host, head.split()[1], headers, body.decode())
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n"
                f"Connection: close\r\n\r\n{answer}".encode()
            )
            await writer.drain()
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def answer(
        self, host: str, path: str, headers: Mapping[str, str], body: str
    ) -> tuple[str, str]:
        """Return the answer of a service and its content type."""
        if path.startswith("/federation/credentials"):
            role = parse_qs(urlsplit(path).query)["role_name"][0]
            given = {"accessKeyId": f"{role}@{host}", "secretAccessKey": "s", "sessionToken": "t"}
            return json.dumps({"roleCredentials": {**given, "expiration": 4070908800000}}), "json"
        form = parse_qs(body)
        action = form["Action"][0]
        scope = unquote(headers.get("authorization", "")).partition("Credential=")[2]
        caller, _, region, *_ = scope.partition(",")[0].rsplit("/", 4) if scope else ("web", "", "")
        if action == "GetCallerIdentity":
            return _xml(
                action, f"<Account>111122223333</Account><Arn>{caller} {host} {region}</Arn>"
            )
        role = form["RoleArn"][0].rpartition("/")[2]
        key = f"{role}@{host}:{region}~{caller}"
        return _xml(
            action,
            f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
            f"<SessionToken>t</SessionToken><Expiration>{LATER}</Expiration></Credentials>",
        )


def _xml(action: str, result: str) -> tuple[str, str]:
    namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
    inner = f"<{action}Result>{result}</{action}Result>"
    return f'<{action}Response xmlns="{namespace}">{inner}</{action}Response>', "text/xml"


@asynccontextmanager
async def fake_aws(folder: Path) -> AsyncIterator[FakeAws]:
    """Serve the fake on a free port of 127.0.0.1; its certificates are put into the folder."""
    aws = FakeAws(folder)
    server = await asyncio.start_server(aws.connected, "127.0.0.1", 0)
    aws.proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield aws
    finally:
        server.close()


def prepare(home: Path) -> None:
    """Write the files of the AWS CLI that the cases speak of."""
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    session = {"accessToken": "sso", "expiresAt": LATER, "startUrl": "https://corp.example/start"}
    for name in ("corp", "https://corp.example/start"):
        digest = sha1(name.encode(), usedforsecurity=False).hexdigest()
        (cache / f"{digest}.json").write_text(json.dumps({**session, "region": "us-east-2"}))
    (home / ".aws" / "config").write_text(CONFIG.replace("@HOME@", str(home)))
    (home / ".aws" / "credentials").write_text(CREDENTIALS)
    (home / "other-config").write_text(OTHER_CONFIG)
    (home / "other-credentials").write_text(OTHER_CREDENTIALS)
    (home / "web-token").write_text("e30.e30.c2ln")
    program = home / "process"
    answer = {"Version": 1, "AccessKeyId": "AKIAPROCESS", "SecretAccessKey": "s3cret"}
    program.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n")
    program.chmod(0o755)


def variables(variables: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return variables with the path of the home folder."""
    return {name: value.replace("@HOME@", str(home)) for name, value in variables.items()}


def around(aws: FakeAws, home: Path) -> dict[str, str]:
    """Return the variables that lead every command to the fake and to the files."""
    return {
        "HOME": str(home),
        "HTTPS_PROXY": aws.proxy,
        "AWS_CA_BUNDLE": aws.bundle,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def replaced(case: IdentityCase) -> tuple[str, ...]:
    """Return a case's arguments with the flags of eksview in place of the kubeconfig's."""
    args = list(case.args)
    for name, value in (("--profile", case.profile), ("--region", case.region)):
        if value and name in args:
            args[args.index(name) + 1] = value
        elif value:
            args += [name, value]
    return tuple(args)


async def version() -> int:
    """Return the major version of the AWS CLI."""
    process = await asyncio.create_subprocess_exec(
        "aws", "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    return int(out.decode().partition("aws-cli/")[2][:1])


async def ask_cli(case: IdentityCase, aws: FakeAws, home: Path, major: int) -> Signer | None:
    """Return who signs the token that the AWS CLI prints; None if it prints none."""
    environ = {**around(aws, home), **variables({**case.environ, **case.env}, home)}
    if major == 1 and "AWS_REGION" in environ:
        environ["AWS_DEFAULT_REGION"] = environ.pop("AWS_REGION")
    process = await asyncio.create_subprocess_exec(
        *("aws", "eks", "get-token", "--cluster-name", CLUSTER, *replaced(case)),
        env={"PATH": os.environ["PATH"], **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    if process.returncode != 0:
        return None
    return signer_of(json.loads(out)["status"]["token"])


def _server_context(folder: Path) -> ssl.SSLContext:
    """Return the TLS of a certificate for all hosts, signed by itself, which is in `ca.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake AWS")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(map(x509.DNSName, HOSTS)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    pem = certificate.public_bytes(encoding)
    (folder / "ca.pem").write_bytes(pem)
    secret = key.private_bytes(encoding, form, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


async def record() -> None:
    """Ask the AWS CLI about every case and write its answers."""
    major, answers = await version(), {}
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            prepare(home)
            async with fake_aws(home) as aws:
                signer = await ask_cli(case, aws, home, major)
                answers[name] = signer._asdict() if signer else None
        print(name, answers[name])
    RECORD.write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(record())
