"""The command line: commands, their flags and the texts of their help."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from eksview import __version__
from eksview.cli.command_parser import CommandParser
from eksview.config.option_types import (
    Declaration,
    event_rate,
    port_number,
    request_timeout,
    whole_number,
)
from eksview.config.settings import (
    COMPLETION,
    CONFIG,
    DASHBOARD,
    DEMO,
    DOCTOR,
    GET,
    LOGS,
    OPTIONS,
    SERVE,
    SERVE_OPTIONS,
    TOP,
    WEB,
    WEB_OPTIONS,
)
from eksview.domain.logs.control_plane import LOG_TYPES

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
  eksview demo                             an embedded demo cluster
  eksview get nodes -o wide                the same table as kubectl
  eksview get pods -A -l app=web -o json   for scripts and incident notes
  eksview top pods -A --sort-by=memory     what pods use
  eksview doctor                           check the access to the nodes

Every flag but --allow-writes can also be set by EKSVIEW_NAME in the environment
or in config.toml in eksview's configuration folder; --no-NAME turns one off.

exit codes: 0 done, 1 the cluster refused or can't be reached, 2 wrong usage
"""

_COMPLETION_ABOUT = """\
Prints a script with which the shell completes commands, flags, contexts, themes
and AWS profiles, and from the cluster namespaces, resources, names of objects
and containers. What the cluster doesn't answer within 3 seconds isn't offered.
"""

_COMPLETION_EXAMPLES = """\
examples:
  eval "$(eksview completion bash)"        in ~/.bashrc
  eval "$(eksview completion zsh)"         in ~/.zshrc, after compinit
  eksview completion fish | source         in ~/.config/fish/config.fish
"""

_DEMO_ABOUT = """\
The dashboard on an embedded demo: a Kubernetes API on 127.0.0.1 that simulates
a small EKS cluster and its AWS account. Nothing is left when it ends.
"""

_DEMO_EXAMPLES = """\
examples:
  eksview demo
  eksview demo --nodes 500 --pods 15000 --churn 200
  eksview demo --serve > demo.env &        runs until it is stopped
  . ./demo.env && kubectl get nodes
"""

_GET_ABOUT = """\
Prints any resource of the API server as kubectl does; or nodes joined with
their EC2 instances; or the EKS clusters of the account and region. Values of
secrets are never requested: -o yaml prints their metadata.
"""

_GET_EXAMPLES = """\
examples:
  eksview get nodes -o wide
  eksview get node ip-10-0-1-234.us-west-2.compute.internal -o yaml
  eksview get pods -n shop -l app=web
  eksview get pods,nodes -A -o name
  eksview get deploy,svc -n shop           any resource that the server has
  eksview get pods -A --field-selector spec.nodeName=ip-10-0-1-234
  eksview get instances -o wide            each node with its EC2 instance
  eksview get instances i-0123456789abcdef0 -o wide   why it isn't a node
  eksview get clusters --region us-west-2 --profile dev
"""

_TOP_ABOUT = """\
Prints the CPU and memory that nodes or pods use, as kubectl top does. It needs
the metrics API, which metrics-server serves.
"""

_TOP_EXAMPLES = """\
examples:
  eksview top nodes --sort-by=cpu
  eksview top pods -A --sort-by=memory
  eksview top pods -n shop -l app=web --containers --sum
"""

_LOGS_ABOUT = """\
Prints the logs of a container, of a pod or of a workload, as kubectl logs does.
Several logs are merged in the order of time. Of a node it prints the journal of
its kubelet (-c containerd: of another service) by the kubelet's log query, and
with --control-plane the logs that EKS delivers to CloudWatch Logs.
"""

_LOGS_EXAMPLES = """\
examples:
  eksview logs web-7d876db474-x2x9f -n shop -f
  eksview logs deployment/web -n shop --all-pods --since=10m
  eksview logs -l app=web -n shop --all-containers --prefix --timestamps
  eksview logs web-7d876db474-x2x9f -n shop -c envoy --previous
  eksview logs node/ip-10-0-1-17.us-west-2.compute.internal --since=10m -f
  eksview logs --control-plane audit --filter-pattern '{ $.verb = "delete" }' -f
"""

_DOCTOR_ABOUT = """\
Checks kubeconfig, credentials, endpoint, authentication, IAM mapping, RBAC and
the nodes, and prints how to fix what is broken. With --node it checks what a
node or an EC2 instance needs to join the cluster. Needs no terminal and ends
within 20 seconds, with --node within 40. Exit code 1 if a step is broken or a
check has failed.
"""

_DOCTOR_EXAMPLES = """\
examples:
  eksview doctor --json
  eksview doctor --node i-0123456789abcdef0
"""

_SERVE_ABOUT = """\
Serves the dashboard to SSH clients: ssh -p 2222 HOST. Accepts public keys only,
is always read-only and shares one set of watches. Viewers see whatever the
credentials of this process may see.
"""

_WEB_ABOUT = "Serves the dashboard at http://127.0.0.1:8000 to browsers on this machine only."

_CONFIG_ABOUT = """\
Prints the path of the configuration file, writes one with every option as a
comment, lists every fault in it with its line, or the ids of keys. Exit code 1
if it has a fault, or if there is a file already that --init would overwrite.
"""

INSTANCES = ("instances", "instance", "ec2")
CLUSTERS = ("clusters", "cluster")
DRAIN_PLAN = ("drain-plan", "drainplan")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands. A namespace has no attribute for a missing flag."""
    root = CommandParser(
        prog="eksview",
        usage="eksview [FLAG ...] [COMMAND ...]",
        description=_ABOUT,
        epilog=_EXAMPLES,
    )
    root.set_defaults(command=None)
    commands = root.add_subparsers(dest="command", title="commands", metavar="", prog="eksview")
    _add_options(root, DASHBOARD, OPTIONS)
    general = _add_help_flag(root)
    general.add_argument("--version", action="version", version=f"eksview {__version__}")
    demo = commands.add_parser(
        DEMO,
        help="the dashboard on an embedded demo cluster",
        description=_DEMO_ABOUT,
        epilog=_DEMO_EXAMPLES,
    )
    _add_demo_flags(demo)
    get = commands.add_parser(
        GET,
        help="print any resource of the cluster, EC2 instances or EKS clusters",
        usage="eksview get RESOURCE [NAME ...] [FLAG ...]",
        description=_GET_ABOUT,
        epilog=_GET_EXAMPLES,
    )
    _add_get_flags(get)
    doctor = commands.add_parser(
        DOCTOR,
        help="check every step from the kubeconfig to the nodes",
        description=_DOCTOR_ABOUT,
        epilog=_DOCTOR_EXAMPLES,
    )
    doctor.add_argument_group("subject").add_argument(
        "--node",
        metavar="NAME",
        default="",
        help="check instead why an instance isn't a node: a node's name or an instance's ID",
    )
    output = doctor.add_argument_group("output")
    output.add_argument("--json", action="store_true", default=False, help="print JSON")
    _add_other_commands(commands)
    for name, command in commands.choices.items():
        _add_options(command, name, SERVE_OPTIONS + WEB_OPTIONS + OPTIONS)
        _add_help_flag(command)
    return root


def _add_other_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    _add_top_flags(
        commands.add_parser(
            TOP,
            help="print what nodes or pods use",
            usage="eksview top nodes|pods [NAME] [FLAG ...]",
            description=_TOP_ABOUT,
            epilog=_TOP_EXAMPLES,
        )
    )
    _add_logs_flags(
        commands.add_parser(
            LOGS,
            help="print the logs of pods, merged in the order of time",
            usage="eksview logs POD|TYPE/NAME [FLAG ...]",
            description=_LOGS_ABOUT,
            epilog=_LOGS_EXAMPLES,
        )
    )
    commands.add_parser(SERVE, help="serve the dashboard to SSH clients", description=_SERVE_ABOUT)
    commands.add_parser(
        WEB, help="serve the dashboard to browsers on this machine", description=_WEB_ABOUT
    )
    completion = commands.add_parser(
        COMPLETION,
        help="print a script that completes command lines",
        usage="eksview completion bash|zsh|fish",
        description=_COMPLETION_ABOUT,
        epilog=_COMPLETION_EXAMPLES,
    )
    completion.add_argument(
        "shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish"
    )
    _add_config_flags(
        commands.add_parser(
            CONFIG, help="find, write or check config.toml", description=_CONFIG_ABOUT
        )
    )


def _add_help_flag(command: argparse.ArgumentParser) -> Any:
    group = command.add_argument_group("general")
    group.add_argument("-h", "--help", action="help", help="show this help and exit")
    return group


def _add_options(
    command: argparse.ArgumentParser, name: str, options: Iterable[Declaration]
) -> None:
    """Add the options that a command takes, in groups, in the order of their declarations."""
    groups: dict[str, Any] = {}
    for option in options:
        if name not in option.commands:
            continue
        title = option.option.group.title
        if title not in groups:
            groups[title] = command.add_argument_group(title)
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
    """Return a reader whose ValueError argparse shows as a sentence."""

    def read_argument(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read_argument


def _add_config_flags(config: argparse.ArgumentParser) -> None:
    tasks = config.add_argument_group("tasks").add_mutually_exclusive_group(required=True)
    for flag, help_ in (
        ("--path", "print the path of the file"),
        ("--init", "write a file with every option as a comment"),
        ("--check", "list every fault of the file"),
        ("--keys", "list the ids of all keys, for the table [keys]"),
    ):
        tasks.add_argument(flag, action="store_true", default=False, help=help_)


def _add_demo_flags(demo: argparse.ArgumentParser) -> None:
    size = demo.add_argument_group("demo cluster")
    number, rate = _argument(whole_number), _argument(event_rate)
    size.add_argument("--nodes", type=number, metavar="N", help="number of nodes (10)")
    size.add_argument("--pods", type=number, metavar="N", help="number of pods (8 per node)")
    size.add_argument("--churn", type=rate, metavar="N", help="changes per second (6)")
    size.add_argument("--seed", type=number, metavar="N", help="random seed")
    size.add_argument(
        "--as",
        dest="role",
        choices=("admin", "viewer", "nobody"),
        metavar="ROLE",
        help="your rights: admin, viewer or nobody (admin)",
    )
    serving = demo.add_argument_group("serving")
    serving.add_argument(
        "--serve",
        action="store_true",
        default=False,
        help="print export KUBECONFIG=... and serve, without a dashboard",
    )
    serving.add_argument(
        "--port", type=_argument(port_number), metavar="N", help="port on 127.0.0.1 (a free one)"
    )


def _add_get_flags(get: argparse.ArgumentParser) -> None:
    target = get.add_argument_group("arguments")
    target.add_argument(
        "words",
        nargs="*",
        metavar="RESOURCE",
        default=(),
        help="instances, clusters, or any resource of the API server by kubectl's names (pods, "
        "deploy, all, issuers.cert-manager.io); several with commas; then names of objects; or "
        "RESOURCE/NAME",
    )
    chosen = get.add_argument_group("selection")
    chosen.add_argument("-l", "--selector", metavar="SEL", default="", help="labels: app=web,!old")
    chosen.add_argument(
        "--field-selector", metavar="SEL", default="", help="fields: status.phase=Running"
    )
    chosen.add_argument(
        "-A", "--all-namespaces", action="store_true", default=False, help="all namespaces"
    )
    chosen.add_argument(
        "--ignore-not-found", action="store_true", default=False, help="a missing name is no error"
    )
    chosen.add_argument(
        "-w", "--watch", dest="follow", action="store_true", default=False, help="print changes too"
    )
    chosen.add_argument(
        "--watch-only", action="store_true", default=False, help="print changes alone"
    )
    requests = get.add_argument_group("requests")
    _add_timeout(requests)
    _add_output_flags(get.add_argument_group("output"))


def _add_top_flags(top: argparse.ArgumentParser) -> None:
    top.add_argument_group("arguments").add_argument(
        "words", nargs="*", metavar="RESOURCE", default=(), help="nodes or pods; then one name"
    )
    chosen = top.add_argument_group("selection")
    chosen.add_argument("-l", "--selector", metavar="SEL", default="", help="labels: app=web,!old")
    chosen.add_argument(
        "--field-selector", metavar="SEL", default="", help="of pods: metadata.name=web-1"
    )
    _add_flag(chosen, "-A", "--all-namespaces", help="pods of all namespaces")
    _add_timeout(top.add_argument_group("requests"))
    output = top.add_argument_group("output")
    output.add_argument(
        "--sort-by", metavar="COLUMN", default="", help="cpu or memory, the largest first"
    )
    _add_flag(output, "--containers", help="usage of each container of a pod")
    _add_flag(output, "--sum", help="a line with the sum of all pods")
    _add_flag(output, "--show-capacity", help="shares of a node's capacity, not of its allocatable")
    _add_flag(output, "--no-headers", help="a table without its header")


def _add_logs_flags(logs: argparse.ArgumentParser) -> None:
    logs.add_argument_group("arguments").add_argument(
        "words",
        nargs="*",
        metavar="POD",
        default=(),
        help="a pod's name, or TYPE/NAME; a container's name may follow",
    )
    chosen = logs.add_argument_group("selection")
    chosen.add_argument("-l", "--selector", metavar="SEL", default="", help="labels: app=web,!old")
    chosen.add_argument("-c", "--container", metavar="NAME", default="", help="one container")
    _add_flag(chosen, "--all-containers", help="all containers of the pods, init containers too")
    _add_flag(chosen, "--all-pods", help="all pods of TYPE/NAME, each line with its source")
    _add_flag(chosen, "-p", "--previous", help="the run before the present one")
    chosen.add_argument("--since", metavar="TIME", default="", help="newer than 5s, 2m or 3h")
    chosen.add_argument(
        "--since-time", metavar="TIME", default="", help="newer than 2027-01-15T08:00:00Z"
    )
    chosen.add_argument("--tail", type=int, metavar="N", default=None, help="the last N lines")
    chosen.add_argument(
        "--limit-bytes", type=int, metavar="N", default=0, help="so many bytes of each log"
    )
    chosen.add_argument(
        "--control-plane",
        choices=tuple(LOG_TYPES),
        metavar="TYPE",
        default="",
        help=f"a log of the EKS control plane: {', '.join(LOG_TYPES)} (the last 5 minutes)",
    )
    chosen.add_argument(
        "--filter-pattern",
        metavar="PATTERN",
        default="",
        help="only what matches: CloudWatch's syntax, or of a node journalctl's --grep",
    )
    requests = logs.add_argument_group("requests")
    _add_flag(requests, "-f", "--follow", help="print new lines until the container ends")
    requests.add_argument(
        "--max-log-requests", type=int, metavar="N", default=5, help="logs read at once (5)"
    )
    _add_flag(requests, "--ignore-errors", help="go on with the others where a log can't be read")
    _add_timeout(requests)
    output = logs.add_argument_group("output")
    _add_flag(output, "--timestamps", help="each line with its time")
    _add_flag(output, "--prefix", help="each line with its pod and container")


def _add_flag(group: Any, *names: str, help: str) -> None:  # noqa: A002 - argparse's name
    group.add_argument(*names, action="store_true", default=False, help=help)


def _add_timeout(group: Any) -> None:
    group.add_argument(
        "--request-timeout",
        type=_argument(request_timeout),
        metavar="TIME",
        default=None,
        help="time for each request to the API server, such as 30 or 1m30s; 0: no limit "
        "(by default 65 s without an answer)",
    )


def _add_output_flags(output: Any) -> None:
    output.add_argument(
        "-o",
        "--output",
        metavar="FORMAT",
        default="table",
        help="table, wide, json, yaml, name, jsonpath=TEMPLATE or custom-columns=SPEC; "
        "the last two also from a file: jsonpath-file=, custom-columns-file=",
    )
    output.add_argument("--sort-by", metavar="PATH", default="", help="such as .metadata.name")
    output.add_argument(
        "--show-labels", action="store_true", default=False, help="a column of all labels"
    )
    output.add_argument(
        "-L",
        "--label-columns",
        action="append",
        metavar="KEYS",
        default=[],
        help="a column for each of these labels",
    )
    output.add_argument(
        "--no-headers", action="store_true", default=False, help="a table without its header"
    )
