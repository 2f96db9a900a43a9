"""Shell completion, by a real bash that loads the script; kubectl's own completion is the model."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.cli.command import call
from tests.demo.kubectl import NEEDS_KUBECTL
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
        (("--theme", "solarized-l"), {"solarized-light"}),
        (("--watch", ""), {"fitting", "all", "nodes"}),
        (("top", "pods", "--sort-by", ""), {"cpu", "memory"}),
        (("get", "pods", "-o", "js"), {"json", "jsonpath="}),
        (("get", "nodes,deploy"), {"nodes,deployments"}),
        (("get", "drain-p"), {"drain-plan"}),
        (("logs", "node/x", "-c", "kub"), {"kubelet"}),
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


@NEEDS_KUBECTL
@pytest.mark.parametrize(
    "words",
    [
        ("get", "namespaces", "default", "kube"),
        ("get", "-n", "kube-system", "daemonset/"),
        ("logs", "-n", "kube-system", "core"),
        ("logs", "-n", "kube-system", "deployment/"),
        ("top", "nodes", "ip-"),
    ],
)
def test_names_are_those_that_kubectl_completes(
    environ: dict[str, str], words: tuple[str, ...]
) -> None:
    lines = kubectl(environ, "__complete", *words).splitlines()
    names = {line for line in lines if not line.startswith((":", "Completion"))}
    assert names
    eventually(lambda: offered(environ, *words)[0] == names, f"offer of {names}")


@NEEDS_KUBECTL
@pytest.mark.parametrize("kind", ["pod", "daemonset"])
def test_the_containers_of_a_log_are_completed(environ: dict[str, str], kind: str) -> None:
    name = kubectl(environ, "get", kind, "-n", "kube-system", "-o", "name").split()[0]
    spec = ".spec" if kind == "pod" else ".spec.template.spec"
    output = f"jsonpath={{{spec}['containers','initContainers'][*].name}}"
    expected = kubectl(environ, "get", name, "-n", "kube-system", "-o", output).split()
    word = name.removeprefix("pod/").replace("daemonset.apps", "daemonset")
    words = ("logs", "-n", "kube-system", word, "-c", "")
    eventually(lambda: offered(environ, *words)[0] == {*expected}, f"offer of {expected}")


def kubectl(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        ["kubectl", *words], check=True, capture_output=True, text=True, env=environ
    )
    return done.stdout


HOSTILE = ["a;touch x", "b $(touch x)", "c `touch x`", "d'q", 'e"q', "f\\b", "g*", "h&x", "i|j"]
HOSTILE += ["arn:aws:eks:us-west-2:111122223333:cluster/prod"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_one_word_for_the_shell(
    environ: dict[str, str], tmp_path: Path, name: str
) -> None:
    hostile = environ | {"KUBECONFIG": str(with_contexts(environ, tmp_path, name))}
    typed = "arn:aws:eks:us-west-2:111122223333:cluster/p" if ":" in name else name[0]
    ((word,), _) = offered(hostile, "--context", typed)
    read = ["bash", "-c", f"printf %s {word}"]
    done = subprocess.run(read, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert typed[: typed.rfind(":") + 1] + done.stdout == name
    assert not (tmp_path / "x").exists()


def test_a_name_with_control_characters_is_not_offered(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = with_contexts(environ, tmp_path, "x\x1b[2J", "x\nrm", "xyz")
    assert offered(environ | {"KUBECONFIG": str(path)}, "--context", "x") == ({"xyz"}, "")


def with_contexts(environ: dict[str, str], folder: Path, *names: str) -> Path:
    """A kubeconfig with contexts of these names only."""
    body = yaml.safe_load(text_of(environ))
    body["contexts"] = [body["contexts"][0] | {"name": name} for name in names]
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(body))
    return path


def test_the_configuration_file_counts_for_what_is_offered(
    environ: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "eksview"
    folder.mkdir()
    (folder / "config.toml").write_text(f'kubeconfig = "{environ["KUBECONFIG"]}"\n')
    environ = {name: value for name, value in environ.items() if name != "KUBECONFIG"}
    environ["XDG_CONFIG_HOME"] = str(tmp_path)
    assert offered(environ, "--context", "eksview-demo-v") == ({"eksview-demo-viewer"}, "")


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
