"""Whatever would ask on the terminal: nothing is asked, and a sentence says what to do."""

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from eksview_demo.api import tls
from tests.cli.credential_programs import kubeconfig, plugin, profile, program
from tests.patience import PATIENCE, eventually
from tests.process.children import PROGRAM, alive, children_of

ASKS = """import sys
try:
    with open("/dev/tty", "r+b", buffering=0) as terminal:
        terminal.write(b"Password: ")
        terminal.readline()
except OSError:
    sys.exit(f"no terminal, stdin {sys.stdin.read()!r}")
"""
ENCRYPTED = serialization.BestAvailableEncryption(b"secret")


class OnTerminal:
    """An eksview with a terminal of its own for everything, and what it wrote there."""

    def __init__(self, *words: str, env: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "eksview", *words], stdin=slave, stdout=slave, stderr=slave,
            env={"PATH": os.environ["PATH"], **env}, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )  # fmt: skip
        os.close(slave)

    def written(self) -> str:
        """Wait for the end; return everything that was written to the terminal."""
        pieces = []
        with suppress(OSError):  # EIO: nobody has the terminal any more
            while piece := os.read(self._master, 4096):
                pieces.append(piece)
        os.close(self._master)
        self.process.wait(timeout=PATIENCE)
        return b"".join(pieces).decode()


CLUSTERS = ("get", "clusters", "--profile", "p", "--region", "us-west-2")
ROLE = "role_arn = arn:aws:iam::111122223333:role/ops"


def encrypted_key(folder: Path) -> dict[str, str]:
    made = tls.make()
    key = serialization.load_pem_private_key(made.key, None)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    (folder / "key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, ENCRYPTED))
    (folder / "certificate").write_bytes(made.certificate)
    assert x509.load_pem_x509_certificates(made.certificate)
    return kubeconfig(folder, {"client-key": "key", "client-certificate": "certificate"})


@pytest.mark.parametrize(
    ("words", "environ", "sentence"),
    [
        (("get", "nodes"), lambda folder: kubeconfig(folder, plugin(program(folder, ASKS))),
         "The credential plugin give-credentials failed with exit code 1: no terminal, stdin ''"),
        (("get", "nodes"), encrypted_key, "The client key of user ops is encrypted"),
        (("doctor",), encrypted_key, "The client key of user ops is encrypted"),
        (CLUSTERS,
         lambda folder: profile(
             folder, f"[profile p]\ncredential_process = {program(folder, ASKS)}"),
         "The credential_process give-credentials failed with exit code 1: no terminal, stdin ''"),
        (CLUSTERS,
         lambda folder: profile(
             folder, f"[profile p]\n{ROLE}\nsource_profile = q\n"
             f"[profile q]\ncredential_process = {program(folder, ASKS)}"),
         "The credential_process give-credentials failed with exit code 1: no terminal, stdin ''"),
        (CLUSTERS,
         lambda folder: profile(
             folder, f"[profile p]\n{ROLE}\nsource_profile = q\n"
             "mfa_serial = arn:aws:iam::111122223333:mfa/ada\n"
             "[profile q]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x"),
         "The AWS profile p needs an MFA code"),
    ],
    ids=["plugin", "key", "key-doctor", "process", "source-process", "mfa"],
)  # fmt: skip
def test_nothing_asks_on_the_terminal(words, environ, sentence, tmp_path: Path) -> None:
    written = OnTerminal(*words, env=environ(tmp_path)).written()
    assert sentence in written
    assert "Password" not in written
    assert "pass phrase:" not in written
    assert "Traceback" not in written
    if words[0] == "get":
        assert len(written.splitlines()) == 1, written


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("how", ["plugin", "process"])
def test_a_hanging_program_ends_with_eksview(how: str, end: signal.Signals, tmp_path: Path) -> None:
    pids, command = tmp_path / "pids", program(tmp_path, PROGRAM)
    if how == "plugin":
        words, env = ("get", "nodes"), kubeconfig(tmp_path, plugin(command, str(pids)))
    else:
        text = f"[profile p]\ncredential_process = {command} {pids}"
        words, env = CLUSTERS, profile(tmp_path, text)
    terminal = OnTerminal(*words, env=env)
    eventually(lambda: children_of(pids), "the program and its child")
    terminal.process.send_signal(end)
    terminal.written()
    eventually(lambda: not any(map(alive, children_of(pids))), "end of the program")
