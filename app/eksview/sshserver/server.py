"""The SSH server: public keys only, and a dashboard for each terminal."""

import logging
from pathlib import Path

import asyncssh
from msgspec import Struct

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.sshserver.authorized_keys import name_of, read_keys
from eksview.sshserver.session import MakeApp, SshSession
from eksview.sshserver.session_list import Sessions, ViewerSession

LOG = logging.getLogger("eksview.sshserver")
LOGIN_LIMIT = 30  # seconds in which a client must authenticate
KEEPALIVE = 15  # seconds of silence after which a keepalive is sent
MAX_KEEPALIVES = 2  # without an answer


class ServerConfig(Struct, frozen=True):
    """The address, the authorized_keys file and the limit of sessions."""

    listen: str
    port: int
    keys: Path
    max_sessions: int


class Listener(asyncssh.SSHServer):
    """One connection: its authentication and its sessions."""

    def __init__(self, config: ServerConfig, sessions: Sessions, make_app: MakeApp) -> None:
        self._config = config
        self._sessions = sessions
        self._make_app = make_app
        self._connection: asyncssh.SSHServerConnection
        self._address = self._key = ""
        self._authenticated = False

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        peer = conn.get_extra_info("peername")  # unknown once the connection is lost
        self._address = str(peer[0]) if peer else ""

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self._authenticated:
            LOG.info("refused %s: no key of %s", self._address, clean(str(self._config.keys)))

    def auth_completed(self) -> None:
        self._authenticated = True

    def begin_auth(self, _username: str) -> bool:
        return True  # authentication is always required

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, _username: str, key: asyncssh.SSHKey) -> bool:
        """Return whether the file has this key now, so that removing a key takes effect."""
        address = self._address
        try:
            if read_keys(self._config.keys).validate(key, address, address) is None:
                return False
            self._key = name_of(self._config.keys, key)
        except (UserError, OSError, UnicodeDecodeError):  # the file may change in between
            return False
        return True

    def session_requested(self) -> SshSession:
        user = str(self._connection.get_extra_info("username"))
        viewer = ViewerSession(user, self._key, self._address)
        return SshSession(self._sessions, viewer, self._make_app)


async def listen(
    config: ServerConfig, host_key: asyncssh.SSHKey, sessions: Sessions, make_app: MakeApp
) -> asyncssh.SSHAcceptor:
    """Open the port. Raises `UserError`."""
    try:
        return await asyncssh.create_server(
            lambda: Listener(config, sessions, make_app),
            config.listen,
            config.port,
            server_host_keys=[host_key],
            server_version="eksview",
            encoding=None,
            line_editor=False,
            allow_scp=False,
            agent_forwarding=False,
            x11_forwarding=False,
            login_timeout=LOGIN_LIMIT,
            keepalive_interval=KEEPALIVE,
            keepalive_count_max=MAX_KEEPALIVES,
        )
    except OSError as error:
        address = f"{clean(config.listen)}:{config.port}"
        reason = error.strerror or type(error).__name__
        raise UserError(
            f"Can't listen on {address} ({reason}): choose another --port or --listen."
        ) from None
