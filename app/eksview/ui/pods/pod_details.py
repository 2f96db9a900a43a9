"""Text of the tabs Containers and Details of a pod."""

from collections.abc import Callable, Iterable, Iterator

from eksview.domain.base.age import age, human_duration, parse_time
from eksview.domain.base.health import Health
from eksview.domain.base.quantity import canonical
from eksview.domain.base.text import clean, fit
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.describe.pod_template import (
    environment_source,
    mount_texts,
    probe_text,
    spread_texts,
)
from eksview.domain.kube.exit_code import exit_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import entry, listed, section
from eksview.ui.text.object_fields import Json, at, objects, pairs, text, words
from eksview.ui.text.words import TONE_OF, Words, tone_of

KEY = 14
"""Cells of the column of keys."""
NAME, STATUS, REASON = 26, 9, 20
_CALM = frozenset({"ContainerCreating", "PodInitializing"})
"""Reasons to wait that pass without a repair."""
_BAD_WHEN_TRUE = frozenset({"DisruptionTarget"})


def container_lines(
    pod: Json,
    now: float,
    width: int,
    glyphs: Glyphs,
    usage_of: Callable[[Json, float], str] = lambda *_: "",
) -> Iterator[Words]:
    """Yield the tab Containers: containers in the order in which they start, then conditions."""
    spec, status = at(pod, "spec"), at(pod, "status")
    for role, key, status_key in (
        ("init ", "initContainers", "initContainerStatuses"),
        ("", "containers", "containerStatuses"),
        ("ephemeral ", "ephemeralContainers", "ephemeralContainerStatuses"),
    ):
        statuses = {text(row, "name"): row for row in objects(status, status_key)}
        for container in objects(spec, key):
            kind = "sidecar " if text(container, "restartPolicy") == "Always" else role
            container_status = statuses.get(text(container, "name"))
            yield from _container(container, container_status, kind, now, glyphs)
            facts = (*_facts(container, container_status, now, usage_of(container, now)),)
            for name, value in facts:
                if value:
                    yield from entry(name, value, KEY, width)
            yield ()
    yield from _conditions(pod, now, width, glyphs)


def _container(
    container: Json, status: Json, kind: str, now: float, glyphs: Glyphs
) -> Iterator[Words]:
    state, health = _state(status, kind, now)
    tone = tone_of(health)
    restarts = text(status, "restartCount", empty="0")
    yield (
        (f"{glyphs.mark(health)} ", TONE_OF[health]),
        (text(container, "name", empty="?"), "strong"),
        (f"   {kind}", "faint"),
        (state, tone),
        (f"   restarts {restarts}", "dim" if restarts == "0" else "warn"),
    )


def _state(status: Json, kind: str, now: float) -> tuple[str, Health]:
    """Return a container's state in words, and its health."""
    running, waiting = at(status, "state", "running"), at(status, "state", "waiting")
    ended = at(status, "state", "terminated")
    if running is not None:
        since = age(now, parse_time(text(running, "startedAt")))
        ready = at(status, "ready") is True or kind == "init "
        word = "running" if ready else "not ready, running"
        return f"{word} for {since}", Health.OK if ready else Health.WARN
    if ended is not None:
        done = text(ended, "exitCode") == "0"
        return _ended(ended, now), Health.OK if done else Health.BAD
    reason = text(waiting, "reason")
    if status is None or not reason:
        return "not started", Health.UNKNOWN
    return f"waiting: {reason}", Health.WARN if reason in _CALM else Health.BAD


def _ended(ended: Json, now: float) -> str:
    reason, code = text(ended, "reason", empty="ended"), text(ended, "exitCode")
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


def _facts(container: Json, status: Json, now: float, usage: str) -> Iterator[tuple[str, str]]:
    waiting, last = at(status, "state", "waiting"), at(status, "lastState", "terminated")
    yield "message", text(waiting, "message")
    yield "last state", "" if last is None else _ended(last, now)
    yield "last message", text(last, "message")
    yield "image", text(container, "image")
    yield "usage", usage if at(status, "state", "running") is not None else ""
    yield "requests", _amounts(container, "requests")
    yield "limits", _amounts(container, "limits")
    yield "ports", ", ".join(map(_port, objects(container, "ports")))
    for name in ("startup", "readiness", "liveness"):
        if (probe := at(container, f"{name}Probe")) is not None:
            yield name, probe_text(probe)
    yield from listed_facts("env", _environment(container))
    yield from listed_facts("mounts", mount_texts(container))


def listed_facts(key: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield texts one below the other, the first beside their key."""
    for number, each in enumerate(texts):
        yield key if number == 0 else "", each


def _environment(container: Json) -> Iterator[str]:
    """Yield the variables; values from secrets and config maps only by their reference."""
    for source in objects(container, "envFrom"):
        yield f"all of {' '.join(environment_source(source).split())}"
    for variable in objects(container, "env"):
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
    conditions = objects(pod, "status", "conditions")
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
    tolerations = [clean(_toleration(row)) for row in objects(pod, "spec", "tolerations")]
    yield from section("Node selector", pairs(pod, "spec", "nodeSelector"), width)
    yield from listed("Tolerations", tolerations, width)
    spread = spread_texts(objects(pod, "spec", "topologySpreadConstraints"))
    yield from listed("Topology spread", [clean(rule) for rule in spread], width)
    yield from section("Labels", pairs(pod, "metadata", "labels"), width)
    yield from section("Annotations", pairs(pod, "metadata", "annotations"), width)


def _pod(pod: Json, owner_key: str) -> Iterator[tuple[str, str]]:
    spec, status = at(pod, "spec"), at(pod, "status")
    refs = objects(pod, "metadata", "ownerReferences")
    addresses = [text(address, "ip") for address in objects(status, "podIPs")]
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
    for volume in objects(pod, "spec", "volumes"):
        kind = next((key for key in volume if key != "name"), "")
        source = at(volume, kind)
        about = (
            text(source, "name")
            or text(source, "secretName")
            or text(source, "claimName")
            or text(source, "path")
            or ", ".join(words(source, "items"))
        )
        yield text(volume, "name", empty="?"), f"{kind} {about}".strip()


def _toleration(toleration: Json) -> str:
    key, value = text(toleration, "key", empty="*"), text(toleration, "value")
    effect, seconds = text(toleration, "effect"), text(toleration, "tolerationSeconds")
    words = f"{key}={value}" if value else key
    words += f":{effect}" if effect else ""
    words += f" op={text(toleration, 'operator', empty='Equal')}" if not value else ""
    return words + (f" for {seconds} s" if seconds else "")
