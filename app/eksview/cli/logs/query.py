"""The arguments of `eksview logs`, which are those of `kubectl logs`."""

from argparse import Namespace
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from eksview.config.option_types import UsageError
from eksview.domain.base.go_duration import duration

OF_SELECTOR = 10
"""Lines of each container where a selector chooses the pods, as in kubectl."""
USAGE = "use eksview logs POD, eksview logs TYPE/NAME or eksview logs -l SELECTOR"


class LogsQuery(Struct, frozen=True, kw_only=True):
    """What is printed of which logs: `kind` and `name`, or the pods of `selector`.

    `control_plane` is a type of the control plane's logs instead; `pattern` is that of CloudWatch
    Logs, or journalctl's for a node.
    """

    kind: str = "pods"
    name: str = ""
    selector: str = ""
    container: str = ""
    all_containers: bool = False
    all_pods: bool = False
    follow: bool = False
    previous: bool = False
    since: int | None = None
    since_time: str = ""
    tail: int = -1
    limit: int = 0
    timestamps: bool = False
    prefix: bool = False
    most: int = 5
    ignore_errors: bool = False
    timeout: float | None = None
    control_plane: str = ""
    pattern: str = ""

    @property
    def of_node(self) -> bool:
        """Return whether it is a node's journal."""
        return self.kind.lower() in ("node", "nodes", "no")

    def timed_options(self) -> dict[str, str]:
        """Return the query of a request for lines with their times, of any number of bytes."""
        return replace(self, timestamps=True, limit=0).options()

    def options(self) -> dict[str, str]:
        """Return the query of a request for one log."""
        query = {
            "follow": "true" if self.follow else "",
            "previous": "true" if self.previous else "",
            "timestamps": "true" if self.timestamps else "",
            "sinceSeconds": str(self.since) if self.since is not None else "",
            "sinceTime": self.since_time,
            "tailLines": str(self.tail) if self.tail >= 0 else "",
            "limitBytes": str(self.limit) if self.limit else "",
        }
        return {name: value for name, value in query.items() if value}


def logs_query(args: Namespace) -> LogsQuery:
    """Return the query of the arguments; raises `UsageError` where kubectl does."""
    words, container = _inline_container(args.words, args.container)
    kind, name = _subject(words, args.selector) if not args.control_plane else ("", "")
    if args.control_plane and (args.words or args.selector):
        raise UsageError("--control-plane takes neither a name nor a selector")
    if args.all_containers and container:
        raise UsageError(f"--all-containers can't be used with the container {container}")
    if args.since and args.since_time:
        raise UsageError("only one of --since and --since-time may be used")
    if args.tail is not None and args.tail < -1:
        raise UsageError("--tail must be greater than or equal to -1")
    if args.limit_bytes < 0:
        raise UsageError("--limit-bytes must be greater than 0")
    tail = args.tail if args.tail is not None else OF_SELECTOR if args.selector else -1
    query = LogsQuery(
        kind=kind,
        name=name,
        selector=args.selector,
        container=container,
        all_containers=args.all_containers,
        all_pods=args.all_pods,
        follow=args.follow,
        previous=args.previous,
        since=_since(args.since),
        since_time=args.since_time,
        tail=tail,
        limit=args.limit_bytes,
        timestamps=args.timestamps,
        prefix=args.prefix or args.all_pods,
        most=args.max_log_requests,
        ignore_errors=args.ignore_errors,
        timeout=args.request_timeout,
        control_plane=args.control_plane,
        pattern=args.filter_pattern,
    )
    if query.pattern and not (query.of_node or query.control_plane):
        raise UsageError("--filter-pattern is for --control-plane and for nodes")
    return query


def _inline_container(words: list[str], container: str) -> tuple[list[str], str]:
    """Return the words without the container that may follow a name, and the container."""
    if len(words) != 2:
        return words, container
    if container:
        raise UsageError("only one of -c or an inline [CONTAINER] arg is allowed")
    return words[:1], words[1]


def _subject(words: list[str], selector: str) -> tuple[str, str]:
    """Return the resource and the name."""
    match words:
        case [] if selector:
            return "pods", ""
        case [_, *_] if selector:
            raise UsageError("only a selector (-l) or a name is allowed")
        case [name]:
            kind, slash, rest = name.partition("/")
            if slash and not rest:
                raise UsageError(USAGE)
            return (kind, rest) if slash else ("pods", name)
    raise UsageError(USAGE)


def _since(text: str) -> int | None:
    """Return whole seconds, rounded up as kubectl does."""
    if not text:
        return None
    seconds = duration(text)
    if seconds is None:
        raise UsageError(f"--since {text} is no duration, such as 5s, 2m or 3h")
    if seconds < 0:
        raise UsageError("--since must be greater than 0")
    return ceil(seconds) or None
