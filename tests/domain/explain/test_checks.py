"""The everyday checks as command lines that a shell takes apart again."""

import shlex

import pytest

from eksview.domain.explain.checks import CHECKS, check_of
from eksview.domain.live.command_context import CommandContext

HERE = CommandContext(context="prod", files=("/home/ada/kube config",))


def test_ids_are_unique_and_found():
    assert [check_of(each.id) for each in CHECKS] == list(CHECKS)


@pytest.mark.parametrize(
    ("check", "line"),
    [
        ("nodes", "kubectl get nodes"),
        ("wide", "kubectl get nodes -o wide"),
        ("describe", "kubectl describe node node-1"),
        ("pods", "kubectl get pods -A --field-selector spec.nodeName=node-1"),
        ("top", "kubectl top pod -A --sort-by=cpu"),
        ("watch", "watch kubectl get nodes"),
        ("info", "kubectl get node node-1 -o 'jsonpath={.status.nodeInfo}'"),
    ],
)
def test_a_check_is_a_line_for_a_shell(check, line):
    assert check_of(check).command(CommandContext(), "node-1") == line


def test_watch_gives_its_shell_the_quotes_that_it_needs():
    """watch(1) joins its words and passes them to `sh -c`."""
    line = check_of("watch").command(HERE, "")
    program, *words = shlex.split(line)
    assert program == "watch"
    assert shlex.split(" ".join(words)) == [
        "kubectl", "--kubeconfig", "/home/ada/kube config", "--context", "prod", "get", "nodes",
    ]  # fmt: skip


def test_those_about_a_node_say_so():
    assert [each.id for each in CHECKS if each.needs_node] == ["describe", "pods", "info"]
