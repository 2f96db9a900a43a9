"""The logs of all containers of a pod, of a workload's pods, or of a node's pods."""

import asyncio
from collections.abc import Callable, Iterator
from random import random
from time import time

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.text import EMPTY, Clean, clean_name
from eksview.domain.live.retry import RARELY, before_reading_on
from eksview.domain.logs.inbox import LogInbox, LogSource
from eksview.domain.logs.request import LogRequest
from eksview.domain.resources.log_pods import LogContainer, LogPod
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
        self._logs: dict[int, ContainerLog] = {}
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
            unread = [
                (pod, container)
                for pod in sorted(pods.pods.values(), key=_by_lines)
                for container in self._unread(pod)
            ]
            room = max(0, MOST - sum(not log.idle for log in self._logs.values()))
            for pod, container in unread[:room]:
                self._begin(pod, container, pods, group)
            self._say(self._sentence(pods), len(unread[room:]))
            await pods.changed(RARELY)

    def _unread(self, pod: LogPod) -> Iterator[LogContainer]:
        for container in pod.containers:
            wanted = self._request.container in ("", container.name)
            if wanted and (pod.key, container.name) not in self._numbers:
                yield container

    def _begin(
        self, pod: LogPod, container: LogContainer, pods: PodSet, group: asyncio.TaskGroup
    ) -> None:
        """Begin to read a container."""
        number = self._numbers[pod.key, container.name] = len(self._numbers)
        source = LogSource(
            number, clean_name(pod.namespace), clean_name(pod.name), clean_name(container.name)
        )
        self._inbox.report(source)
        log = self._logs[number] = ContainerLog(
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

        def left(_: asyncio.Task[None]) -> None:
            del self._logs[number]
            pods.wake()

        group.create_task(log.run()).add_done_callback(left)

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
