"""The endpoints of services and of ingresses' backends, as kubectl words them."""

from eksview.domain.base.json_values import Json, at, items, number, texts, word
from eksview.domain.describe.beside import Beside

ENDPOINTS = 3
"""Addresses of a port that are printed; the others are counted."""
_SERVICE = "kubernetes.io/service-name"
"""The label of a slice that names its service."""


def endpoints_text(beside: Beside, service: str, port_name: str) -> str:
    """Return the ready addresses of a service's port, of which the first are printed."""
    if unread := beside.unread("endpointslices"):
        return unread
    listed = beside.found["endpointslices"]
    slices = [each for each in listed if at(each, "metadata", "labels", _SERVICE) == service]
    if not slices:
        return "<none>"
    addresses = [address for each in slices for address in _addresses(each, port_name)]
    more = len(addresses) - ENDPOINTS
    shown = ",".join(addresses[:ENDPOINTS])
    return f"{shown} + {more} more..." if more > 0 else shown


def _addresses(of: Json, port_name: str) -> list[str]:
    ready = [
        address
        for endpoint in items(of, "endpoints")
        if at(endpoint, "conditions", "ready") is not False
        for address in texts(endpoint, "addresses")[:1]
    ]
    ports = items(of, "ports")
    if not ports:
        return ready
    fitting = [number(port, "port") for port in ports if word(port, "name") == port_name]
    return [_host_port(address, port) for port in fitting for address in ready]


def _host_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def backend_text(target: Json, beside: Beside) -> str:
    """Return an ingress's service and port, and its endpoints or why there are none."""
    name, wanted = word(target, "name"), at(target, "port")
    shown = f"{name}:{word(wanted, 'number') or word(wanted, 'name')}"
    if unread := beside.unread("services"):
        return f"{shown} ({unread})"
    services = beside.found["services"]
    service = next((each for each in services if word(each, "metadata", "name") == name), None)
    if service is None:
        return f'{shown} (<error: services "{name}" not found>)'
    ports = [port for port in items(service, "spec", "ports") if _is_wanted(port, wanted)]
    endpoints = endpoints_text(beside, name, word(ports[-1], "name") if ports else "")
    return f"{shown} ({endpoints})"


def _is_wanted(port: Json, wanted: Json) -> bool:
    same_number = number(wanted, "number") and number(wanted, "number") == number(port, "port")
    same_name = word(wanted, "name") and word(wanted, "name") == word(port, "name")
    return bool(same_number or same_name)
