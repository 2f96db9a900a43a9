"""One line of the report, and how long something takes."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct


class Figure(Struct, frozen=True):
    """What was measured, what DESIGN section 8 wants of it, and a yardstick of the same run."""

    name: str
    value: str
    target: str
    reference: str = ""


Figures = Iterator[Figure]

_WIDTHS = (60, 26, 20)


def show(figure: Figure) -> None:
    """Print it at once: a run takes minutes."""
    columns = zip((figure.name, figure.value, figure.target), _WIDTHS, strict=True)
    print(
        "  ".join([*(f"{text:<{width}}" for text, width in columns), figure.reference]), flush=True
    )


def head() -> None:
    """The machine, and the titles."""
    print(f"{machine()}\n")
    show(Figure("FIGURE", "MEASURED", "TARGET", "REFERENCE OF THE SAME RUN"))


def machine() -> str:
    """What the figures were taken on, as far as Linux tells."""
    cpu = next(iter(_said("/proc/cpuinfo", "model name")), platform.machine())
    memory = int(next(iter(_said("/proc/meminfo", "MemTotal")), "0").split()[0]) / 2**20
    versions = f"Python {platform.python_version()}, Textual {version('textual')}"
    return f"{os.cpu_count()} cores of {cpu}, {memory:.0f} GiB; {versions}"


def _said(path: str, name: str) -> list[str]:
    lines = Path(path).read_text().splitlines() if Path(path).exists() else []
    return [line.partition(":")[2].strip() for line in lines if line.startswith(name)]


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of the fastest of some rounds: what the machine's noise leaves alone."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def spread(seconds: list[float]) -> str:
    """p50, p95 and max in milliseconds."""
    if not seconds:
        return "nothing was measured"
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    figures = (statistics.median(ordered), p95, ordered[-1])
    return "/".join(f"{figure * 1000:.0f}" for figure in figures) + " ms"
