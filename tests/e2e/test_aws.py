"""EC2, EKS, access, network and the trace by keyboard, on the demo in a real terminal."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal
from tests.served import serving

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)


@pytest.fixture
def terminal(open_terminal: Open) -> Terminal:
    """The demo's dashboard, AWS read."""
    found = open_terminal("demo", env={})
    found.wait_for("Workers", "1 instance failed to join", r"EKS .*ACTIVE")
    return found


def command(terminal: Terminal, words: str) -> None:
    """Typed at once, as one who knows it does."""
    terminal.type(f":{words}")
    terminal.press("Enter")


def test_the_mapping_leads_to_why_an_instance_has_not_joined(terminal: Terminal) -> None:
    terminal.press("4")
    terminal.wait_for("1 not-joined", "failed to join", "EC2-STATE", "1 not-ec2")
    terminal.type("/kind=not-joined")
    terminal.press("Enter")
    terminal.wait_for("1 of 14")
    terminal.press("Enter")
    terminal.wait_for("Join checks", "Node role authorized +failed",
                      "create an access entry")  # fmt: skip
    terminal.press("i")
    terminal.wait_for("Security groups", "IAM", "m6i.large, 2 vCPU")
    terminal.press("q", "q", "q")
    terminal.wait_exit(0)


def test_a_nodes_instance_life_and_kubelet(terminal: Terminal) -> None:
    terminal.type("2/ip-10-0-2-240")  # of a NodePool: no story stops it or rolls it out
    terminal.press("Enter")
    terminal.wait_for("1 of 10")
    terminal.press("Enter")
    terminal.wait_for(r"\[o Conditions")
    terminal.press("i")
    terminal.wait_for(r"\[i EC2", "Status checks", "Network interfaces")
    terminal.press("f")
    terminal.wait_for("Instance launched", "Node registered", "Ready", "Heartbeat")
    terminal.press("u")
    terminal.wait_for("NotReady after 50 s", "evicts when below 100Mi")
    terminal.wait_for(r"on average over 1 interval, at most 1\d\.\d s, none late")


def test_groups_cluster_and_clusters(terminal: Terminal) -> None:
    command(terminal, "ng")
    terminal.wait_for("3 nodegroups", "ng-canary", "CREATE_FAILED", "NodeCreation")
    terminal.press("Enter")
    terminal.wait_for("/ group=ng-canary", "failed to join")
    command(terminal, "eks")
    terminal.wait_for("API_AND_CONFIG_MAP")
    terminal.press("a")
    terminal.wait_for("coredns", "vpc-cni")
    terminal.press("w")
    terminal.wait_for("CALLS/MIN", r"\d+/180")
    command(terminal, "clusters")
    terminal.wait_for("eksview-demo", "us-west-2", "ACTIVE")


def test_why_the_nodes_can_be_seen(terminal: Terminal) -> None:
    terminal.press("5")
    terminal.wait_for("Access to nodes", "because group system:masters", "Access entry arn:")
    terminal.press("m")
    terminal.wait_for("PRINCIPAL", "an ARN with a path", "the role no longer exists")
    terminal.press("u")
    terminal.wait_for("SUBJECT", "system:nodes")
    terminal.press("6")
    terminal.wait_for("DNS", "TCP", "TLS", "HTTP", "Total")
    terminal.press("v")
    terminal.wait_for("VPC endpoints", "NAT gateway")
    terminal.press("s")
    terminal.wait_for("443/tcp <-", "cluster security group")
    terminal.press("9")
    terminal.wait_for(r"\d+ calls", "DescribeInstances")
    terminal.type("/DescribeSubnets")
    terminal.press("Enter")
    terminal.wait_for(r"\d+ of \d+")
    terminal.press("Enter")
    terminal.wait_for("aws ec2 describe-subnets", "--region us-west-2")
    terminal.press("1", "2", "K")
    terminal.wait_for("Equivalent commands", r"--context eksview-demo get nodes")


def test_who_is_on_the_nodes_and_who_comes(terminal: Terminal) -> None:
    command(terminal, "sessions")
    terminal.wait_for("sessions? open", "Session Manager", "connected",
                      "terminated", "SSM-SessionM")  # fmt: skip
    terminal.press("v")
    terminal.wait_for("Not served", "isn.t served")
    terminal.press("1")
    terminal.wait_for(r"\w+ opened a session on", seconds=180)
    terminal.wait_for(">_")
    terminal.press("9")
    terminal.type("/DescribeSessions")
    terminal.press("Enter")
    terminal.wait_for(r"\d+ of \d+")
    terminal.press("Enter")
    terminal.wait_for("aws ssm describe-sessions", "--region us-west-2")


def test_with_fewer_rights_the_chain_says_what_would_mend_it(open_terminal: Open) -> None:
    terminal = open_terminal("demo", "--as", "nobody", env={})
    terminal.wait_for("Workers")
    terminal.press("5")
    terminal.wait_for("RBAC failed", "file +/", "The API server authenticates you as")
    terminal.press("G")
    terminal.wait_for("RBAC denies list nodes", "kind: ClusterRole", "aws eks create-access-entry")


def test_a_cluster_by_its_name_alone(open_terminal: Open, tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        env = {name: value for name, value in served.items() if name != "KUBECONFIG"}
        words = ("--cluster", "eksview-demo", "--region", "us-west-2")
        terminal = open_terminal(*words, env=env)
        terminal.wait_for("Workers", "10 nodes", r"EKS .*ACTIVE", r"token \d+m")
        terminal.press("q")
        terminal.wait_exit(0)
