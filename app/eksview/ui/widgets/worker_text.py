"""One worker in each of its forms: a card, a chip, a cell, and spelled out in words."""

import re

from rich.style import Style

from eksview.domain.health import Health
from eksview.domain.text import cells
from eksview.ui.roster import TROUBLE
from eksview.ui.widgets.bars import bar, share_words
from eksview.ui.widgets.spans import Ink, Span, Spans, ends, joined, pad, width_of
from eksview.ui.widgets.worker_look import Gauge, Look

_CHIP = 37  # cells of a chip at its narrowest
_TAIL = 12  # of them for pods and age, with a space between: `110/110 343d`
_UNIT = re.compile(r"\d+[smhdy]")
REVERSE = Style(reverse=True)


def card(look: Look, width: int, ink: Ink) -> list[Spans]:
    """Six lines; name and zone, and type and instance, stand in the frame, which shows trouble."""
    palette, glyphs, inner = ink.palette, ink.glyphs, width - 4
    left, right, low_left, low_right = tuple(glyphs.corner)
    flat, side = tuple(glyphs.line)
    frame = _frame(look, ink)
    body = [
        ends(_state(look, ink), _heart(look, ink), inner, ink),
        _gauge("cpu", look.cpu, inner, look, ink),
        _gauge("mem", look.memory, inner, look, ink),
        ends(
            [("pods ", palette.dim), (look.pods, _text(look, ink))], _version(look, ink), inner, ink
        ),
    ]
    zone: Spans = [(f" {look.zone} ", palette.dim), (flat, frame)] if look.zone else []
    name: Spans = [(f"{flat} ", frame), (look.name, _name(look, ink)), (" ", frame)]
    visitors = [(" ", frame), *_visitors(look, ink)]
    if look.sessions and width_of(name) + width_of(visitors) + width_of(zone) < width - 2:
        zone = [*visitors, *zone]
    return [
        [(left, frame), *_rule(name, zone, width - 2, frame, ink), (right, frame)],
        *([(f"{side} ", frame), *row, (f" {side}", frame)] for row in body),
        [(low_left, frame), *_machine(look, width - 2, frame, ink), (low_right, frame)],
    ]


def chip(look: Look, width: int, ink: Ink) -> list[Spans]:
    """One line: mark, name, CPU and memory or what is wrong, pods, age."""
    palette, more = ink.palette, ink.glyphs.more
    spare = max(0, width - _CHIP)
    gauge, tail = 3 + min(5, spare // 4), _TAIL + min(2, spare)
    name = max(1, width - 4 - tail - 2 * gauge)
    spans: Spans = [
        _mark(look, ink),
        *pad([(look.name, _name(look, ink))], name, palette.text, more),
    ]
    last, style = _last(look, ink)
    if look.health in TROUBLE:
        room = 2 * gauge + tail - len(last)
        wrong = palette.dim if look.stale else palette.state(look.health)
        spans += [(" ", palette.text), *pad([(look.word, wrong)], room, palette.text, more)]
    else:
        for each in (look.cpu, look.memory):
            spans += [(" ", palette.text), *_bar(each, gauge, look, ink)]
        room = tail - len(last) - 1
        pods = look.pods if len(look.pods) <= room else look.pods.split("/")[0]
        spans.append((pods.rjust(room), _text(look, ink)))
    spans += [(" ", palette.text), (last, style)]
    return [pad(spans, width, palette.text, more)]


def _last(look: Look, ink: Ink) -> Span:
    """The age, unless there is something about the node or its instance that one must know."""
    if look.stale:
        return "stale", ink.palette.warn
    if look.machine_health is Health.BAD:
        return f"{look.machine:>4}", ink.palette.bad
    unit = _UNIT.match(look.age)
    return f"{unit[0] if unit else '?':>4}", ink.palette.dim


def cell(health: Health, load: float, width: int, *, stale: bool, ink: Ink) -> Span:
    """One cell or a few: as high as the load while all is well, else the mark of what it is."""
    palette, heights = ink.palette, ink.glyphs.spark
    if health is not Health.OK:
        style = palette.dim if stale else palette.state(health)
        return ink.glyphs.mark(health).center(width), style
    level = min(len(heights) - 1, int(load * len(heights)))
    return heights[level] * width, palette.faint if stale else palette.used


def spelled(look: Look, ink: Ink) -> Spans:
    """A node in words, for where its picture is only a cell; the most telling first."""
    palette = ink.palette
    said = [
        _amount("cpu", look.cpu, ink),
        _amount("mem", look.memory, ink),
        [("pods ", palette.dim), (look.pods, palette.text)],
        _heart(look, ink),
        [(look.zone, palette.dim)] if look.zone else [],
        _version(look, ink),
        [(look.kind, palette.dim)] if look.kind else [],
        [(look.instance, palette.dim)] if look.instance else [],
        [(look.machine, _machine_style(look, ink))] if look.machine else [],
        [(f"age {look.age}", palette.dim)],
        _visitors(look, ink),
    ]
    head: Spans = [*_state(look, ink), ("  ", palette.text), (look.name, palette.strong)]
    return joined([head, *said], ("  ", palette.text))


def _amount(name: str, gauge: Gauge, ink: Ink) -> Spans:
    """`cpu 24% of 62%`: used and requested; `cpu  62%`: requested, as more isn't known."""
    palette = ink.palette
    spans: Spans = [(f"{name} ", palette.dim)]
    if gauge.used is not None:
        spans += [(f"{_share(gauge.used, gauge):>4}", palette.text), (" of", palette.dim)]
    return [*spans, (f"{_share(gauge.requested, gauge):>4}", palette.text)]


def _share(part: int | None, gauge: Gauge) -> str:
    return "?" if part is None else share_words(part, gauge.whole)


def _state(look: Look, ink: Ink) -> Spans:
    palette = ink.palette
    if look.stale:
        return [_mark(look, ink), (look.word, palette.dim)]
    style = palette.state(look.health)
    calm = palette.text if look.health is Health.OK else style
    loud = calm + REVERSE if look.health is Health.BAD else calm
    word = f" {look.word} " if look.health is Health.BAD else look.word
    return [_mark(look, ink), (word, loud)]


def _mark(look: Look, ink: Ink) -> Span:
    palette, glyphs = ink.palette, ink.glyphs
    if look.stale:
        return f"{glyphs.unknown} ", palette.dim
    return f"{glyphs.mark(look.health)} ", palette.state(look.health)


def _heart(look: Look, ink: Ink) -> Spans:
    palette, glyphs = ink.palette, ink.glyphs
    if look.stale:
        return [("stale", palette.warn)]
    if look.beat == "-":
        return [(f"{glyphs.heart}    -", palette.faint)]
    style = palette.dim if look.beat_health is Health.OK else palette.state(look.beat_health)
    return [(f"{glyphs.heart} ", style), (f"{look.beat:>4}", style)]


def _gauge(name: str, gauge: Gauge, width: int, look: Look, ink: Ink) -> Spans:
    share = f" {_share(gauge.shown, gauge):>4}"
    spans: Spans = [(f"{name} ", ink.palette.dim)]
    spans += _bar(gauge, width - 4 - cells(share), look, ink)
    return [*spans, (share, _text(look, ink))]


def _bar(gauge: Gauge, width: int, look: Look, ink: Ink) -> Spans:
    drawn = bar(gauge.requested or 0, gauge.whole, max(1, width), ink, gauge.used or 0)
    return [(text, ink.palette.faint) for text, _ in drawn] if look.stale else drawn


def _version(look: Look, ink: Ink) -> Spans:
    palette = ink.palette
    lag = f" {ink.glyphs.behind}{look.behind}" if look.behind else ""
    return [(look.version, palette.dim), (lag, palette.dim if look.stale else palette.warn)]


def _machine(look: Look, width: int, frame: Style, ink: Ink) -> Spans:
    """Type and instance in the lower edge; the instance is shortened where there isn't room."""
    flat, dim = ink.glyphs.line[0], ink.palette.dim
    kind = f"{look.kind} spot" if look.spot and look.kind else look.kind
    left: Spans = [(f"{flat} ", frame), (kind, dim), (" ", frame)] if kind else []
    word = f" {look.machine}" if look.machine else ""
    room = width - width_of(left) - 4 - cells(word)
    instance = look.instance
    if cells(instance) > room:
        instance = f"{instance[:6]}{ink.glyphs.more}" if room >= 7 else ""
    said: Spans = [(f" {instance}", dim)] if instance else []
    said += [(word, _machine_style(look, ink))] if word else []
    right: Spans = [*said, (" ", frame), (flat, frame)] if said else []
    return _rule(left, right, width, frame, ink)


def _machine_style(look: Look, ink: Ink) -> Style:
    calm = look.stale or look.machine_health is not Health.BAD
    return ink.palette.dim if calm else ink.palette.bad


def _visitors(look: Look, ink: Ink) -> Spans:
    """A prompt where somebody has a session on the node, with their number when there are more."""
    if not look.sessions:
        return []
    number = str(look.sessions) if look.sessions > 1 else ""
    return [(f">_{number}", ink.palette.accent)]


def _rule(left: Spans, right: Spans, width: int, frame: Style, ink: Ink) -> Spans:
    tail = width_of(right)
    head = pad(left, min(width_of(left), width - tail - 1), frame, ink.glyphs.more)
    return [*head, (ink.glyphs.line[0] * (width - tail - width_of(head)), frame), *right]


def _name(look: Look, ink: Ink) -> Style:
    palette = ink.palette
    if look.chosen:
        return palette.accent + palette.cursor
    return palette.dim if look.stale else palette.strong


def _text(look: Look, ink: Ink) -> Style:
    return ink.palette.dim if look.stale else ink.palette.text


def _frame(look: Look, ink: Ink) -> Style:
    palette = ink.palette
    if look.chosen:
        return palette.focus
    if look.health in TROUBLE and not look.stale:
        return palette.state(look.health)
    return palette.border
