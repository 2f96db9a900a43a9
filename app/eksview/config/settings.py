"""The declarations of all options, and the structs that hold their values.

An option is declared here and nowhere else; `option_types` says what is derived from it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

from eksview.config.file_values import FileConfig, Values
from eksview.config.option_types import (
    Declaration,
    FileTable,
    Group,
    Option,
    UsageError,
    declarations,
    frame_rate,
    pattern,
    plain_word,
    port_number,
    prometheus_endpoint,
    resolved,
    whole_number,
)
from eksview.domain.base.language import Language, is_utf8
from eksview.domain.base.thresholds import USUAL, Thresholds
from eksview.domain.join.node_shell import IMAGE
from eksview.domain.live.watch_scope import MOST_PODS, WatchScope

DASHBOARD, DEMO, GET, DOCTOR, SERVE, WEB = "", "demo", "get", "doctor", "serve", "web"
CONFIG = "config"
COMPLETION = "completion"
TOP = "top"
LOGS = "logs"
"""The names of the commands in the declarations of options."""

_ON_CLUSTERS = (DASHBOARD, GET, DOCTOR, TOP, LOGS, SERVE, WEB)
_SCREENS = (DASHBOARD, DEMO, SERVE, WEB)
_TERMINALS = (DASHBOARD, DEMO)

_CLUSTER = Group("cluster", _ON_CLUSTERS)
_WATCHES = Group("watches", _SCREENS)
_AWS = Group("AWS", _ON_CLUSTERS)
_SESSIONS = Group("sessions on nodes (key s)", _SCREENS)
_DISPLAY = Group("display", _TERMINALS)
_SERVER = Group("SSH server", (SERVE,))
_WEB_SERVER = Group("web server", (WEB,))


def over_ssh(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


WEB_DRIVER = "textual.drivers.web_driver:WebDriver"
"""What textual-serve sets TEXTUAL_DRIVER to."""


def in_browser(environ: Mapping[str, str]) -> bool:
    """Return whether textual-serve started this process and reads its output from pipes."""
    return environ.get("TEXTUAL_DRIVER") == WEB_DRIVER


def check_textual_variables(environ: Mapping[str, str]) -> None:
    """Raise `UsageError` for a variable with which Textual could only crash."""
    accepted = {
        "TEXTUAL_DRIVER": (WEB_DRIVER, ""),
        "TEXTUAL_COLOR_SYSTEM": ("auto", "standard", "256", "truecolor", "windows"),  # Rich's
    }
    for name, values in accepted.items():
        if environ.get(name, values[0]) not in values:
            raise UsageError(f"{name} is {environ[name]!r}, which can't be used: unset it")


class Sources(Struct):
    """The places where a command's settings come from; a new file replaces `config`."""

    command: str
    flags: Mapping[str, Any]
    environ: Mapping[str, str]
    config: FileConfig = FileConfig()


class Settings(Struct, frozen=True):
    """Options of the cluster, the AWS account and the display."""

    kubeconfig: Annotated[
        str | None,
        Option(
            help="kubeconfig file (KUBECONFIG, else ~/.kube/config)",
            group=_CLUSTER,
            example="~/.kube/config",
            metavar="FILE",
            unset="`KUBECONFIG`, else `~/.kube/config`",
            rivals=("cluster",),
        ),
    ] = None
    context: Annotated[
        str | None,
        Option(
            help="kubeconfig context (the current context)",
            group=_CLUSTER,
            example="prod",
            unset="the current context",
            rivals=("cluster",),
        ),
    ] = None
    namespace: Annotated[
        str | None,
        Option(
            help="only the pods of this namespace",
            group=_CLUSTER,
            example="shop",
            short="-n",
            per_context=True,
            unset="all; for `get`: the context's",
        ),
    ] = None
    watch: Annotated[
        WatchScope,
        Option(
            help=f"pods to watch: fitting (all up to {MOST_PODS:,}), all, or nodes (of open nodes)",
            group=_WATCHES,
            metavar="SCOPE",
        ),
    ] = WatchScope.FITTING
    profile: Annotated[
        str | None,
        Option(
            help="AWS profile (the kubeconfig's, else AWS_PROFILE)",
            group=_AWS,
            example="prod",
            unset="the kubeconfig's, else `AWS_PROFILE`",
            per_context=True,
        ),
    ] = None
    region: Annotated[
        str | None,
        Option(
            help="AWS region (the kubeconfig's, else AWS_REGION)",
            group=_AWS,
            example="us-west-2",
            unset="the kubeconfig's, else `AWS_REGION`",
            per_context=True,
        ),
    ] = None
    cluster: Annotated[
        str | None,
        Option(
            help="EKS cluster; needs a region, but no kubeconfig",
            group=_AWS,
            example="prod",
            unset="the kubeconfig's",
            rivals=("context", "kubeconfig"),
        ),
    ] = None
    ecs_cluster: Annotated[
        str,
        Option(
            help="ECS cluster, by its name; opens it without Kubernetes",
            group=_AWS,
            commands=(DASHBOARD, GET, SERVE, WEB),
            example="shop",
            metavar="NAME",
            parse=plain_word,
            rivals=("context", "kubeconfig", "cluster"),
        ),
    ] = ""
    exec_auth: Annotated[
        bool,
        Option(
            help="run the kubeconfig's command for tokens instead of signing them",
            group=_AWS,
            per_context=True,
        ),
    ] = False
    jump: Annotated[
        str,
        Option(
            help="SSH jump host, such as user@bastion",
            group=_SESSIONS,
            example="ops@bastion",
            metavar="HOST",
            parse=plain_word,
            per_context=True,
            live=True,
        ),
    ] = ""
    ssh_user: Annotated[
        str,
        Option(
            help="user name for SSH to nodes",
            group=_SESSIONS,
            example="ec2-user",
            parse=plain_word,
            per_context=True,
            live=True,
        ),
    ] = ""
    debug_image: Annotated[
        str,
        Option(
            help="image for kubectl debug ({default})",
            group=_SESSIONS,
            metavar="IMAGE",
            parse=plain_word,
            per_context=True,
            live=True,
        ),
    ] = IMAGE
    prometheus: Annotated[
        str,
        Option(
            help="Prometheus of the charts: a URL, or NAMESPACE/[SCHEME:]SERVICE:PORT",
            group=_SESSIONS,
            example="monitoring/prometheus:http-web",
            metavar="https://HOST",
            parse=prometheus_endpoint,
            per_context=True,
            unset="the cluster's own, found by its labels",
        ),
    ] = ""
    allow_writes: Annotated[
        bool,
        Option(
            help="let actions (a) change the cluster, and s run kubectl debug",
            group=_SESSIONS,
            commands=_TERMINALS,
            flag_only=True,  # a forgotten variable or file can't allow writes
        ),
    ] = False
    protect: Annotated[
        tuple[str, ...],
        Option(
            help="contexts or clusters where a change needs the typed cluster name (*prod*)",
            group=_SESSIONS,
            example="*prod*",
            commands=_TERMINALS,
            metavar="PATTERNS",
            parse=pattern,
            per_context=True,
            live=True,
        ),
    ] = ()
    view: Annotated[
        str,
        Option(
            help="the screen at start, as after the key `:`; `last` opens the one of the last time",
            group=_DISPLAY,
            example="pods shop",
            commands=_SCREENS,
            metavar="COMMAND",
            per_context=True,
            live=True,
            unset="`home`",
        ),
    ] = ""
    theme: Annotated[
        str,
        Option(
            help="dark, light, high-contrast, eksview-safe or any theme of Textual ({default})",
            group=_DISPLAY,
            commands=_SCREENS,
            per_context=True,
            live=True,
        ),
    ] = "eksview-night"
    lang: Annotated[
        Language | None,
        Option(
            help="language of the explanation and the help: en or ja",
            group=_DISPLAY,
            example="ja",
            commands=_SCREENS,
            metavar="LANGUAGE",
            live=True,
            unset="the locale's (`LC_ALL`, `LC_MESSAGES`, `LANG`), else `en`",
        ),
    ] = None
    save_dir: Annotated[
        str,
        Option(
            help="folder of the files that Ctrl-s saves",
            group=_DISPLAY,
            example="~/eksview",
            metavar="FOLDER",
            per_context=True,
            live=True,
            unset="`saved` in eksview's data folder",
        ),
    ] = ""
    ascii: Annotated[
        bool,
        Option(
            help="borders and marks in plain ASCII",
            group=_DISPLAY,
            commands=(*_TERMINALS, DOCTOR),
            default_of=lambda environ: not is_utf8(environ),
            unset="on if the locale isn't UTF-8",
        ),
    ] = False
    mouse: Annotated[
        bool,
        Option(
            help="use the mouse over SSH too",
            group=_DISPLAY,
            default_of=lambda environ: not over_ssh(environ),  # every movement is traffic
            unset="on, but off over SSH",
        ),
    ] = True
    fps: Annotated[
        float,
        Option(
            help="maximum frames per second ({default})",
            group=_DISPLAY,
            metavar="N",
            parse=frame_rate,
        ),
    ] = 4.0
    low_bandwidth: Annotated[
        bool, Option(help="one frame per second and no sparklines", group=_DISPLAY)
    ] = False
    thresholds: Annotated[
        Thresholds,
        FileTable(help="figures from which a value is marked", per_context=True),
    ] = USUAL
    aliases: Annotated[
        Mapping[str, str],
        FileTable(
            help="words for the key `:` and the commands they stand for",
            example='dp = "deployments"\nshop = "pods shop"',
        ),
    ] = {}
    keys: Annotated[
        Mapping[str, str],
        FileTable(
            help="keys by the id of what they do, with commas between several; "
            "`eksview config --keys` lists the ids",
            example='"app.help" = "f2,question_mark"\n"table.wide" = "ctrl+w"',
        ),
    ] = {}
    columns: Annotated[
        Mapping[str, tuple[str, ...]],
        FileTable(
            help="columns of tables in their order: ids such as `cpu-req`, of other resources the "
            "server's columns, such as `up-to-date`; `label:KEY`, `annotation:KEY`, and of any "
            "value `jsonpath:PATH`, or `TITLE:PATH` as in kubectl's custom columns. For a path "
            "outside of the metadata whole objects are requested instead of the metadata only, "
            "but never of secrets",
            example=(
                'pods = ["namespace", "name", "label:app", "QOS:.status.qosClass", "age"]\n'
                'nodes = ["name", "status", "label:topology.kubernetes.io/zone", "cpu", "mem"]\n'
                'deployments = ["namespace", "name", "ready", "annotation:example.com/team"]'
            ),
            live=False,
        ),
    ] = {}
    sort: Annotated[
        Mapping[str, str],
        FileTable(
            help="the column that a table is sorted by at first, with `:asc` or `:desc`; "
            "without it problems come first",
            example='pods = "restarts:desc"\nnodes = "cpu-use"',
            live=False,
        ),
    ] = {}
    animate: bool = True  # False over SSH
    over_ssh: bool = False  # True: the driver measures how slow the line is
    sources: Sources | None = None  # None: the same in every context
    of_context: str = ""  # the context whose sections of the file were taken


class ServeSettings(Struct, frozen=True):
    """Options of `eksview serve`: its address and its viewers."""

    authorized_keys: Annotated[
        str | None,
        Option(
            help="file with the public keys that may connect",
            group=_SERVER,
            example="~/.ssh/authorized_keys",
            metavar="FILE",
            unset="`authorized_keys` in eksview's data folder",
        ),
    ] = None
    listen: Annotated[
        str, Option(help="address to listen on ({default})", group=_SERVER, metavar="ADDRESS")
    ] = "127.0.0.1"
    port: Annotated[
        int,
        Option(
            help="port to listen on ({default}); 0: any free port",
            group=_SERVER,
            metavar="N",
            parse=port_number,
        ),
    ] = 2222
    max_sessions: Annotated[
        int,
        Option(
            help="maximum number of sessions ({default})",
            group=_SERVER,
            metavar="N",
            parse=whole_number,
        ),
    ] = 16


class WebSettings(Struct, frozen=True):
    """Options of `eksview web`, which listens on 127.0.0.1."""

    port: Annotated[
        int,
        Option(
            help="port to listen on ({default})", group=_WEB_SERVER, metavar="N", parse=port_number
        ),
    ] = 8000


OPTIONS: tuple[Declaration, ...] = declarations(Settings)
SERVE_OPTIONS: tuple[Declaration, ...] = declarations(ServeSettings, SERVE)
WEB_OPTIONS: tuple[Declaration, ...] = declarations(WebSettings, WEB)
SECTIONS: Mapping[str, tuple[Any, FileTable]] = {
    name: (get_args(hint)[0], section)
    for name, hint in get_type_hints(Settings, include_extras=True).items()
    for section in getattr(hint, "__metadata__", ())
    if isinstance(section, FileTable)
}
"""The file's tables that only it sets: their type and declaration by name."""
ALL_OPTIONS = OPTIONS + SERVE_OPTIONS + WEB_OPTIONS
_PER_CONTEXT = (
    *(option.name for option in OPTIONS if option.option.per_context),
    *(name for name, (_, section) in SECTIONS.items() if section.per_context),
)
_LIVE = (
    *(option.name for option in OPTIONS if option.option.live),
    *(name for name, (_, section) in SECTIONS.items() if section.live),
)


def settings_from(sources: Sources, context: str = "") -> Settings:
    """Return the settings from flags, environment, the file's values for a context, and terminal.

    Raises `UsageError` for a variable with a wrong value.
    """
    values = sources.config.for_context(context)
    options = resolved(OPTIONS, sources.command, sources.flags, sources.environ, values.options)
    remote = over_ssh(sources.environ)
    return Settings(
        **options, **_tables(values), animate=not remote, over_ssh=remote, sources=sources
    )


def _tables(values: Values) -> dict[str, Any]:
    defaults = Settings()
    out: dict[str, Any] = {}
    for name, section in values.sections.items():
        default = getattr(defaults, name)
        out[name] = replace(default, **section) if isinstance(default, Struct) else section
    return out


def in_context(settings: Settings, context: str) -> Settings:
    """Return the settings with the values that the file has for a context."""
    if settings.sources is None:
        return settings
    fresh = settings_from(settings.sources, context)
    changed = {name: getattr(fresh, name) for name in _PER_CONTEXT}
    return replace(settings, **changed, of_context=context)


def with_file(settings: Settings, config: FileConfig) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings after the file has changed, and the options that wait for a start.

    The sources are the same object, so that what was made from them earlier has the new file too.
    """
    sources = settings.sources
    if sources is None:
        return settings, ()
    old = settings_from(sources, settings.of_context)
    sources.config = config
    new = settings_from(sources, settings.of_context)
    changed = {name: getattr(new, name) for name in _LIVE}
    late = [option.name for option in OPTIONS] + list(SECTIONS)
    return replace(settings, **changed), tuple(
        name for name in late if name not in _LIVE and getattr(old, name) != getattr(new, name)
    )
