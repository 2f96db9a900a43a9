"""Flags -> settings -> one of the faces.

Nothing heavy is imported before a command needs it: `--version` and `--help` answer at once.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from eksview.cli.options import CLUSTERS, INSTANCES, NODES, parser
from eksview.config.options import Usage, resolved, words_of
from eksview.config.settings import (
    ALL_OPTIONS,
    DASHBOARD,
    OPTIONS,
    SERVE,
    SERVE_OPTIONS,
    WEB,
    WEB_OPTIONS,
    ServeSettings,
    Settings,
    WebSettings,
    in_browser,
    over_ssh,
)
from eksview.config.toml_file import config_path, read_config
from eksview.domain.base.problem import UserError

if TYPE_CHECKING:
    from eksview.cli.output import Query
    from eksview.domain.rows.kube import Kind

REFUSED, USAGE, BUG = 1, 2, 70  # the last one is sysexits' EX_SOFTWARE
INTERRUPTED = 130  # what a shell says of a program ended by SIGINT
NO_READER = 141  # and by SIGPIPE

PODS_A_NODE = 8  # of a demo whose size is given by its nodes
_SIZES = ("nodes", "pods", "churn", "seed", "port", "role")


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run `eksview`; returns the exit code, 0 when done. Prints one line for what went wrong."""
    try:
        code = _run(parser().parse_args(argv), environ)
        sys.stdout.flush()
    except Usage as problem:
        return _complain(problem, USAGE)
    except UserError as problem:
        return _complain(problem, REFUSED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The interpreter flushes once more on its way out, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER
    except Exception as bug:
        if environ.get("EKSVIEW_TRACEBACK"):
            raise
        what = f"this is a bug: {type(bug).__name__}: {bug}; EKSVIEW_TRACEBACK=1 shows where"
        return _complain(what, BUG)
    return code


def settings_of(
    args: argparse.Namespace, environ: Mapping[str, str], config: Mapping[str, Any] | None = None
) -> Settings:
    """Return what flags, environment and configuration file set, and what the terminal is."""
    command = args.command or DASHBOARD
    values = resolved(OPTIONS, command, vars(args), environ, config or {})
    remote = over_ssh(environ)
    return Settings(**values, animate=not remote, over_ssh=remote)


def _complain(problem: object, code: int) -> int:
    from eksview.domain.base.text import clean

    sys.stderr.write(f"eksview: {clean(str(problem))}\n")
    return code


def _run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = read_config(config_path(), ALL_OPTIONS)
    settings = settings_of(args, environ, config)
    match args.command:
        case "get":
            return _get(settings, args, environ)
        case "demo":
            return _demo(settings, args, environ)
        case "doctor":
            return _doctor(settings, args, environ)
        case "serve":
            return _serve(settings, resolved(SERVE_OPTIONS, SERVE, vars(args), environ, config))
        case "web":
            values = resolved(WEB_OPTIONS, WEB, vars(args), environ, config)
            return _web(WebSettings(**values), words_of(OPTIONS, WEB, vars(args)))
        case _:
            return _dashboard(settings, environ)


def _dashboard(settings: Settings, environ: Mapping[str, str]) -> int:
    _need_terminal(environ)
    from eksview.cli.dashboard import run_dashboard
    from eksview.engine.backend import KubeBackend

    return run_dashboard(settings, partial(KubeBackend, environ=environ), environ)


def _demo(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from eksview_demo.options import DemoOptions

    given = {name: value for name, value in vars(args).items() if name in _SIZES}
    if "pods" not in given and "nodes" in given:
        given["pods"] = PODS_A_NODE * given["nodes"]
    options = DemoOptions(**given)
    if args.serve:
        from eksview.cli.demo_serve import serve

        return serve(options)
    _need_terminal(environ)
    from eksview.cli.demo import show

    return show(options, settings, environ)


def _serve(settings: Settings, values: Mapping[str, Any]) -> int:
    from eksview.cli.serve import share

    return share(settings, ServeSettings(**values))


def _web(settings: WebSettings, flags: Sequence[str]) -> int:
    from eksview.cli.web import web

    return web(settings.port, flags)


def _doctor(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from eksview.cli.doctor import run

    return run(settings, as_json=args.json, environ=environ)


def _get(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if args.names and (args.selector or args.field_selector):
        raise Usage("a name and a selector don't go together; leave one of them out")
    if args.names and args.all_namespaces:
        raise Usage("a name is looked for in one namespace; use -n instead of -A")
    from eksview.cli.output import Query

    question = Query(
        kind=_kind(args.resource),
        names=tuple(args.names),
        output=args.output,
        labels=args.selector,
        fields=args.field_selector,
        everywhere=args.all_namespaces,
        headers=not args.no_headers,
    )
    if args.resource in INSTANCES + CLUSTERS:
        return _get_aws(settings, args, question, environ)
    from eksview.cli.get import run

    return run(settings, question, environ)


def _kind(resource: str) -> "Kind":
    from eksview.domain.rows.kube import Kind

    if resource in INSTANCES + CLUSTERS:
        return Kind.INSTANCE
    return Kind.NODE if resource in NODES else Kind.POD


def _get_aws(
    settings: Settings,
    args: argparse.Namespace,
    question: "Query",
    environ: Mapping[str, str],
) -> int:
    if args.selector or args.field_selector:
        raise Usage(f"{args.resource} have no selectors; name the ones that are wanted")
    from eksview.cli.get_aws import instances, list_clusters

    return (instances if args.resource in INSTANCES else list_clusters)(settings, question, environ)


def _need_terminal(environ: Mapping[str, str]) -> None:
    if not (in_browser(environ) or (sys.stdin.isatty() and sys.stdout.isatty())):
        raise Usage("the dashboard needs a terminal; in a script use eksview get")
