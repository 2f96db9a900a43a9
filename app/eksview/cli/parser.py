"""The command line: commands and their flags."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any

from eksview import __version__
from eksview.cli import help_texts
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

INSTANCES = ("instances", "instance", "ec2")
CLUSTERS = ("clusters", "cluster")
ECS_CLUSTERS = ("ecs-clusters", "ecs-cluster")
ECS_SERVICES = ("ecs-services", "ecs-service")
ECS_INSTANCES = ("ecs-instances", "ecs-instance")
ECS_TASKS = ("ecs-tasks", "ecs-task")
DRAIN_PLAN = ("drain-plan", "drainplan")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands. A namespace has no attribute for a missing flag."""
    root = CommandParser(
        prog="eksview",
        usage="eksview [FLAG ...] [COMMAND ...]",
        description=help_texts.ABOUT,
        epilog=help_texts.EXAMPLES,
    )
    root.set_defaults(command=None)
    commands = root.add_subparsers(dest="command", title="commands", metavar="", prog="eksview")
    _add_options(root, DASHBOARD, OPTIONS)
    general = _add_help_flag(root)
    general.add_argument("--version", action="version", version=f"eksview {__version__}")
    demo = commands.add_parser(
        DEMO,
        help="the dashboard on an embedded demo cluster",
        description=help_texts.DEMO_ABOUT,
        epilog=help_texts.DEMO_EXAMPLES,
    )
    _add_demo_flags(demo)
    get = commands.add_parser(
        GET,
        help="print any resource of the cluster, EC2 instances, EKS or ECS",
        usage="eksview get RESOURCE [NAME ...] [FLAG ...]",
        description=help_texts.GET_ABOUT,
        epilog=help_texts.GET_EXAMPLES,
    )
    _add_get_flags(get)
    doctor = commands.add_parser(
        DOCTOR,
        help="check every step from the kubeconfig to the nodes",
        description=help_texts.DOCTOR_ABOUT,
        epilog=help_texts.DOCTOR_EXAMPLES,
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
            description=help_texts.TOP_ABOUT,
            epilog=help_texts.TOP_EXAMPLES,
        )
    )
    _add_logs_flags(
        commands.add_parser(
            LOGS,
            help="print the logs of pods, merged in the order of time",
            usage="eksview logs POD|TYPE/NAME [FLAG ...]",
            description=help_texts.LOGS_ABOUT,
            epilog=help_texts.LOGS_EXAMPLES,
        )
    )
    commands.add_parser(
        SERVE, help="serve the dashboard to SSH clients", description=help_texts.SERVE_ABOUT
    )
    commands.add_parser(
        WEB,
        help="serve the dashboard to browsers on this machine",
        description=help_texts.WEB_ABOUT,
    )
    completion = commands.add_parser(
        COMPLETION,
        help="print a script that completes command lines",
        usage="eksview completion bash|zsh|fish",
        description=help_texts.COMPLETION_ABOUT,
        epilog=help_texts.COMPLETION_EXAMPLES,
    )
    completion.add_argument(
        "shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish"
    )
    _add_config_flags(
        commands.add_parser(
            CONFIG, help="find, write or check config.toml", description=help_texts.CONFIG_ABOUT
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
    size.add_argument(
        "--ecs-instances", type=number, metavar="N", help="ECS container instances (6)"
    )
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
        help="instances, clusters, ecs-instances, ecs-services, ecs-tasks, ecs-clusters, or any "
        "resource of the API server by kubectl's names (pods, deploy, all, "
        "issuers.cert-manager.io); several with commas; then names of objects; or RESOURCE/NAME",
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
    requests = top.add_argument_group("requests")
    _add_timeout(requests)
    _add_flag(requests, "--use-protocol-buffers", help="without effect: for scripts with kubectl's")
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
