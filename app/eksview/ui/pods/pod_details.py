"""Text of the tabs Containers and Details of a pod."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from eksview.domain.base.age import age, human_duration, parse_time
from eksview.domain.base.health import Health
from eksview.domain.base.json_values import Json, at, items
from eksview.domain.base.quantity import canonical
from eksview.domain.base.text import Clean, clean, fit
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.describe.pod_template import (
    environment_source,
    mount_texts,
    probe_text,
    spread_texts,
)
from eksview.domain.kube.exit_code import exit_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import beside, entry, listed, section
from eksview.ui.text.object_fields import pairs, text
from eksview.ui.text.words import TONE_OF, Words, tone_of

KEY = 14
"""Cells of the column of keys."""
NAME, STATUS, REASON = 26, 9, 20
_CALM = frozenset({"ContainerCreating", "PodInitializing"})
"""Reasons to wait that pass without a repair."""
_NEVER_READY = frozenset({"init ", "ephemeral "})
"""Roles without a readiness probe: the kubelet never calls them ready while they run."""
MOST_TROUBLED = 8
"""Containers in trouble that are listed first."""
MOST_FACTS = 40
"""Variables or mounts of a container that are shown; the tab YAML has all."""
_BAD_WHEN_TRUE = frozenset({"DisruptionTarget"})


def container_lines(
    pod: Json,
    now: float,
    width: int,
    glyphs: Glyphs,
    usage_of: Callable[[Json, float], str] = lambda *_: "",
) -> Iterator[Words]:
    """Yield the tab Containers: those in trouble, all as they start, then conditions."""
    containers = [*_containers(pod)]
    yield from _trouble(containers, now, width, glyphs)
    for each in containers:
        yield _head(each, now, glyphs)
        for name, value in _facts(each, now, usage_of(each.spec, now)):
            if value:
                yield from entry(name, value, KEY, width)
        yield ()
    yield from _conditions(pod, now, width, glyphs)


class _Container(Struct, frozen=True):
    """A container with its status, None before the kubelet has one; `role` ends with a space."""

    role: str
    spec: Json
    status: Json


def _containers(pod: Json) -> Iterator[_Container]:
    for role, key, status_key in (
        ("init ", "initContainers", "initContainerStatuses"),
        ("", "containers", "containerStatuses"),
        ("ephemeral ", "ephemeralContainers", "ephemeralContainerStatuses"),
    ):
        statuses = {text(row, "name"): row for row in items(pod, "status", status_key)}
        for container in items(pod, "spec", key):
            kind = "sidecar " if text(container, "restartPolicy") == "Always" else role
            yield _Container(kind, container, statuses.get(text(container, "name")))


def _trouble(
    containers: Sequence[_Container], now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield the containers in trouble, which the facts of others would push off the screen."""
    failed = [each for each in containers if _state(each, now)[1] is Health.BAD]
    troubled = failed + [each for each in containers if _unready(each, now)]
    if not troubled or len(containers) == 1:
        return
    count = f"{len(troubled):,} of {len(containers):,} containers"
    yield (("In trouble: ", "strong"), (count, "text"))
    for each in troubled[:MOST_TROUBLED]:
        yield _head(each, now, glyphs)
        if message := _message(each.status):
            yield from beside((("    ", "text"),), message, "dim", width)
    if len(troubled) > MOST_TROUBLED:
        yield ((f"  and {len(troubled) - MOST_TROUBLED:,} more below", "dim"),)
    yield ()


def _unready(container: _Container, now: float) -> bool:
    """Return whether it runs without being ready, unlike one that is still to start."""
    running = at(container.status, "state", "running") is not None
    return running and _state(container, now)[1] is Health.WARN


def _head(container: _Container, now: float, glyphs: Glyphs) -> Words:
    state, health = _state(container, now)
    restarts = text(container.status, "restartCount", empty="0")
    return (
        (f"{glyphs.mark(health)} ", TONE_OF[health]),
        (text(container.spec, "name", empty="?"), "strong"),
        (f"   {container.role}", "faint"),
        (state, tone_of(health)),
        (f"   restarts {restarts}", "dim" if restarts == "0" else "warn"),
    )


def _state(container: _Container, now: float) -> tuple[str, Health]:
    """Return a container's state in words, and its health."""
    status = container.status
    running, waiting = at(status, "state", "running"), at(status, "state", "waiting")
    ended = at(status, "state", "terminated")
    if running is not None:
        since = age(now, parse_time(text(running, "startedAt")))
        ready = at(status, "ready") is True or container.role in _NEVER_READY
        word = "running" if ready else "not ready, running"
        return f"{word} for {since}", Health.OK if ready else Health.WARN
    if ended is not None:
        done = text(ended, "exitCode", empty="0") == text(ended, "signal", empty="0") == "0"
        return _ended(ended, now), Health.OK if done else Health.BAD
    reason = text(waiting, "reason")
    if status is None or not reason:
        return "not started", Health.UNKNOWN
    return f"waiting: {reason}", Health.WARN if reason in _CALM else Health.BAD


def _ended(ended: Json, now: float) -> str:
    reason, code = text(ended, "reason", empty="ended"), text(ended, "exitCode", empty="0")
    signal = text(ended, "signal", empty="0")
    how = f"signal {signal}" if signal != "0" else f"exit code {code}"
    meaning = exit_words(_number(code), _number(signal), reason)
    words = f" ({meaning})" if meaning else ""
    start, end = parse_time(text(ended, "startedAt")), parse_time(text(ended, "finishedAt"))
    when = "" if end is None else f", {human_duration(now - end)} ago"
    ran = "" if end is None or start is None else f" after {human_duration(end - start)}"
    return f"{reason}, {how}{words}{ran}{when}"


def _number(text: str) -> int:
    return whole_number_of(text) or 0


def _message(status: Json) -> Clean:
    """Return what the kubelet says of a container that waits, or what one wrote as it ended."""
    waiting = text(status, "state", "waiting", "message")
    return waiting or text(status, "state", "terminated", "message")


def _facts(each: _Container, now: float, usage: str) -> Iterator[tuple[str, str]]:
    container, status = each.spec, each.status
    last = at(status, "lastState", "terminated")
    yield "message", _message(status)
    yield "last state", "" if last is None else _ended(last, now)
    yield "last message", text(last, "message")
    yield "image", text(container, "image")
    yield "usage", usage if at(status, "state", "running") is not None else ""
    yield "requests", _amounts(container, "requests")
    yield "limits", _amounts(container, "limits")
    yield "ports", ", ".join(map(_port, items(container, "ports")))
    for name in ("startup", "readiness", "liveness"):
        if (probe := at(container, f"{name}Probe")) is not None:
            yield name, probe_text(probe)
    yield from _listed_facts("env", [*_environment(container)])
    yield from _listed_facts("mounts", mount_texts(container))


def _listed_facts(key: str, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield texts one below the other, the first beside their key."""
    for number, each in enumerate(texts[:MOST_FACTS]):
        yield key if number == 0 else "", each
    if len(texts) > MOST_FACTS:
        yield "", f"and {len(texts) - MOST_FACTS:,} more, all of them in the tab YAML"


def _environment(container: Json) -> Iterator[str]:
    """Yield the variables; values from secrets and config maps only by their reference."""
    for source in items(container, "envFrom"):
        yield f"all of {' '.join(environment_source(source).split())}"
    for variable in items(container, "env"):
        source = at(variable, "valueFrom")
        if source is None:
            # As one text, so that the name tells whether the value is a secret to mask.
            yield f"{at(variable, 'name')}={at(variable, 'value') or ''}"
        else:
            yield f"{text(variable, 'name')} from {_reference(source)}"


_REFERENCES = (
    ("secretKeyRef", (("secret", "name"), ("key", "key"))),
    ("configMapKeyRef", (("config map", "name"), ("key", "key"))),
    ("fieldRef", (("field", "fieldPath"),)),
    ("resourceFieldRef", (("resource", "resource"),)),
    ("fileKeyRef", (("volume", "volumeName"), ("file", "path"), ("key", "key"))),
)


def _reference(source: Json) -> str:
    """Return the place that a variable's value comes from, which isn't read."""
    for kind, fields in _REFERENCES:
        if (ref := at(source, kind)) is not None:
            optional = " (optional)" if at(ref, "optional") is True else ""
            return " ".join(f"{word} {text(ref, name)}" for word, name in fields) + optional
    return "an unknown source"


def _amounts(container: Json, kind: str) -> str:
    return ", ".join(
        f"{name} {canonical(value)}" for name, value in pairs(container, "resources", kind)
    )


def _port(port: Json) -> str:
    name = text(port, "name")
    number = f"{text(port, 'containerPort')}/{text(port, 'protocol', empty='TCP')}"
    return f"{name} {number}" if name else number


def _conditions(pod: Json, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    conditions = items(pod, "status", "conditions")
    if not conditions:
        return
    more = glyphs.more
    yield (("Conditions", "strong"),)
    for row in conditions:
        kind, status = text(row, "type"), text(row, "status")
        health = _health(kind, status, text(row, "reason"))
        since = age(now, parse_time(text(row, "lastTransitionTime")))
        tone = tone_of(health)
        yield (
            (f"{glyphs.mark(health)} ", TONE_OF[health]),
            (fit(kind, NAME, more=more), tone),
            (fit(status, STATUS, more=more), tone),
            (fit(f"for {since}", 12), "dim"),
            (text(row, "reason"), "text"),
        )
        if message := text(row, "message"):
            yield from entry("", message, NAME, width, "dim", indent=2)


def _health(kind: str, status: str, reason: str) -> Health:
    if status not in ("True", "False"):
        return Health.UNKNOWN
    if (status == "True") != (kind in _BAD_WHEN_TRUE) or reason == "PodCompleted":
        return Health.OK
    return Health.WARN


def pod_detail_lines(pod: Json, width: int, owner_key: str) -> Iterator[Words]:
    """Yield the tab Details; `owner_key` is the name of the key that opens the owner."""
    yield from section("Pod", _pod(pod, owner_key), width)
    yield from section("Volumes", _volumes(pod), width)
    tolerations = [clean(_toleration(row)) for row in items(pod, "spec", "tolerations")]
    yield from section("Node selector", pairs(pod, "spec", "nodeSelector"), width)
    yield from listed("Tolerations", tolerations, width)
    spread = spread_texts(items(pod, "spec", "topologySpreadConstraints"))
    yield from listed("Topology spread", [clean(rule) for rule in spread], width)
    yield from section("Labels", pairs(pod, "metadata", "labels"), width)
    yield from section("Annotations", pairs(pod, "metadata", "annotations"), width)


def _pod(pod: Json, owner_key: str) -> Iterator[tuple[str, str]]:
    spec, status = at(pod, "spec"), at(pod, "status")
    refs = items(pod, "metadata", "ownerReferences")
    addresses = [text(address, "ip") for address in items(status, "podIPs")]
    entries = (
        ("Node", text(spec, "nodeName")),
        ("Node address", text(status, "hostIP")),
        ("Pod addresses", ", ".join(addresses) or text(status, "podIP")),
        ("Controlled by", _owners(refs, owner_key)),
        ("Phase", text(status, "phase")),
        ("Reason", " ".join(filter(None, (text(status, "reason"), text(status, "message"))))),
        ("QoS class", text(status, "qosClass")),
        ("Priority", " ".join((text(spec, "priorityClassName"), text(spec, "priority"))).strip()),
        ("Service account", text(spec, "serviceAccountName")),
        ("Restart policy", text(spec, "restartPolicy")),
        ("Host network", text(spec, "hostNetwork")),
        ("Scheduler", text(spec, "schedulerName")),
        ("Grace period", _seconds(text(spec, "terminationGracePeriodSeconds"))),
        ("Started", text(status, "startTime")),
    )
    return ((key, value) for key, value in entries if value)


def _owners(refs: Iterable[Json], key: str) -> str:
    """Return the owners, and the key that opens the first of them."""
    names = ", ".join(f"{text(ref, 'kind')}/{text(ref, 'name')}" for ref in refs)
    return f"{names}  ({key} opens it)" if names else ""


def _seconds(number: str) -> str:
    return f"{number} s" if number else ""


def _volumes(pod: Json) -> Iterator[tuple[str, str]]:
    for volume in items(pod, "spec", "volumes"):
        kind = next((key for key in volume if key != "name"), "")
        yield (
            text(volume, "name", empty="?"),
            f"{kind} {', '.join(_source(at(volume, kind)))}".strip(),
        )


_NAMED = ("name", "secretName", "claimName", "path")
"""Fields that name what a volume is made of, without their keys."""


def _source(source: Json) -> Iterator[str]:
    """Yield the fields of a volume's source, whatever its type: what it is named by first."""
    if isinstance(source, list):
        for each in source:
            yield from _source(each)
        return
    if not isinstance(source, Mapping):
        yield clean(str(source))
        return
    for key in sorted(source, key=lambda key: key not in _NAMED):
        value = source[key]
        if isinstance(value, (Mapping, list)):
            yield f"{key} ({', '.join(_source(value))})"
        elif key not in ("defaultMode", "creationTimestamp"):
            yield text(source, key) if key in _NAMED else f"{key}={text(source, key)}"


def _toleration(toleration: Json) -> str:
    key, value = text(toleration, "key", empty="*"), text(toleration, "value")
    effect, seconds = text(toleration, "effect"), text(toleration, "tolerationSeconds")
    words = f"{key}={value}" if value else key
    words += f":{effect}" if effect else ""
    words += f" op={text(toleration, 'operator', empty='Equal')}" if not value else ""
    return words + (f" for {seconds} s" if seconds else "")
