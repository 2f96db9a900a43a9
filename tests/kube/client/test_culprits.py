"""A failed connection blames what is at fault, over real sockets."""

import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from eksview.domain.base.errors import UserError
from eksview.kube.access.endpoint_probe import EndpointProbe
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from eksview.kube.client.connection import Connection
from eksview.kube.client.exec_plugin import Credential
from eksview.kube.client.transport import transport
from tests.sockets import answering

VERSION = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    b"Connection: close\r\n\r\n{}"
)


def access(server: str, **values: object) -> ClusterAccess:
    return ClusterAccess("prod", "prod", server, "ops", "", "file", **values)  # type: ignore[arg-type]


async def fault(subject: ClusterAccess) -> str:
    async with Connection(subject) as connection:
        with pytest.raises(UserError) as refusal:
            await connection.get_json("/version", limit=5)
    return str(refusal.value)


def redirect(to: str) -> bytes:
    headers = f"Location: {to}\r\nConnection: close\r\nContent-Length: 0"
    return f"HTTP/1.1 302 Found\r\n{headers}\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("scheme", "answer", "words"),
    [
        ("http", b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "An SSH server answers at http://127"),
        ("http", b"220 mail ESMTP\r\n", "doesn't speak HTTP"),
        ("https", b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "doesn't speak TLS"),
        ("https", b"HTTP/1.1 400 Bad Request\r\n\r\n", "doesn't speak TLS"),
        (
            "http",  # as Go's net/http answers
            b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
            "speaks TLS: use https://",
        ),
        (
            "http",  # as nginx answers
            b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
            b"<h1>The plain HTTP request was sent to HTTPS port</h1>",
            "speaks TLS: use https://",
        ),
        ("http", redirect("/version"), "redirects in a circle"),
        (
            "http",
            redirect("http://login.invalid/"),
            " redirects to http://login.invalid, where no credentials are sent: it may be a login",
        ),
    ],
)
async def test_what_answers_instead_of_an_api_server_is_said(
    scheme: str, answer: bytes, words: str
) -> None:
    async with answering(answer) as port:
        assert words in await fault(access(f"{scheme}://127.0.0.1:{port}"))


async def test_the_proxys_name_is_blamed_where_it_cannot_be_resolved() -> None:
    words = await fault(access("http://api.corp", proxy="http://proxy.invalid:3128"))
    assert words.startswith(
        "The name of the proxy http://proxy.invalid:3128 for http://api.corp can't be resolved"
    )


class Chain:
    """PEM texts of a root, an intermediate CA, a server's certificate with its key, another CA."""

    def __init__(self) -> None:
        keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(4)]
        root = certificate("root", keys[0], "root", keys[0], ca=True)
        middle = certificate("middle", keys[1], "root", keys[0], ca=True)
        leaf = certificate("leaf", keys[2], "middle", keys[1], ca=False)
        self.root, self.middle, self.leaf = root, middle, leaf
        self.other = certificate("other", keys[3], "other", keys[3], ca=True)
        self.key = keys[2].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(address, critical=False)
    )
    return built.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@cache
def chain() -> Chain:
    return Chain()


@asynccontextmanager
async def secure_server(folder: Path) -> AsyncIterator[str]:
    (folder / "chain").write_bytes(chain().leaf + chain().middle)
    (folder / "key").write_bytes(chain().key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "chain", folder / "key")
    async with answering(VERSION, tls=context) as port:
        yield f"https://127.0.0.1:{port}"


@pytest.mark.parametrize("trusted", ["root", "middle", "leaf"])
async def test_each_certificate_of_the_chain_is_a_ca_as_in_kubectl(
    trusted: str, tmp_path: Path
) -> None:
    async with secure_server(tmp_path) as server:
        subject = access(server, ca=getattr(chain(), trusted))
        async with Connection(subject) as connection:
            assert await connection.get_json("/version") == {}
        fact = await EndpointProbe(subject).once()
    assert [hop.ok for hop in fact.hops if hop.kind == "tls"] == [True]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("other", "isn't signed by the CA in the kubeconfig"),
        ("", "isn't signed by a CA that this machine trusts, and the kubeconfig names none"),
    ],
)
async def test_an_untrusted_certificate_is_blamed_on_the_ca_that_was_used(
    given: str, words: str, tmp_path: Path
) -> None:
    async with secure_server(tmp_path) as server:
        subject = access(server, ca=getattr(chain(), given) if given else b"")
        assert words in await fault(subject)
        fact = await EndpointProbe(subject).once()
    assert [words in hop.reason for hop in fact.hops if hop.kind == "tls"] == [True]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ca": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}, "The CA cert"),
        ({"certificate": b"x", "key": b"y"}, "client certificate or key of user ops"),
        (
            {"exec": Exec("tsh", (), (), "client.authentication.k8s.io/v1")},
            "client certificate or key that tsh returned for user ops",
        ),
    ],
)
def test_an_unusable_certificate_is_blamed_on_where_it_came_from(
    values: dict[str, object], words: str
) -> None:
    subject = access("https://127.0.0.1", **values)
    shown = Credential(certificate=b"x", key=b"y") if "ca" not in values else Credential()
    with pytest.raises(UserError, match=words) as refusal:
        transport(subject, shown)
    assert ("CA certificate" in str(refusal.value)) == ("ca" in values)
