"""The proxy of a server by HTTP_PROXY, HTTPS_PROXY and NO_PROXY, as in Go and so in kubectl.

Source: golang.org/x/net/http/httpproxy, which http.ProxyFromEnvironment uses.
"""

from collections.abc import Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from msgspec.structs import replace

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.kube.client.cluster_access import ClusterAccess

_PORTS = {"http": 80, "https": 443}
Address: TypeAlias = IPv4Address | IPv6Address


def through_proxy(access: ClusterAccess, environment: Mapping[str, str]) -> ClusterAccess:
    """Return the access with the environment's proxy where the kubeconfig has none."""
    proxy = access.proxy or proxy_from_environment(access.server, environment)
    return replace(access, proxy=proxy)


def proxy_from_environment(server: str, environment: Mapping[str, str]) -> str:
    """Return the URL of the proxy for a server's URL; empty without one, and for the loopback.

    The variables in capitals come first, an empty one counts as absent. Raises `UserError` for
    a proxy that eksview can't speak with, and for HTTP_PROXY in a CGI program, where a request's
    header could set it.
    """
    target = urlsplit(server)
    name = f"{target.scheme.upper()}_PROXY"
    proxy = _with_scheme(_variable(environment, name))
    if not proxy or target.scheme not in _PORTS:
        return ""
    if target.scheme == "http" and environment.get("REQUEST_METHOD"):
        raise UserError("HTTP_PROXY isn't used in a CGI program: unset REQUEST_METHOD.")
    if _is_direct(target, _variable(environment, "NO_PROXY")):
        return ""
    return usable_proxy(proxy, name)


def usable_proxy(proxy: str, setting: str) -> str:
    """Return a proxy's URL; raises `UserError` unless it is one of http or https with a host.

    `setting` says where the URL comes from, such as the name of a variable.
    """
    parts = _parsed(proxy)
    if parts is None or not parts.hostname:
        raise UserError(
            f"{setting} isn't the URL of a proxy, such as http://proxy:3128: correct it."
        )
    if parts.scheme not in _PORTS:
        raise UserError(
            f"{setting} uses {clean(parts.scheme)}, which eksview can't speak: "
            "use an http:// proxy."
        )
    return proxy


def _variable(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name) or environment.get(name.lower()) or ""


def _with_scheme(proxy: str) -> str:
    """Return a URL: http:// is assumed before host:port."""
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _parsed(url: str) -> SplitResult | None:
    """Return the parts of a URL; None where its host or port is invalid."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it checks it
    except ValueError:
        return None
    return parts


def _is_direct(target: SplitResult, no_proxy: str) -> bool:
    """Return whether a server is reached without the proxy."""
    host, port = _ascii(target.hostname or ""), target.port or _PORTS[target.scheme]
    address = _address(host.partition("%")[0])
    loopback = address.is_loopback if address else host == "localhost" in target.netloc
    if loopback:
        return True
    entries = (entry.strip() for entry in no_proxy.lower().split(","))
    return any(_excludes(entry, host, address, str(port)) for entry in entries if entry)


def _excludes(entry: str, host: str, address: Address | None, port: str) -> bool:
    """Return whether an entry of NO_PROXY means the host.

    An entry is `*`, a network, an address or a domain; the last two may end with `:port`.
    A domain means its subdomains too; `.domain` and `*.domain` mean them alone.
    """
    if entry == "*":
        return True
    if network := _network(entry):
        return address is not None and address in network
    name, wanted = _host_and_port(entry)
    if not name or wanted not in ("", port):
        return False
    if listed := _address(name):
        return address == listed
    return address is None and _in_domain(host, _ascii(name))


def _in_domain(host: str, domain: str) -> bool:
    if domain.startswith("*."):
        domain = domain[1:]
    return host.endswith(domain) if domain[0] == "." else f".{host}".endswith(f".{domain}")


def _host_and_port(entry: str) -> tuple[str, str]:
    """Return the parts of host:port or [IPv6]:port; anything else is a host as it is."""
    host, colon, port = entry.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        return host[1:-1], port
    return (host, port) if colon and ":" not in host else (entry, "")


def _address(text: str) -> Address | None:
    """Return an address; an IPv4 address that is mapped into IPv6 is the IPv4 address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """Return a network of ADDRESS/LENGTH, whose address may be any in it."""
    if not text.rpartition("/")[2].isdecimal() or "/" not in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _ascii(host: str) -> str:
    """Return a host as DNS has it; what IDNA refuses stays as it is."""
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return host
