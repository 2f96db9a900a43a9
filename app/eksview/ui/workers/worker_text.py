"""Drawings of one worker: a card, a chip, a cell, or a line of words."""

import re

from rich.style import Style

from eksview.domain.base.health import TROUBLE, Health
from eksview.domain.base.text import cells
from eksview.ui.text.bars import bar, share_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.styled_text import Ink, Span, Spans, ends, joined, pad, width_of
from eksview.ui.workers.marks import behind_mark, heart_mark, session_mark
from eksview.ui.workers.worker import Gauge, Load, Worker

_CHIP = 37  # cells of a chip at its narrowest
_TAIL = 12  # of them for pods and age, with a space between: `110/110 343d`
_SHORT_ID = 7  # `i-0abc…`
_UNIT = re.compile(r"\d+[smhdy]")
REVERSE = Style(reverse=True)


def card(worker: Worker, width: int, ink: Ink) -> list[Spans]:
    """Return six lines: name, zone, type and instance in a frame, whose color shows problems."""
    palette, glyphs, inner = ink.palette, ink.glyphs, width - 4
    left, right, low_left, low_right = _corners(worker, glyphs)
    flat, side = _lines(worker, glyphs)
    frame, text = _frame(worker, ink), _text(worker, ink)
    body = [
        ends(_state(worker, ink), _heart(worker, ink), inner, ink),
        _gauge("cpu", worker.cpu, inner, worker, ink),
        _gauge("mem", worker.memory, inner, worker, ink),
        ends(
            [(f"{worker.counted} ", palette.dim), (worker.pods, text)],
            _version(worker, ink),
            inner,
            ink,
        ),
    ]
    zone: Spans = [(f" {worker.place} ", palette.dim), (flat, frame)] if worker.place else []
    name: Spans = [(f"{flat} ", frame), (worker.name, _name(worker, ink)), (" ", frame)]
    sessions = [(" ", frame), *_sessions(worker, ink)]
    if worker.sessions and width_of(name) + width_of(sessions) + width_of(zone) < width - 2:
        zone = [*sessions, *zone]
    return [
        [(left, frame), *_rule(name, zone, width - 2, (flat, frame), ink), (right, frame)],
        *([(f"{side} ", frame), *row, (f" {side}", frame)] for row in body),
        [(low_left, frame), *_machine(worker, width - 2, frame, ink), (low_right, frame)],
    ]


def chip(worker: Worker, width: int, ink: Ink) -> list[Spans]:
    """Return one line: mark, name, CPU and memory or the problem, pods, age."""
    palette, more = ink.palette, ink.glyphs.more
    spare = max(0, width - _CHIP)
    gauge, tail = 3 + min(5, spare // 4), _TAIL + min(2, spare)
    name = max(1, width - 4 - tail - 2 * gauge)
    spans: Spans = [
        _mark(worker, ink),
        *pad([(worker.name, _name(worker, ink))], name, palette.text, more),
    ]
    last, style = _last(worker, ink)
    if worker.health in TROUBLE:
        room = 2 * gauge + tail - len(last)
        wrong = palette.dim if worker.stale else palette.state(worker.health)
        spans += [(" ", palette.text), *pad([(worker.word, wrong)], room, palette.text, more)]
    else:
        for amount in () if _lost(worker) else (worker.cpu, worker.memory):
            drawn = _bar(amount, gauge, worker, ink)
            if amount.words:
                words = _fitting(amount.words, gauge), _text(worker, ink)
                drawn = pad([words], gauge, palette.text, more)
            spans += [(" ", palette.text), *drawn]
        room = width - width_of(spans) - len(last) - 1
        pods = worker.pods if len(worker.pods) <= room else worker.pods.split("/")[0]
        spans.append((pods.rjust(room), _text(worker, ink)))
    spans += [(" ", palette.text), (last, style)]
    return [pad(spans, width, palette.text, more)]


def _fitting(words: str, width: int) -> str:
    """Return an amount, without its blank or its unit where there is no room; never cut."""
    shorter = (words, words.replace(" ", ""), words.partition(" ")[0])
    return next((each for each in shorter if cells(each) <= width), "")


def _last(worker: Worker, ink: Ink) -> Span:
    """Return the age, or instead of it that the node is stale or its instance isn't well."""
    if worker.stale:
        return "stale", ink.palette.warn
    if _lost(worker):
        return worker.machine, ink.palette.bad
    unit = _UNIT.match(worker.age)
    return f"{unit[0] if unit else '?':>4}", ink.palette.dim


def cell(health: Health, load: Load, width: int, *, stale: bool, ink: Ink) -> Span:
    """Return a bar as high as the load and in its color; an unhealthy node's mark instead of it."""
    palette, heights = ink.palette, ink.glyphs.spark
    if health is not Health.OK or load.share is None:
        style = palette.dim if stale else palette.state(health)
        return ink.glyphs.mark(health).center(width), style
    level = min(len(heights) - 1, int(load.share * len(heights)))
    style = palette.warn if load.high else palette.ok
    return heights[level] * width, palette.faint if stale else style


def cursor_cell(health: Health, width: int, ink: Ink) -> Span:
    """Return the cell below the cursor: the only one that is reversed, and always with a mark."""
    return ink.glyphs.mark(health).center(width), ink.palette.strong + REVERSE


def worker_line(worker: Worker, ink: Ink) -> Spans:
    """Return a node in words, the most important first, for a map where it is only a cell."""
    palette = ink.palette
    parts = [
        _amount("cpu", worker.cpu, ink),
        _amount("mem", worker.memory, ink),
        [(f"{worker.counted} ", palette.dim), (worker.pods, palette.text)],
        _heart(worker, ink),
        [(worker.place, palette.dim)] if worker.place else [],
        _version(worker, ink),
        [(worker.kind, palette.dim)] if worker.kind else [],
        [(worker.instance, palette.dim)] if worker.instance else [],
        [(worker.machine, _machine_style(worker, ink))] if worker.machine else [],
        [(f"age {worker.age}", palette.dim)] if worker.age else [],
        _sessions(worker, ink),
    ]
    head: Spans = [*_state(worker, ink), ("  ", palette.text), (worker.name, palette.strong)]
    return joined([head, *parts], ("  ", palette.text))


def _amount(name: str, gauge: Gauge, ink: Ink) -> Spans:
    """Return `cpu 24% of 62%`, used and requested, or `cpu 62%` while usage is unknown."""
    palette = ink.palette
    spans: Spans = [(f"{name} ", palette.dim)]
    if gauge.words:
        return [*spans, (gauge.words, palette.text)]
    if gauge.used is not None:
        spans += [(f"{_share(gauge.used, gauge):>4}", palette.text), (" of", palette.dim)]
    return [*spans, (f"{_share(gauge.requested, gauge):>4}", palette.text)]


def _share(part: int | None, gauge: Gauge) -> str:
    return "?" if part is None else share_words(part, gauge.whole)


def _state(worker: Worker, ink: Ink) -> Spans:
    palette = ink.palette
    if worker.stale:
        return [_mark(worker, ink), (worker.word, palette.dim)]
    style = palette.state(worker.health)
    calm = palette.text if worker.health is Health.OK else style
    loud = calm + REVERSE if worker.health is Health.BAD else calm
    word = f" {worker.word} " if worker.health is Health.BAD else worker.word
    return [_mark(worker, ink), (word, loud)]


def _mark(worker: Worker, ink: Ink) -> Span:
    palette, glyphs = ink.palette, ink.glyphs
    if worker.stale:
        return f"{glyphs.unknown} ", palette.dim
    return f"{glyphs.mark(worker.health)} ", palette.state(worker.health)


def _heart(worker: Worker, ink: Ink) -> Spans:
    palette, glyphs = ink.palette, ink.glyphs
    if worker.stale:
        return [("stale", palette.warn)]
    if not worker.beat:
        return []
    if worker.beat == "-":
        return [(heart_mark(worker.beat, glyphs), palette.faint)]
    style = palette.dim if worker.beat_health is Health.OK else palette.state(worker.beat_health)
    return [(heart_mark(worker.beat, glyphs), style)]


def _gauge(name: str, gauge: Gauge, width: int, worker: Worker, ink: Ink) -> Spans:
    if gauge.words:
        words: Spans = [(f"{name} ", ink.palette.dim), (gauge.words, _text(worker, ink))]
        return pad(words, width, ink.palette.text, ink.glyphs.more)
    share = f" {_share(gauge.shown, gauge):>4}"
    spans: Spans = [(f"{name} ", ink.palette.dim)]
    spans += _bar(gauge, width - 4 - cells(share), worker, ink)
    return [*spans, (share, _text(worker, ink))]


def _bar(gauge: Gauge, width: int, worker: Worker, ink: Ink) -> Spans:
    drawn = bar(gauge.requested or 0, gauge.whole, max(1, width), ink, gauge.used or 0)
    return [(text, ink.palette.faint) for text, _ in drawn] if worker.stale else drawn


def _version(worker: Worker, ink: Ink) -> Spans:
    palette = ink.palette
    lag = f" {behind_mark(worker.behind, ink.glyphs)}" if worker.behind else ""
    return [(worker.version, palette.dim), (lag, palette.dim if worker.stale else palette.warn)]


def _machine(worker: Worker, width: int, frame: Style, ink: Ink) -> Spans:
    """Return the lower edge: type, instance and its state, with the ID cut to the room."""
    flat, dim = _lines(worker, ink.glyphs)[0], ink.palette.dim
    kind = f"{worker.kind} spot" if worker.spot and worker.kind else worker.kind
    left: Spans = [(f"{flat} ", frame), (kind, dim), (" ", frame)] if kind else []
    word = f" {worker.machine}" if worker.machine else ""
    room = width - width_of(left) - 4 - cells(word)
    if room < _SHORT_ID and worker.machine_health is Health.OK:  # the ID matters more
        room, word = room + cells(word), ""
    instance = worker.instance
    if cells(instance) > room:
        instance = f"{instance[:6]}{ink.glyphs.more}" if room >= _SHORT_ID else ""
    right: Spans = [(f" {instance}", dim)] if instance else []
    right += [(word, _machine_style(worker, ink))] if word else []
    right += [(" ", frame), (flat, frame)] if right else []
    return _rule(left, right, width, (flat, frame), ink)


def _machine_style(worker: Worker, ink: Ink) -> Style:
    return ink.palette.bad if _lost(worker) else ink.palette.dim


def _lost(worker: Worker) -> bool:
    """Return whether the instance is bad, as far as that is current."""
    return worker.machine_health is Health.BAD and not worker.stale


def _sessions(worker: Worker, ink: Ink) -> Spans:
    """Return a prompt where a session is open on the node, with the number of more than one."""
    if not worker.sessions:
        return []
    return [(session_mark(worker.sessions), ink.palette.accent)]


def _rule(left: Spans, right: Spans, width: int, edge: Span, ink: Ink) -> Spans:
    tail, (flat, frame) = width_of(right), edge
    head = pad(left, min(width_of(left), width - tail - 1), frame, ink.glyphs.more)
    return [*head, (flat * (width - tail - width_of(head)), frame), *right]


def _name(worker: Worker, ink: Ink) -> Style:
    palette = ink.palette
    if worker.chosen:
        return palette.accent + palette.cursor
    return palette.dim if worker.stale else palette.strong


def _text(worker: Worker, ink: Ink) -> Style:
    return ink.palette.dim if worker.stale else ink.palette.text


def _corners(worker: Worker, glyphs: Glyphs) -> tuple[str, ...]:
    return tuple(glyphs.heavy_corner if worker.chosen else glyphs.corner)


def _lines(worker: Worker, glyphs: Glyphs) -> tuple[str, ...]:
    """Return the horizontal and the vertical line of a card's frame, heavy at the cursor."""
    return tuple(glyphs.heavy_line if worker.chosen else glyphs.line)


def _frame(worker: Worker, ink: Ink) -> Style:
    """Return the frame's color: the state of the node, whether it is chosen or not."""
    palette = ink.palette
    if worker.health in TROUBLE and not worker.stale:
        return palette.state(worker.health)
    return palette.focus if worker.chosen else palette.border
