"""Services, namespaces, ingresses, config maps and secrets as kubectl words them."""

from eksview.domain.base.go_text import go_text
from eksview.domain.base.json_values import Json, at, items, number, texts, word
from eksview.domain.describe.common import (
    Lines,
    Related,
    annotations,
    dated_conditions,
    fields_set,
    head,
    labels,
    map_text,
)
from eksview.domain.describe.endpoints import backend_text, endpoints_text
from eksview.domain.describe.policies import limits_of_namespace, quotas_of_namespace

LARGE = 64 * 1024
"""Characters of a config map whose values are printed."""


def service(whole: Json, related: Related) -> Lines:
    spec = at(whole, "spec")
    yield from head(whole)
    yield f"Selector:\t{map_text(at(spec, 'selector'))}"
    yield f"Type:\t{word(spec, 'type')}"
    yield from fields_set(spec, ("IP Family Policy", "ipFamilyPolicy"))
    yield f"IP Families:\t{','.join(texts(spec, 'ipFamilies')) or '<none>'}"
    yield f"IP:\t{word(spec, 'clusterIP')}"
    yield f"IPs:\t{','.join(texts(spec, 'clusterIPs')) or '<none>'}"
    if addresses := texts(spec, "externalIPs"):
        yield f"External IPs:\t{','.join(addresses)}"
    yield from fields_set(
        spec, ("Desired LoadBalancer IP", "loadBalancerIP"), ("External Name", "externalName")
    )
    if ingress := items(whole, "status", "loadBalancer", "ingress"):
        yield f"LoadBalancer Ingress:\t{', '.join(map(_balancer, ingress))}"
    for port in items(spec, "ports"):
        yield from _service_port(port, word(whole, "metadata", "name"), related)
    yield f"Session Affinity:\t{word(spec, 'sessionAffinity')}"
    yield from fields_set(
        spec,
        ("External Traffic Policy", "externalTrafficPolicy"),
        ("Internal Traffic Policy", "internalTrafficPolicy"),
        ("HealthCheck NodePort", "healthCheckNodePort"),
    )
    if ranges := texts(spec, "loadBalancerSourceRanges"):
        yield f"LoadBalancer Source Ranges:\t{','.join(ranges)}"
    yield from fields_set(spec, ("Traffic Distribution", "trafficDistribution"))


def _balancer(ingress: Json) -> str:
    mode = word(ingress, "ipMode")
    address = word(ingress, "ip")
    return f"{address} ({mode})" if address and mode else address or word(ingress, "hostname")


def _service_port(port: Json, service_name: str, related: Related) -> Lines:
    name, protocol = word(port, "name", empty="<unset>"), word(port, "protocol")
    yield f"Port:\t{name}\t{number(port, 'port')}/{protocol}"
    yield f"TargetPort:\t{word(port, 'targetPort', empty='0')}/{protocol}"
    if node_port := number(port, "nodePort"):
        yield f"NodePort:\t{name}\t{node_port}/{protocol}"
    yield f"Endpoints:\t{endpoints_text(related.beside, service_name, word(port, 'name'))}"


def namespace(whole: Json, related: Related) -> Lines:
    yield from head(whole, namespaced=False)
    yield f"Status:\t{word(whole, 'status', 'phase')}"
    yield from dated_conditions(whole, related.zone)
    beside = related.beside
    for plural, describe in (
        ("resourcequotas", quotas_of_namespace),
        ("limitranges", limits_of_namespace),
    ):
        yield ""
        unread = beside.unread(plural)
        yield from [f"{_LISTS[plural]}:\t{unread}"] if unread else describe(beside.found[plural])


_LISTS = {"resourcequotas": "Resource Quotas", "limitranges": "Resource Limits"}


def ingress(whole: Json, related: Related) -> Lines:
    spec = at(whole, "spec")
    yield f"Name:\t{word(whole, 'metadata', 'name')}"
    yield from labels("Labels", at(whole, "metadata", "labels"))
    yield f"Namespace:\t{word(whole, 'metadata', 'namespace')}"
    balancers = items(whole, "status", "loadBalancer", "ingress")
    addresses = {word(row, "ip") or word(row, "hostname") for row in balancers}
    yield f"Address:\t{','.join(sorted(addresses - {''}))}"
    yield f"Ingress Class:\t{word(spec, 'ingressClassName', empty='<none>')}"
    default = at(spec, "defaultBackend")
    fallback = "<default>" if default is None else _backend(default, related)
    yield f"Default backend:\t{fallback}"
    yield from _tls(spec)
    yield "Rules:"
    yield "  Host\tPath\tBackends"
    yield "  ----\t----\t--------"
    rules = [rule for rule in items(spec, "rules") if at(rule, "http") is not None]
    for rule in rules:
        yield f"  {word(rule, 'host', empty='*')}\t"
        for path in items(rule, "http", "paths"):
            yield f"    \t{word(path, 'path')} \t{_backend(at(path, 'backend'), related)}"
    if not rules:
        yield f"  *\t*\t{fallback}"
    yield from annotations("Annotations", at(whole, "metadata", "annotations"))


def _backend(backend: Json, related: Related) -> str:
    if (target := at(backend, "service")) is not None:
        return backend_text(target, related.beside)
    resource = at(backend, "resource")
    group = word(resource, "apiGroup", empty="<none>")
    return f"APIGroup: {group}, Kind: {word(resource, 'kind')}, Name: {word(resource, 'name')}"


def _tls(spec: Json) -> Lines:
    rows = items(spec, "tls")
    if rows:
        yield "TLS:"
    for row in rows:
        secret, hosts = word(row, "secretName"), ",".join(texts(row, "hosts"))
        yield f"  {secret} terminates {hosts}" if secret else f"  SNI routes {hosts}"


def config_map(whole: Json, _: Related) -> Lines:
    """Yield the values; of large ones their sizes, as the tab YAML has them in full."""
    yield from head(whole)
    data, binary = at(whole, "data") or {}, at(whole, "binaryData") or {}
    yield from ("", "Data", "====")
    large = sum(len(go_text(value)) for value in data.values()) > LARGE
    for key in sorted(data):
        text = go_text(data[key])
        yield from [f"{key}: {_size(text)} bytes"] if large else [f"{key}:", "----", text, ""]
    yield from ("", "BinaryData", "====")
    yield from (
        f"{key}: {_size(go_text(binary[key]), binary=True)} bytes" for key in sorted(binary)
    )
    yield ""


def _size(value: str, *, binary: bool = False) -> int:
    """Return the bytes of a value; those of binary data are encoded as base64."""
    return len(value) * 3 // 4 - value.count("=") if binary else len(value.encode())


def secret(whole: Json, _: Related) -> Lines:
    """Yield the metadata of a secret; its keys and values are never requested."""
    yield from head(whole)
    yield from ("", "Data", "====", "Not read: eksview requests only the metadata of secrets.")
