"""Secrets planted wherever eksview reads one: none of them is on a screen, in a log or printed."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.e2e.conftest import EKSVIEW, Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX
from tests.patience import PATIENCE
from tests.served import serving

SCREENS = ("2", "Enter", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Escape", "3", "Enter",
           "y", "Escape", "4", "Enter", "i", "Escape", "5", "Tab", "Tab", "6", "Tab", "Tab", "9",
           "Enter", "Escape", "K", "Escape", "1", "Tab", "Enter", "Escape", "question_mark",
           "Escape")  # fmt: skip
WINDOW = 10
"""So many characters of a secret in a row are too many."""
PASSWORD, IN_ENV = "correct-horse-battery-9", "planted-in-the-environment-7"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with serving(tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def planted(served: dict[str, str], tmp_path: Path) -> tuple[dict[str, str], list[str]]:
    """What leads to the cluster by an exec plugin, and every secret there is on the way."""
    config = yaml.safe_load(Path(served["KUBECONFIG"]).read_text())
    token = config["users"][0]["user"]["token"]
    said = json.dumps(
        {
            "apiVersion": "client.authentication.k8s.io/v1",
            "kind": "ExecCredential",
            "status": {"token": token},
        }
    )
    config["users"][0]["user"] = {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": sys.executable,
            "args": ["-c", f"print({said!r})", "--password", PASSWORD],
            "env": [{"name": "PLUGIN_SECRET", "value": IN_ENV}],
            "interactiveMode": "Never",
        }
    }
    config["users"] = config["users"][:1]
    config["contexts"] = config["contexts"][:1]
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    env = served | {"KUBECONFIG": str(path)}
    return env, [token, PASSWORD, IN_ENV, served["AWS_SECRET_ACCESS_KEY"]]


def leaked(text: str, secrets: list[str]) -> list[str]:
    """The secrets of which a piece is in a text, whatever stands between its characters."""
    bare = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\s", "", text)
    return [
        secret
        for secret in secrets
        if any(secret[at : at + WINDOW] in bare for at in range(len(secret) - WINDOW + 1))
    ]


def test_a_piece_of_a_secret_is_found_whatever_stands_between() -> None:
    assert leaked("x \x1b[1mcorrect-\x1b[0m\nhorse y", [PASSWORD, IN_ENV]) == [PASSWORD]


@pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)
def test_no_screen_and_no_log_shows_a_secret(
    planted: tuple[dict[str, str], list[str]], open_terminal: Open, tmp_path: Path
) -> None:
    env, secrets = planted
    written = tmp_path / "written"
    terminal = open_terminal(env=env)
    terminal.record(written)
    terminal.wait_for("10 nodes", "EKS .*ACTIVE")
    for key in SCREENS:
        terminal.press("?" if key == "question_mark" else key)
        seen = terminal.settled()
        assert leaked(seen, secrets) == [], f"after {key}:\n{seen}"
    terminal.press("q")
    terminal.wait_exit(0)
    assert len(written.read_bytes()) > 50_000  # it was recorded
    assert leaked(written.read_text(errors="replace"), secrets) == []
    for log in (tmp_path / "state").rglob("*.log"):
        assert leaked(log.read_text(), secrets) == [], log


@pytest.mark.parametrize("words", [("doctor",), ("doctor", "--json"), ("get", "instances")])
def test_no_command_prints_a_secret(
    planted: tuple[dict[str, str], list[str]], words: tuple[str, ...]
) -> None:
    env, secrets = planted
    done = subprocess.run(
        [*EKSVIEW, *words], check=False, capture_output=True, text=True, timeout=PATIENCE, env=env
    )
    assert done.stdout
    assert leaked(done.stdout + done.stderr, secrets) == []


def test_what_goes_wrong_with_a_credential_prints_none(
    planted: tuple[dict[str, str], list[str]], tmp_path: Path
) -> None:
    env, secrets = planted
    path = Path(env["KUBECONFIG"])
    config = yaml.safe_load(path.read_text())
    config["users"][0]["user"]["exec"]["args"][1] += "; raise SystemExit('no luck')"
    path.write_text(yaml.safe_dump(config))
    done = subprocess.run(
        [*EKSVIEW, "doctor"], check=False, capture_output=True, text=True, timeout=PATIENCE, env=env
    )
    assert done.returncode == 1
    assert "no luck" in done.stdout
    assert leaked(done.stdout + done.stderr, secrets) == []
