"""What containers with the driver awslogs wrote: a stream of CloudWatch Logs for each container."""

import json
import random
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from eksview_demo.aws.account import Account
from eksview_demo.aws.ecs.definitions import Recipe
from eksview_demo.aws.ecs.services import CLUSTERS
from eksview_demo.aws.ecs.task_life import TaskLife
from eksview_demo.aws.ecs.world import cluster_now

PREFIX = "ecs"
_EVERY = 2.0  # seconds between two events of a stream
_LAST = 1.0  # seconds before a task's end at which it says why


class TaskStream(Struct, frozen=True):
    """The log stream of a container."""

    task: TaskLife
    recipe: Recipe

    @property
    def name(self) -> str:
        return f"{PREFIX}/{self.recipe.name}/{self.task.id}"

    @property
    def ended(self) -> float:
        return self.task.stopping + _LAST


def streams(account: Account, group: str) -> dict[str, TaskStream]:
    """Return the streams of a log group, of the tasks that ECS still shows."""
    listed: dict[str, TaskStream] = {}
    for cluster in CLUSTERS:
        time = cluster_now(account, cluster)
        for task in time.tasks.values():
            for recipe in task.family.containers:
                if recipe.group == group and task.started <= account.now:
                    stream = TaskStream(task, recipe)
                    listed[stream.name] = stream
    return dict(sorted(listed.items()))


def events(stream: TaskStream, start: float, end: float) -> Iterator[dict[str, Any]]:
    """Yield a stream's events of some time; the same event is the same whenever it is read."""
    task, seed = stream.task, zlib.crc32(stream.name.encode())
    first, last = max(start, task.started), min(end, task.stopping - _LAST)
    for number in range(int(first / _EVERY), int(max(first, last) / _EVERY) + 1):
        dice = random.Random(seed << 32 | number)  # noqa: S311 - a demo's dice
        at = (number + 0.9 * dice.random()) * _EVERY
        if first <= at <= last:
            voice = _VOICES.get(task.family_name, _plain)
            yield _event(stream, at, voice(dice, datetime.fromtimestamp(at, UTC)))
    for number, message in enumerate(_last_words(task)):
        at = task.stopping - _LAST + number / 10
        if start <= at <= end:
            yield _event(stream, at, message)


def _event(stream: TaskStream, at: float, message: str) -> dict[str, Any]:
    milliseconds, seed = round(at * 1000), zlib.crc32(stream.name.encode())
    return {
        "logStreamName": stream.name,
        "timestamp": milliseconds,
        "message": message,
        "ingestionTime": milliseconds + 900,
        "eventId": f"{milliseconds:014d}{seed:010d}{zlib.crc32(message.encode()):032d}",
    }


def _last_words(task: TaskLife) -> tuple[str, ...]:
    """Return what a task says at its end: nothing where it is killed for its memory."""
    match task.ending.exit:
        case 1:
            return (
                "panic: runtime error: invalid memory address or nil pointer dereference",
                "goroutine 1 [running]:",
                "main.main()",
            )
        case 143:
            return ("received SIGTERM, shutting down",)
        case 0:
            return ("shutting down: all requests are answered",)
    return ()


def _nginx(dice: random.Random, when: datetime) -> str:
    path = dice.choice(("/", "/cart", "/products/1842", "/static/app.js", "/healthz"))
    status = dice.choices((200, 304, 404, 502), (80, 14, 5, 1))[0]
    address = f"10.0.{dice.randrange(101, 104)}.{dice.randrange(4, 250)}"
    return (
        f'{address} - - [{when:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} '
        f'{dice.randrange(120, 48_000)} "-" "Mozilla/5.0"'
    )


def _api(dice: random.Random, when: datetime) -> str:
    level, text = dice.choices(
        (("info", "request"), ("warn", "slow query"), ("error", "upstream timed out")), (90, 8, 2)
    )[0]
    return json.dumps(
        {
            "ts": f"{when:%Y-%m-%dT%H:%M:%S.%f}Z",
            "level": level,
            "msg": text,
            "path": dice.choice(("/v1/orders", "/v1/stock", "/v1/prices")),
            "ms": dice.randrange(3, 900),
        }
    )


def _worker(dice: random.Random, when: datetime) -> str:
    job = f"job={dice.getrandbits(24):06x} queue={dice.choice(('mail', 'invoices', 'images'))}"
    text = dice.choices(("done", "started", "failed, will be retried"), (10, 10, 1))[0]
    return f"{when:%H:%M:%S} {'ERROR' if 'failed' in text else 'INFO'} {job} {text}"


def _plain(dice: random.Random, when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} INFO {dice.randrange(1, 500)} records processed"


_VOICES: dict[str, Callable[[random.Random, datetime], str]] = {
    "web": _nginx,
    "api": _api,
    "worker": _worker,
}
