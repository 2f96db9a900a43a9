"""What is read of logs: whose, which run, and how far back."""

from typing import TypeAlias

from msgspec import Struct

from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.logs.control_plane import ControlPlaneRequest
from eksview.domain.logs.journal import JournalRequest
from eksview.domain.logs.task import TaskLogRequest


class LogRequest(Struct, frozen=True):
    """The logs of an object: of a pod, of all pods of a workload, or of all pods of a node.

    `container` is empty for all containers. `since` is in seconds before now, None for no bound;
    `tail` is the number of lines per container to begin with, None for all of them.
    """

    ref: ObjectRef
    container: str = ""
    follow: bool = True
    previous: bool = False
    since: int | None = None
    tail: int | None = None


AnyLogRequest: TypeAlias = LogRequest | JournalRequest | ControlPlaneRequest | TaskLogRequest
"""What `Backend.read_logs` takes."""
