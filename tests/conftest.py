"""What holds for the whole suite: properties without a clock, and the memory of a process."""

import ctypes
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.loaders
import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failed property: neither an example nor its making has a deadline.
settings.register_profile(
    "suite", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

# Each loader reads the models of its services, 35 MB of them; the suite has four kinds of loaders
# (eksview's sessions, moto's, the demo's and the tests' own) and makes a hundred sessions.
_read_model = cache(botocore.loaders.JSONFileLoader().load_file)
botocore.loaders.JSONFileLoader.load_file = lambda _self, path: _read_model(path)

LONGEST = (
    "tests/kube/client/test_connection.py",
    "tests/soak",
    "tests/ui/snapshots",
    "tests/aws/services/test_moto.py",
    "tests/e2e",
)
"""Tests that take longest, most of them waiting: they start first, for a file is one worker's.

The first one reads the longest answers, which a process has room for while it is small.
"""

MEMORY = 800
"""MB that a process of the suite may have had in memory at most: 12,000 tests leave 730."""
GROWTH = 20
"""MB that tests have left which are worth a whole collection."""


class Peak:
    """The most memory that this process had, and the test in which it got there."""

    def __init__(self) -> None:
        self.megabytes, self.test = 0, ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        result = yield
        if (now := _megabytes("VmHWM")) > self.megabytes:
            self.megabytes, self.test = now, item.nodeid
        return result

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Send it to the process that prints, if that is another one."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["peak"] = (self.megabytes, self.test)


class Peaks:
    """The peaks of all processes of a run; one above `MEMORY` fails it."""

    def __init__(self, own: Peak) -> None:
        self._own = own
        self._workers: dict[str, tuple[int, str]] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        if "peak" in (output := getattr(node, "workeroutput", {})):
            self._workers[node.gateway.id] = output["peak"]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and any(
            megabytes > MEMORY for megabytes, _ in self._all().values()
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name, (megabytes, test) in sorted(self._all().items()):
            over = f"; {MEMORY} are allowed, the last growth was in {test}"
            above = megabytes > MEMORY
            terminalreporter.write_line(
                f"peak memory of {name}: {megabytes} MB{over if above else ''}", red=above
            )

    def _all(self) -> dict[str, tuple[int, str]]:
        return self._workers or {"this process": (self._own.megabytes, self._own.test)}


def pytest_configure(config: pytest.Config) -> None:
    """Measure this process, and the workers' peaks where their summary is printed."""
    own = Peak()
    config.pluginmanager.register(own, "peak")
    config.pluginmanager.register(Collector(), "collector")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Peaks(own), "peaks")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files that take longest in front."""
    folders = [config.rootpath / part for part in LONGEST]

    def rank(item: pytest.Item) -> int:
        ranks = (at for at, part in enumerate(folders) if item.path.is_relative_to(part))
        return next(ranks, len(folders))

    items.sort(key=rank)


class Collector:
    """What is out of the rounds of Python's collector, and what it may have after all."""

    def __init__(self) -> None:
        self._kept = 0

    def take_out(self) -> None:
        """Collect everything that is garbage, and leave the rest alone from now on."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
            trim(0)  # glibc keeps what is free between two objects that aren't
        self._kept = _megabytes("VmRSS")

    def pytest_collection_finish(self) -> None:
        """Leave alone what is loaded: an application of a test collects twice."""
        self.take_out()

    def pytest_runtest_logfinish(self) -> None:
        """Collect what tests have left, once it is much; at teardown a test's values still live.

        eksview takes everything out of the collector's rounds with each AWS client. That is right
        for a dashboard, which makes nine of them, and would keep every session of the suite.
        """
        if _megabytes("VmRSS") > self._kept + GROWTH:
            self.take_out()


def _megabytes(name: str) -> int:
    """Return VmRSS, the memory of this process now, or VmHWM, its peak; 0 where it isn't Linux.

    Not `ru_maxrss`: across `exec` that keeps the peak of the process that started this one.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 // 1_000_000
