"""`eksview serve`: the dashboard for any SSH client, on one set of watches."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from eksview.cli.dashboard import forget_fixed_size
from eksview.config.settings import ServeSettings, Settings, speaks_utf8
from eksview.domain.base.reading import Read
from eksview.domain.base.text import clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Sink
from eksview.engine.backend import KubeBackend
from eksview.engine.logfile import log_path, start_log
from eksview.sshserver.authorized_keys import authorized, data_folder, host_key
from eksview.sshserver.backend import SharedBackend
from eksview.sshserver.config import Sharing
from eksview.sshserver.fanout import ViewerFanout
from eksview.sshserver.server import listen
from eksview.sshserver.sessions import Sessions
from eksview.ui.shell.app import EksviewApp

REPORT = 5.0  # seconds between two tellings of what sessions have cost
KEYS = "authorized_keys"


def share(settings: Settings, serving: ServeSettings) -> int:
    """Serve until interrupted; 0. `Problem` when nobody could look, or nothing can listen."""
    keys = serving.authorized_keys
    path = Path(keys).expanduser() if keys else data_folder() / KEYS
    authorized(path)
    start_log(log_path())
    logging.getLogger("eksview.sshserver").setLevel(logging.INFO)
    forget_fixed_size(os.environ)
    sharing = Sharing(serving.listen, serving.port, path, serving.max_sessions)
    asyncio.run(_serve(settings, sharing))
    return 0


async def _serve(settings: Settings, sharing: Sharing) -> None:
    hub = ViewerFanout()
    backend = KubeBackend(settings, hub)
    guests = Sessions(
        sharing.most,
        lambda viewers: hub.send(FactSet(Facts.viewers, Read(viewers, time.time()))),
        time.time,
    )
    guests.report()

    def make(environment: Mapping[str, str]) -> EksviewApp:
        own = replace(
            settings,
            ascii=settings.ascii or not speaks_utf8(environment),
            animate=False,
            mouse=False,
            over_ssh=True,
        )

        def shared(_: Settings, sink: Sink) -> SharedBackend:
            return SharedBackend(backend, hub, sink)

        return EksviewApp(own, shared, served=True)

    key = host_key(data_folder())
    server = await listen(sharing, key, guests, make)
    backend.start()
    try:
        _announce(sharing, server.get_port(), key.get_fingerprint())
        await _until_told(guests)
    finally:
        server.close()
        await server.wait_closed()
        backend.stop()


async def _until_told(guests: Sessions) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    while not told.is_set():
        try:
            async with asyncio.timeout(REPORT):
                await told.wait()
        except TimeoutError:
            if len(guests):
                guests.report()


def _announce(sharing: Sharing, port: int, fingerprint: str) -> None:
    out: Any = sys.__stdout__
    out.write(
        f"serving at ssh -p {port} {clean(sharing.listen)}, at most {sharing.most} sessions\n"
        f"host key {fingerprint}\n"
        f"who may look: {clean(str(sharing.keys))}\n"
    )
    out.flush()
