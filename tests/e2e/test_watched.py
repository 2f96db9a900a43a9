"""`--watch nodes` by keyboard: no pod is asked for until a node is opened."""

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)


def test_a_nodes_pods_are_there_while_it_is_open_and_only_then(api: Api, open_terminal: Open):
    terminal = open_terminal("--watch", "nodes", env=api.env, columns=120, rows=36)
    terminal.wait_for("Control plane", "Workers", "pods not watched", r"pods \?/")
    terminal.press("3")
    terminal.wait_for("Pods aren't watched because of --watch nodes")
    terminal.press("2")
    terminal.wait_for("6 nodes:", "ip-10-", r"\?/\d+")
    terminal.press("Enter")
    terminal.wait_for("KubeletReady")
    terminal.press("p")
    terminal.wait_for(r"\[p Pods [1-9]", "aws-node-", "Running")
    terminal.press("Escape")
    terminal.wait_for("6 nodes:", r"\?/\d+")
    terminal.press("9")
    terminal.wait_for(r" pods .* watch +200 .*/api/v1/pods\?")
    terminal.press("1")
    terminal.wait_for("Workers")
    terminal.press("q")
    terminal.wait_exit(0)
