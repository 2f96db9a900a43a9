"""Text of the tabs Conditions and Details of a node."""

from collections.abc import Callable, Iterator

from eksview.domain.base.age import age, human_duration
from eksview.domain.base.health import WORST_FIRST, Health
from eksview.domain.base.json_values import Json, at, items
from eksview.domain.base.quantity import cpu_milli, percent, show_cpu, show_size, size_bytes
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.base.thresholds import USUAL, Thresholds
from eksview.domain.kube.node_status import condition_health, heartbeat_age, heartbeat_health
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.kube import Condition, LeaseRow, NodeRow, UsageRow
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold, listed, pad, section
from eksview.ui.text.object_fields import pairs, text, words
from eksview.ui.text.words import TONE_OF, Words, tone_of

UNJUDGED = "not judged: leases couldn't be renewed or read"
STATUS, HEARTBEAT, CHANGED = 9, 11, 9
TYPE = (16, 24)
"""Fewest and most cells of the column of types."""


def condition_lines(
    row: NodeRow,
    lease: LeaseRow | None,
    now: float,
    width: int,
    glyphs: Glyphs,
    *,
    judged: bool = True,
) -> Iterator[Words]:
    """Yield the heartbeat, then each condition with the kubelet's message, the worst first.

    The heartbeat may not be `judged`, as its lease may be old because nothing can be written.
    """
    yield _heartbeat(lease, now, glyphs, judged=judged)
    if row.unschedulable:
        yield ((f"{glyphs.warn} ", "warn"), ("cordoned: no new pods are scheduled here", "text"))
    if row.deleted is not None:
        since = human_duration(now - row.deleted)
        yield ((f"{glyphs.warn} ", "warn"), (f"being deleted for {since}", "text"))
    if row.undecoded:
        yield ((f"{glyphs.warn} ", "warn"), (f"could not be decoded: {row.undecoded}", "text"))
    yield ()
    if not row.conditions:
        yield (("This node has reported no conditions.", "dim"),)
        return
    longest = max(cells(condition.type) for condition in row.conditions)
    kind = max(TYPE[0], min(TYPE[1], longest)) + 2
    reason = max(8, width - 2 - kind - STATUS - HEARTBEAT - CHANGED)
    head = fit("TYPE", kind) + fit("STATUS", STATUS) + fit("REASON", reason)
    ages = fit("HEARTBEAT", HEARTBEAT, "right") + fit("CHANGED", CHANGED, "right")
    yield ((f"  {head}{ages}", "dim"),)
    for condition in sorted(row.conditions, key=_rank):
        yield from _condition(condition, now, (kind, reason), glyphs)


def _rank(condition: Condition) -> tuple[int, bool]:
    return WORST_FIRST[condition_health(condition)], condition.type != "Ready"


def _condition(
    condition: Condition, now: float, widths: tuple[int, int], glyphs: Glyphs
) -> Iterator[Words]:
    kind, reason = widths
    health = condition_health(condition)
    tone = tone_of(health)
    more = glyphs.more
    yield (
        (f"{glyphs.mark(health)} ", TONE_OF[health]),
        (fit(condition.type, kind, more=more), tone),
        (fit(condition.status, STATUS, more=more), tone),
        (fit(condition.reason, reason, more=more), "text"),
        (fit(age(now, condition.heartbeat), HEARTBEAT, "right", more), "dim"),
        (fit(age(now, condition.transition), CHANGED, "right", more), "dim"),
    )
    for line in fold(condition.message, reason + STATUS + HEARTBEAT + CHANGED):
        if line:
            yield ((" " * (2 + kind), "text"), (line, "dim"))


def _heartbeat(lease: LeaseRow | None, now: float, glyphs: Glyphs, *, judged: bool) -> Words:
    since = heartbeat_age(lease, now)
    if lease is None or since is None:
        return (
            (f"{glyphs.heart} ", "faint"),
            ("heartbeat unknown: no visible lease", "dim"),
        )
    if not judged:
        return (
            (f"{glyphs.heart} ", "faint"),
            (f"last known heartbeat {human_duration(since)} ago", "dim"),
            (f"   {UNJUDGED}", "dim"),
        )
    health = heartbeat_health(lease, now)
    tone = tone_of(health)
    return (
        (f"{glyphs.heart} ", TONE_OF[health]),
        (f"heartbeat {human_duration(since)} ago", tone),
        (f"   lease of {lease.duration or 40} s in kube-node-lease", "faint"),
    )


TITLES = (("CAPACITY", 10), ("ALLOCATABLE", 13), ("REQUESTED", 11))
"""Columns of amounts and their cells: with usage beside them they fit 80 cells."""
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
    node: Json,
    sums: PodTotals,
    used: UsageRow | None,
    now: float,
    width: int,
    thresholds: Thresholds = USUAL,
) -> Iterator[Words]:
    """Yield the tab Details; `used` is None while usage is unknown."""
    yield from section("Addresses", _addresses(node), width)
    yield from _amounts(node, sums, used, now, thresholds)
    yield from section("System", _system(node), width)
    taints = [clean(_taint(taint)) for taint in items(node, "spec", "taints")]
    yield from listed("Taints", taints, width)
    yield from section("Labels", pairs(node, "metadata", "labels"), width)
    yield from section("Annotations", pairs(node, "metadata", "annotations"), width)
    yield from _images(node, width)


def _addresses(node: Json) -> Iterator[tuple[str, str]]:
    for address in items(node, "status", "addresses"):
        yield text(address, "type", empty="?"), text(address, "address")
    for title, key in (("Pod CIDR", "podCIDR"), ("Provider ID", "providerID")):
        if value := text(node, "spec", key):
            yield title, value


def _amounts(
    node: Json, sums: PodTotals, used: UsageRow | None, now: float, thresholds: Thresholds
) -> Iterator[Words]:
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
            *_part(
                name,
                requested.get(name),
                text(allocatable, name),
                TITLES[2][1],
                thresholds.requests,
            ),
            *_part(name, spent.get(name), text(allocatable, name), USED, thresholds.usage),
        )
    yield ()


def _part(
    name: str,
    amount: int | None,
    allocatable: str,
    width: int,
    judge: Callable[[int | None], Health],
) -> Words:
    """Return an amount and its percentage of allocatable."""
    if amount is None or amount < 0:
        return ()
    whole = cpu_milli(allocatable) if name == "cpu" else size_bytes(allocatable)
    share = percent(amount, whole)
    shown = {"cpu": show_cpu, "memory": show_size}.get(name, str)(amount)
    tone = tone_of(judge(share))
    part = f"{share}%" if share is not None else ""
    return (fit(shown, width, "right"), "text"), (fit(part, SHARE, "right"), tone)


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
    """Yield images, the largest first, each with a name that has a tag if there is one."""
    images = items(node, "status", "images")
    sized = sorted(images, key=lambda image: -size_bytes(text(image, "sizeBytes")))
    texts = [clean(f"{show_size(size_bytes(text(e, 'sizeBytes'))):>8}  {_name(e)}") for e in sized]
    yield from listed(f"Images ({len(texts)})", texts, width)


def _name(image: Json) -> str:
    names = words(image, "names")
    return next((name for name in names if "@" not in name), names[0] if names else "?")
