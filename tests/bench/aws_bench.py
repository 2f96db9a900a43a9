"""What AWS costs the Kubernetes screens: absent, silent, late, and with 5,000 instances."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.demo_api import DemoApi
from tests.bench.live_bench import cursor, nodes_screen, to_nodes
from tests.bench.pty_app import PtyApp, python
from tests.bench.pty_screen import PtyScreen
from tests.bench.report import Figure, Figures, spread

NODES, PODS, CHURN = 500, 5000, 200.0
INSTANCES = 5_000
READ = "ago · every"  # how a table of instances says that all of them have been read
SLOW = 30.0  # seconds until an answer
STARTS = 5  # of which the fastest counts
ANSWER = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def run() -> Figures:
    """Each state of AWS beside the same dashboard without any."""
    with DemoApi(NODES, PODS, CHURN) as api:
        alone_first, alone = _measured(api, {"AWS_EC2_METADATA_DISABLED": "true"})
        reference = f"without AWS: {spread(alone)}"
        for name, answer_after in (("silent", None), ("answering after 30 s", SLOW)):
            with _aws(answer_after) as env:
                first, taken = _measured(api, env)
            yield Figure(
                f"key to paint, AWS {name}",
                f"{spread(taken)} (p50/p95/max)",
                "20/50/150 ms",
                reference,
            )
            yield Figure(
                f"first row, AWS {name}",
                f"{first * 1000:.0f} ms",
                "1.25x of the reference",
                f"without AWS: {alone_first * 1000:.0f} ms",
            )
    yield _joined()


def _joined() -> Figure:
    """Keys from the first row on, while every instance is read and joined."""
    with (
        DemoApi(INSTANCES, INSTANCES, CHURN) as api,
        PtyApp(python("-m", "eksview"), env=api.with_aws) as app,
    ):
        to_nodes(app)
        taken = cursor(app)
        app.press(b"4")
        joined = PtyScreen(app).shows(READ, seconds=120) - app.started
    return Figure(
        f"key to paint, {INSTANCES:,} instances being joined",
        f"{spread(taken)} (p50/p95/max)",
        "max 50 ms",
        f"all joined {joined:.1f} s after launch",
    )


def _measured(api: DemoApi, env: dict[str, str]) -> tuple[float, list[float]]:
    """Seconds to the first row, and from each key to its paint."""
    first = min(_first_row(api, env) for _ in range(STARTS))
    with nodes_screen({**api.env, **env}) as app:
        return first, cursor(app)


def _first_row(api: DemoApi, env: dict[str, str]) -> float:
    with PtyApp(python("-m", "eksview"), env={**api.env, **env}) as app:
        return app.saw(b"ip-10-") - app.started


@contextmanager
def _aws(answer_after: float | None) -> Iterator[dict[str, str]]:
    """An endpoint that takes every connection and says nothing, or says something late."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, answer_after), daemon=True).start()
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def _serve(server: socket.socket, answer_after: float | None) -> None:
    held: list[socket.socket] = []
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return  # closed: the measurement is over
        held.append(connection)
        if answer_after is not None:
            threading.Thread(target=_late, args=(connection, answer_after), daemon=True).start()


def _late(connection: socket.socket, answer_after: float) -> None:
    time.sleep(answer_after)
    with connection:
        connection.sendall(ANSWER)
