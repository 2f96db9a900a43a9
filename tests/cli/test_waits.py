"""Hanging programs and proxies are named, and commands end in time."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from aiohttp import SocketTimeoutError

from eksview.cli.announced import to_announce
from eksview.cli.doctor.access_chain import examine
from eksview.cli.get.arguments import query_of
from eksview.cli.parser import parser
from eksview.config.settings import Settings
from eksview.domain.access.chain import chain
from eksview.domain.base.text import clean
from eksview.domain.live.waits import OpenWaits, Wait
from eksview.kube.client.errors import from_exception
from tests.cli.command import call, run
from tests.cli.credential_programs import kubeconfig, plugin, profile, program
from tests.e2e.api import Api

HANGS = "import time\ntime.sleep(3600)\n"
CLUSTERS = ("get", "clusters", "--profile", "p", "--region", "us-west-2")


def hanging_plugin(folder: Path) -> dict[str, str]:
    return kubeconfig(folder, plugin(program(folder, HANGS)))


def hanging_process(folder: Path) -> dict[str, str]:
    return profile(folder, f"[profile p]\ncredential_process = {program(folder, HANGS)}")


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that accepts connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def silent_proxy(silent: str) -> str:
    return f"http://ada:hush/ed-secret@{silent}"


@pytest.mark.parametrize(
    ("words", "environ", "named"),
    [
        (("get", "nodes"), hanging_plugin, "the credential plugin give-credentials"),
        (CLUSTERS, hanging_process, "the credential_process give-credentials"),
        (("doctor",), hanging_plugin, "the credential plugin give-credentials"),
    ],
    ids=["plugin", "process", "doctor"],
)
def test_a_command_names_the_program_that_it_waits_for(
    words: tuple[str, ...], environ: Callable[[Path], dict[str, str]], named: str, tmp_path: Path
) -> None:
    line = first_error(*words, env=environ(tmp_path))
    assert re.fullmatch(rf"eksview: waiting for {named}, \ds of at most \d\ds\n", line)


def first_error(*words: str, env: dict[str, str]) -> str:
    """Return the first line on stderr of a command that is then ended."""
    command = [sys.executable, "-m", "eksview", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stderr
        line = process.stderr.readline()
        process.kill()
    return line


@pytest.mark.parametrize(("command", "most"), [("get nodes", 65), ("doctor", 15)])
def test_a_command_names_the_api_server_that_it_waits_for(
    command: str, most: int, silent: str, tmp_path: Path
) -> None:
    env = kubeconfig(tmp_path, {}, server=f"http://{silent}")
    line = first_error(*command.split(), env=env)
    named = f"eksview: waiting for the API server http://{silent}, "
    assert re.fullmatch(rf"{re.escape(named)}\ds of at most {most}s\n", line)


@pytest.fixture
def stuck() -> Iterator[str]:
    """The address of a server that begins each answer and never ends it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        clients: list[socket.socket] = []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    clients.append(server.accept()[0])
                    clients[-1].sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        b"Content-Length: 99\r\n\r\n{"
                    )

        Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        for client in clients:
            client.close()


def test_a_command_names_the_answer_that_does_not_end(stuck: str, tmp_path: Path) -> None:
    env = kubeconfig(tmp_path, {}, server=f"http://{stuck}")
    line = first_error("get", "nodes", env=env)
    named = f"eksview: waiting for the rest of an answer of http://{stuck}, "
    assert re.fullmatch(rf"{re.escape(named)}\ds\n", line)
    done = call("get", "nodes", "--request-timeout=200ms", env=env)
    assert done.stderr == f"eksview: http://{stuck} didn't answer within 0.2 s.\n"
    assert done.returncode == 1


def test_a_command_names_the_aws_call_that_it_waits_for(silent: str, tmp_path: Path) -> None:
    keys = "[profile p]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x"
    env = profile(tmp_path, keys) | {"AWS_ENDPOINT_URL": f"http://{silent}"}
    line = first_error(*CLUSTERS, env=env)
    named = re.escape("eksview: waiting for AWS (eks:ListClusters), ")
    assert re.fullmatch(rf"{named}\ds of at most 20s\n", line)


@pytest.mark.parametrize(
    "words", ["nodes", "nodes a b", "pods,nodes -o json", "nodes -w", "instances"]
)
def test_get_ends_in_the_time_of_a_request_and_says_so_once(
    words: str, silent: str, tmp_path: Path
) -> None:
    env = kubeconfig(tmp_path, {}, server=f"http://{silent}")
    done = call("get", *words.split(), "--request-timeout", "100ms", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"eksview: http://{silent} didn't answer within 0.1 s.\n"


@pytest.mark.parametrize(
    ("since", "announced", "slow", "printed"),
    [
        (0.0, (), False, True),
        (9.0, (), False, False),
        (9.0, (), True, True),  # a command of many short calls
        (0.0, ("AWS",), True, False),
    ],
)
def test_a_wait_is_printed_once_it_is_long_or_the_command_is(
    since: float, announced: tuple[str, ...], slow: bool, printed: bool
) -> None:
    waits = OpenWaits((Wait(clean("AWS"), since, routine=True),))
    assert (to_announce(waits, 10.0, announced, slow=slow) is not None) is printed


def test_a_server_that_never_answered_did_not_stop_sending() -> None:
    for answered, words in ((False, "accepts connections but doesn't respond"),
                            (True, "stopped sending")):  # fmt: skip
        error = from_exception(SocketTimeoutError(), server="https://a.test", answered=answered)
        assert words in str(error)
        assert error.failure.silent


def test_a_watch_ends_with_the_time_of_its_request(api: Api) -> None:
    """As kubectl's, which ends then with exit code 0."""
    env = {"HOME": "/nonexistent", **api.env}
    done = call("get", "nodes", "-w", "-o", "name", "--request-timeout=1", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("node/")


# Recorded from kubectl get --request-timeout, v1.32.
TIMES = ("0", "1", "30", "1s", "1m30s", "1.5s", ".5s", "5.s", "-1s", "+10s", "+10", "1h",
         "10000ms", "9000000us", "9000000\u00b5s", "", "00010", "1h1m1s")  # fmt: skip
NO_TIMES = ("1.5", "1x", "-1", "1 s", "1S", "s", "1e3s", "1m1", ".", ".s", "1d", "1_0", "\u0661")


@pytest.mark.parametrize("text", TIMES)
def test_a_request_timeout_is_kubectls(text: str) -> None:
    args = parser().parse_args(["get", "nodes", f"--request-timeout={text}"])
    whole = query_of(args)[1].limits.whole
    assert (whole is None) == (text in ("0", "", "-1s"))


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_kubectl_refuses_as_a_request_timeout_is_wrong_usage(text: str) -> None:
    done = call("get", "nodes", f"--request-timeout={text}", env={})
    assert done.returncode == 2
    assert f"{text} isn't a number of seconds" in done.stderr


def test_get_ends_with_a_proxy_that_says_nothing(silent_proxy: str, tmp_path: Path) -> None:
    env = kubeconfig(tmp_path, {"token": "x"}, **{"proxy-url": silent_proxy.replace("/ed", "ed")})
    done = run("get", "nodes", env=env)
    waiting, sentence = done.stderr.splitlines()
    shown = f"the proxy http://…@{silent_proxy.rpartition('@')[2]}"
    assert waiting.startswith(f"eksview: waiting for {shown}, ")
    assert f"doesn't answer through {shown} (timed out)" in sentence
    assert "hush" not in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("environ", "settings", "step", "subject"),
    [
        (hanging_plugin, {}, "credentials", "the credential plugin give-credentials"),
        (hanging_process, {"cluster": "prod", "profile": "p", "region": "us-west-2"}, "endpoint",
         "the credential_process give-credentials"),
    ],
    ids=["plugin", "process"],
)  # fmt: skip
async def test_the_doctor_names_what_held_it_up(
    environ: Callable[[Path], dict[str, str]], settings: dict[str, str], step: str, subject: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    env = environ(tmp_path)
    for name, value in env.items():  # botocore reads some by itself
        monkeypatch.setenv(name, value)
    checkup = await examine(
        Settings(kubeconfig=env.get("KUBECONFIG"), **settings), limit=3.0, environ=env
    )
    steps = {each.id: each for each in chain(checkup.inputs)}
    assert f"waiting for {subject}." in steps[step].says
    assert checkup.hung


@pytest.mark.parametrize("proxy", ["127.0.0.1:9", "no-such-proxy.invalid:3128"])
@pytest.mark.parametrize("server", ["https://10.255.255.1:6443", "http://10.255.255.1:8080"])
def test_a_dead_proxy_is_named_and_not_the_cluster_doubted(
    server: str, proxy: str, tmp_path: Path
) -> None:
    url = f"http://ada:hush-secret@{proxy}"
    env = kubeconfig(tmp_path, {"token": "x"}, server=server, **{"proxy-url": url})
    for words in (("get", "nodes"), ("doctor",)):
        done = call(*words, env=env)
        shown = done.stdout + done.stderr
        assert f"proxy http://…@{proxy}" in shown
        assert "is the cluster running" not in shown
        assert "hush-secret" not in shown


@pytest.mark.parametrize("proxy", ["127.0.0.1:9", "no-such-proxy.invalid:3128"])
def test_a_dead_proxy_to_aws_is_named(proxy: str, tmp_path: Path) -> None:
    keys = "[profile p]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x"
    env = profile(tmp_path, keys) | {"HTTPS_PROXY": f"http://ada:hush-secret@{proxy}"}
    del env["AWS_ENDPOINT_URL"]
    done = call(*CLUSTERS, env=env)
    assert f"The proxy http://…@{proxy} gave no connection for eks:ListClusters" in done.stderr
    assert "hush-secret" not in done.stderr


def test_a_region_that_isnt_one_is_doubted(tmp_path: Path) -> None:
    keys = "[profile p]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x"
    env = profile(tmp_path, keys)
    done = call("get", "clusters", "--profile", "p", "--region", "us-wset-2", env=env)
    assert "whether us-wset-2 is the right region" in done.stderr
