"""The lines of one API call: its durations, its response and the equivalent command."""

from collections.abc import Iterator

from msgspec import Struct

from eksview.domain.base.text import cells, clean
from eksview.domain.control_plane.apiserver_metrics import of_request
from eksview.domain.live.api_call import ApiCall, command
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.server import ServerTimings, Timing
from eksview.domain.tables.trace_columns import clock_time, outcome, took_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import entry, fold
from eksview.ui.text.words import Tone, Words

_COLUMN = 14


class ServerMetrics(Struct, frozen=True):
    """The API server's own timings, or the problem that kept them from being read."""

    timings: ServerTimings | None = None
    problem: str = ""


def request_lines(
    request: ApiCall, context: CommandContext, server: ServerMetrics, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield the path of the call, its figures and the equivalent command."""
    yield from _flow(request, glyphs)
    yield from _server_side(request, server, width)
    pairs: tuple[tuple[str, str, Tone], ...] = (
        ("time", clock_time(request.at), "text"),
        ("source", request.source or "eksview", "text"),
        ("request", f"{request.verb} {request.target}", "text"),
        ("response", request.reason or outcome(request), "bad" if request.failed else "text"),
        ("body", f"{request.size:,} bytes" if request.size else "", "text"),
        ("items", "" if request.items is None else f"{request.items:,}", "text"),
    )
    for name, text, tone in pairs:
        if text:
            yield from entry(name, clean(text), _COLUMN, width, tone, indent=0)
    for name, values in request.parameters:
        yield from entry(clean(name), clean(" ".join(values)), _COLUMN, width, "dim", indent=0)
    yield ()
    yield (("Equivalent command", "strong"),)
    for line in fold(clean(command(request, context)), width - 2):
        yield (("  ", "text"), (line, "accent"))


def _flow(request: ApiCall, glyphs: Glyphs) -> Iterator[Words]:
    # The leg to etcd has no duration: a client can't measure it.
    aws = request.service == "aws"
    stations = ("eksview", request.target.split(" ")[0]) if aws else (
        "eksview", "kube-apiserver", "etcd"
    )  # fmt: skip
    wait, took = request.wait, request.took
    rest = None if wait is None or took is None else max(0.0, took - wait)
    body = "in progress" if took is None else f"body {took_words(rest)}, total {took_words(took)}"
    line = glyphs.line[0]
    words: list[tuple[str, Tone]] = [(stations[0], "strong")]
    legs: Words = ((f"wait {took_words(wait)}", "accent"), ("internal", "faint"))
    for leg, name in zip(legs, stations[1:], strict=False):
        words += [(f" {line}{line} ", "faint"), leg,
                  (f" {line}{glyphs.right} ", "faint"), (name, "strong")]  # fmt: skip
    yield tuple(words)
    yield ((f"{' ' * cells(stations[0])} <{line}{line} ", "faint"), (body, "accent"))
    yield ()


def _server_side(request: ApiCall, server: ServerMetrics, width: int) -> Iterator[Words]:
    """Yield the server's mean durations over all calls of this kind, not of this one."""
    if request.service == "aws":
        return
    yield (("Server-side durations", "strong"), ("  from kube-apiserver metrics", "faint"))
    if server.timings is None:
        for line in fold(clean(server.problem or "Loading /metrics of kube-apiserver"), width - 2):
            yield (("  ", "text"), (line, "dim"))
        yield ()
        return
    whole, etcd = of_request(server.timings, request)
    for name, timing in (("kube-apiserver", whole), ("etcd", etcd)):
        yield from entry(name, _mean(timing), _COLUMN + 2, width, "text", indent=2)
    yield ()


def _mean(timing: Timing) -> str:
    if timing.mean is None:
        return "no call of this kind since this server started"
    calls = "1 call" if timing.calls == 1 else f"{timing.calls:,} calls"
    return f"{took_words(timing.mean)} on average, {calls} since this server started"
