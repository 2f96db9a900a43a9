"""The everyday checks are run here, and give what kubectl prints, line by line."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.explain.checks import CHECKS, EverydayCheck, check_of
from eksview.domain.rows.check_output import CheckOutput
from eksview.domain.rows.server import DESCRIBED
from eksview.engine import check_runner
from eksview.engine.check_runner import run_check
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.kubeconfig.merged import locate
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.demo.faults import FaultyServer
from tests.demo.thread import DemoThread
from tests.patience import PATIENCE

NOW = time.time()  # kubectl counts the ages of pods by its own clock
KUBECTL = shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(
    KUBECTL is None, reason="needs kubectl (Debian: apt-get install kubernetes-client)"
)


BLANKS = re.compile(" {2,}")
SECONDS = re.compile(r"\(\S+ ago\)|(?<= )(?:\d+m)?\d+s\b")


class Checked:
    """A demo cluster without a life, and the checks on it."""

    def __init__(self, server: FaultyServer, folder: Path) -> None:
        self.path = folder / "kube config"
        server.write_kubeconfig(self.path)
        self.node = next(iter(server.cluster.nodes))
        self.environ = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self.settings = Settings(kubeconfig=str(self.path))
        self.access = locate(self.settings)

    async def run(self, check: EverydayCheck, **environ: str) -> CheckOutput:
        return await run_check(check, self.node, self.access, self.settings, self.environ | environ)

    def kubectl(self, check: EverydayCheck) -> list[str]:
        """Return what kubectl prints in a shell, without the blanks that end a line."""
        assert KUBECTL is not None
        done = subprocess.run(
            (KUBECTL, *check.words_for(self.node)), check=True, capture_output=True, text=True,
            timeout=PATIENCE, env=self.environ | {"KUBECONFIG": str(self.path)},
        )  # fmt: skip
        return [line.rstrip() for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checked]:
    demo = DemoCluster(seed=7, clock=lambda: NOW)
    build(demo, nodes=4, pods=30)
    with DemoThread(FaultyServer(demo)) as thread:
        server = thread.server
        assert isinstance(server, FaultyServer)
        yield Checked(server, tmp_path_factory.mktemp("checks"))


async def same(cluster: Checked, check: EverydayCheck, **environ: str) -> CheckOutput:
    """Return the output, which is kubectl's but for the seconds that pass between the two."""
    output = await cluster.run(check, **environ)
    expected = cluster.kubectl(check)
    assert output.code == 0, output.lines
    assert expected
    assert comparable(check, output.lines) == comparable(check, expected)
    return output


def comparable(check: EverydayCheck, lines: Sequence[str]) -> list[str]:
    """Return the lines without seconds, whose digits decide how wide a column is.

    kubectl sorts equal usage in any order.
    """
    bare = [BLANKS.sub("  ", SECONDS.sub("", each)).rstrip() for each in lines]
    return sorted(bare) if check.id == "top" else bare


@needs_kubectl
@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.id)
async def test_kubectl_runs_a_check(cluster: Checked, check: EverydayCheck) -> None:
    assert (await same(cluster, check)).program == "kubectl"


@needs_kubectl
@pytest.mark.parametrize("check", ["nodes", "wide", "pods", "top", "info"])
async def test_without_kubectl_eksview_prints_the_same(cluster: Checked, check: str) -> None:
    output = await same(cluster, check_of(check), PATH="/nowhere")
    assert output.program == "eksview"


async def test_what_only_kubectl_does_can_be_copied(cluster: Checked) -> None:
    with pytest.raises(UserError, match="kubectl isn't installed: copy the command"):
        await cluster.run(check_of("describe"), PATH="/nowhere")


async def test_a_name_that_is_a_flag_is_never_run(cluster: Checked) -> None:
    flag = "--kubeconfig=/tmp/other"
    with pytest.raises(UserError, match="would be a flag"):
        await run_check(check_of("info"), flag, cluster.access, cluster.settings, cluster.environ)


async def test_a_cluster_that_eks_describes_has_no_context(tmp_path: Path) -> None:
    access = ClusterAccess("", "prod", "https://x", "u", "", f"{DESCRIBED} in us-west-2")
    with pytest.raises(UserError, match="kubectl has no context for this cluster"):
        await run_check(check_of("describe"), "n", access, Settings(), dict(os.environ))


def test_eksview_is_run_for_the_cluster_that_is_watched() -> None:
    described = ClusterAccess("", "prod", "https://x", "u", "", f"{DESCRIBED} in us-west-2")
    settings = Settings(cluster="prod", region="us-west-2", profile="ops")
    words = check_runner._own(("get", "nodes"), described, settings)
    assert words[-8:] == (
        "get", "nodes", "--cluster", "prod", "--region", "us-west-2", "--profile", "ops",
    )  # fmt: skip


class Program:
    """A kubectl that is a shell script."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "kubectl"
        self._environ = {"PATH": f"{folder}:/bin:/usr/bin"}

    async def run(self, script: str) -> CheckOutput:
        self._file.write_text(f"#!/bin/sh\n{script}\n")
        self._file.chmod(0o755)
        access = ClusterAccess("c", "c", "https://x", "u", "default", "file")
        return await run_check(check_of("nodes"), "", access, Settings(), self._environ)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


async def test_an_error_is_shown_as_kubectl_prints_it(program: Program) -> None:
    output = await program.run("echo 'Unable to connect' >&2; exit 1")
    assert (output.lines, output.code) == (("Unable to connect",), 1)


async def test_it_has_no_terminal_and_nothing_to_read(program: Program) -> None:
    output = await program.run("read -r answer || echo nothing; (: < /dev/tty) || exit 3")
    assert output.lines[0] == "nothing"
    assert output.code == 3


async def test_escapes_and_tokens_are_never_drawn(program: Program) -> None:
    output = await program.run(
        r"printf '\033[31mred\n'; echo 'token: eyJhbGciOiJSUzI1NiJ9.e30.abcd'"
    )
    assert "\x1b" not in "".join(output.lines)
    assert "eyJ" not in "".join(output.lines)


async def test_a_longer_output_is_cut(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_runner, "MOST_LINES", 3)
    output = await program.run("yes line")
    assert (output.lines, output.code) == (("line",) * 3, None)
    assert output.reason == "only the first 3 lines"


async def test_a_program_that_hangs_is_ended(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_runner, "LIMIT", 0.5)
    output = await program.run("echo first; exec sleep 600")
    assert (output.lines, output.code) == (("first",), None)
    assert output.reason.startswith("ended after")


def test_every_check_is_of_a_verb_that_only_reads() -> None:
    assert {each.words[0] for each in CHECKS} == {"get", "describe", "top"}
