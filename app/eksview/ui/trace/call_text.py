"""One call: where its time went, what it brought, and how a person asks the same."""

from collections.abc import Iterator

from msgspec import Struct

from eksview.domain.base.text import cells, clean
from eksview.domain.kube.apiserver_metrics import of_request
from eksview.domain.live.api_call import ApiCall, command
from eksview.domain.rows.server import ServerTimings, Timing
from eksview.domain.tables.trace_columns import clock_time, outcome, took_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import entry, fold
from eksview.ui.text.words import Tone, Words

_COLUMN = 14


class Asking(Struct, frozen=True):
    """What a command line needs to know of where we are."""

    context: str = ""
    region: str = ""
    profile: str = ""


class Server(Struct, frozen=True):
    """What the API server says of itself; `why` when it doesn't, one sentence."""

    timings: ServerTimings | None = None
    why: str = ""


def request_lines(
    request: ApiCall,
    asking: Asking,
    server: Server,
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """The picture of its way, then the figures, then the command."""
    yield from _flow(request, glyphs)
    yield from _inside(request, server, width)
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


def asked(request: ApiCall, asking: Asking) -> str:
    """The command that asks the same."""
    return command(request, context=asking.context, region=asking.region, profile=asking.profile)


def _flow(request: ApiCall, glyphs: Glyphs) -> Iterator[Words]:
    """There and back with the measured parts; the way to etcd nobody outside can measure."""
    aws = request.service == "aws"
    stations = ("eksview", request.target.split(" ")[0]) if aws else (
        "eksview", "kube-apiserver", "etcd"
    )  # fmt: skip
    wait, took = request.wait, request.took
    rest = None if wait is None or took is None else max(0.0, took - wait)
    line = glyphs.line[0]
    words: list[tuple[str, Tone]] = [(stations[0], "strong")]
    for leg, tone, name in zip(
        (f"wait {took_words(wait)}", "inside"), ("accent", "faint"), stations[1:], strict=False
    ):
        words += [(f" {line}{line} ", "faint"), (leg, tone),  # type: ignore[list-item]
                  (f" {line}{glyphs.right} ", "faint"), (name, "strong")]  # fmt: skip
    yield tuple(words)
    back = (
        f"body {took_words(rest)}, {took_words(took)} in all" if took is not None else "under way"
    )
    yield ((f"{' ' * cells(stations[0])} <{line}{line} ", "faint"), (back, "accent"))
    yield ()


def _inside(request: ApiCall, server: Server, width: int) -> Iterator[Words]:
    """What the server counts of such calls: means over all of them, never of this one."""
    if request.service == "aws":
        return
    yield (("Inside, as only the server knows", "strong"),)
    if server.timings is None:
        said = server.why or "Reading /metrics of the API server."
        for line in fold(clean(said), width - 2):
            yield (("  ", "text"), (line, "dim"))
        yield ()
        return
    whole, etcd = of_request(server.timings, request)
    for name, timing in (("kube-apiserver", whole), ("etcd", etcd)):
        yield from entry(name, _mean(timing), _COLUMN + 2, width, "text", indent=2)
    yield ()


def _mean(timing: Timing) -> str:
    if timing.mean is None:
        return "no such call is counted since this server started"
    calls = "1 call" if timing.calls == 1 else f"{timing.calls:,} calls"
    return f"{took_words(timing.mean)} on average, {calls} since this server started"
