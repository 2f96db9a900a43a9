"""`eksview serve`: the dashboard for SSH clients, with one set of watches for all of them."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from eksview.cli.dashboard import check_screens, forget_fixed_size
from eksview.config.settings import ServeSettings, Settings
from eksview.domain.base.language import is_utf8, language_of
from eksview.domain.base.reading import Read
from eksview.domain.base.text import clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Sink
from eksview.domain.live.viewers import Viewers
from eksview.engine.backend import KubeBackend
from eksview.engine.logfile import log_path, start_log
from eksview.sshserver.authorized_keys import data_folder, host_key, read_keys
from eksview.sshserver.backend import SharedBackend
from eksview.sshserver.fanout import ViewerFanout
from eksview.sshserver.server import ServerConfig, listen
from eksview.sshserver.session_list import Sessions
from eksview.ui.shell.app import EksviewApp
from eksview.ui.terminal.line_erase import erases_in_color

REPORT = 5.0  # seconds between two reports of the bytes sent to each session
KEYS = "authorized_keys"


def serve(settings: Settings, options: ServeSettings) -> int:
    """Serve until interrupted; return 0.

    Raises `UserError` if no key may connect or the port can't be opened.
    """
    check_screens(settings)
    keys = options.authorized_keys
    path = Path(os.path.expanduser(keys)) if keys else data_folder() / KEYS
    read_keys(path)
    start_log(log_path())
    logging.getLogger("eksview.sshserver").setLevel(logging.INFO)
    forget_fixed_size(os.environ)
    asyncio.run(
        _serve(settings, ServerConfig(options.listen, options.port, path, options.max_sessions))
    )
    return 0


async def _serve(settings: Settings, config: ServerConfig) -> None:
    fanout = ViewerFanout()
    backend = KubeBackend(settings, fanout)

    def report(viewers: Viewers) -> None:
        fanout.send(FactSet(Facts.viewers, Read(viewers, time.time())))

    sessions = Sessions(config.max_sessions, report, time.time)
    sessions.report()

    def make_app(environment: Mapping[str, str]) -> EksviewApp:
        app_settings = replace(
            settings,
            ascii=settings.ascii or not is_utf8(environment),
            lang=language_of(environment, settings.lang),
            animate=False,
            mouse=False,
            over_ssh=True,
        )

        def make_backend(_: Settings, sink: Sink) -> SharedBackend:
            return SharedBackend(backend, fanout, sink)

        app = EksviewApp(app_settings, make_backend, served=True)
        app.erase_lines(in_color=erases_in_color(environment))
        return app

    key = host_key(data_folder())
    server = await listen(config, key, sessions, make_app)
    backend.start()
    try:
        _announce(config, server.get_port(), key.get_fingerprint())
        await _until_signal(sessions)
    finally:
        server.close()
        await server.wait_closed()
        backend.stop()


async def _until_signal(sessions: Sessions) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopped.set)
    while not stopped.is_set():
        try:
            async with asyncio.timeout(REPORT):
                await stopped.wait()
        except TimeoutError:
            if len(sessions):
                sessions.report()


def _announce(config: ServerConfig, port: int, fingerprint: str) -> None:
    sys.stdout.write(
        f"serving: ssh -p {port} {clean(config.listen)} (at most {config.max_sessions} sessions)\n"
        f"host key: {fingerprint}\n"
        f"authorized keys: {clean(str(config.keys))}\n"
    )
    sys.stdout.flush()
