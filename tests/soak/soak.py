"""The real application on a cluster that never rests and is hurt again and again."""

import asyncio
import gc
import itertools
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from eksview.config.settings import Settings
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.resources.registry import RESOURCES
from eksview.domain.rows.kube import Kind, PodRow
from eksview.domain.rows.link import Phase
from eksview.engine.backend import KubeBackend
from eksview.engine.connect import open_cluster
from eksview.store.store import Store
from eksview.ui.shell.app import EksviewApp
from tests.patience import PATIENCE
from tests.soak.server import HURTS

NODES, PODS = 60, 1200
STREAMS = (Kind.NODE, Kind.POD, Kind.LEASE)
KEYS = ("1", "2", "j", "3", "S", "j", "enter", "escape", "4", "5", "6", "9")
CALM = 0.3  # seconds between two counts of what a screen has begun
GROWTH = 1.25
"""What the memory after an hour may be of that after the warm-up."""
ROOM = 25.0  # MiB that growth may be in any case


class Look(Struct):
    """What the process holds at a moment."""

    at: float  # seconds since the beginning
    memory: float  # MiB
    tasks: int
    threads: int
    files: int


class Report(Struct):
    """What was seen; `faults` are sentences, none when all is well."""

    looks: list[Look] = field(default_factory=list)
    blows: list[str] = field(default_factory=list)
    events: int = 0
    faults: list[str] = field(default_factory=list)


class Server:
    """The cluster in a process of its own, so that memory and files are the application's."""

    def __init__(self, folder: Path, churn: float, seed: int) -> None:
        words = [str(folder), str(NODES), str(PODS), str(churn), str(seed)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.server", *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.kubeconfig = str(self._answer())

    def ask(self, command: str) -> Any:
        """Done when this returns."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        self._process.communicate(timeout=PATIENCE)

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the server ended"
        return json.loads(line)


async def soak(
    folder: Path,
    seconds: float,
    *,
    rate: float = 500.0,
    gap: float = 20.0,
    warm_up: float = 60.0,
    events: int = 0,
    seed: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Run for so long, with a blow every `gap` seconds; memory counts after the warm-up.

    It goes on until every blow was struck and so many `events` have come, however long that takes.
    """
    report = Report()
    server = await asyncio.to_thread(Server, folder, rate, seed)
    settings = Settings(kubeconfig=server.kubeconfig, animate=False)
    backends: list[KubeBackend] = []

    def make(*words: Any) -> KubeBackend:
        backends.append(KubeBackend(*words))
        return backends[-1]

    logger = logging.getLogger("eksview")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # the broken lines are meant
    app = EksviewApp(settings, make)
    try:
        async with app.run_test(size=(160, 48)) as pilot:
            await _until(lambda: live(app.view.store), PATIENCE, "the first lists")
            for key in KEYS:  # what a screen begins when it is first opened is no leak
                await pilot.press(key)
                await _calm(backends[0])
            before = await _calm(backends[0])
            began = time.monotonic()
            every = ["restart", "token", *(f"hurt {name}" for name in HURTS)]
            blows, keys = itertools.cycle(every), itertools.cycle(KEYS)
            while (
                (passed := time.monotonic() - began) < seconds
                or len(report.blows) < len(every)
                or heard(app.view.store) < events
            ):
                blow = next(blows)
                report.blows.append(await asyncio.to_thread(server.ask, blow))
                await pilot.press(next(keys))
                await asyncio.sleep(gap)
                report.looks.append(await look(backends[0], passed))
                tell(_line(report.looks[-1], blow))
            await asyncio.to_thread(server.ask, "hush")
            await _settled(app, settings, report)
            report.events = heard(app.view.store)
            await _unleaked(backends[0], before, report)
            report.faults += memory_faults(report.looks, warm_up)
    finally:
        logger.setLevel(level)
        await asyncio.to_thread(server.close)
    return report


def live(store: Store) -> bool:
    """Whether every stream is heard."""
    links = [store.links.get(name) for name in (*STREAMS, "events")]
    return all(link is not None and link.phase is Phase.LIVE for link in links)


def heard(store: Store) -> int:
    """How many events have come so far, over all streams."""
    return sum(link.events for link in store.links.values())


async def _calm(backend: KubeBackend) -> Look:
    """Wait until two looks hold as many tasks, threads and files; return the second."""
    deadline = time.monotonic() + PATIENCE
    before = await look(backend, 0.0)
    while True:
        await asyncio.sleep(CALM)
        after = await look(backend, 0.0)
        same = all(
            getattr(after, name) == getattr(before, name) for name in ("tasks", "threads", "files")
        )
        if same or time.monotonic() > deadline:
            return after
        before = after


async def _settled(app: EksviewApp, settings: Settings, report: Report) -> None:
    """Live again, and the same as the server."""
    store = app.view.store
    try:
        await _until(lambda: live(store), PATIENCE, "streams that are live again")
    except TimeoutError as late:
        report.faults.append(str(late))
        return
    deadline = time.monotonic() + PATIENCE
    while wrong := await differences(store, settings):
        if time.monotonic() > deadline:
            report.faults += wrong
            return
        await asyncio.sleep(0.5)


async def differences(store: Store, settings: Settings) -> list[str]:
    """Where the store isn't what a fresh list of the server says; and wrong sums."""
    found: list[str] = []
    async with await open_cluster(settings) as connection:
        for kind in STREAMS:
            body = await connection.get_bytes(RESOURCES[kind].path())
            truth = {row.key: row for row in RESOURCES[kind].page(body)[0]}
            held = dict(store.table(kind.row))
            if lost := truth.keys() - held.keys():
                found.append(f"{len(lost)} {kind} are missing, {min(lost)} for one.")
            if ghosts := held.keys() - truth.keys():
                found.append(f"{len(ghosts)} {kind} are ghosts, {min(ghosts)} for one.")
            odd = [key for key in truth.keys() & held.keys() if truth[key] != held[key]]
            if odd:
                found.append(f"{len(odd)} {kind} differ from the server's, {min(odd)} for one.")
    return found + _sums(store)


def _sums(store: Store) -> list[str]:
    counted: dict[str, PodTotals] = {}
    for pod in store.pods.values():
        assert isinstance(pod, PodRow)
        counted.setdefault(pod.node, PodTotals()).add(pod)
    wrong = [
        name
        for name, sums in counted.items()
        if name and any(getattr(sums, each) != getattr(store.pod_totals_of(name), each)
                        for each in PodTotals.__slots__)
    ]  # fmt: skip
    return [f"The sums of {len(wrong)} nodes are wrong, {wrong[0]} for one."] if wrong else []


async def _unleaked(backend: KubeBackend, before: Look, report: Report) -> None:
    """Tasks, threads and files are as many as at the beginning, or fewer."""
    deadline = time.monotonic() + PATIENCE
    while True:
        after = await look(backend, before.at)
        more = [
            f"{getattr(after, name) - getattr(before, name)} {name} more than at the beginning."
            for name in ("tasks", "threads", "files")
            if getattr(after, name) > getattr(before, name)
        ]
        if not more or time.monotonic() > deadline:
            report.faults += more
            return
        await asyncio.sleep(0.5)


def memory_faults(looks: list[Look], warm_up: float) -> list[str]:
    """Whether memory goes on growing after the warm-up; nothing is said of too short a run."""
    warm = [each.memory for each in looks if each.at >= warm_up]
    if len(warm) < 6:
        return []
    third = len(warm) // 3
    first, last = sum(warm[:third]) / third, sum(warm[-third:]) / third
    if last <= max(first * GROWTH, first + ROOM):
        return []
    return [f"Memory grew from {first:.0f} to {last:.0f} MiB after the warm-up."]


async def look(backend: KubeBackend, at: float) -> Look:
    """Count."""
    gc.collect()

    async def tasks() -> int:
        return len(asyncio.all_tasks()) - 1

    there = await asyncio.wrap_future(backend._loop.submit(tasks()))
    return Look(
        at=at,
        memory=_resident(),
        tasks=there,
        # Those of the pool come as they are needed and stay; there are six at most.
        threads=sum(not each.name.startswith("asyncio_") for each in threading.enumerate()),
        files=len(os.listdir("/proc/self/fd")),
    )


def _resident() -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _line(seen: Look, blow: str) -> str:
    return (
        f"{seen.at:7.0f} s  {seen.memory:6.1f} MiB  {seen.tasks:3d} tasks  "
        f"{seen.threads:3d} threads  {seen.files:3d} files  {blow}"
    )


async def _until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {what} within {seconds:.0f} s")
        await asyncio.sleep(0.05)
