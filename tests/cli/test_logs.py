"""`eksview logs` beside `kubectl logs`, on one demo whose clock stands still."""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview_demo.api.server import DemoServer
from eksview_demo.aws.account import Account
from eksview_demo.aws.listener import AwsListener
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from tests.cli.command import call, run
from tests.demo.thread import DemoThread
from tests.patience import PATIENCE, eventually

KUBECTL = shutil.which("kubectl")
pytestmark = pytest.mark.skipif(KUBECTL is None, reason="needs kubectl")
NOW = 1_800_000_000.0
LONGEST_LINE = 500  # bytes


@pytest.fixture(scope="module")
def cluster() -> DemoCluster:
    cluster = DemoCluster(seed=7, clock=lambda: NOW)
    build(cluster, nodes=6, pods=60)
    return cluster


@pytest.fixture(scope="module")
def env(cluster: DemoCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("logs")
    with DemoThread(DemoServer(cluster)) as demo:
        path = demo.write_kubeconfig(folder / "kubeconfig")
        yield {"KUBECONFIG": str(path), "HOME": str(folder), "PATH": os.environ["PATH"]}


def pod_of(cluster: DemoCluster, name: str, stage: Stage = Stage.RUNNING) -> PodState:
    pods = cluster.pods.values()
    return next(pod for pod in pods if pod.workload.name == name and pod.stage is stage)


def kubectl(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    assert KUBECTL is not None
    return subprocess.run(
        [KUBECTL, "logs", *words], env=env, capture_output=True, encoding="utf-8",
        errors="surrogateescape", check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("{cart}", "--tail=50"),
        ("{cart}", "--tail=50", "--timestamps", "--prefix"),
        ("{api}", "-c", "migrate"),
        ("{api}", "--tail=3"),
        ("pod/{cart}", "--since=30s"),
        ("{cart}", "--since-time=2027-01-15T07:59:50Z"),
        ("{cart}", "--limit-bytes=1000"),
        ("deployment/cart", "--tail=2"),
        ("{recommender}", "--previous"),
        ("-l", "app=nope"),
        ("{web}", "-c", "web", "-p"),
        ("{web}", "-c", "nope"),
        ("{web}", "envoy", "--tail=5"),
        ("{web}", "nope"),
        ("nope",),
        ("deployment/nope",),
        ("-l", "app=web", "-f"),
    ],
)
def test_a_log_is_printed_as_kubectl_prints_it(
    cluster: DemoCluster, env: dict[str, str], words: tuple[str, ...]
) -> None:
    names = {name: pod_of(cluster, name).name for name in ("cart", "api", "web")}
    names["recommender"] = next(
        pod.name for pod in cluster.pods.values() if pod.workload.name == "recommender"
    )
    filled = [word.format(**names) for word in words]
    theirs = kubectl("-n", "shop", *filled, env=env)
    ours = run("logs", "-n", "shop", *filled, env=env)
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    hints = [line for line in theirs.stderr.splitlines() if not line.lower().startswith("error")]
    assert ours.stderr.splitlines()[: len(hints)] == hints


def test_several_logs_are_merged_in_the_order_of_time(
    cluster: DemoCluster, env: dict[str, str]
) -> None:
    words = (pod_of(cluster, "api").name, "--all-containers", "--prefix", "--timestamps")
    theirs = kubectl("-n", "shop", *words, "--tail=40", env=env)
    ours = run("logs", "-n", "shop", *words, "--tail=40", env=env)
    lines = ours.stdout.splitlines()
    assert sorted(lines) == sorted(theirs.stdout.splitlines())
    times = [line.split(" ", 2)[1] for line in lines]
    assert times == sorted(times)
    assert len({line.split(" ", 1)[0] for line in lines[-40:]}) > 1


def test_the_bytes_of_each_of_several_logs_are_limited(env: dict[str, str]) -> None:
    """The bytes are kubectl's; what it cuts in the middle of a line gets a newline here."""
    words = ("-n", "shop", "-l", "app=cart", "--limit-bytes=700", "--tail=-1")
    theirs = kubectl(*words, "--max-log-requests=9", env=env).stdout
    ours = run("logs", *words, env=env).stdout
    assert sorted(ours.replace("\n", "")) == sorted(theirs.replace("\n", ""))
    assert len(theirs) % 700 == 0


def test_a_log_that_cannot_be_read_leaves_the_others_where_errors_are_ignored(
    env: dict[str, str],
) -> None:
    """Kubectl prints the errors between the lines; here they are on stderr."""
    words = ("-n", "shop", "-l", "app in (web,newsletter)", "--tail=3", "--prefix")
    theirs = kubectl(*words, "--ignore-errors", env=env)
    ours = run("logs", *words, "--ignore-errors", env=env)
    errors = [line for line in theirs.stdout.splitlines() if line.startswith("error: ")]
    assert errors
    assert sorted([*ours.stdout.splitlines(), *errors]) == sorted(theirs.stdout.splitlines())
    assert ours.stderr.count("eksview: ") == len(errors)
    assert ours.returncode == theirs.returncode == 0
    assert run("logs", *words, env=env).returncode == kubectl(*words, env=env).returncode == 1


def test_a_reader_that_leaves_ends_it_quietly(cluster: DemoCluster, env: dict[str, str]) -> None:
    pod = pod_of(cluster, "web").name
    ended = run_shell(f"python -m eksview logs -n shop {pod} -c web | head -1", env)
    assert ended.stdout.count("\n") == 1
    assert ended.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_though_nobody_reads(
    cluster: DemoCluster, env: dict[str, str], number: signal.Signals
) -> None:
    words = ("logs", "-n", "shop", pod_of(cluster, "web").name, "-c", "web", "-f")
    ours = ended_by(number, [sys.executable, "-m", "eksview", *words], env)
    theirs = ended_by(number, [str(KUBECTL), *words], env)
    assert ours == theirs == (1, b"")


def ended_by(number: int, command: list[str], env: dict[str, str]) -> tuple[int, bytes]:
    """Send a signal once the pipe of stdout has no room; return the exit code and stderr."""
    reading, writing = os.pipe()
    room = fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen(
        command, env=env, stdout=writing, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - a shell's `&`
    )  # fmt: skip
    os.close(writing)
    eventually(lambda: waiting_bytes(reading) > room - LONGEST_LINE, "a full pipe")
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE)
    os.close(reading)
    return process.returncode, errors


def waiting_bytes(pipe: int) -> int:
    """Return how many bytes a pipe holds."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def run_shell(line: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    python = Path(shutil.which("python") or "python")
    path = f"{Path(sys.executable).parent}:{python.parent}:{env['PATH']}"
    return subprocess.run(
        line, shell=True, env=env | {"PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "use eksview logs POD"),
        (("web-1", "-l", "app=web"), "only a selector (-l) or a name"),
        (("web-1", "--since=5x"), "--since 5x is no duration"),
        (("web-1", "--since=5s", "--since-time=2027-01-15T08:00:00Z"), "only one of --since"),
        (("web-1", "--tail=-5"), "--tail must be greater than or equal to -1"),
        (("web-1", "-c", "web", "--all-containers"), "--all-containers can't be used"),
        (("web-1", "web", "--all-containers"), "--all-containers can't be used"),
        (("web-1", "web", "-c", "web"), "only one of -c or an inline [CONTAINER] arg"),
        (("web-1", "web", "envoy"), "use eksview logs POD"),
        (("web-1", "--limit-bytes=-5"), "--limit-bytes must be greater than 0"),
        (("web-1", "--since=-5s"), "--since must be greater than 0"),
    ],
)
def test_wrong_usage_is_refused_where_kubectl_refuses_it(
    words: tuple[str, ...], reason: str, env: dict[str, str]
) -> None:
    assert kubectl(*words, env=env).returncode == 1
    refused = call("logs", *words, env=env)
    assert refused.returncode == 2
    assert reason in refused.stderr


def test_a_terminal_gets_neither_sequences_nor_secrets(
    cluster: DemoCluster, env: dict[str, str]
) -> None:
    """`call` prints as text, as on a terminal."""
    printed = call("logs", "-n", "shop", pod_of(cluster, "search").name, "--tail=20", env=env)
    assert "shard-" in printed.stdout
    assert "\x1b" not in printed.stdout
    cart = call("logs", "-n", "shop", pod_of(cluster, "cart").name, env=env)
    assert "Authorization: …" in cart.stdout
    assert "eyJhbGci" not in cart.stdout


def test_a_nodes_journal_is_what_kubectl_gets_from_its_kubelet(
    env: dict[str, str], cluster: DemoCluster
) -> None:
    node = next(node.name for node in cluster.nodes.values() if node.group.kind == "nodepool")
    path = f"/api/v1/nodes/{node}/proxy/logs/?query=kubelet&tailLines=20"
    assert KUBECTL is not None
    raw = subprocess.run(
        [KUBECTL, "get", "--raw", path], env=env, capture_output=True, text=True, check=True
    ).stdout
    done = call("logs", f"node/{node}", "--tail=20", env=env)
    assert done.stdout.splitlines() == [
        line[len("Jan 15 08:00:00.123456 ") :] for line in raw.splitlines()
    ]


def test_a_service_without_a_journal_is_an_error(env: dict[str, str], cluster: DemoCluster) -> None:
    node = next(node.name for node in cluster.nodes.values() if node.group.kind == "nodepool")
    done = call("logs", f"node/{node}", "-c", "cri-o", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert "log not found for cri-o" in done.stderr


def test_a_node_whose_kubelet_has_no_log_query_is_an_error(
    env: dict[str, str], cluster: DemoCluster
) -> None:
    node = next(node.name for node in cluster.nodes.values() if node.group.kind == "nodegroup")
    done = call("logs", f"node/{node}", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert "NodeLogQuery" in done.stderr


def test_a_control_plane_needs_credentials_and_says_so_once(env: dict[str, str]) -> None:
    done = call("logs", "--control-plane", "api", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("No AWS credentials were found") == 1


async def test_a_type_that_is_switched_off_is_named_with_its_command_and_its_cost(
    cluster: DemoCluster, env: dict[str, str]
) -> None:
    listener = AwsListener(Account(cluster, "https://127.0.0.1:9", b"authority"))
    listener.open()
    words = ("logs", "--control-plane", "scheduler")
    done = await asyncio.to_thread(run, *words, env=env | listener.environ)
    await listener.close()
    assert (done.returncode, done.stdout) == (1, "")
    group, off, command, cost, last = done.stderr.splitlines()
    assert "/aws/eks/eksview-demo/cluster" in group
    assert "scheduler log: it is switched off" in off
    assert "aws eks update-cluster-config --name eksview-demo --logging" in command
    assert "CloudWatch Logs charges" in cost
    assert last == "eksview: No stream of the type scheduler has had events lately."


@pytest.mark.parametrize(
    "words",
    [
        ("--control-plane", "etcd"),
        ("--control-plane", "api", "web"),
        ("web", "--filter-pattern", "x"),
    ],
)
def test_words_that_dont_go_together_are_refused(
    words: tuple[str, ...], env: dict[str, str]
) -> None:
    assert call("logs", *words, env=env).returncode == 2
