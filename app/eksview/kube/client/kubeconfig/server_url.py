"""The address of an API server in a kubeconfig, as client-go understands it.

Source: rest.DefaultServerURL, and net/http for a user name in the address.
"""

import re
from urllib.parse import SplitResult, unquote, urlsplit

import yarl
from msgspec import Struct

_USER_INFO = re.compile(r"//[^/?#]*@")


class ServerUrl(Struct, frozen=True):
    """A URL without user info, and the user name and password it had."""

    url: str
    username: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"ServerUrl({self.url!r})"

    @property
    def secure(self) -> bool:
        return self.url.startswith("https://")


def parse_server(server: str) -> ServerUrl:
    """Return the parts of an address; without a scheme it is one of http. Raises `ValueError`."""
    has_scheme = "://" in server
    parts = urlsplit(server if has_scheme else f"http://{server}")
    if parts.scheme not in ("http", "https") or not _is_address(server, parts):
        raise ValueError(server)
    if not has_scheme and parts.path not in ("", "/"):
        raise ValueError(server)
    netloc = parts.netloc.rpartition("@")[2]
    url = f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}"
    yarl.URL(url)  # the HTTP client's own check
    return ServerUrl(url, unquote(parts.username or ""), unquote(parts.password or ""))


def without_user_info(server: str) -> str:
    """Return an address, valid or not, that may be shown."""
    return _USER_INFO.sub("//", server, count=1)


def is_host_name(host: str) -> bool:
    """Return whether a name can be looked up."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


def _is_address(server: str, parts: SplitResult) -> bool:
    host = parts.hostname or ""
    blank = any(character <= " " or character == "\x7f" for character in server)
    return bool(host) and not blank and parts.port != 0 and is_host_name(host)
