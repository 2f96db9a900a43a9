"""What a node is made of: addresses, amounts, system, taints, labels, images."""

from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.quantity import cpu_milli, percent, show_cpu, show_size, size_bytes
from eksview.domain.base.text import cells, fit
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.kube import UsageRow
from eksview.ui.text.json_path import Json, at, objects, pairs, text, words
from eksview.ui.text.layout import listed, pad, section
from eksview.ui.text.words import Tone, Words

TITLES = (("CAPACITY", 10), ("ALLOCATABLE", 13), ("REQUESTED", 11))
"""The columns of amounts and their cells: with what is used beside them they fit 80."""
SHARE, USED = 6, 8
_SYSTEM = (
    ("OS image", "osImage"),
    ("Kernel", "kernelVersion"),
    ("Architecture", "architecture"),
    ("Runtime", "containerRuntimeVersion"),
    ("Kubelet", "kubeletVersion"),
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
)


def node_detail_lines(
    node: Json, sums: PodTotals, used: UsageRow | None, now: float, width: int
) -> Iterator[Words]:
    """In the order in which one asks. `used` is None where that isn't known."""
    yield from section("Addresses", _addresses(node), width)
    yield from _amounts(node, sums, used, now)
    yield from section("System", _system(node), width)
    yield from listed("Taints", [_taint(each) for each in objects(node, "spec", "taints")], width)
    yield from section("Labels", pairs(node, "metadata", "labels"), width)
    yield from section("Annotations", pairs(node, "metadata", "annotations"), width)
    yield from _images(node, width)


def _addresses(node: Json) -> Iterator[tuple[str, str]]:
    for each in objects(node, "status", "addresses"):
        yield text(each, "type", empty="?"), text(each, "address")
    for title, key in (("Pod CIDR", "podCIDR"), ("Provider ID", "providerID")):
        if value := text(node, "spec", key):
            yield title, value


def _amounts(node: Json, sums: PodTotals, used: UsageRow | None, now: float) -> Iterator[Words]:
    capacity, allocatable = at(node, "status", "capacity"), at(node, "status", "allocatable")
    names = [key for key, _ in pairs(capacity)]
    if not names:
        return
    requested = {"cpu": sums.cpu, "memory": sums.memory, "pods": sums.pods}
    column = max(map(cells, names)) + 2
    spent = {"cpu": used.cpu, "memory": used.memory} if used else {}
    yield (("Resources", "strong"),)
    heads = "".join(fit(title, width, "right") for title, width in TITLES)
    age = f"USED {human_duration(max(0.0, now - used.at))} ago" if used else ""
    heads += " " * SHARE + fit(age, USED + SHARE, "right")
    yield ((f"  {' ' * column}{heads}".rstrip(), "dim"),)
    for name in sorted(names, key=lambda name: (name not in requested, name)):
        whole, free = _amount(name, text(capacity, name)), _amount(name, text(allocatable, name))
        yield (
            (f"  {pad(name, column)}", "dim"),
            (fit(whole, TITLES[0][1], "right"), "text"),
            (fit(free, TITLES[1][1], "right"), "text"),
            *_part(name, requested.get(name), text(allocatable, name), TITLES[2][1]),
            *_part(name, spent.get(name), text(allocatable, name), USED),
        )
    yield ()


def _part(name: str, amount: int | None, allocatable: str, width: int) -> Words:
    """An amount, and how much of what is allocatable that is."""
    if amount is None or amount < 0:
        return ()
    whole = cpu_milli(allocatable) if name == "cpu" else size_bytes(allocatable)
    share = percent(amount, whole)
    shown = {"cpu": show_cpu, "memory": show_size}.get(name, str)(amount)
    tone: Tone = "warn" if share is not None and share >= 90 else "text"
    said = f"{share}%" if share is not None else ""
    return (fit(shown, width, "right"), "text"), (fit(said, SHARE, "right"), tone)


def _amount(name: str, quantity: str) -> str:
    if name == "cpu":
        return show_cpu(cpu_milli(quantity))
    if name in ("memory", "ephemeral-storage") or name.startswith("hugepages-"):
        return show_size(size_bytes(quantity))
    return quantity


def _system(node: Json) -> Iterator[tuple[str, str]]:
    info = at(node, "status", "nodeInfo")
    for title, key in _SYSTEM:
        if value := text(info, key):
            yield title, value


def _taint(taint: Json) -> str:
    value = text(taint, "value")
    return f"{text(taint, 'key')}{f'={value}' if value else ''}:{text(taint, 'effect')}"


def _images(node: Json, width: int) -> Iterator[Words]:
    """The largest first; each under its best name, which is the one with a tag."""
    images = objects(node, "status", "images")
    sized = sorted(images, key=lambda each: -size_bytes(text(each, "sizeBytes")))
    texts = [f"{show_size(size_bytes(text(e, 'sizeBytes'))):>8}  {_name(e)}" for e in sized]
    yield from listed(f"Images ({len(texts)})", texts, width)


def _name(image: Json) -> str:
    names = words(image, "names")
    return next((name for name in names if "@" not in name), names[0] if names else "?")
