"""Classes, priorities, endpoints and addresses of services as kubectl words them."""

from eksview.domain.base.go_text import go_text
from eksview.domain.base.json_values import Json, at, items, number, texts, word
from eksview.domain.describe.common import (
    Lines,
    Related,
    dated_conditions,
    flag,
    head,
    labels_and_annotations,
    map_text,
    named,
)


def ingress_class(whole: Json, _: Related) -> Lines:
    yield from named(whole, namespaced=False)
    yield from labels_and_annotations(whole)
    yield f"Controller:\t{word(whole, 'spec', 'controller')}"
    parameters = at(whole, "spec", "parameters")
    if parameters is None:
        return
    yield "Parameters:"
    if at(parameters, "apiGroup") is not None:
        yield f"  APIGroup:\t{word(parameters, 'apiGroup')}"
    yield f"  Kind:\t{word(parameters, 'kind')}"
    yield f"  Name:\t{word(parameters, 'name')}"


def priority_class(whole: Json, _: Related) -> Lines:
    yield from named(whole, namespaced=False)
    yield f"Value:\t{number(whole, 'value')}"
    yield f"GlobalDefault:\t{flag(whole, 'globalDefault')}"
    yield f"PreemptionPolicy:\t{word(whole, 'preemptionPolicy')}"
    yield f"Description:\t{word(whole, 'description')}"
    yield f"Annotations:\t{map_text(at(whole, 'metadata', 'annotations'))}"


def endpoints(whole: Json, _: Related) -> Lines:
    yield from head(whole)
    yield "Subsets:"
    for subset in items(whole, "subsets"):
        for title, field in (
            ("Addresses", "addresses"),
            ("NotReadyAddresses", "notReadyAddresses"),
        ):
            addresses = ",".join(word(row, "ip") for row in items(subset, field))
            yield f"  {title}:\t{addresses or '<none>'}"
        if ports := items(subset, "ports"):
            yield from ("  Ports:", "    Name\tPort\tProtocol", "    ----\t----\t--------")
        for port in ports:
            name = word(port, "name", empty="<unset>")
            yield f"    {name}\t{number(port, 'port')}\t{word(port, 'protocol')}"
        yield ""


def ip_address(whole: Json, _: Related) -> Lines:
    yield from head(whole, namespaced=False)
    if (parent := at(whole, "spec", "parentRef")) is not None:
        yield "Parent Reference:"
        for field in ("group", "resource", "namespace", "name"):
            yield f"  {field.capitalize()}:\t{word(parent, field)}"


def service_cidr(whole: Json, related: Related) -> Lines:
    yield from head(whole, namespaced=False)
    yield f"CIDRs:\t{', '.join(texts(whole, 'spec', 'cidrs'))}"
    if items(whole, "status", "conditions"):
        yield "Status:"
        yield from dated_conditions(whole, related.zone)


def endpoint_slice(whole: Json, _: Related) -> Lines:
    yield from head(whole)
    yield f"AddressType:\t{word(whole, 'addressType')}"
    ports, endpoints = items(whole, "ports"), items(whole, "endpoints")
    yield "Ports:" if ports else "Ports: <unset>"
    if ports:
        yield from ("  Name\tPort\tProtocol", "  ----\t----\t--------")
    for port in ports:
        name, port_number = (word(port, key, empty="<unset>") for key in ("name", "port"))
        yield f"  {name}\t{port_number}\t{word(port, 'protocol')}"
    yield "Endpoints:" if endpoints else "Endpoints: <none>"
    for endpoint in endpoints:
        yield from _endpoint(endpoint)


def _endpoint(endpoint: Json) -> Lines:
    yield f"  - Addresses:\t{', '.join(texts(endpoint, 'addresses')) or '<none>'}"
    yield "    Conditions:"
    ready = at(endpoint, "conditions", "ready")
    yield f"      Ready:\t{'<unset>' if ready is None else go_text(ready)}"
    yield f"    Hostname:\t{_set(endpoint, 'hostname')}"
    if (target := at(endpoint, "targetRef")) is not None:
        yield f"    TargetRef:\t{word(target, 'kind')}/{word(target, 'name')}"
    yield f"    NodeName:\t{_set(endpoint, 'nodeName')}"
    yield f"    Zone:\t{_set(endpoint, 'zone')}"


def _set(endpoint: Json, field: str) -> str:
    value = at(endpoint, field)
    return "<unset>" if value is None else go_text(value)
