"""The SSH server: public keys only, a dashboard for each terminal, and nothing else."""

import asyncssh

from eksview.domain.base.problem import UserError
from eksview.domain.base.text import clean
from eksview.sshserver.authorized_keys import authorized, name_of
from eksview.sshserver.config import Sharing
from eksview.sshserver.session import MakeApp, SshSession
from eksview.sshserver.sessions import Sessions, ViewerSession

LOGIN = 30  # seconds in which a client must have shown its key
ALIVE = 15  # seconds of silence after which a client is asked whether it is there
MISSED = 2


class Listener(asyncssh.SSHServer):
    """One connection: who it is, and which sessions it may have."""

    def __init__(self, sharing: Sharing, guests: Sessions, make: MakeApp) -> None:
        self._sharing = sharing
        self._guests = guests
        self._make = make
        self._connection: asyncssh.SSHServerConnection
        self._key = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Somebody knocks."""
        self._connection = conn

    def begin_auth(self, _username: str) -> bool:
        """Always: nobody looks without a key."""
        return True

    def public_key_auth_supported(self) -> bool:
        """The only way in."""
        return True

    def validate_public_key(self, _username: str, key: asyncssh.SSHKey) -> bool:
        """Whether the file has this key now: one that is taken out of it lets nobody in."""
        address = self._address
        try:
            options = authorized(self._sharing.keys).validate(key, address, address)
        except UserError:
            return False
        self._key = name_of(self._sharing.keys, key)
        return options is not None

    def session_requested(self) -> SshSession:
        """A terminal."""
        user = str(self._connection.get_extra_info("username"))
        return SshSession(self._guests, ViewerSession(user, self._key, self._address), self._make)

    @property
    def _address(self) -> str:
        peer = self._connection.get_extra_info("peername")
        return str(peer[0]) if peer else ""


async def listen(
    sharing: Sharing, host_key: asyncssh.SSHKey, guests: Sessions, make: MakeApp
) -> asyncssh.SSHAcceptor:
    """Open the port; `UserError` when it can't be."""
    try:
        return await asyncssh.create_server(
            lambda: Listener(sharing, guests, make),
            sharing.listen,
            sharing.port,
            server_host_keys=[host_key],
            server_version="eksview",
            encoding=None,
            line_editor=False,
            allow_scp=False,
            agent_forwarding=False,
            x11_forwarding=False,
            login_timeout=LOGIN,
            keepalive_interval=ALIVE,
            keepalive_count_max=MISSED,
        )
    except OSError as error:
        where = f"{clean(sharing.listen)}:{sharing.port}"
        why = error.strerror or type(error).__name__
        raise UserError(
            f"Can't listen on {where} ({why}): choose another --port or --listen."
        ) from None
