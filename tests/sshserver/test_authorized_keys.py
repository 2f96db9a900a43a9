"""The keys of the SSH server: who may connect, and the host key."""

import asyncssh
import pytest

from eksview.domain.base.errors import UserError
from eksview.sshserver.authorized_keys import data_folder, host_key, name_of, read_keys


def test_the_servers_key_is_made_once_and_is_its_owners_alone(tmp_path) -> None:
    folder = tmp_path / "eksview"
    first, again = host_key(folder), host_key(folder)
    (path,) = folder.iterdir()
    assert first.get_fingerprint() == again.get_fingerprint()
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("rubbish")
    with pytest.raises(UserError, match="can't be used"):
        host_key(folder)


def test_a_key_is_named_by_its_comment_in_the_file(tmp_path) -> None:
    path = tmp_path / "authorized_keys"
    named, bare = (
        asyncssh.generate_private_key("ssh-ed25519").convert_to_public() for _ in range(2)
    )
    lines = [key.export_public_key("openssh").decode().strip() for key in (named, bare)]
    path.write_text(f'# team\nfrom="10.0.0.0/8" {lines[0]} ada@laptop\n{lines[1]}\n')
    keys = read_keys(path)
    assert keys.validate(named, "h", "10.1.2.3") is not None
    assert keys.validate(named, "h", "192.0.2.1") is None
    assert name_of(path, named) == "ada@laptop"
    assert name_of(path, bare) == bare.get_fingerprint()


def test_keys_are_in_the_data_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert data_folder() == tmp_path / ".local" / "share" / "eksview"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert data_folder() == tmp_path / "data" / "eksview"
