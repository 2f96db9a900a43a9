"""The template of a workload's pods, as `kubectl describe` prints it.

Values of the environment are printed as kubectl does; those of secrets are references only.
"""

from collections.abc import Sequence

from eksview.domain.base.json_values import Json, at, items, number, texts, word
from eksview.domain.describe.common import (
    Lines,
    amount,
    annotations,
    flag,
    indented,
    labels,
    one_per_line,
    selector_text,
)
from eksview.domain.describe.volumes import volumes

_INDENT = "  "


def pod_template(template: Json) -> Lines:
    """Yield the section Pod Template."""
    spec = at(template, "spec")
    yield "Pod Template:"
    yield from labels("Labels", at(template, "metadata", "labels"), _INDENT)
    if at(template, "metadata", "annotations"):
        yield from annotations("  Annotations", at(template, "metadata", "annotations"))
    if account := word(spec, "serviceAccountName"):
        yield f"  Service Account:\t{account}"
    if items(spec, "initContainers"):
        yield from _containers("Init Containers", items(spec, "initContainers"))
    yield from _containers("Containers", items(spec, "containers"))
    yield from volumes(items(spec, "volumes"))
    yield from _spread(items(spec, "topologySpreadConstraints"))
    if priority := word(spec, "priorityClassName"):
        yield f"  Priority Class Name:\t{priority}"
    yield from labels("Node-Selectors", at(spec, "nodeSelector"), _INDENT)
    yield from _tolerations(items(spec, "tolerations"))


def _containers(title: str, containers: Sequence[Json]) -> Lines:
    yield f"  {title}:{'' if containers else ' <none>'}"
    for container in containers:
        yield f"   {word(container, 'name')}:"
        yield from indented(_container(container), 2)


def _container(container: Json) -> Lines:
    yield f"Image:\t{word(container, 'image')}"
    for title, field in (("Port", "containerPort"), ("Host Port", "hostPort")):
        ports = [_port(port, field) for port in items(container, "ports")]
        yield f"{title}{'s' if len(ports) > 1 else ''}:\t{', '.join(ports) or '<none>'}"
    if profile := word(container, "securityContext", "seccompProfile", "type"):
        yield f"SeccompProfile:\t{profile}"
    for title, field in (("Command", "command"), ("Args", "args")):
        if words := texts(container, field):
            yield f"{title}:"
            yield from indented(line for text in words for line in text.split("\n"))
    for title in ("Limits", "Requests"):
        amounts = at(container, "resources", title.lower()) or {}
        if amounts:
            yield f"{title}:"
        for name in sorted(amounts):
            yield f"  {name}:\t{amount(amounts, name)}"
    for title in ("Liveness", "Readiness", "Startup"):
        if (probe := at(container, f"{title.lower()}Probe")) is not None:
            yield f"{title}:\t{probe_text(probe)}"
    yield from _environment(container)
    yield from _mounts(container)


def _port(port: Json, field: str) -> str:
    return f"{number(port, field)}/{word(port, 'protocol', empty='TCP')}"


def probe_text(probe: Json) -> str:
    """Return a probe with its figures in one line."""
    figures = (
        f"delay={number(probe, 'initialDelaySeconds')}s timeout={number(probe, 'timeoutSeconds')}s "
        f"period={number(probe, 'periodSeconds')}s #success={number(probe, 'successThreshold')} "
        f"#failure={number(probe, 'failureThreshold')}"
    )
    if (command := at(probe, "exec")) is not None:
        return f"exec [{' '.join(texts(command, 'command'))}] {figures}"
    if (http := at(probe, "httpGet")) is not None:
        scheme = word(http, "scheme", empty="").lower()
        path = word(http, "path")
        path = path if not path or path.startswith("/") else f"/{path}"
        prefix = f"{scheme}:" if scheme else ""
        return f"http-get {prefix}//{word(http, 'host')}:{word(http, 'port')}{path} {figures}"
    if (tcp := at(probe, "tcpSocket")) is not None:
        return f"tcp-socket {word(tcp, 'host')}:{word(tcp, 'port')} {figures}"
    if (grpc := at(probe, "grpc")) is not None:
        return f"grpc <pod>:{number(grpc, 'port')} {word(grpc, 'service')} {figures}"
    return f"unknown {figures}"


def _environment(container: Json) -> Lines:
    if sources := items(container, "envFrom"):
        yield "Environment Variables from:"
        yield from indented(map(environment_source, sources))
    variables = items(container, "env")
    yield "Environment:" if variables else "Environment:\t<none>"
    for variable in variables:
        yield from indented(_variable(variable))


def environment_source(source: Json) -> str:
    """Return where several variables come from."""
    kind, field = (
        ("Secret", "secretRef") if "secretRef" in source else ("ConfigMap", "configMapRef")
    )
    prefix = word(source, "prefix")
    kind = f"{kind} with prefix '{prefix}'" if prefix else kind
    return f"{word(source, field, 'name')}\t{kind}\tOptional: {flag(source, field, 'optional')}"


def _variable(variable: Json) -> Lines:
    name, source = word(variable, "name"), at(variable, "valueFrom")
    if source is None:
        first, *rest = word(variable, "value").split("\n")
        yield f"{name}:\t{first}"
        yield from (f"\t{line}" for line in rest)
    elif (field := at(source, "fieldRef")) is not None:
        yield f"{name}:\t ({word(field, 'apiVersion')}:{word(field, 'fieldPath')})"
    elif (field := at(source, "resourceFieldRef")) is not None:
        yield f"{name}:\t ({word(field, 'resource')})"
    else:
        for key, place in (("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")):
            if (ref := at(source, key)) is not None:
                reference = f"<set to the key '{word(ref, 'key')}' {place} '{word(ref, 'name')}'>"
                yield f"{name}:\t{reference}\tOptional: {flag(ref, 'optional')}"


def _mounts(container: Json) -> Lines:
    mounts = mount_texts(container)
    yield "Mounts:" if mounts else "Mounts:\t<none>"
    yield from indented(mounts)
    if devices := sorted(
        items(container, "volumeDevices"), key=lambda row: word(row, "devicePath")
    ):
        yield "Devices:"
        for device in devices:
            yield f"  {word(device, 'devicePath')} from {word(device, 'name')}"


def mount_texts(container: Json) -> list[str]:
    """Return the mounts of a container, such as `/data from data (rw)`."""
    mounts = []
    for mount in sorted(items(container, "volumeMounts"), key=lambda row: word(row, "mountPath")):
        flags = "ro" if mount.get("readOnly") else "rw"
        if path := word(mount, "subPath"):
            flags += f',path="{path}"'
        mounts.append(f"{word(mount, 'mountPath')} from {word(mount, 'name')} ({flags})")
    return mounts


def _spread(constraints: Sequence[Json]) -> Lines:
    if constraints:
        title = "Topology Spread Constraints"
        yield from one_per_line(title, spread_texts(constraints), _INDENT)


def spread_texts(constraints: Sequence[Json]) -> list[str]:
    """Return the rules by which pods are spread over domains, by the key of the domain."""
    entries = []
    for row in sorted(constraints, key=lambda row: word(row, "topologyKey")):
        selector = at(row, "labelSelector")
        rule = f"{word(row, 'topologyKey')}:{word(row, 'whenUnsatisfiable')}"
        text = f"{rule} when max skew {number(row, 'maxSkew')} is exceeded"
        entries.append(
            text if selector is None else f"{text} for selector {selector_text(selector)}"
        )
    return entries


def _tolerations(tolerations: Sequence[Json]) -> Lines:
    rows = sorted(tolerations, key=lambda row: word(row, "key"))
    yield from one_per_line("Tolerations", [_toleration(row) for row in rows], _INDENT)


def _toleration(row: Json) -> str:
    value, effect = word(row, "value"), word(row, "effect")
    text = word(row, "key") + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    if word(row, "operator") == "Exists" and not value:
        text += " op=Exists" if text else "op=Exists"
    seconds = at(row, "tolerationSeconds")
    return text if seconds is None else f"{text} for {seconds}s"
