"""The logs of the demo's containers: which run one reads, and its lines by time.

Source of the refusals: the kubelet's `validateContainerLogStatus` (`pkg/kubelet/kubelet_pods.go`).
"""

import random
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from eksview_demo.cluster.pods.log_voices import Voice, voice
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import Box, Workload
from eksview_demo.storage.status import StatusError

KEPT = 3000
"""Entries of a log that are left: the kubelet rotated the older ones away."""
_SECOND = 1_000_000_000
_ENDED = (Stage.ERROR, Stage.OOM, Stage.COMPLETED)
_BROKEN = (Stage.ERROR, Stage.OOM)


class Line(NamedTuple):
    """A line with its newline, and its time in nanoseconds since the epoch."""

    at: int
    text: bytes


class Run(Struct, frozen=True):
    """One run of a container; `ended` None while it goes on. Times are in seconds."""

    voice: Voice
    seed: int
    began: float
    ended: float | None = None
    failed: bool = False

    def lines(self, now: float, after: int = -1) -> Iterator[Line]:
        """Yield the lines that were written by now, later than a time in nanoseconds."""
        first = max(0, self._entries(now) - KEPT)
        if after >= 0:
            at = range(first, self._entries(now))
            first = at.start + bisect_left(at, after - _SECOND, key=self._time)
        for number in range(first, self._entries(now)):
            yield from self._entry(number, after)
        if self.ended is not None and self.ended <= now and self.failed and self.voice.failing:
            yield from _lines(round(self.ended * _SECOND), self.voice.failing, after)

    def next_at(self, now: float) -> float | None:
        """Return when the next line is written; None if this was the last one."""
        at = self._time(self._entries(now)) / _SECOND
        if self.ended is not None and at >= self.ended:
            return None
        return at

    def _entries(self, now: float) -> int:
        """Return how many entries were written by now."""
        end = now if self.ended is None else min(now, self.ended)
        guess = max(0, int((end - self.began) * self.voice.rate) - 1)
        while self._time(guess) <= end * _SECOND:
            guess += 1
        return guess

    def _time(self, number: int) -> int:
        """Return when an entry is written: at its place in the row, moved by chance."""
        jitter = zlib.crc32(number.to_bytes(8, "big"), self.seed) / 2**32
        return round((self.began + (number + 0.9 * jitter) / self.voice.rate) * _SECOND)

    def _entry(self, number: int, after: int) -> Iterator[Line]:
        at = self._time(number)
        first = self.voice.first
        dice = random.Random(self.seed << 32 | number)  # noqa: S311 - a demo's dice
        text = first[number] if number < len(first) else self.voice.write(dice, at / _SECOND)
        yield from _lines(at, text, after)


def _lines(at: int, text: str | bytes, after: int) -> Iterator[Line]:
    raw = text.encode() if isinstance(text, str) else text
    for number, line in enumerate(raw.split(b"\n")):
        if at + number * 1000 > after:
            yield Line(at + number * 1000, line + b"\n")


def run_of(pod: PodState, container: str, *, previous: bool) -> Run:
    """Return the run whose log a kubelet would send. Raises StatusError."""
    box = _box(pod.workload, container)
    quoted = f'container "{box.name}" in pod "{pod.name}"'
    if previous:
        return _previous(pod, box, quoted)
    if box is pod.workload.init:
        return _init_run(pod, box, quoted)
    if pod.stage in (Stage.CREATING, Stage.INIT):
        reason = "ContainerCreating" if pod.stage is Stage.CREATING else "PodInitializing"
        raise StatusError(400, f"{quoted} is waiting to start: {reason}")
    if pod.stage is Stage.IMAGE_PULL:
        raise StatusError(400, f"{quoted} is waiting to start: trying and failing to pull image")
    if pod.stage is Stage.EVICTED:
        raise StatusError(400, f"{quoted} is not available")
    if box is not pod.workload.boxes[0]:
        ended = pod.since if pod.stage is Stage.COMPLETED else None
        return _run(pod, box, pod.reboots, pod.up, ended)
    if pod.stage is Stage.CRASH_LOOP:
        return _run(pod, box, pod.restarts, pod.ran, pod.restarted, failed=True)
    ended = pod.since if pod.stage in _ENDED else None
    return _run(pod, box, pod.restarts, pod.started, ended, failed=pod.stage in _BROKEN)


def _box(workload: Workload, container: str) -> Box:
    boxes = (*workload.boxes, *((workload.init,) if workload.init else ()))
    found: Box = next(box for box in boxes if box.name == container)
    return found


def _previous(pod: PodState, box: Box, quoted: str) -> Run:
    if box is pod.workload.boxes[0] and pod.restarts:
        before = pod.restarts - (pod.stage is not Stage.CRASH_LOOP)
        failed = pod.failure in _BROKEN
        return _run(pod, box, before, pod.ran, pod.restarted, failed=failed)
    if box in pod.workload.boxes[1:] and pod.reboots:
        return _run(pod, box, pod.reboots - 1, pod.was_up, pod.stopped)
    raise StatusError(400, f"previous terminated {quoted} not found")


def _init_run(pod: PodState, box: Box, quoted: str) -> Run:
    if pod.stage is Stage.CREATING:
        raise StatusError(400, f"{quoted} is waiting to start: PodInitializing")
    ended = None if pod.stage is Stage.INIT else pod.up or pod.since
    return _run(pod, box, 0, pod.bound or pod.created, ended)


def _run(
    pod: PodState,
    box: Box,
    number: int,
    began: float,
    ended: float | None = None,
    *,
    failed: bool = False,
) -> Run:
    seed = zlib.crc32(f"{pod.uid}/{box.name}/{number}".encode())
    return Run(voice(box.name), seed, began, ended, failed)
