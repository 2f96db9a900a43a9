"""`eksview get` prints the same bytes as kubectl."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.e2e.api import Api
from tests.patience import PATIENCE, eventually

pytestmark = pytest.mark.skipif(
    shutil.which("kubectl") is None,
    reason="kubectl is missing; see https://kubernetes.io/docs/tasks/tools/",
)

AGE = re.compile(r"(?<![\w-])(?:\d+[ydhms]){1,2}(?![\w-])")
UNITS = {"y": 31_536_000, "d": 86_400, "h": 3600, "m": 60, "s": 1}
EKSVIEW = (sys.executable, "-m", "eksview")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        server.ask("cordon")
        yield server


def output(command: Sequence[str], home: Path, api: Api) -> str:
    # kubectl keeps a cache of discovery under HOME.
    env = {"PATH": os.environ["PATH"], "HOME": str(home), **api.env}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=PATIENCE, env=env
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "question",
    [
        "nodes",
        "nodes -o wide",
        "nodes --no-headers",
        "nodes -o name",
        "nodes -o json",
        "nodes -o yaml",
        "pods -A",
        "pods -A -o wide",
        "pods -A -o json",
        "pods -A -o yaml",
        "pods -n kube-system",
        "pods -n kube-system -l app=coredns -o wide",
        "pods -A --field-selector status.phase=Running -o name",
        "pods",
        "pods -A -l no=such",
        "pods --all-namespaces=true --no-headers=true",
        "pods -n kube-system --show-labels -o wide",
        "nodes -L topology.kubernetes.io/zone,no.such --show-labels",
        "pods -A --sort-by=.metadata.name",
        "nodes --sort-by={.status.nodeInfo.machineID} --no-headers -L kubernetes.io/os",
        "pods -A -o custom-columns=N:.metadata.name,IP:.status.podIP --sort-by=metadata.uid",
    ],
)
def test_both_print_the_same(question, api, tmp_path):
    compare(question, api, tmp_path)


def test_names_stand_anywhere_as_in_kubectl(api, tmp_path):
    first, second, *_ = api.ask("truth")["nodes"]
    compare(f"node -o name {first} {second}", api, tmp_path)
    compare(f"-o json no/{first}", api, tmp_path)
    compare(f"node/{first} nodes/{second} --show-labels", api, tmp_path)
    compare(f"nodes {first} -A -o jsonpath={{.metadata.name}}", api, tmp_path)
    compare(f"nodes {first} missing --ignore-not-found --no-headers", api, tmp_path)


@pytest.mark.parametrize("flags", ["-w", "-w -o wide", "-w -o name", "--watch-only", "-w -o json"])
def test_both_print_the_same_changes(flags, tmp_path):
    with Api(tmp_path) as server:
        words = ["get", "nodes", *flags.split()]
        files = [tmp_path / "kubectl", tmp_path / "eksview"]
        programs = [
            watch([*command, *words], file, tmp_path, server)
            for command, file in zip((["kubectl"], EKSVIEW), files, strict=True)
        ]
        try:
            eventually(lambda: server.ask("watching").get("nodes") == 2, "two watches")
            before = [file.stat().st_size for file in files]
            server.ask("cordon")
            end = "\n}\n" if "json" in flags else "\n"  # kubectl writes JSON in several pieces
            eventually(
                lambda: all(
                    file.read_text()[size:].endswith(end)
                    for file, size in zip(files, before, strict=True)
                ),
                "change in both",
            )
            for program in programs:
                program.send_signal(signal.SIGINT)
            assert [program.wait(PATIENCE) for program in programs] == [1, 1]
        finally:
            for program in programs:
                program.kill()
                program.wait()
        theirs, ours = (blanked(file.read_text()) for file in files)
    assert ours == theirs


def watch(command: Sequence[str], file: Path, home: Path, api: Api) -> "subprocess.Popen[bytes]":
    env = {"PATH": os.environ["PATH"], "HOME": str(home), **api.env}
    with file.open("wb") as out:
        return subprocess.Popen(
            command, stdout=out, env=env,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a shell's `&`
        )  # fmt: skip


def test_both_print_as_the_version_of_the_server_does(tmp_path):
    """Servers from 1.36 on print the architecture, older ones don't."""
    with Api(tmp_path) as server:
        assert "(amd64)" not in compare("nodes -o wide", server, tmp_path)
        server.ask("upgrade")
        assert "(amd64)" in compare("nodes -o wide", server, tmp_path)


def compare(question: str, api: Api, home: Path) -> str:
    """Return what both print; fail where they differ."""
    words = question.split()
    after = output(["kubectl", "get", *words], home, api)
    for _ in range(5):  # an age may become wider between the two, or a kubelet may report
        before = after
        ours = output([*EKSVIEW, "get", *words], home, api)
        after = output(["kubectl", "get", *words], home, api)
        if said_between(before, ours, after):
            return ours
    assert ours == after
    return ours


def said_between(before: str, ours: str, after: str) -> bool:
    """Return whether our output is one of the two, or differs only in ages between theirs."""
    if ours in (before, after):
        return True
    if not blanked(before) == blanked(ours) == blanked(after):
        return False
    ages = zip(map(seconds, AGE.findall(before)), map(seconds, AGE.findall(ours)),
               map(seconds, AGE.findall(after)), strict=True)  # fmt: skip
    return all(least <= age <= most for least, age, most in ages)


def blanked(text: str) -> str:
    """Return the text with the digits of every age masked, as wide as before."""
    return AGE.sub(lambda age: re.sub(r"\d", "#", age[0]), text)


def seconds(age: str) -> int:
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([ydhms])", age))


@pytest.mark.parametrize(
    ("ours", "between"),
    [
        ("web  14 (3m4s ago)", True),
        ("web  14 (3m5s ago)", True),
        ("web  14 (3m6s ago)", True),
        ("web  14 (3m7s ago)", False),
        ("web  14 (3m3s ago)", False),
        ("web  15 (3m5s ago)", False),
        ("web   14 (3m5s ago)", False),
        ("web  14 (185s ago)", False),
    ],
)
def test_only_an_age_may_differ_and_only_as_time_goes(ours, between):
    assert said_between("web  14 (3m4s ago)", ours, "web  14 (3m6s ago)") == between


def test_serve_gives_a_shell_what_kubectl_needs(tmp_path):
    server = subprocess.Popen(
        [*EKSVIEW, "demo", "--serve", "--nodes", "3", "--pods", "40"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline().strip()
        assert line.startswith("export KUBECONFIG=")
        shown = subprocess.run(
            ["bash", "-c", f"{line}; kubectl get nodes --no-headers"],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        assert len(shown.stdout.splitlines()) == 3
        kubeconfig = Path(line.partition("=")[2])
        assert kubeconfig.stat().st_mode & 0o077 == 0
    finally:
        server.terminate()
    assert server.wait(timeout=PATIENCE) == 0
    assert not kubeconfig.exists()
