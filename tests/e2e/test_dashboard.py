"""The dashboard in a real terminal, driven by nothing but keys."""

import os
import re
import signal

import pytest
import yaml

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal, children
from tests.patience import eventually

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)


@pytest.fixture
def dashboard(api: Api, open_terminal: Open) -> Terminal:
    terminal = open_terminal(env=api.env)
    terminal.wait_for("Control plane", "Workers", r"ip-10-")
    return terminal


def short(name: str) -> str:
    """What is shown of a node's name however narrow its place is."""
    return name.partition(".")[0]


def order(terminal: Terminal) -> list[str]:
    """The nodes from top to bottom."""
    return re.findall(r"ip-10-\d+-\d+-\d+", terminal.text())


def test_home_shows_control_plane_link_and_workers(dashboard, api):
    names = [re.escape(short(name)) for name in api.ask("truth")["nodes"]]
    dashboard.wait_for("kube-apiserver", "etcd", "kube-scheduler", "controller-manager")
    dashboard.wait_for("pods", "events", *names)


def test_it_draws_on_the_terminal_though_stderr_goes_to_a_file(api, open_terminal, tmp_path):
    terminal = open_terminal(env=api.env, redirected=f"2> {tmp_path / 'errors'}")
    terminal.wait_for("Control plane", "Workers", "ip-10-")
    terminal.press("q", "q")
    terminal.wait_exit(0)
    assert (tmp_path / "errors").read_bytes() == b""


def test_nodes_shows_every_node_as_kubectl_does(dashboard, api):
    dashboard.press("2")
    dashboard.wait_for("6 nodes:", "STATUS", "ROLES", "VERSION", r"v1\.33\.3-eks")
    names = sorted(map(short, api.ask("truth")["nodes"]))
    dashboard.wait_until(lambda _: sorted(order(dashboard)) == names, "every node once")


def test_a_node_opens_to_its_conditions_pods_and_yaml_and_closes_again(dashboard):
    dashboard.press("2")
    dashboard.wait_for("6 nodes:", "ip-10-")
    dashboard.press("Enter")
    dashboard.wait_for("MemoryPressure", "DiskPressure", "PIDPressure", "KubeletReady")
    dashboard.press("Tab")
    dashboard.wait_for("aws-node-", "Running")
    dashboard.press("y")
    dashboard.wait_for("apiVersion: v1", "kind: Node")
    dashboard.press("Escape")
    dashboard.wait_for("6 nodes:")


def test_what_is_copied_is_in_tmuxs_buffer_by_default_settings(dashboard):
    """tmux's default `set-clipboard external` ignores OSC 52 from a program."""
    dashboard.press("2")
    dashboard.wait_for("6 nodes:", "ip-10-")
    dashboard.press("Enter")
    dashboard.wait_for("MemoryPressure", "KubeletReady")
    dashboard.press("y")
    dashboard.wait_for("apiVersion: v1", "kind: Node")
    dashboard.press("c")
    dashboard.wait_for("Copied to tmux's buffer")
    copied = dashboard.buffer()
    assert copied.startswith("apiVersion: v1\nkind: Node\n")
    assert yaml.safe_load(copied)["kind"] == "Node"


def test_a_filter_leaves_what_matches_and_goes_with_escape(dashboard, api):
    dashboard.press("2")
    dashboard.wait_for("6 nodes:")
    wanted = short(api.ask("truth")["nodes"][0])
    dashboard.press("/")
    dashboard.type(wanted + ".")
    dashboard.wait_until(lambda _: order(dashboard).count(wanted) >= 1, "the node")
    dashboard.wait_until(lambda _: set(order(dashboard)) == {wanted}, "only the node that matches")
    dashboard.press("Escape")
    dashboard.wait_until(lambda _: len(set(order(dashboard))) == 6, "all nodes again")


def test_shift_and_a_letter_sorts_and_turns_the_order_round(dashboard):
    dashboard.press("2")
    dashboard.wait_until(lambda _: len(order(dashboard)) == 6, "all six rows")
    natural = sorted(set(order(dashboard)), key=lambda name: list(map(int, name.split("-")[1:])))
    dashboard.press("N")
    dashboard.wait_until(lambda _: order(dashboard) == natural, "the order of numbers")
    dashboard.press("N")
    dashboard.wait_until(lambda _: order(dashboard) == natural[::-1], "the order turned round")


def test_help_lists_the_keys_and_closes(dashboard):
    dashboard.press("?")
    dashboard.wait_for("Everywhere", "All nodes", "Quit eksview", ":ctx CONTEXT")
    dashboard.press("C-[")  # the bare byte, as most terminals send Escape
    dashboard.wait_for("Control plane", "Workers")


def test_escape_at_home_does_not_quit(dashboard):
    dashboard.press("Escape", "Escape", "Escape")
    dashboard.press("2")
    dashboard.wait_for("6 nodes:")


def test_another_context_is_followed_after_it_answered(dashboard):
    dashboard.press(":")
    dashboard.type("ctx eksview-demo-viewer")
    dashboard.press("Enter")
    switched = " eksview  eksview-demo-viewer "  # the header, and no dialog that takes the keys
    dashboard.wait_until(
        lambda screen: switched in screen and "Contexts" not in screen, "switched context"
    )
    dashboard.press("3")
    dashboard.wait_for(r"\[3 Pods\]", r"pods is forbidden")
    dashboard.press("2")
    dashboard.wait_for("6 nodes:")


def test_a_context_that_does_not_answer_leaves_the_old_one(dashboard):
    dashboard.press(":")
    dashboard.type("ctx eksview-demo-down")
    dashboard.press("Enter")
    dashboard.wait_for(r"127\.0\.0\.1:9\b")
    dashboard.press("Escape")
    dashboard.wait_until(lambda screen: not re.search(r"127\.0\.0\.1:9\b", screen), "no dialog")
    dashboard.press("2")
    dashboard.wait_for("6 nodes:")


def test_a_process_that_was_stopped_goes_on_and_ends(dashboard):
    (pid,) = children(int(dashboard.asks("pane_pid")))
    os.kill(pid, signal.SIGSTOP)
    dashboard.wait_stopped()
    dashboard.type("fg")
    dashboard.press("Enter", "2")
    dashboard.wait_for("6 nodes:")
    dashboard.press("q", "q")
    eventually(lambda: not dashboard.children(), "end of the dashboard")


def test_q_restores_the_terminal_and_leaves_no_process(dashboard):
    assert dashboard.asks("alternate_on") == "1"
    dashboard.press("q")
    dashboard.wait_exit(0)
    assert dashboard.asks("alternate_on") == "0"
    assert dashboard.asks("cursor_flag") == "1"
    assert dashboard.asks("mouse_any_flag") == "0"
    assert dashboard.children() == []
    dashboard.type("stty -a | grep -o ' echo '; echo done")
    dashboard.press("Enter")
    dashboard.wait_for(r"\n echo")


def test_shrinking_to_20x5_and_growing_again_loses_nothing(dashboard, api):
    names = {short(name) for name in api.ask("truth")["nodes"]}
    dashboard.press("2")
    dashboard.wait_for("6 nodes:")
    dashboard.resize(20, 5)
    dashboard.wait_until(lambda screen: max(map(len, screen.split("\n"))) <= 20, "a small screen")
    for key, shown in (("3", "60 pods"), ("1", "Workers"), ("2", "6 nodes:")):
        dashboard.press(key)
        dashboard.wait_for(shown)
    dashboard.resize(200, 75)
    dashboard.wait_until(lambda _: set(order(dashboard)) == names, "every node again")


def test_an_exported_size_doesnt_hold_against_a_resize(api, open_terminal):
    terminal = open_terminal(env={**api.env, "COLUMNS": "200", "LINES": "75"})
    terminal.wait_for("Control plane", "Workers", "ip-10-")
    terminal.resize(90, 30)
    terminal.wait_until(
        lambda screen: (
            "Quit" in screen.rstrip().split("\n")[-1] and len(screen.rstrip().split("\n")) == 30
        ),
        "a footer on line 30",
    )


def test_works_at_80x24(api, open_terminal):
    terminal = open_terminal(env=api.env, columns=80, rows=24)
    terminal.wait_for("Control plane", "Workers")
    terminal.press("2")
    terminal.wait_for("6 nodes:", "NAME", "STATUS")
    assert max(map(len, terminal.lines())) <= 80


def test_a_locale_without_utf8_gets_plain_ascii(api, open_terminal):
    terminal = open_terminal(env={**api.env, "LC_ALL": "C"})
    terminal.wait_for("Control plane", "Workers", "ip-10-")
    assert terminal.text().isascii()


def test_demo_brings_its_own_cluster_and_takes_it_away(open_terminal):
    terminal = open_terminal("demo", "--nodes", "4", "--pods", "40", env={})
    terminal.wait_for("Control plane", "ip-10-")
    assert any("eksview_demo" in line for line in terminal.children())
    terminal.press("q")
    terminal.wait_exit(0)
    assert terminal.children() == []
