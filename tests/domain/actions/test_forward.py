"""What kubectl writes about a port-forward, and which ports of an object it may lead to."""

import pytest

from eksview.domain.actions.forward import (
    ForwardState,
    PortForward,
    end,
    hear,
    parsed_ports,
    ports_of,
    state_words,
    wished_port,
)
from eksview.domain.base.text import Clean
from eksview.domain.kube.object_ref import ObjectRef

# Recorded from kubectl 1.32.4: on the demo, whose words about the failed connection are those of
# containerd, and on servers without the pod, without its subresource or without an answer.
TAKEN = (
    "Unable to listen on port 18999: Listeners failed to create with the following errors: "
    "[unable to create listener: Error listen tcp4 127.0.0.1:18999: bind: address already in use]",
    "error: unable to listen on any of the requested ports: [{18999 80}]",
)
CAUSE = (
    "error forwarding port 81 to pod da286b7a4d6d49a6a8d798b45d443821, uid : failed to execute "
    'portforward in network namespace \\"/var/run/netns/cni-da286b7a-4d6d-49a6-a8d7-98b45d443821'
    '\\": failed to connect to localhost:81 inside namespace '
    '\\"da286b7a4d6d49a6a8d798b45d443821\\", IPv4: dial tcp4 127.0.0.1:81: connect: connection '
    "refused, IPv6: dial tcp6 [::1]:81: connect: connection refused"
)
REFUSED = (
    'E1127 20:02:32.173151   11451 portforward.go:424] "Unhandled Error" err="an error occurred '
    f'forwarding 18080 -> 81: {CAUSE} "'
)
LOST = "error: lost connection to pod"
UNREACHABLE = (
    'E1127 20:00:36.221866   10095 memcache.go:265] "Unhandled Error" err="couldn\'t get current '
    'server API group list: Get \\"http://127.0.0.1:9/api?timeout=32s\\": dial tcp 127.0.0.1:9: '
    'connect: connection refused"',
    "The connection to the server 127.0.0.1:9 was refused - did you specify the right host or "
    "port?",
)


def heard(*lines: str) -> PortForward:
    forward = PortForward(ObjectRef("v1", "Pod", "pods", "web-1", "shop"), Clean("prod"), 8080, 80)
    for line in lines:
        hear(forward, Clean(line))
    return forward


def test_a_forward_listens_once_kubectl_says_so_and_counts_connections() -> None:
    assert state_words(heard()) == "starting"
    forward = heard("Forwarding from 127.0.0.1:8080 -> 80", *["Handling connection for 8080"] * 2)
    assert state_words(forward) == "listening, 2 connections"


def test_a_failed_connection_has_its_reason_which_stays_when_kubectl_ends_for_it() -> None:
    lines = ("Forwarding from 127.0.0.1:18080 -> 81", "Handling connection for 18080", REFUSED)
    forward = heard(*lines)
    assert state_words(forward) == "listening, 1 connection, 1 failed"
    assert forward.failure == CAUSE
    hear(forward, Clean(LOST))
    end(forward, Clean("kubectl ended with exit code 1"))
    assert state_words(forward) == f"ended because lost connection to pod: {CAUSE}"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (TAKEN, TAKEN[0]),
        ((LOST,), "lost connection to pod"),
        (UNREACHABLE, UNREACHABLE[1]),
        (("error: unable to forward port because pod is not running. Current status=Pending",),
         "unable to forward port because pod is not running. Current status=Pending"),
        (("error: error upgrading connection: the server could not find the requested resource",),
         "error upgrading connection: the server could not find the requested resource"),
        (('Error from server (NotFound): pods "web-1" not found',),
         'Error from server (NotFound): pods "web-1" not found'),
        ((), "kubectl ended with exit code 1"),
    ],
)  # fmt: skip
def test_the_end_has_kubectls_first_reason(lines: tuple[str, ...], reason: str) -> None:
    forward = heard(*lines)
    end(forward, Clean("kubectl ended with exit code 1"))
    assert forward.state is ForwardState.ENDED
    assert state_words(forward) == f"ended because {reason}"


def test_ports_of_services_and_templates_are_proposed_but_no_udp() -> None:
    service = {"spec": {"ports": [{"name": "http", "port": 80, "targetPort": 8080},
                                  {"port": 53, "protocol": "UDP"}]}}  # fmt: skip
    box = {"ports": [{"containerPort": 443}, {"containerPort": 443, "hostPort": 1}]}
    template = {"spec": {"template": {"spec": {"containers": [box]}}}}
    assert [str(port) for port in ports_of(service)] == ["http 80"]
    assert [str(port) for port in ports_of(template)] == ["443"]
    assert ports_of({}) == ()


@pytest.mark.parametrize(("remote", "local"), [(80, 8080), (443, 8443), (9090, 9090)])
def test_a_privileged_port_is_moved(remote: int, local: int) -> None:
    assert wished_port(remote) == local


@pytest.mark.parametrize(("text", "ports"), [("8080", (8080, 8080)), ("1:65535", (1, 65535))])
def test_ports_are_taken(text: str, ports: tuple[int, int]) -> None:
    assert parsed_ports(text) == ports


@pytest.mark.parametrize("text", ["", "0", "65536", "a:1", "80:", ":80", "1:2:3", "\u0663"])
def test_what_is_no_port_is_refused(text: str) -> None:
    assert parsed_ports(text) is None
