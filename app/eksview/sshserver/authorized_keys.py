"""The keys of the SSH server: those that may connect, and its host key."""

import os
from pathlib import Path

import asyncssh
from platformdirs import user_data_path

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean


def data_folder() -> Path:
    """Return the folder of the keys: on Linux `~/.local/share/eksview`."""
    return user_data_path("eksview", appauthor=False)


def read_keys(path: Path) -> asyncssh.SSHAuthorizedKeys:
    """Return the keys of an OpenSSH authorized_keys file. Raises `UserError` if there are none."""
    shown = clean(str(path))
    advice = "add public keys to it, one per line, as in ~/.ssh/authorized_keys"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"There is no {shown}: {advice}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{shown} can't be read ({type(error).__name__}).") from None
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        raise UserError(f"{shown} holds no key: {advice}.")
    try:
        return asyncssh.import_authorized_keys(text)
    except ValueError as error:
        raise UserError(f"{shown} isn't a list of public keys: {clean(str(error))}.") from None


def name_of(path: Path, key: asyncssh.SSHKey) -> str:
    """Return a key's comment in the file, else its fingerprint."""
    blob = key.export_public_key("openssh").split()[1].decode()
    for line in path.read_text(encoding="utf-8").splitlines():
        _, separator, comment = line.partition(blob)
        if separator and comment.strip():
            return comment.strip()
    return key.get_fingerprint()


def host_key(folder: Path) -> asyncssh.SSHKey:
    """Return the server's own key, created on the first call and readable by its owner only."""
    path = folder / "ssh_host_ed25519_key"
    try:
        if path.exists():
            return asyncssh.read_private_key(path)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = asyncssh.generate_private_key("ssh-ed25519", comment="eksview")
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key.export_private_key())
    except (OSError, asyncssh.KeyImportError) as error:
        reason = type(error).__name__
        raise UserError(f"The host key {clean(str(path))} can't be used ({reason}).") from None
    return key
