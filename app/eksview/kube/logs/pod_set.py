"""The pods whose logs are read, kept up to date by a watch of their own."""

import asyncio
from typing import cast

from eksview.domain.guides.pods_of import pod_selector
from eksview.domain.kube.api_resource import object_path
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.messages import Drop, LinkState, Message, Put, Swap
from eksview.domain.resources.log_pods import LOG_PODS, LogPod
from eksview.domain.rows.link import Link
from eksview.kube.client.connection import Connection
from eksview.kube.watch.watched_resource import WatchedResource

LINK = "logs"


class PodSet:
    """The sink of that watch. `complete` once the first list was read."""

    def __init__(self, wanted: "PodSelection") -> None:
        self.pods: dict[str, LogPod] = {}
        self.complete = False
        self.link: Link | None = None
        self._wanted = wanted
        self._changed = asyncio.Event()

    def send(self, message: Message, /) -> None:
        """Take a message of the reflector."""
        match message:
            case Put(_, row):
                self._put(cast("LogPod", row))
            case Drop(_, row):
                self.pods.pop(row.key, None)
            case Swap(_, rows):
                self.pods.clear()
                self.complete = True
                for row in rows:
                    self._put(cast("LogPod", row))
            case LinkState(link):
                self.link = link
        self.wake()

    def _put(self, pod: LogPod) -> None:
        if self._wanted.takes(pod):
            self.pods[pod.key] = pod

    def wake(self) -> None:
        """Let those go on that wait for a message."""
        self._changed.set()

    async def changed(self, limit: float) -> None:
        """Wait for the next message or `wake`, for so many seconds at most."""
        self._changed = changed = self._changed if not self._changed.is_set() else asyncio.Event()
        try:
            async with asyncio.timeout(limit):
                await changed.wait()
        except TimeoutError:
            return


class PodSelection:
    """The pods of an object: by name, by node, by its selector, or by their owner's name."""

    def __init__(self, ref: ObjectRef, fields: str = "", labels: str = "") -> None:
        self._ref = ref
        self._fields = fields
        self._labels = labels

    @property
    def source(self) -> WatchedResource:
        """Return what to watch."""
        return WatchedResource(
            LOG_PODS,
            LINK,
            namespace=self._ref.namespace,
            fields=self._fields,
            labels=self._labels,
        )

    def takes(self, pod: LogPod) -> bool:
        """Return whether a pod that the watch brings is one of the object."""
        if self._fields or self._labels:
            return True
        kind, _, name = pod.owner.partition("/")
        if self._ref.kind == "CronJob":  # its jobs are named after it, with their minute
            return kind == "Job" and name.rpartition("-")[0] == self._ref.name
        return (kind, name) == (self._ref.kind, self._ref.name)


async def selection_of(connection: Connection, ref: ObjectRef) -> PodSelection:
    """Return how to select an object's pods; raises `RequestError` if it can't be read.

    Source: `SelectorsForObject` of kubectl's polymorphichelpers.
    """
    match ref.kind:
        case "Pod":
            return PodSelection(ref, fields=f"metadata.name={ref.name}")
        case "Node":
            return PodSelection(ref, fields=f"spec.nodeName={ref.name}")
        case "CronJob" | "Namespace":
            return PodSelection(ref)
    return PodSelection(ref, labels=pod_selector(await connection.get_json(object_path(ref))))
