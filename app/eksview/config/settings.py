"""Declarations of every option, and the frozen values that they become.

An option is declared here and nowhere else: see `eksview.config.options` for what comes from it.
"""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Struct

from eksview.config.options import (
    Declaration,
    Option,
    declarations,
    frame_rate,
    plain_word,
    port_number,
    whole_number,
)
from eksview.domain.join.node_shell import IMAGE
from eksview.domain.live.watch_scope import MOST_PODS, WatchScope

DASHBOARD, DEMO, GET, DOCTOR, SERVE, WEB = "", "demo", "get", "doctor", "serve", "web"
"""The commands, by which an option says where it is taken."""

_CLUSTER = "which cluster"
_FOLLOWED = "what is followed"
_AWS = "AWS"
_SESSIONS = "sessions on nodes, by s"
_LOOKS = "how it looks"

_ON_CLUSTERS = (DASHBOARD, GET, DOCTOR, SERVE, WEB)
_SCREENS = (DASHBOARD, DEMO, SERVE, WEB)
_TERMINALS = (DASHBOARD, DEMO)


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def in_browser(environ: Mapping[str, str]) -> bool:
    """Whether textual-serve has started this and draws, over pipes, what it writes."""
    return bool(environ.get("TEXTUAL_DRIVER"))


def speaks_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale is UTF-8, by the first of the variables that is set, as POSIX has it.

    None set is taken for yes: so do containers start, in terminals that all speak UTF-8.
    """
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if locale := environ.get(name):
            return locale.lower().replace("-", "").partition("@")[0].endswith("utf8")
    return True


class Settings(Struct, frozen=True):
    """How to reach the cluster and how to show it."""

    kubeconfig: Annotated[
        str | None,
        Option(
            help="instead of KUBECONFIG, ~/.kube/config",
            group=_CLUSTER,
            commands=_ON_CLUSTERS,
            metavar="FILE",
            unset="`KUBECONFIG`, else `~/.kube/config`",
            rivals=("cluster",),
        ),
    ] = None
    context: Annotated[
        str | None,
        Option(
            help="instead of the current context",
            group=_CLUSTER,
            commands=_ON_CLUSTERS,
            unset="the current context",
            rivals=("cluster",),
        ),
    ] = None
    namespace: Annotated[
        str | None,
        Option(
            help="pods of this namespace only",
            group=_CLUSTER,
            commands=_ON_CLUSTERS,
            short="-n",
            unset="all; of `get`: the context's",
        ),
    ] = None
    watch: Annotated[
        WatchScope,
        Option(
            help=f"nodes: a node's pods when it is opened; all: pods beyond {MOST_PODS:,} too",
            group=_FOLLOWED,
            commands=_SCREENS,
            metavar="WHAT",
        ),
    ] = WatchScope.FITTING
    profile: Annotated[
        str | None,
        Option(
            help="instead of the kubeconfig's, AWS_PROFILE",
            group=_AWS,
            commands=_ON_CLUSTERS,
            unset="the kubeconfig's, else `AWS_PROFILE`",
        ),
    ] = None
    region: Annotated[
        str | None,
        Option(
            help="instead of the kubeconfig's, AWS_REGION",
            group=_AWS,
            commands=_ON_CLUSTERS,
            unset="the kubeconfig's, else `AWS_REGION`",
        ),
    ] = None
    cluster: Annotated[
        str | None,
        Option(
            help="of EKS; needs no kubeconfig, but a region",
            group=_AWS,
            commands=_ON_CLUSTERS,
            unset="the kubeconfig's",
            rivals=("context", "kubeconfig"),
        ),
    ] = None
    exec_auth: Annotated[
        bool,
        Option(
            help="run the kubeconfig's aws eks get-token instead of minting the token",
            group=_AWS,
            commands=_ON_CLUSTERS,
        ),
    ] = False
    jump: Annotated[
        str,
        Option(
            help="ssh through it: user@bastion",
            group=_SESSIONS,
            commands=_SCREENS,
            metavar="HOST",
            parse=plain_word,
        ),
    ] = ""
    ssh_user: Annotated[
        str,
        Option(help="of ssh on the nodes", group=_SESSIONS, commands=_SCREENS, parse=plain_word),
    ] = ""
    debug_image: Annotated[
        str,
        Option(
            help="of kubectl debug ({default})",
            group=_SESSIONS,
            commands=_SCREENS,
            metavar="IMAGE",
            parse=plain_word,
        ),
    ] = IMAGE
    allow_writes: Annotated[
        bool,
        Option(
            help="s may run kubectl debug, which creates a pod",
            group=_SESSIONS,
            commands=_TERMINALS,
            flag_only=True,  # nothing that was set long ago makes a dashboard write
        ),
    ] = False
    ascii: Annotated[
        bool,
        Option(
            help="borders and marks in plain ASCII",
            group=_LOOKS,
            commands=(*_TERMINALS, DOCTOR),
            default_of=lambda environ: not speaks_utf8(environ),
            unset="on where the locale isn't UTF-8",
        ),
    ] = False
    mouse: Annotated[
        bool,
        Option(
            help="use the mouse over SSH too",
            group=_LOOKS,
            commands=_TERMINALS,
            default_of=lambda environ: not over_ssh(environ),  # every move of it is traffic
            unset="on, but off over SSH",
        ),
    ] = True
    fps: Annotated[
        float,
        Option(
            help="frames a second at most ({default})",
            group=_LOOKS,
            commands=_TERMINALS,
            metavar="N",
            parse=frame_rate,
        ),
    ] = 4.0
    low_bandwidth: Annotated[
        bool,
        Option(
            help="a frame a second and no sparklines",
            group=_LOOKS,
            commands=_TERMINALS,
        ),
    ] = False
    animate: bool = True  # False over SSH
    over_ssh: bool = False  # where a slow line is looked for


class ServeSettings(Struct, frozen=True):
    """Where `eksview serve` listens, and for whom."""

    authorized_keys: Annotated[
        str | None,
        Option(
            help="public keys, a line each; instead of authorized_keys in eksview's data folder",
            group="who may look",
            commands=(SERVE,),
            metavar="FILE",
            unset="`authorized_keys` in eksview's data folder",
        ),
    ] = None
    listen: Annotated[
        str,
        Option(
            help="instead of {default}",
            group="who may look",
            commands=(SERVE,),
            metavar="ADDRESS",
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int,
        Option(
            help="instead of {default}; 0: any",
            group="who may look",
            commands=(SERVE,),
            metavar="N",
            parse=port_number,
        ),
    ] = 2222
    max_sessions: Annotated[
        int,
        Option(
            help="instead of {default}",
            group="who may look",
            commands=(SERVE,),
            metavar="N",
            parse=whole_number,
        ),
    ] = 16


class WebSettings(Struct, frozen=True):
    """Where `eksview web` listens, on 127.0.0.1."""

    port: Annotated[
        int,
        Option(
            help="instead of {default}",
            group="where it listens",
            commands=(WEB,),
            metavar="N",
            parse=port_number,
        ),
    ] = 8000


OPTIONS: tuple[Declaration, ...] = declarations(Settings)
SERVE_OPTIONS: tuple[Declaration, ...] = declarations(ServeSettings, SERVE)
WEB_OPTIONS: tuple[Declaration, ...] = declarations(WebSettings, WEB)
ALL_OPTIONS = OPTIONS + SERVE_OPTIONS + WEB_OPTIONS
