"""Running the demo until a signal or the end of its input."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from eksview_demo.api import tls
from eksview_demo.api.access import Access
from eksview_demo.api.server import HOST, DemoServer
from eksview_demo.api.tls import Certificates
from eksview_demo.aws.account import REFUSED, Account
from eksview_demo.aws.listener import AwsListener
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.errors import DemoError
from eksview_demo.life.engine import Life, live
from eksview_demo.options import DemoOptions


class _Kept(Struct):
    authority: str
    certificate: str
    key: str
    tokens: dict[str, str]


def identity(folder: Path | None) -> tuple[Certificates, Access]:
    """Return new certificates and tokens, or those kept in a folder. Raises DemoError."""
    if folder is None:
        return tls.make(), Access()
    path = folder / "identity.json"
    try:
        if path.exists():
            return _read(path)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        certificates, access = tls.make(), Access()
        _write(path, certificates, access)
    except OSError as error:
        raise DemoError(f"Can't keep the demo's state in {folder}: {error.strerror}.") from None
    return certificates, access


def _read(path: Path) -> tuple[Certificates, Access]:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except msgspec.DecodeError:
        raise DemoError(f"{path} isn't what an earlier demo left there: remove it.") from None
    texts = (kept.authority.encode(), kept.certificate.encode(), kept.key.encode())
    return Certificates(*texts), Access(kept.tokens)


def _write(path: Path, certificates: Certificates, access: Access) -> None:
    path.touch(mode=0o600)
    kept = _Kept(
        certificates.authority.decode(),
        certificates.certificate.decode(),
        certificates.key.decode(),
        access.tokens,
    )
    path.write_bytes(msgspec.json.encode(kept))


Announce: TypeAlias = Callable[[Mapping[str, str]], None]
"""Receives the variables that point clients to the demo: KUBECONFIG, and AWS's."""


def make_server(options: DemoOptions) -> DemoServer:
    """Return a server of a new cluster, not yet listening. Raises DemoError."""
    certificates, access = identity(options.state)
    cluster = DemoCluster(options.seed, max_events=max(400, options.pods // 40))
    build(cluster, options.nodes, options.pods)
    return DemoServer(cluster, access, certificates)


@contextlib.asynccontextmanager
async def running(options: DemoOptions) -> AsyncIterator[tuple[DemoServer, AwsListener]]:
    """Yield a listening server with a living cluster, and its AWS socket. Raises DemoError."""
    server = make_server(options)
    life = Life(server.cluster, options.churn)  # before anybody looks: its past is to be seen too
    try:
        await server.start(options.port)
    except OSError as error:
        where = f"{HOST}:{options.port}"
        raise DemoError(f"The demo can't listen on {where}: {error.strerror}.") from None
    living = asyncio.create_task(live(life))
    authority = server.certificates.authority
    account = Account(server.cluster, server.url, authority, REFUSED, options.ecs_instances)
    listener = AwsListener(account)
    try:
        yield server, listener
    finally:
        living.cancel()
        await listener.close()
        await server.stop()


def serve_forever(options: DemoOptions, announce: Announce) -> int:
    """Serve until interrupted; `announce` is called once requests are answered."""
    return serve_until(options, announce, stdin=None)


def serve_until(options: DemoOptions, announce: Announce, stdin: int | None) -> int:
    """Serve until SIGINT, SIGTERM or the end of a standard input. Returns 0. Raises DemoError."""
    with tempfile.TemporaryDirectory(prefix="eksview-demo-") as folder:  # mode 0700
        path = Path(folder, "kubeconfig")
        # Nothing but the announcement may reach the terminal: a dashboard is drawn on it.
        logging.disable(logging.CRITICAL)
        asyncio.run(_serve(options, path, announce, stdin))
    return 0


async def _serve(options: DemoOptions, path: Path, announce: Announce, stdin: int | None) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup's wish is kept: who started us doesn't want the hang-up heard.
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop.set)
    if stdin is not None:
        loop.add_reader(stdin, _read_end, stdin, stop)
    async with running(options) as (server, listener):
        gc.freeze()  # the cluster stays: the collector needn't look at it again
        server.write_kubeconfig(path, role=options.role)
        announce({"KUBECONFIG": str(path), **listener.environ})
        listener.open()
        await stop.wait()
    if stdin is not None:
        loop.remove_reader(stdin)


def _read_end(stdin: int, stop: asyncio.Event) -> None:
    """Stop when the parent closes its end of the pipe."""
    if not os.read(stdin, 4096):
        stop.set()
