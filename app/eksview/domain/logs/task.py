"""The log of an ECS task's containers, which the driver awslogs sends to CloudWatch Logs."""

from msgspec import Struct


class TaskLogRequest(Struct, frozen=True):
    """Some streams of a log group; `since` is in seconds before now.

    Without it reading begins shortly before the newest event, which may be long ago. `region` is
    empty for that of the cluster.
    """

    group: str
    streams: tuple[str, ...]
    region: str = ""
    follow: bool = True
    since: int | None = None


def container_of(stream: str) -> str:
    """Return the container of a stream PREFIX/CONTAINER/TASK-ID, else the stream's own name.

    Source: Amazon ECS Developer Guide, "Using the awslogs log driver".
    """
    parts = stream.rsplit("/", 2)
    return parts[1] if len(parts) == 3 else stream
