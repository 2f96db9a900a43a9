"""One node in each of its forms: a card, a chip and a cell."""

from msgspec import Struct
from rich.style import Style

from eksview.domain.age import human_duration
from eksview.domain.groups import instance_id, instance_type_of, short_zone, zone_of
from eksview.domain.health import Health
from eksview.domain.node_status import headline, heartbeat_age, node_health
from eksview.domain.quantity import percent
from eksview.domain.rows import NodeRow
from eksview.domain.text import clean
from eksview.domain.versions import minors_behind
from eksview.ui.layout.workers import FORMS, Zoom
from eksview.ui.view import View
from eksview.ui.widgets.bars import bar
from eksview.ui.widgets.spans import Spans, ends, pad

BAR, MINI = 12, 6
_STEPS = (10, 20, 30, 40)


class Look(Struct, frozen=True):
    """All that a node's picture depends on: the same look is the same picture."""

    node: NodeRow
    health: Health
    word: str
    beat: str
    sums: tuple[int, int, int]  # pods, CPU, memory requested
    chosen: bool
    stale: bool
    server: str  # the API server's version


def beat_words(seconds: float | None) -> str:
    """`<10s` while a heartbeat is as it should be, so that a healthy screen stands still."""
    if seconds is None:
        return "-"
    for step in _STEPS:
        if seconds < step:
            return f"<{step}s"
    return human_duration(seconds)


def look_at(view: View, name: str, now: float, *, chosen: bool, stale: bool, server: str) -> Look:
    """Everything about a node that its picture shows."""
    node, lease, sums = view.store.nodes[name], view.store.lease_of(name), view.store.sums_of(name)
    return Look(
        node=node,
        health=Health.UNKNOWN if stale else node_health(node, lease, now),
        word=headline(node, lease, now),
        beat=beat_words(heartbeat_age(lease, now)),
        sums=(sums.pods, sums.cpu, sums.memory),
        chosen=chosen,
        stale=stale,
        server=server,
    )


def short_name(name: str) -> str:
    """`ip-10-0-1-234` of `ip-10-0-1-234.us-west-2.compute.internal`; others as they are."""
    return clean(name.split(".", 1)[0] if name.startswith(("ip-", "i-", "fargate-ip-")) else name)


def card(look: Look, view: View) -> list[Spans]:
    """Seven lines of the card's width, its frame in the colour of what is wrong."""
    width, palette, glyphs = FORMS[Zoom.CARDS].width, view.palette(), view.glyphs
    left, right, low_left, low_right = tuple(glyphs.corner)
    flat, side = tuple(glyphs.line)
    frame = _frame(look, view)
    zone = short_zone(zone_of(look.node.labels))
    tail = f" {clean(zone)} " if zone else ""
    room = width - 5 - len(tail)
    name = short_name(look.node.name)
    head = pad([(name, palette.strong)], min(room, len(name)), frame, glyphs.more)
    rule = flat * max(0, room - len(name))
    top: Spans = [(f"{left}{flat} ", frame), *head, (f" {rule}", frame), (tail, palette.dim)]
    inner = [pad(row, width - 4, palette.text, glyphs.more) for row in _body(look, view, width - 4)]
    return [
        [*pad(top, width - 1, frame), (right, frame)],
        *([(f"{side} ", frame), *row, (f" {side}", frame)] for row in inner),
        [(low_left + flat * (width - 2) + low_right, frame)],
    ]


def chip(look: Look, view: View) -> Spans:
    """One line: mark, name, zone, CPU and memory, pods, heartbeat."""
    width, palette, glyphs = FORMS[Zoom.CHIPS].width, view.palette(), view.glyphs
    name = short_name(look.node.name)
    style = _name_style(look, view)
    spans: Spans = [(f"{glyphs.mark(look.health)} ", palette.state(look.health))]
    spans += pad([(name, style)], 15, palette.text, glyphs.more)
    if look.health in (Health.BAD, Health.WARN) and not look.stale:
        spans += [
            (" ", palette.text),
            *pad([(look.word, palette.state(look.health))], 13, palette.text, glyphs.more),
        ]
    else:
        spans.append((" ", palette.text))
        spans += _mini(look.sums[1], look.node.allocatable.cpu, view)
        spans.append((" ", palette.text))
        spans += _mini(look.sums[2], look.node.allocatable.memory, view)
    spans.append((f" {_pods(look):>7}", palette.text))
    spans.append((f" {glyphs.heart}{look.beat:<5}", _heart(look, view)))
    return pad(spans, width, palette.text, glyphs.more)


def cell(look: Look, view: View) -> tuple[str, Style]:
    """One cell: a mark that differs by state, not only its colour."""
    palette, glyphs = view.palette(), view.glyphs
    mark = glyphs.cell if look.health is Health.OK else glyphs.mark(look.health)
    style = palette.state(look.health)
    return mark, style + Style(reverse=True) if look.chosen else style


def spelled(look: Look, view: View) -> Spans:
    """The node under the cursor in words, for where its picture is only a cell."""
    palette, glyphs = view.palette(), view.glyphs
    node = look.node
    said = (
        f"  {clean(zone_of(node.labels))}  {clean(node.kubelet)}  pods {_pods(look)}"
        f"  cpu {_share(look.sums[1], node.allocatable.cpu)}"
        f"  mem {_share(look.sums[2], node.allocatable.memory)}  {glyphs.heart} {look.beat}"
    )
    mark = f"{glyphs.mark(look.health)} "
    state = palette.state(look.health)
    return [
        (mark, state),
        (clean(node.name), palette.strong),
        (f"  {look.word}", state),
        (said, palette.dim),
    ]


def _body(look: Look, view: View, width: int) -> list[Spans]:
    palette, glyphs, node = view.palette(), view.glyphs, look.node
    state = palette.state(look.health)
    mark: Spans = [(f"{glyphs.mark(look.health)} ", state), (look.word, state)]
    if look.stale:
        mark = [(f"{glyphs.unknown} ", palette.unknown), (f"{look.word}, stale", palette.unknown)]
    beat: Spans = [(f"{glyphs.heart} {look.beat}", _heart(look, view))]
    pods: Spans = [("pods ", palette.dim), (_pods(look), palette.text)]
    behind = minors_behind(node.kubelet, look.server)
    lag = f" {glyphs.behind}{behind}" if behind else ""
    version: Spans = [
        (clean(node.kubelet).split("-", 1)[0], palette.dim),
        (lag, palette.warn),
    ]
    instance = clean(instance_id(node.provider_id) or "")
    kind: Spans = [(clean(instance_type_of(node.labels)), palette.dim)]
    where: Spans = [(f"{instance[:7]}{glyphs.more}" if instance else "", palette.dim)]
    return [
        ends(mark, beat, width, palette.text),
        _gauge("cpu", look.sums[1], node.allocatable.cpu, view),
        _gauge("mem", look.sums[2], node.allocatable.memory, view),
        ends(pods, version, width, palette.text),
        ends(kind, where, width, palette.text),
    ]


def _gauge(name: str, part: int, whole: int, view: View) -> Spans:
    palette = view.palette()
    return [
        (f"{name} ", palette.dim),
        *bar(part, whole, BAR, view.glyphs, palette),
        (f" {_share(part, whole):>5}", palette.text),
    ]


def _mini(part: int, whole: int, view: View) -> Spans:
    return bar(part, whole, MINI, view.glyphs, view.palette())


def _share(part: int, whole: int) -> str:
    share = percent(part, whole)
    return "?" if share is None else f"{share}%"


def _pods(look: Look) -> str:
    return f"{look.sums[0]}/{look.node.allocatable.pods}"


def _frame(look: Look, view: View) -> Style:
    palette = view.palette()
    if look.chosen:
        return palette.focus
    if look.health in (Health.BAD, Health.WARN) and not look.stale:
        return palette.state(look.health)
    return palette.border


def _name_style(look: Look, view: View) -> Style:
    palette = view.palette()
    return palette.accent + palette.cursor if look.chosen else palette.strong


def _heart(look: Look, view: View) -> Style:
    palette = view.palette()
    return palette.dim if look.beat in ("<10s", "<20s", "-") else palette.warn
