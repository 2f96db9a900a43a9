"""The authentication of the SSH server: the keys of the file as it is now."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncssh
import pytest

from eksview.sshserver import server
from eksview.sshserver.server import Listener, ServerConfig


def listener(keys: Path) -> Listener:
    config = ServerConfig("127.0.0.1", 0, keys, 1)
    unused: Any = None
    made = Listener(config, unused, unused)
    connection: Any = SimpleNamespace(get_extra_info=lambda _: ("127.0.0.1", 1))
    made.connection_made(connection)
    return made


@pytest.fixture
def key(tmp_path: Path) -> asyncssh.SSHKey:
    key = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    (tmp_path / "keys").write_bytes(key.export_public_key("openssh"))
    return key


def test_only_a_key_of_the_file_is_accepted(tmp_path: Path, key: asyncssh.SSHKey) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").convert_to_public()
    made = listener(tmp_path / "keys")
    assert made.validate_public_key("ada", key)
    assert not made.validate_public_key("ada", stranger)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"\xff")])
def test_a_file_that_is_damaged_during_a_login_refuses_the_key(
    tmp_path: Path, key: asyncssh.SSHKey, monkeypatch: pytest.MonkeyPatch, damage
) -> None:
    read_keys = server.read_keys

    def damaged(path: Path) -> asyncssh.SSHAuthorizedKeys:
        keys = read_keys(path)
        damage(path)
        return keys

    monkeypatch.setattr(server, "read_keys", damaged)
    assert not listener(tmp_path / "keys").validate_public_key("ada", key)
