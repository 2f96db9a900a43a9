"""The command line's grammar and its help, in the order a person reads it."""

import argparse
import re
from typing import Any, NoReturn

from eksview import __version__
from eksview.domain.watched import MOST_PODS

_ABOUT = """\
A live view of a Kubernetes or EKS cluster in the terminal: control plane, API
link and workers, kept up to date by watch streams. It only reads, unless
started with --allow-writes.
"""

_EXAMPLES = """\
examples:
  eksview                                  the current context's cluster
  eksview --context prod -n shop           another context, one namespace's pods
  eksview --cluster prod --region us-west-2   EKS by name, without a kubeconfig
  eksview demo                             an embedded cluster with its own life
  eksview get nodes -o wide                what kubectl prints
  eksview get pods -A -l app=web -o json   for scripts and incident notes
  eksview doctor                           why can I, or can't I, see the nodes?

exit codes: 0 done, 1 the cluster said no or can't be reached, 2 wrong usage
"""

_DEMO_ABOUT = """\
The dashboard on an embedded cluster: a Kubernetes API on 127.0.0.1 with the
life of a small EKS cluster in it. Nothing of it is left when it ends.
"""

_DEMO_EXAMPLES = """\
examples:
  eksview demo
  eksview demo --nodes 500 --pods 15000 --churn 200
  eksview demo --serve > demo.env &        until it is killed
  . ./demo.env && kubectl get nodes
"""

_GET_ABOUT = """\
Nodes or pods, printed once, as kubectl prints them; or nodes and EC2 instances
joined; or the EKS clusters of the account and region.
"""

_GET_EXAMPLES = """\
examples:
  eksview get nodes -o wide
  eksview get node ip-10-0-1-234.us-west-2.compute.internal -o yaml
  eksview get pods -n shop -l app=web
  eksview get pods -A --field-selector spec.nodeName=ip-10-0-1-234
  eksview get instances -o wide            each node with its EC2 instance
  eksview get clusters --region us-west-2 --profile dev
"""

_DOCTOR_ABOUT = """\
Kubeconfig, credentials, endpoint, authentication, RBAC, answer: each link with
what was found and, where it is broken, what would mend it. Needs no terminal
and ends within 20 seconds. Exit code 1 when a link is broken.
"""

_SERVE_ABOUT = """\
The dashboard for any SSH client: ssh -p 2222 HOST. Public keys only, read-only
always, one set of watches for all. Whoever looks sees what the credentials of
this process may see.
"""

NODES = ("nodes", "node", "no")
PODS = ("pods", "pod", "po")
INSTANCES = ("instances", "instance", "ec2")
CLUSTERS = ("clusters", "cluster")
OUTPUTS = ("table", "wide", "json", "yaml", "name")


class Usage(Exception):  # noqa: N818 - it reads as what a person is told
    """What is wrong with the command line, in one sentence."""


class _Parser(argparse.ArgumentParser):
    """Complains by an exception, so that all complaints leave by one door, in one line.

    A flag that isn't given leaves no trace: it may stand before the command or after it.
    """

    def __init__(self, **words: Any) -> None:
        super().__init__(
            **words,
            add_help=False,  # the last group has it
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            formatter_class=_format,
        )

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message}; see {self.prog} --help")

    def format_help(self) -> str:
        # argparse gives the empty name of the group of commands a line of its own.
        return super().format_help().replace("commands:\n  \n", "commands:\n")


def _format(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=27, width=80)


def parser() -> argparse.ArgumentParser:
    """What `eksview` understands. Flags that weren't given are absent from the namespace."""
    root = _Parser(
        prog="eksview",
        usage="eksview [FLAG ...] [COMMAND ...]",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    root.set_defaults(command=None)
    commands = root.add_subparsers(dest="command", title="commands", metavar="", prog="eksview")
    _cluster_flags(root)
    _watch_flag(root)
    _aws_flags(root)
    _session_flags(root)
    _looks_flags(root)
    other = _help_flag(root)
    other.add_argument("--version", action="version", version=f"eksview {__version__}")
    _add_demo(commands)
    _add_get(commands)
    _add_doctor(commands)
    _add_serve(commands)
    _add_web(commands)
    return root


def _add_serve(commands: Any) -> None:
    serve = commands.add_parser(
        "serve",
        help="the dashboard for any SSH client",
        description=_SERVE_ABOUT,
    )
    group = serve.add_argument_group("who may look")
    group.add_argument(
        "--authorized-keys", metavar="FILE",
        help="public keys, a line each; instead of authorized_keys in eksview's data folder",
    )  # fmt: skip
    group.add_argument("--listen", metavar="ADDRESS", help="instead of 127.0.0.1")
    group.add_argument("--port", type=_port, metavar="N", help="instead of 2222; 0: any")
    group.add_argument("--max-sessions", type=_count, metavar="N", help="instead of 16")
    _cluster_flags(serve)
    _watch_flag(serve)
    _aws_flags(serve)
    _way_flags(serve.add_argument_group("commands that s shows"))
    _help_flag(serve)


def _add_web(commands: Any) -> None:
    web = commands.add_parser(
        "web",
        help="the dashboard in a browser of this machine",
        description="The dashboard at http://127.0.0.1:8000, for browsers of this machine alone.",
    )
    web.add_argument("--port", type=_port, metavar="N", help="instead of 8000")
    _cluster_flags(web)
    _watch_flag(web)
    _aws_flags(web)
    _way_flags(web.add_argument_group("commands that s shows"))
    _help_flag(web)


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser(
        "demo",
        help="the dashboard on an embedded demo cluster",
        description=_DEMO_ABOUT,
        epilog=_DEMO_EXAMPLES,
    )
    _demo_flags(demo)
    _session_flags(demo)
    _watch_flag(demo)
    _looks_flags(demo)
    _help_flag(demo)


def _add_get(commands: Any) -> None:
    get = commands.add_parser(
        "get",
        help="print nodes, pods, EC2 instances or EKS clusters once",
        usage="eksview get nodes|pods|instances|clusters [NAME ...] [FLAG ...]",
        description=_GET_ABOUT,
        epilog=_GET_EXAMPLES,
    )
    _get_flags(get)
    _cluster_flags(get)
    _aws_flags(get)
    _help_flag(get)


def _add_doctor(commands: Any) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="check every link between the kubeconfig and the nodes",
        description=_DOCTOR_ABOUT,
    )
    form = doctor.add_argument_group("what is printed")
    form.add_argument("--json", action="store_true", default=False, help="for a program")
    form.add_argument("--ascii", action="store_true", help="marks in plain ASCII")
    _cluster_flags(doctor)
    _aws_flags(doctor)
    _help_flag(doctor)


def _help_flag(parser: argparse.ArgumentParser) -> Any:
    group = parser.add_argument_group("other")
    group.add_argument("-h", "--help", action="help", help="show this and exit")
    return group


def _cluster_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which cluster")
    group.add_argument("--kubeconfig", metavar="FILE", help="instead of KUBECONFIG, ~/.kube/config")
    group.add_argument("--context", metavar="NAME", help="instead of the current context")
    group.add_argument("-n", "--namespace", metavar="NAME", help="pods of this namespace only")


def _watch_flag(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is followed")
    group.add_argument(
        "--watch",
        choices=("nodes", "all"),
        metavar="WHAT",
        help=f"nodes: a node's pods when it is opened; all: pods beyond {MOST_PODS:,} too",
    )


def _aws_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("AWS")
    group.add_argument("--profile", metavar="NAME", help="instead of the kubeconfig's, AWS_PROFILE")
    group.add_argument("--region", metavar="NAME", help="instead of the kubeconfig's, AWS_REGION")
    group.add_argument(
        "--cluster", metavar="NAME", help="of EKS; needs no kubeconfig, but a region"
    )
    group.add_argument(
        "--exec-auth",
        action="store_true",
        help="run the kubeconfig's aws eks get-token instead of minting the token",
    )


def _session_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("sessions on nodes, by s")
    _way_flags(group)
    group.add_argument(
        "--allow-writes",
        action="store_true",
        help="s may run kubectl debug, which creates a pod",
    )


def _way_flags(group: Any) -> None:
    group.add_argument("--jump", type=_word, metavar="HOST", help="ssh through it: user@bastion")
    group.add_argument("--ssh-user", type=_word, metavar="NAME", help="of ssh on the nodes")
    group.add_argument(
        "--debug-image", type=_word, metavar="IMAGE", help="of kubectl debug (busybox)"
    )


def _looks_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it looks")
    group.add_argument("--ascii", action="store_true", help="borders and marks in plain ASCII")
    group.add_argument("--mouse", action="store_true", help="use the mouse over SSH too")
    group.add_argument("--fps", type=_fps, metavar="N", help="frames a second at most (4)")
    group.add_argument(
        "--low-bandwidth", action="store_true", help="a frame a second and no sparklines"
    )


def _demo_flags(demo: argparse.ArgumentParser) -> None:
    size = demo.add_argument_group("the cluster")
    size.add_argument("--nodes", type=_count, metavar="N", help="nodes (10)")
    size.add_argument("--pods", type=_count, metavar="N", help="pods (8 a node)")
    size.add_argument("--churn", type=_rate, metavar="N", help="changes a second (6)")
    size.add_argument("--seed", type=int, metavar="N", help="of its dice: another N, another life")
    size.add_argument(
        "--as",
        dest="role",
        choices=("admin", "viewer", "nobody"),
        metavar="WHO",
        help="with the rights of admin, viewer or nobody (admin)",
    )
    serving = demo.add_argument_group("serving")
    serving.add_argument(
        "--serve",
        action="store_true",
        default=False,
        help="no dashboard: print export KUBECONFIG=... for a shell, and serve",
    )
    serving.add_argument("--port", type=_port, metavar="N", help="of 127.0.0.1 (a free one)")


def _get_flags(get: argparse.ArgumentParser) -> None:
    what = get.add_argument_group("what")
    what.add_argument(
        "resource",
        choices=NODES + PODS + INSTANCES + CLUSTERS,
        metavar="RESOURCE",
        help="nodes, pods, instances or clusters; short: no, po, ec2",
    )
    what.add_argument("names", nargs="*", metavar="NAME", default=(), help="these only")
    which = get.add_argument_group("which objects")
    which.add_argument("-l", "--selector", metavar="SEL", default="", help="labels: app=web,!old")
    which.add_argument(
        "--field-selector", metavar="SEL", default="", help="fields: status.phase=Running"
    )
    which.add_argument(
        "-A",
        "--all-namespaces",
        action="store_true",
        default=False,
        help="pods of all namespaces",
    )
    form = get.add_argument_group("what is printed")
    form.add_argument(
        "-o",
        "--output",
        choices=OUTPUTS,
        metavar="FORM",
        default="table",
        help="table, wide, json, yaml or name",
    )
    form.add_argument(
        "--no-headers", action="store_true", default=False, help="a table without its first line"
    )


def _word(text: str) -> str:
    """A word that no program can take for a flag."""
    if not re.fullmatch(r"[^\s-]\S*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name")
    return text


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is less than nothing")
    return number


def _rate(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no number of events per second")
    return number


def _fps(text: str) -> float:
    number = float(text)
    if not 0.1 <= number <= 30:
        raise argparse.ArgumentTypeError("between 0.1 and 30 frames a second are possible")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is no port; ports end at 65535")
    return number
