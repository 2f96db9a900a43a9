"""OpenSSH, both ends of it on 127.0.0.1, from files in a folder and from nothing of this machine's.

sshd's configuration, host key, authorized_keys and port are the test's own. One thing it wants of
the system: started by root it separates privileges in /run/sshd, which Debian's service makes at
each start; where it is missing it is made, empty and closed, and left as the service would.
"""

import os
import pwd
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.patience import PATIENCE

SERVER = Path("/usr/sbin/sshd")  # which refuses to start by any but its whole path
NO_SSH = "ssh is missing; on Debian: apt-get install openssh-client"
NO_SSHD = "sshd is missing; on Debian: apt-get install openssh-server"
HAS_SSH = shutil.which("ssh") is not None
HAS_SSHD = HAS_SSH and SERVER.exists()

_SEPARATION = Path("/run/sshd")
_CONFIG = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
UseDNS no
AcceptEnv LANG LC_* NO_COLOR
SetEnv {environment}
"""


def make_key(path: Path, comment: str = "") -> Path:
    """A key pair without a passphrase, `path` and `path`.pub."""
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(path)]
    subprocess.run(make, check=True)
    return path


def client(folder: Path, port: int, key: Path, *words: str) -> list[str]:
    """The client's command line, with nothing of this machine's configuration.

    It ends with the host: a command may follow.
    """
    return [
        "ssh", "-F", "none", "-i", str(key), "-o", "IdentitiesOnly=yes",
        "-o", f"UserKnownHostsFile={folder / 'known_hosts'}", "-o", "BatchMode=yes",
        "-o", "StrictHostKeyChecking=accept-new", "-o", "LogLevel=ERROR",
        "-p", str(port), *words, "127.0.0.1",
    ]  # fmt: skip


class Sshd:
    """An OpenSSH server for the user who runs the tests; ends with the `with` block."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._key = make_key(folder / "ada")
        make_key(folder / "host")
        (folder / "authorized_keys").write_text((folder / "ada.pub").read_text())
        self.port = _free_port()
        said = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        config, self._log = folder / "sshd_config", folder / "sshd.log"
        config.write_text(_CONFIG.format(port=self.port, folder=folder, environment=said))
        if os.getuid() == 0:
            _SEPARATION.mkdir(mode=0o755, exist_ok=True)
        self._log.touch()
        command = [str(SERVER), "-D", "-f", str(config), "-E", str(self._log)]
        self._process = subprocess.Popen(command)
        self._await_port()

    def __enter__(self) -> "Sshd":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)

    def ssh(self, *words: str, port: int | None = None) -> list[str]:
        """A client's command line; `port` where something stands between the two."""
        user = pwd.getpwuid(os.getuid()).pw_name
        words = ("-l", user, "-o", "SendEnv=LANG LC_* NO_COLOR", *words)
        return client(self._folder, port or self.port, self._key, *words)

    def _await_port(self, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while not _listens(self.port):
            log = self._log.read_text()
            assert self._process.poll() is None, f"sshd ended: {log}"
            assert time.monotonic() < deadline, f"sshd doesn't answer: {log}"
            time.sleep(0.05)


def marked(mark: str) -> list[int]:
    """The processes of this user in whose environment a mark is, whoever their parent is now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            environment = path.read_bytes()
        except OSError:
            continue
        if mark.encode() in environment:
            found.append(int(path.parent.name))
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
