"""Hanging programs and proxies are named, and commands end in time."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eksview.cli.doctor import examine
from eksview.config.settings import Settings
from eksview.domain.access.chain import chain
from tests.cli.command import run
from tests.cli.credential_programs import kubeconfig, plugin, profile, program

HANGS = "import time\ntime.sleep(3600)\n"
CLUSTERS = ("get", "clusters", "--profile", "p", "--region", "us-west-2")


def hanging_plugin(folder: Path) -> dict[str, str]:
    return kubeconfig(folder, plugin(program(folder, HANGS)))


def hanging_process(folder: Path) -> dict[str, str]:
    return profile(folder, f"[profile p]\ncredential_process = {program(folder, HANGS)}")


@pytest.fixture
def silent_proxy() -> Iterator[str]:
    """A proxy that accepts connections and answers nothing; its address with a password."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://ada:hush/ed-secret@127.0.0.1:{server.getsockname()[1]}"


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
    command = [sys.executable, "-m", "eksview", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ(tmp_path)
    ) as process:
        line = process.stderr.readline()
        process.kill()
    assert re.fullmatch(rf"eksview: waiting for {named}, \ds of at most \d\ds\n", line)


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
