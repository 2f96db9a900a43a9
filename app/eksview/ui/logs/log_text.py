"""The lines of a log as they are drawn: level, time, source and text."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct
from rich.color import Color
from rich.style import Style

from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, cells, clean, fit
from eksview.domain.filter.line_filter import LineFilter
from eksview.domain.filter.pattern import spans as matches
from eksview.domain.logs.decode import DecodedText, decoded
from eksview.domain.logs.json_line import columns, json_line, pretty
from eksview.domain.logs.level import level_of
from eksview.domain.logs.line import LogLine, text_of
from eksview.domain.logs.sgr import Sgr
from eksview.domain.logs.view_lines import MARK
from eksview.ui.text.palette import Palette
from eksview.ui.text.styled_text import Ink, Span, Spans, marked, merged

_ON_DARK = ("#7fb8ff", "#e5a96b", "#7fd6a5", "#d699e8", "#e0d06f", "#6fd3d8", "#f09aa0", "#b3b8ff")
_ON_LIGHT = ("#0b5cb5", "#8f4a00", "#0d6b3c", "#7f2a99", "#6b5900", "#00686d", "#a32638", "#4a3fb0")
WIDEST_NAME = 24


class JsonMode(StrEnum):
    """How lines that are JSON objects are shown."""

    RAW = "raw"
    COLUMNS = "columns"
    PRETTY = "pretty"


class LogLook(Struct, frozen=True):
    """What a line is drawn with, beside its text."""

    wrap: bool = False
    timestamps: bool = False
    json: JsonMode = JsonMode.RAW


class LogPainter:
    """Draws lines; `names` are those of the sources, by their numbers, empty for a single one."""

    def __init__(
        self, ink: Ink, look: LogLook, names: Mapping[int, Clean], line_filter: LineFilter | None
    ) -> None:
        self._ink = ink
        self._look = look
        self._names = names
        self._filter = line_filter
        widest = max(map(cells, names.values()), default=0)
        self._name_width = min(WIDEST_NAME, widest)

    def rows(self, line: LogLine, width: int, *, current: bool = False) -> list[Spans]:
        """Return a line's rows: one of any width, or with `wrap` several of `width` cells."""
        source = line[0]
        if source < 0:
            notice = self._notice(line, width)
            return wrapped(notice, width) if self._look.wrap else [notice]
        palette = self._ink.palette
        text = decoded(text_of(line))
        texts = self._texts(text)
        level = level_of(text.text)
        gutter = self._gutter(level.health if level else None)
        head = [gutter, *self._head(line)]
        indent = [gutter, (" " * (sum(cells(part) for part, _ in head) - 1), palette.text)]
        rows: list[Spans] = []
        for number, body in enumerate(texts):
            styled = self._styled(body, current=current)
            before = head if number == 0 else indent
            if self._look.wrap:
                room = max(8, width - sum(cells(part) for part, _ in head))
                for at, part in enumerate(wrapped(styled, room)):
                    rows.append([*(before if at == 0 else indent), *part])
            else:
                rows.append([*before, *styled])
        return rows

    def _texts(self, text: DecodedText) -> list[DecodedText]:
        """Return a line's text, or what a JSON object is shown as."""
        if self._look.json is JsonMode.RAW:
            return [text]
        parts = json_line(text.text)
        if parts is None:
            return [text]
        if self._look.json is JsonMode.COLUMNS:
            return [DecodedText(clean(columns(parts)))]
        return [DecodedText(clean(row)) for row in pretty(parts)]

    def _gutter(self, health: Health | None) -> Span:
        if health in (Health.BAD, Health.WARN):
            return self._ink.glyphs.heavy, self._ink.palette.state(health)
        return " ", self._ink.palette.text

    def _head(self, line: LogLine) -> Iterator[Span]:
        palette = self._ink.palette
        if self._look.timestamps:
            yield f"{line[1][11:23].decode('ascii', 'replace')} ", palette.faint
        if self._names:
            name = fit(self._names.get(line[0], Clean("")), self._name_width)
            yield f"{name} ", source_style(line[0], palette)

    def _styled(self, text: DecodedText, *, current: bool) -> Spans:
        palette = self._ink.palette
        out: Spans = []
        at = 0
        for run in text.runs:
            out.append((text.text[at : run.start], palette.text))
            out.append((text.text[run.start : run.end], style_of(run.style, palette)))
            at = run.end
        out.append((text.text[at:], palette.text))
        if not text.runs and (level := level_of(text.text)) is not None:
            tone = palette.dim if level.health is Health.UNKNOWN else palette.state(level.health)
            out = list(marked(out, [(level.start, level.end)], lambda _: tone))
        if self._filter is None or self._filter.inverse:
            return out
        extra = palette.current if current else palette.match
        found = list(matches(self._filter.pattern, text.text))
        return list(marked(out, found, lambda style: style + extra))

    def _notice(self, line: LogLine, width: int) -> Spans:
        """Return a mark, or what happened to a source."""
        palette, bar = self._ink.palette, self._ink.glyphs.line[0]
        time = line[1][11:19].decode("ascii", "replace")
        if line[0] == MARK:
            head = f"{bar * 3} {time} "
            return [(head + bar * max(0, width - len(head)), palette.accent)]
        name = self._names.get(~line[0], Clean(""))
        text = decoded(text_of(line)).text
        return [(f"{bar * 2} {time} {name}{' ' if name else ''}{text} {bar * 2}", palette.dim)]


def source_style(number: int, palette: Palette) -> Style:
    """Return the color of a source, which tells it from its neighbors and no state."""
    color = palette.text.color
    triplet = color.get_truecolor() if color else None
    dark = triplet is None or sum(triplet) > 384
    colors = _ON_DARK if dark else _ON_LIGHT
    return Style(color=colors[number % len(colors)])


def style_of(sgr: Sgr, palette: Palette) -> Style:
    """Return the style that a program gave its text."""
    return palette.text + Style(
        color=_color(sgr.fg),
        bgcolor=_color(sgr.bg),
        bold=sgr.bold or None,
        dim=sgr.dim or None,
        italic=sgr.italic or None,
        underline=sgr.underline or None,
        reverse=sgr.reverse or None,
        strike=sgr.strike or None,
    )


def _color(color: int | tuple[int, int, int] | None) -> Color | None:
    if color is None:
        return None
    return Color.from_rgb(*color) if isinstance(color, tuple) else Color.from_ansi(color)


def wrapped(spans: Iterable[Span], width: int) -> list[Spans]:
    """Return the pieces in rows of so many cells; at least one row."""
    rows: list[Spans] = [[]]
    room = width
    for text, style in merged(spans):
        rest = text
        while rest:
            part = _fitting(rest, room)
            if not part and room < width:
                rows.append([])
                room = width
                continue
            part = part or rest[:1]
            rows[-1].append((part, style))
            room -= cells(part)
            rest = rest[len(part) :]
            if rest and room <= 0:
                rows.append([])
                room = width
    return rows


def _fitting(text: str, width: int) -> str:
    """Return the characters at the beginning that fit into so many cells."""
    if text.isascii():
        return text[:width]
    taken = 0
    for at, character in enumerate(text):
        taken += cells(character)
        if taken > width:
            return text[:at]
    return text
