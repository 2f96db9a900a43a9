"""Shell completion, by a real bash that loads the script; kubectl's own completion is the model."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.cli.command import call
from tests.demo.thread import DemoThread
from tests.patience import PATIENCE, eventually

ASK = """
eval "$(eksview completion bash)" || exit 9
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
_python_argcomplete eksview "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("completion")
    program = folder / "eksview"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m eksview "$@"\n')
    program.chmod(0o755)
    with DemoThread(make_server(DemoOptions(nodes=2, pods=40))) as demo:
        yield {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "HOME": str(folder),
            "KUBECONFIG": str(demo.write_kubeconfig(folder / "kubeconfig")),
        }


def offered(environ: dict[str, str], *words: str) -> tuple[set[str], str]:
    """What bash offers for the last word, and what was written to the terminal meanwhile."""
    command = ["bash", "-c", ASK, "bash", "eksview", *words]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=PATIENCE, env=environ
    )
    return {word.strip() for word in done.stdout.splitlines()} - {""}, done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("do",), {"doctor"}),
        (("completion", "z"), {"zsh"}),
        (("--conte",), {"--context"}),
        (("get", "--all-n"), {"--all-namespaces"}),
        (("get", "deploy"), {"deployments"}),
        (("get", "pods", "-n", "kube-sy"), {"kube-system"}),
        (("--context", "eksview-demo-v"), {"eksview-demo-viewer"}),
    ],
)
def test_a_word_is_completed(
    environ: dict[str, str], words: tuple[str, ...], expected: set[str]
) -> None:
    """A busy machine may exceed the three seconds that a completion has."""
    eventually(lambda: offered(environ, *words) == (expected, ""), f"offer of {expected}")


def test_names_of_objects_are_completed_behind_flags_too(environ: dict[str, str]) -> None:
    words = ("get", "pods", "-n", "kube-system", "aws-n")
    eventually(lambda: len(offered(environ, *words)[0]) == 2, "two names")
    names, _ = offered(environ, *words)
    assert all(name.startswith("aws-node-") for name in names)


@pytest.mark.parametrize("config", ["", "not: [yaml", "server gone"])
def test_nothing_is_offered_nor_said_without_a_cluster(
    environ: dict[str, str], tmp_path: Path, config: str
) -> None:
    if config == "server gone":
        config = re.sub(r"server: \S+", "server: https://127.0.0.1:1", text_of(environ))
    broken = tmp_path / "broken"
    broken.write_text(config)
    assert offered(environ | {"KUBECONFIG": str(broken)}, "get", "po") == (set(), "")


def text_of(environ: dict[str, str]) -> str:
    return Path(environ["KUBECONFIG"]).read_text()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_accepts_its_script(environ: dict[str, str], tmp_path: Path, shell: str) -> None:
    script = call("completion", shell, env=environ)
    assert (script.returncode, script.stderr) == (0, "")
    assert "eksview" in script.stdout
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} isn't installed")
    path = tmp_path / "script"
    path.write_text(script.stdout)
    subprocess.run([shell, "-n", str(path)], check=True, timeout=PATIENCE)


def test_another_shell_is_wrong_usage(environ: dict[str, str]) -> None:
    assert call("completion", "tcsh", env=environ).returncode == 2
