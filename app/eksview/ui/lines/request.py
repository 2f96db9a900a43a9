"""One call: where its time went, what it brought, and how a person asks the same."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from eksview.domain.text import cells, clean
from eksview.domain.trace import Request, command
from eksview.domain.trace_columns import clock_time, outcome, took_words
from eksview.ui.glyphs import Glyphs
from eksview.ui.lines.layout import entry, fold
from eksview.ui.widgets.table_kind import Tone
from eksview.ui.widgets.text_line import Words

_COLUMN = 14


class Asking(Struct, frozen=True):
    """What a command line needs to know of where we are."""

    context: str = ""
    region: str = ""
    profile: str = ""


def request_lines(
    request: Request,
    asking: Asking,
    server: Mapping[str, str],
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """The picture of its way, then the figures, then the command.

    `server` has what only the server knows of such calls, from its `/metrics`, in words by part.
    """
    yield from _flow(request, server, glyphs)
    pairs: tuple[tuple[str, str, Tone], ...] = (
        ("asked", f"{clock_time(request.at)} by {request.asker or 'eksview'}", "text"),
        ("what", f"{request.verb} {request.target}", "text"),
        ("answer", request.why or outcome(request), "bad" if request.failed else "text"),
        ("body", f"{request.size:,} bytes" if request.size else "", "text"),
        ("items", "" if request.items is None else f"{request.items:,}", "text"),
    )
    for name, text, tone in pairs:
        if text:
            yield from entry(name, clean(text), _COLUMN, width, tone, indent=0)
    for name, values in request.parameters:
        yield from entry(clean(name), clean(" ".join(values)), _COLUMN, width, "dim", indent=0)
    yield ()
    yield (("The same by hand", "strong"),)
    for line in fold(clean(asked(request, asking)), width - 2):
        yield (("  ", "text"), (line, "accent"))


def asked(request: Request, asking: Asking) -> str:
    """The command that asks the same."""
    return command(request, context=asking.context, region=asking.region, profile=asking.profile)


def _flow(request: Request, server: Mapping[str, str], glyphs: Glyphs) -> Iterator[Words]:
    """client, kube-apiserver, etcd and back: measured parts, and those the server alone knows."""
    aws = request.service == "aws"
    stations = ("eksview", request.target.split(" ")[0]) if aws else (
        "eksview", "kube-apiserver", "etcd"
    )  # fmt: skip
    wait, took = request.wait, request.took
    rest = None if wait is None or took is None else max(0.0, took - wait)
    line = glyphs.line[0]
    legs = [f"wait {took_words(wait)}", *(server.get(name, "?") for name in stations[2:])]
    words: list[tuple[str, Tone]] = []
    for number, name in enumerate(stations):
        words.append((name, "strong"))
        if number < len(stations) - 1:
            leg = f" {legs[number]} "
            words += [(f" {line}{line}", "faint"), (leg, "accent" if number == 0 else "dim"),
                      (f"{line}{glyphs.right} ", "faint")]  # fmt: skip
    yield tuple(words)
    back = (
        f"body {took_words(rest)}, {took_words(took)} in all" if took is not None else "under way"
    )
    yield ((f"{' ' * cells(stations[0])} <{line}{line} ", "faint"), (back, "accent"))
    if not aws:
        known = server.get("kube-apiserver", "")
        said = known or "what passes between kube-apiserver and etcd only the server knows"
        yield ((f"{' ' * cells(stations[0])} ", "text"), (said, "faint"))
    yield ()
