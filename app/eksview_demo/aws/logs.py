"""CloudWatch Logs: those of the control plane that are switched on, and those of ECS's tasks.

Sources: CloudWatch Logs API Reference, and User Guide, "Filter pattern syntax", of which the demo
has terms, their exclusion and optional ones, quoted phrases, and equality of fields of JSON.
"""

import json
import random
import re
import shlex
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias

from eksview_demo.aws import account as e
from eksview_demo.aws.account import Account
from eksview_demo.aws.answering import NoSuch, page
from eksview_demo.aws.ecs import task_logs
from eksview_demo.aws.ecs.definitions import LOG_GROUPS
from eksview_demo.aws.ecs.task_logs import TaskStream
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.nodes.node_state import REGION

GROUP = f"/aws/eks/{e.CLUSTER}/cluster"
RETENTION = 30
_EVERY = {"kube-apiserver": 6.0, "kube-apiserver-audit": 1.5, "authenticator": 5.0}
"""Seconds between two events of a stream, for each component whose log is switched on."""
_REPLICAS = 2
_MOST = 10_000
_DAY = 86_400.0
Reader: TypeAlias = Callable[[float, float], Iterator[dict[str, Any]]]
"""Yields the events between two times."""
_JSON = re.compile(r"""\{\s*\$\.([\w.]+)\s*(=|!=)\s*"?([^"}]*?)"?\s*\}""")


def _streams(account: Account) -> list[str]:
    names = []
    for component in _EVERY:
        for replica in range(_REPLICAS):
            dice = random.Random(f"{account.stray}{replica}")  # noqa: S311 - a name
            names.append(f"{component}-{dice.getrandbits(128):032x}")
    return sorted(names)


def describe_log_groups(account: Account, parameters: Parameters) -> Parameters:
    """Return the groups whose names begin with a prefix."""
    prefix = parameters.get("logGroupNamePrefix") or ""
    names = [name for name in sorted((GROUP, *LOG_GROUPS)) if name.startswith(prefix)]
    groups = [_group(account, name) for name in names]
    shown, token = page(groups, parameters, "limit", "nextToken", 50)
    return {"logGroups": shown, **token}


def _group(account: Account, name: str) -> dict[str, Any]:
    arn = f"arn:aws:logs:{REGION}:{e.ACCOUNT}:log-group:{name}"
    return {
        "logGroupName": name,
        "creationTime": round((account.began - 41 * _DAY) * 1000),
        "retentionInDays": RETENTION,
        "storedBytes": 12_345_678_901,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "logGroupClass": "STANDARD",
    }


def describe_log_streams(account: Account, parameters: Parameters) -> Parameters:
    """Return the streams whose names begin with a prefix."""
    _check_group(parameters)
    prefix = parameters.get("logStreamNamePrefix") or ""
    if parameters["logGroupName"] == GROUP:
        streams = [_stream(account, name) for name in _streams(account)]
    else:
        of_tasks = task_logs.streams(account, parameters["logGroupName"]).values()
        streams = [_task_stream(account, each) for each in of_tasks]
    streams = [each for each in streams if each["logStreamName"].startswith(prefix)]
    if parameters.get("orderBy") == "LastEventTime":
        streams.sort(key=lambda stream: stream["lastEventTimestamp"])
    if parameters.get("descending"):
        streams.reverse()
    shown, token = page(streams, parameters, "limit", "nextToken", 50)
    return {"logStreams": shown, **token}


def _stream(account: Account, name: str) -> dict[str, Any]:
    now = round(account.now * 1000)
    return {
        "logStreamName": name,
        "creationTime": round((account.began - 41 * _DAY) * 1000),
        "firstEventTimestamp": now - round(RETENTION * _DAY * 1000),
        "lastEventTimestamp": now - 60_000,
        "lastIngestionTime": now - 55_000,
        "storedBytes": 0,
    }


def _task_stream(account: Account, stream: TaskStream) -> dict[str, Any]:
    latest = round(min(account.now, stream.ended) * 1000)
    started = round(stream.task.started * 1000)
    return {
        "logStreamName": stream.name,
        "creationTime": started,
        "firstEventTimestamp": started,
        "lastEventTimestamp": latest,
        "lastIngestionTime": latest + 900,
        "storedBytes": 0,
    }


def filter_log_events(account: Account, parameters: Parameters) -> Parameters:
    """Return the events of streams that match a pattern, in the order of time."""
    _check_group(parameters)
    matches = _pattern(parameters.get("filterPattern") or "")
    readers = _readers(account, parameters["logGroupName"])
    names = parameters.get("logStreamNames") or list(readers)
    if any(name not in readers for name in names):
        raise NoSuch("ResourceNotFoundException", "The specified log stream does not exist.")
    prefix = parameters.get("logStreamNamePrefix") or ""
    start = (parameters.get("startTime") or 0) / 1000
    end = min(account.now, (parameters.get("endTime") or account.now * 1000) / 1000)
    events = [
        event
        for name in names
        if name.startswith(prefix)
        for event in readers[name](max(start, end - _DAY), end)
        if matches(event["message"])
    ]
    events.sort(key=lambda event: event["timestamp"])
    shown, token = page(events, parameters, "limit", "nextToken", _MOST)
    return {"events": shown, "searchedLogStreams": [], **token}


def _readers(account: Account, group: str) -> Mapping[str, Reader]:
    """Return what reads the events of each stream of a group."""
    if group == GROUP:
        return {name: partial(_events, account, name) for name in _streams(account)}
    return {
        name: partial(task_logs.events, stream)
        for name, stream in task_logs.streams(account, group).items()
    }


def _check_group(parameters: Parameters) -> None:
    if parameters.get("logGroupName") not in (GROUP, *LOG_GROUPS):
        raise NoSuch("ResourceNotFoundException", "The specified log group does not exist.")


def _events(account: Account, stream: str, start: float, end: float) -> Iterator[dict[str, Any]]:
    """Yield a stream's events of some time; the same event is the same whenever it is read."""
    component = stream.rpartition("-")[0]
    every, seed = _EVERY[component], zlib.crc32(stream.encode())
    pods = sorted(account.cluster.pods)[:200] or ["kube-system/coredns"]
    for number in range(int(start / every), int(end / every) + 1):
        dice = random.Random(seed << 32 | number)  # noqa: S311 - a demo's dice
        at = (number + 0.9 * dice.random()) * every
        if start <= at <= end:
            yield {
                "logStreamName": stream,
                "timestamp": round(at * 1000),
                "message": _VOICES[component](dice, datetime.fromtimestamp(at, UTC), pods),
                "ingestionTime": round(at * 1000) + 4000,
                "eventId": f"{round(at * 1000):014d}{seed:010d}{number:032d}",
            }


def _pattern(text: str) -> Callable[[str], bool]:
    """Return the test of a filter pattern. Raises NoSuch where it is none."""
    text = text.strip()
    if text.startswith("{"):
        return _json_pattern(text)
    try:
        terms = shlex.split(text)
    except ValueError:
        terms = ["("]
    if any(set(term) & set("()[]{}") for term in terms) or text.count('"') % 2:
        raise NoSuch("InvalidParameterException", f"Invalid filter pattern: '{text}'")
    wanted = [term for term in terms if term[:1] not in "?-"]
    either = [term[1:] for term in terms if term[:1] == "?"]
    excluded = [term[1:] for term in terms if term[:1] == "-"]

    def matches(message: str) -> bool:
        return (
            all(term in message for term in wanted)
            and (not either or any(term in message for term in either))
            and not any(term in message for term in excluded)
        )

    return matches


def _json_pattern(text: str) -> Callable[[str], bool]:
    match = _JSON.fullmatch(text)
    if match is None:
        raise NoSuch("InvalidParameterException", f"Invalid filter pattern: '{text}'")
    path, operator, value = match.groups()

    def matches(message: str) -> bool:
        try:
            found: Any = json.loads(message)
            for name in path.split("."):
                found = found[name]
        except (ValueError, KeyError, TypeError):
            return False
        return (str(found) == value) is (operator == "=")

    return matches


def _api(dice: random.Random, when: datetime, pods: list[str]) -> str:
    texts = (
        ("I", "trace.go:236", f'Trace[{dice.getrandbits(30)}]: "Update" accept:application/json '
         'client:10.0.1.12 (total time: 612ms)'),
        ("I", "controller.go:624", "quota admission added evaluator for: deployments.apps"),
        ("W", "watcher.go:338", "watch chan error: etcdserver: mvcc: required revision compacted"),
        ("I", "httplog.go:134", f'"HTTP" verb="GET" URI="/api/v1/namespaces/{dice.choice(pods)}" '
         'latency="4.2ms" resp=200'),
        ("E", "wrap.go:54", "timeout or abort while handling: method=GET URI=\"/api/v1/pods\""),
    )  # fmt: skip
    level, place, text = dice.choices(texts, (4, 2, 2, 8, 1))[0]
    return f"{level}{when:%m%d %H:%M:%S.%f}      11 {place}] {text}"


def _audit(dice: random.Random, when: datetime, pods: list[str]) -> str:
    namespace, _, name = dice.choice(pods).partition("/")
    user = dice.choice(
        ("system:serviceaccount:kube-system:deployment-controller", "system:node:ip-10-0-1-17",
         "eks:node-manager", "system:apiserver", "ops")
    )  # fmt: skip
    verb = dice.choice(("get", "list", "watch", "update", "patch", "delete"))
    return json.dumps(
        {
            "kind": "Event",
            "apiVersion": "audit.k8s.io/v1",
            "level": "Metadata",
            "auditID": f"{dice.getrandbits(128):032x}",
            "stage": "ResponseComplete",
            "requestURI": f"/api/v1/namespaces/{namespace}/pods/{name}",
            "verb": verb,
            "user": {"username": user, "groups": ["system:authenticated"]},
            "objectRef": {"resource": "pods", "namespace": namespace, "name": name},
            "responseStatus": {"code": 200 if dice.random() < 0.97 else 403},
            "requestReceivedTimestamp": f"{when:%Y-%m-%dT%H:%M:%S.%f}Z",
        }
    )


def _authenticator(dice: random.Random, when: datetime, _: list[str]) -> str:
    role = dice.choice((f"{e.CLUSTER}-node-ng-general", f"{e.CLUSTER}-oncall"))
    arn = f"arn:aws:iam::{e.ACCOUNT}:role/{role}"
    granted = dice.random() < 0.95
    text = 'msg="access granted"' if granted else 'msg="access denied" error="ARN is not mapped"'
    level = "info" if granted else "warning"
    return f'time="{when:%Y-%m-%dT%H:%M:%SZ}" level={level} {text} arn="{arn}" client="127.0.0.1"'


_VOICES = {
    "kube-apiserver": _api,
    "kube-apiserver-audit": _audit,
    "authenticator": _authenticator,
}

OPERATIONS = {
    "DescribeLogGroups": describe_log_groups,
    "DescribeLogStreams": describe_log_streams,
    "FilterLogEvents": filter_log_events,
}
