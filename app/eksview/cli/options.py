"""The command line's grammar and its help, in the order a person reads it."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from eksview import __version__
from eksview.config.options import Declaration, Usage, event_rate, port_number, whole_number
from eksview.config.settings import (
    DASHBOARD,
    DEMO,
    DOCTOR,
    GET,
    OPTIONS,
    SERVE,
    SERVE_OPTIONS,
    WEB,
    WEB_OPTIONS,
)

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

flags but --allow-writes may also be set by EKSVIEW_NAME in the environment or
in config.toml, in eksview's configuration folder; --no-NAME turns one off

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


_TITLES = {
    (command, "sessions on nodes, by s"): "commands that s shows" for command in (SERVE, WEB)
}
"""Titles of groups of options that a command has another for."""


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
    _add_options(root, DASHBOARD, OPTIONS)
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
    _add_options(serve, SERVE, SERVE_OPTIONS + OPTIONS)
    _help_flag(serve)


def _add_web(commands: Any) -> None:
    web = commands.add_parser(
        "web",
        help="the dashboard in a browser of this machine",
        description="The dashboard at http://127.0.0.1:8000, for browsers of this machine alone.",
    )
    _add_options(web, WEB, WEB_OPTIONS + OPTIONS)
    _help_flag(web)


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser(
        "demo",
        help="the dashboard on an embedded demo cluster",
        description=_DEMO_ABOUT,
        epilog=_DEMO_EXAMPLES,
    )
    _demo_flags(demo)
    _add_options(demo, DEMO, OPTIONS)
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
    _add_options(get, GET, OPTIONS)
    _help_flag(get)


def _add_doctor(commands: Any) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="check every link between the kubeconfig and the nodes",
        description=_DOCTOR_ABOUT,
    )
    form = doctor.add_argument_group("what is printed")
    form.add_argument("--json", action="store_true", default=False, help="for a program")
    _add_options(doctor, DOCTOR, OPTIONS)
    _help_flag(doctor)


def _help_flag(parser: argparse.ArgumentParser) -> Any:
    group = parser.add_argument_group("other")
    group.add_argument("-h", "--help", action="help", help="show this and exit")
    return group


def _add_options(
    parser: argparse.ArgumentParser, command: str, options: Iterable[Declaration]
) -> None:
    """Add the options that a command takes, by groups in the order of their declarations."""
    groups: dict[str, Any] = {}
    for option in options:
        if command not in option.option.commands:
            continue
        title = _TITLES.get((command, option.option.group), option.option.group)
        if title not in groups:
            groups[title] = parser.add_argument_group(title)
        _add_option(groups[title], option)


def _add_option(group: Any, option: Declaration) -> None:
    if option.type is bool:
        group.add_argument(option.flag, action="store_true", help=option.help)
        group.add_argument(
            f"--no-{option.flag[2:]}",
            dest=option.name,
            action="store_false",
            help=argparse.SUPPRESS,
        )
        return
    names = filter(None, (option.option.short, option.flag))
    group.add_argument(
        *names, type=_argument(option.read), metavar=option.option.metavar, help=option.help
    )


def _argument(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Make argparse show the sentence of a ValueError."""

    def reading(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return reading


def _demo_flags(demo: argparse.ArgumentParser) -> None:
    size = demo.add_argument_group("the cluster")
    number, rate = _argument(whole_number), _argument(event_rate)
    size.add_argument("--nodes", type=number, metavar="N", help="nodes (10)")
    size.add_argument("--pods", type=number, metavar="N", help="pods (8 a node)")
    size.add_argument("--churn", type=rate, metavar="N", help="changes a second (6)")
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
    serving.add_argument(
        "--port", type=_argument(port_number), metavar="N", help="of 127.0.0.1 (a free one)"
    )


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
