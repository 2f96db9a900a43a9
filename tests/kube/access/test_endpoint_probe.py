"""The way to the endpoint, walked over real sockets, good and broken at every step."""

import asyncio
import socket
from contextlib import closing

import pytest
from msgspec.structs import replace

from eksview.domain.rows.access import EndpointFact, Hop
from eksview.kube.access.endpoint_probe import EndpointProbe, resolve, scope
from eksview.kube.client.cluster_access import ClusterAccess
from eksview_demo.api.tls import make
from tests.kube.world import World
from tests.sockets import serving, silent


def hop(fact: EndpointFact, kind: str) -> Hop:
    return next(each for each in fact.hops if each.kind == kind)


def plain(url: str) -> ClusterAccess:
    return ClusterAccess("c", "c", url, "u", "default", "file")


async def test_a_good_way_is_good_at_every_step(world: World) -> None:
    fact = await EndpointProbe(world.connect().access).once()
    assert [each.kind for each in fact.hops] == ["dns", "tcp", "tls", "http"]
    assert all(each.ok and each.took is not None for each in fact.hops)
    assert hop(fact, "http").evidence == (("status", "200 OK"),)
    assert fact.certificate is not None
    assert "127.0.0.1" in fact.certificate.names
    seen = dict(hop(fact, "tls").evidence)
    assert seen["version"].startswith("TLSv1.")
    assert seen["trust"] == "signed by the kubeconfig's CA"
    assert 0 < fact.total < 10


async def test_a_name_that_doesnt_exist_is_said_and_nothing_after_it_is_tried() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    fact = await EndpointProbe(plain("https://api.example.invalid"), resolve=nowhere).once()
    assert hop(fact, "dns").ok is False
    assert "api.example.invalid can't be resolved" in hop(fact, "dns").reason
    assert [each.ok for each in fact.hops[1:]] == [None, None]


async def test_a_resolver_that_hangs_is_given_up() -> None:
    async def hanging(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        raise AssertionError

    fact = await EndpointProbe(plain("https://api.example.com"), resolve=hanging, limit=0.05).once()
    assert "DNS didn't answer for api.example.com" in hop(fact, "dns").reason


async def test_every_address_is_tried_by_itself() -> None:
    async def two(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "127.0.0.2"]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 401 Unauthorized\r\n\r\n")

    async with serving(serve) as port:  # on 127.0.0.1 only
        fact = await EndpointProbe(plain(f"http://api.example.com:{port}"), resolve=two).once()
    tcp = [each for each in fact.hops if each.kind == "tcp"]
    assert [each.ok for each in tcp] == [True, False]
    assert "Connection refused" in tcp[1].reason
    assert hop(fact, "http").ok
    assert hop(fact, "dns").evidence[0] == ("address", "127.0.0.1 (loopback)")


async def test_a_closed_port_is_refused() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        fact = await EndpointProbe(plain(f"https://127.0.0.1:{free.getsockname()[1]}")).once()
    assert "Connection refused by 127.0.0.1" in hop(fact, "tcp").reason


async def test_dropped_packets_are_a_timeout() -> None:
    with closing(socket.socket()) as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]  # the queue is full: Linux drops the rest
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        fact = await EndpointProbe(plain(f"https://127.0.0.1:{port}"), limit=0.1).once()
        for filler in fillers:
            filler.close()
    assert "doesn't answer (timed out)" in hop(fact, "tcp").reason
    assert hop(fact, "tls").ok is None


async def test_another_ca_is_said_with_the_certificate_that_was_shown(world: World) -> None:
    access = replace(world.connect().access, ca=make().authority)
    fact = await EndpointProbe(access).once()
    assert "isn't signed by the CA in the kubeconfig" in hop(fact, "tls").reason
    assert fact.certificate is not None
    assert dict(hop(fact, "tls").evidence)["issuer"]
    assert hop(fact, "http").ok is None


async def test_the_tls_of_another_host_is_said(world: World) -> None:
    access = replace(world.connect().access, tls_server_name="other.example.com")
    fact = await EndpointProbe(access).once()
    assert "is for another name" in hop(fact, "tls").reason


async def test_an_insecure_access_is_walked_without_verifying(world: World) -> None:
    access = replace(world.connect().access, ca=b"", insecure=True)
    fact = await EndpointProbe(access).once()
    assert all(each.ok for each in fact.hops)
    assert "not checked" in dict(hop(fact, "tls").evidence)["trust"]


async def test_a_server_that_speaks_no_tls_is_said() -> None:
    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")

    async with serving(chatter) as port:
        fact = await EndpointProbe(plain(f"https://127.0.0.1:{port}")).once()
    assert "doesn't speak TLS" in hop(fact, "tls").reason


@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_a_silent_server_is_given_up(scheme: str) -> None:
    async with serving(silent) as port:
        fact = await EndpointProbe(plain(f"{scheme}://127.0.0.1:{port}"), limit=0.1).once()
    said = hop(fact, "tls" if scheme == "https" else "http").reason
    assert "accepts connections but doesn't respond" in said


@pytest.mark.parametrize(
    ("answer", "ok", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", True, ""),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", True, ""),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False, "answered 503"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", False, "An SSH server answers"),
        (b"220 mail ESMTP\r\n", False, "doesn't speak HTTP"),
        (b"", False, "doesn't speak HTTP"),
    ],
)
async def test_any_answer_proves_the_way_and_an_unhealthy_one_is_said(answer, ok, reason) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    async with serving(serve) as port:
        fact = await EndpointProbe(plain(f"http://127.0.0.1:{port}")).once()
    assert hop(fact, "http").ok is ok
    assert reason in hop(fact, "http").reason


async def test_through_a_proxy_the_way_is_walked_as_far_as_the_proxy() -> None:
    async with serving(silent) as port:
        access = replace(plain("https://api.example.com"), proxy=f"http://127.0.0.1:{port}")
        fact = await EndpointProbe(access).once()
    assert (fact.port, fact.proxy) == (port, f"http://127.0.0.1:{port}")
    assert hop(fact, "tcp").ok
    assert hop(fact, "http").ok is None
    assert "proxy" in hop(fact, "http").reason


@pytest.mark.parametrize(
    "password", ["hunter22", "it's-hunter22", 'hun"ter22', "hun<ter22", "a:b@c"]
)
@pytest.mark.parametrize("listens", [True, False])
async def test_no_part_of_a_proxys_password_is_shown(password: str, *, listens: bool) -> None:
    async with serving(silent) as port:
        proxy = f"http://ada:{password}@127.0.0.1:{port if listens else 9}"
        fact = await EndpointProbe(replace(plain("https://api.example.com"), proxy=proxy)).once()
    assert fact.proxy.startswith("http://…@127.0.0.1:")
    assert not any(part in repr(fact) for part in (password, password[:3], password[-3:], "ada"))


async def test_names_are_really_looked_up() -> None:
    assert "127.0.0.1" in await resolve("localhost", 443)
    with pytest.raises(socket.gaierror):
        await resolve("no-such-host.invalid", 443)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.0.3.7", "private"),
        ("172.31.1.1", "private"),
        ("52.94.1.1", "public"),
        ("127.0.0.1", "loopback"),
        ("fe80::1%eth0", "private"),
        ("api.example.com", "unknown"),
    ],
)
def test_how_far_an_address_reaches(address, expected) -> None:
    assert scope(address) == expected
