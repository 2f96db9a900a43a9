"""What a pod is: where it runs, whose it is, what it may and what it mounts."""

from collections.abc import Iterator

from eksview.ui.text.json_path import Json, at, objects, pairs, text, words
from eksview.ui.text.layout import listed, section
from eksview.ui.text.words import Words


def pod_detail_lines(pod: Json, width: int) -> Iterator[Words]:
    """In the order in which one asks."""
    yield from section("Pod", _pod(pod), width)
    yield from section("Volumes", _volumes(pod), width)
    tolerations = [_toleration(each) for each in objects(pod, "spec", "tolerations")]
    yield from section("Node selector", pairs(pod, "spec", "nodeSelector"), width)
    yield from listed("Tolerations", tolerations, width)
    yield from section("Labels", pairs(pod, "metadata", "labels"), width)
    yield from section("Annotations", pairs(pod, "metadata", "annotations"), width)


def _pod(pod: Json) -> Iterator[tuple[str, str]]:
    spec, status = at(pod, "spec"), at(pod, "status")
    owners = [f"{text(o, 'kind')}/{text(o, 'name')}" for o in _owners(pod)]
    addresses = [text(each, "ip") for each in objects(status, "podIPs")]
    entries = (
        ("Node", text(spec, "nodeName")),
        ("Node address", text(status, "hostIP")),
        ("Pod addresses", ", ".join(addresses) or text(status, "podIP")),
        ("Controlled by", ", ".join(owners)),
        ("Phase", text(status, "phase")),
        ("Why", " ".join(filter(None, (text(status, "reason"), text(status, "message"))))),
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


def _owners(pod: Json) -> list[Json]:
    return list(objects(pod, "metadata", "ownerReferences"))


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
    said = f"{key}={value}" if value else key
    said += f":{effect}" if effect else ""
    said += f" op={text(toleration, 'operator', empty='Equal')}" if not value else ""
    return said + (f" for {seconds} s" if seconds else "")
