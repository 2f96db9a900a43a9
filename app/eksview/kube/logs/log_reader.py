"""The logs of all containers of a pod, of a workload's pods, or of a node's pods."""

import asyncio
from collections.abc import Callable
from functools import partial
from random import random
from time import time

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.text import EMPTY, Clean, clean_name
from eksview.domain.live.retry import RARELY, before_reading_on
from eksview.domain.logs.inbox import LogInbox, LogSource
from eksview.domain.logs.request import LogRequest
from eksview.domain.resources.log_pods import LogPod
from eksview.domain.rows.link import Phase
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.logs.container_log import ContainerLog
from eksview.kube.logs.pod_set import PodSelection, PodSet, selection_of
from eksview.kube.watch.reflector import Reflector

MOST = 40
"""Streams that are read at once: each is a connection to the API server and to a kubelet."""


class LogReader:
    """Watches the pods of a request and reads each of their containers into an inbox."""

    def __init__(
        self,
        connection: Connection,
        request: LogRequest,
        inbox: LogInbox,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        chance: Callable[[], float] = random,
    ) -> None:
        self._connection = connection
        self._request = request
        self._inbox = inbox
        self._sleep = sleep
        self._clock = clock
        self._chance = chance
        self._numbers: dict[tuple[str, str], int] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._state = EMPTY
        self._more = 0

    async def run(self) -> None:
        """Read until cancelled; what can't be read is said by the inbox's state."""
        selection = await self._selection()
        pods = PodSet(selection)
        reflector = Reflector(
            selection.source, self._connection, pods, sleep=self._sleep, clock=self._clock
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(reflector.run())
            group.create_task(self._attend(pods, group))

    async def _selection(self) -> PodSelection:
        """Return how to select the pods, once the object can be read."""
        failures = 0
        while True:
            try:
                return await selection_of(self._connection, self._request.ref)
            except RequestError as error:
                failures += 1
                self._say(error.sentence, 0)
                await self._sleep(before_reading_on(error.failure, failures, self._chance))

    async def _attend(self, pods: PodSet, group: asyncio.TaskGroup) -> None:
        """Read the containers of new pods, as many as there is room for."""
        while True:
            more = 0
            for pod in sorted(pods.pods.values(), key=_by_lines):
                more += self._join(pod, pods, group)
            self._say(self._sentence(pods), more)
            await pods.changed(RARELY)

    def _join(self, pod: LogPod, pods: PodSet, group: asyncio.TaskGroup) -> int:
        """Begin to read a pod's containers; return how many there is no room for."""
        more = 0
        for container in pod.containers:
            key = pod.key, container.name
            if key in self._numbers or self._request.container not in ("", container.name):
                continue
            if len(self._tasks) >= MOST:
                more += 1
                continue
            number = self._numbers[key] = len(self._numbers)
            source = LogSource(
                number, clean_name(pod.namespace), clean_name(pod.name), clean_name(container.name)
            )
            self._inbox.report(source)
            log = ContainerLog(
                self._connection,
                self._request,
                pods,
                pod,
                source,
                self._inbox,
                sleep=self._sleep,
                clock=self._clock,
                chance=self._chance,
            )
            task = self._tasks[number] = group.create_task(log.run())
            task.add_done_callback(partial(self._left, number))
        return more

    def _left(self, number: int, _: asyncio.Task[None]) -> None:
        self._tasks.pop(number, None)

    def _sentence(self, pods: PodSet) -> Clean:
        """Return why there may be no lines."""
        link = pods.link
        if link is not None and link.phase in (Phase.REFUSED, Phase.RETRYING) and link.reason:
            return link.reason
        if pods.complete and not pods.pods and not self._numbers:
            return Clean("There is no pod whose logs could be read.")
        return EMPTY

    def _say(self, sentence: Clean, more: int) -> None:
        if (sentence, more) != (self._state, self._more):
            self._state, self._more = sentence, more
            self._inbox.state(sentence, more)


def _by_lines(pod: LogPod) -> tuple[bool, bool]:
    """Return what pods are sorted by: one that will have no lines takes no room of others."""
    return not pod.bound, pod.ended
