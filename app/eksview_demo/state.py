"""What makes a restarted demo server the same server to its clients: certificates and tokens."""

from pathlib import Path

import msgspec
from msgspec import Struct

from eksview_demo.api import tls
from eksview_demo.api.access import Access
from eksview_demo.api.tls import Certificates
from eksview_demo.errors import DemoError


class _Kept(Struct):
    authority: str
    certificate: str
    key: str
    tokens: dict[str, str]


def identity(folder: Path | None) -> tuple[Certificates, Access]:
    """New certificates and tokens, or those kept in this folder. Raises DemoError."""
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
