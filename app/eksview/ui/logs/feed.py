"""The sources that a log view can show."""

from typing import Protocol

from eksview.domain.base.text import EMPTY, Clean, clean, clean_name
from eksview.domain.ecs.log_source import TaskLogSource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.backend_protocol import Backend
from eksview.domain.logs.control_plane import ControlPlaneRequest
from eksview.domain.logs.inbox import LogInbox
from eksview.domain.logs.journal import JournalRequest
from eksview.domain.logs.request import LogRequest
from eksview.domain.logs.task import TaskLogRequest

TAIL = 1_000
"""Lines per container to begin with, where no time is chosen."""
OF_MANY = 200
"""The same for all pods of a workload or a node."""


class LogFeed(Protocol):
    """What a log view is of; the view opens it, and again when another time is chosen."""

    @property
    def title(self) -> Clean:
        """The name of what the lines are of."""

    @property
    def ref(self) -> ObjectRef | None:
        """The object that the lines are of, if it is one of the Kubernetes API."""

    @property
    def has_previous(self) -> bool:
        """Whether there may be a run before the present one."""

    @property
    def is_late(self) -> bool:
        """Whether lines of one source may come after newer ones."""

    @property
    def remedy(self) -> Clean:
        """What to do where the lines can't be read; empty for nothing."""

    def open(self, *, previous: bool, since: int | None) -> LogInbox:
        """Begin to read, at once; `since` in seconds before now, None for the last lines."""


class ContainerFeed:
    """The logs of a pod's containers, or of all pods of a workload or a node."""

    has_previous = True
    is_late = False
    remedy = EMPTY

    def __init__(self, backend: Backend, ref: ObjectRef, container: str = "") -> None:
        self._backend = backend
        self._container = container
        self.ref = ref

    @property
    def title(self) -> Clean:
        """`pod/web-7d876db474-x2x9f`, with its namespace and container where it has them."""
        ref = self.ref
        names = filter(None, (ref.namespace, ref.name, self._container))
        return clean_name(f"{ref.kind.lower()} {'/'.join(names)}")

    def open(self, *, previous: bool, since: int | None) -> LogInbox:
        """Follow the present run, or read the one before it."""
        tail = None if since is not None or previous else self._tail
        request = LogRequest(
            self.ref,
            self._container,
            follow=not previous,
            previous=previous,
            since=None if previous else since,
            tail=tail,
        )
        return self._backend.read_logs(request)

    @property
    def _tail(self) -> int:
        return TAIL if self.ref.kind == "Pod" else OF_MANY


class JournalFeed:
    """The journal of a service on a node; the run before is that of the boot before."""

    has_previous = True
    is_late = False

    def __init__(self, backend: Backend, ref: ObjectRef, service: str, remedy: Clean) -> None:
        self._backend = backend
        self._service = service
        self.ref = ref
        self.remedy = remedy

    @property
    def title(self) -> Clean:
        """`kubelet of node ip-10-0-1-17`."""
        return clean_name(f"{self._service} of node {self.ref.name}")

    def open(self, *, previous: bool, since: int | None) -> LogInbox:
        """Poll the journal of this boot, or read that of the boot before."""
        request = JournalRequest(
            self.ref.name,
            self._service,
            follow=not previous,
            since=None if previous else since,
            tail=TAIL if since is None or previous else None,
            boot=-1 if previous else None,
        )
        return self._backend.read_logs(request)


class TaskFeed:
    """The log of a container of an ECS task, followed in CloudWatch Logs."""

    has_previous = False
    is_late = True
    ref = None
    remedy = EMPTY

    def __init__(self, backend: Backend, task: str, container: str, source: TaskLogSource) -> None:
        self._backend = backend
        self._task = task
        self._container = container
        self._source = source

    @property
    def title(self) -> Clean:
        """`task 3f2a…/web`."""
        return clean_name(f"task {self._task.rpartition('/')[2]}/{self._container}")

    def open(self, *, previous: bool, since: int | None) -> LogInbox:  # noqa: ARG002 - as others
        """Follow the stream; without a time from shortly before its newest event."""
        source = self._source
        request = TaskLogRequest(source.group, (source.stream,), source.region, since=since)
        return self._backend.read_logs(request)


class ControlPlaneFeed:
    """A type of the control plane's logs, all of it or what matches a pattern."""

    has_previous = False
    is_late = True
    ref = None
    remedy = EMPTY

    def __init__(self, backend: Backend, log_type: str, pattern: str) -> None:
        self._backend = backend
        self._type = log_type
        self._pattern = pattern

    @property
    def title(self) -> Clean:
        """`control plane audit, pattern "delete"`."""
        pattern = f", pattern {self._pattern}" if self._pattern else ""
        return clean(f"control plane {self._type}{pattern}")

    def open(self, *, previous: bool, since: int | None) -> LogInbox:  # noqa: ARG002 - as others
        """Follow the log; without a time from five minutes before now."""
        request = ControlPlaneRequest(self._type, self._pattern, since=since)
        return self._backend.read_logs(request)
