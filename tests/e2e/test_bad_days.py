"""What goes wrong outside is said in a clear sentence, never as a traceback or a blank screen."""

from pathlib import Path

import pytest
import yaml

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)


def config(api: Api) -> dict:
    return yaml.safe_load(api.kubeconfig.read_text())


def kubeconfig(folder: Path, text: str) -> dict[str, str]:
    path = folder / "kubeconfig"
    path.write_text(text)
    return {"KUBECONFIG": str(path)}


def said(terminal: Terminal, sentence: str) -> None:
    """The sentence is there, nothing leaked, and the way out still works."""
    screen = terminal.wait_for(sentence)
    assert "Traceback" not in screen
    terminal.press("1")
    terminal.wait_for("Workers")
    terminal.press("q")
    assert "Traceback" not in terminal.wait_exit(0)


def test_no_kubeconfig(open_terminal: Open, tmp_path: Path) -> None:
    said(open_terminal(env={"HOME": str(tmp_path)}), "(?i)no kubeconfig")


def test_a_context_that_does_not_exist(api: Api, open_terminal: Open) -> None:
    said(open_terminal("--context", "nowhere", env=api.env), "no context 'nowhere'")


@pytest.mark.parametrize("text", ["{", "- a list", "clusters: 7"])
def test_a_broken_kubeconfig(open_terminal: Open, tmp_path: Path, text: str) -> None:
    said(open_terminal(env=kubeconfig(tmp_path, text)), str(tmp_path / "kubeconfig"))


def test_a_server_that_is_not_there(api: Api, open_terminal: Open) -> None:
    said(open_terminal("--context", "eksview-demo-down", env=api.env), "127.0.0.1:9")


def test_a_wrong_authority(api: Api, open_terminal: Open, tmp_path: Path) -> None:
    other = config(api)
    with Api(tmp_path) as stranger:
        authority = config(stranger)["clusters"][0]["cluster"]["certificate-authority-data"]
    for cluster in other["clusters"]:
        cluster["cluster"]["certificate-authority-data"] = authority
    said(open_terminal(env=kubeconfig(tmp_path, yaml.safe_dump(other))), "certificate")


def test_credentials_that_are_refused(api: Api, open_terminal: Open, tmp_path: Path) -> None:
    other = config(api)
    for user in other["users"]:
        user["user"]["token"] = "expired-and-secret"
    terminal = open_terminal(env=kubeconfig(tmp_path, yaml.safe_dump(other)))
    terminal.wait_for("credentials")
    assert "expired-and-secret" not in terminal.text()
    said(terminal, "credentials")


def test_a_viewer_without_pods_sees_the_nodes(api: Api, open_terminal: Open) -> None:
    terminal = open_terminal("--context", "eksview-demo-viewer", env=api.env)
    terminal.wait_for("Workers", "ip-10-")
    terminal.press("3")
    terminal.wait_for("pods", r"verbs: \[")
    terminal.press("2")
    said(terminal, "6 nodes:")


def test_somebody_without_any_right_is_told_which_are_missing(
    api: Api, open_terminal: Open
) -> None:
    terminal = open_terminal("--context", "eksview-demo-nobody", env=api.env)
    terminal.wait_for("Control plane", "Workers")
    terminal.press("2")
    said(terminal, r"nodes[\s\S]*verbs: \[")
