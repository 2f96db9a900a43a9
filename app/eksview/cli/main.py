"""The entry point: reads flags and settings, then runs one command.

Heavy modules are imported by the command that needs them: `--version` and `--help` answer at once.
"""

import argparse
import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from eksview.cli.ecs_flags import check_ecs_flags
from eksview.cli.parser import (
    CLUSTERS,
    DRAIN_PLAN,
    ECS_CLUSTERS,
    ECS_INSTANCES,
    ECS_SERVICES,
    ECS_TASKS,
    INSTANCES,
    parser,
)
from eksview.cli.terminal_output import (
    open_closed_streams,
    printable_terminal,
    replace_what_the_locale_lacks,
)
from eksview.config.file_values import FileConfig
from eksview.config.option_types import UsageError, resolved, to_argv
from eksview.config.settings import (
    COMPLETION,
    CONFIG,
    DASHBOARD,
    DEMO,
    OPTIONS,
    SERVE,
    SERVE_OPTIONS,
    WEB,
    WEB_OPTIONS,
    ServeSettings,
    Settings,
    Sources,
    WebSettings,
    check_textual_variables,
    in_browser,
    settings_from,
)
from eksview.config.toml_file import config_path, read_config
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean

FAILED, USAGE, BUG = 1, 2, 70  # the last is EX_SOFTWARE of sysexits
INTERRUPTED = 130  # as a shell reports SIGINT
NO_READER = 141  # as a shell reports SIGPIPE
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # of a full or broken disk

PODS_PER_NODE = 8  # of a demo whose size is given by --nodes alone


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run a command and return its exit code. Prints an error as one line on stderr."""
    open_closed_streams()
    replace_what_the_locale_lacks()
    with printable_terminal():
        return _main(argv, environ)


def _main(argv: Sequence[str] | None, environ: Mapping[str, str]) -> int:
    _ensure_home()
    try:
        try:
            commands = parser()
            if "_ARGCOMPLETE" in environ:  # a shell completes a command line
                from eksview.cli.completion import complete

                complete(commands, environ)
            code = _run(commands.parse_args(argv), environ)
        finally:
            sys.stdout.flush()  # so that an error on stderr follows the output
    except UsageError as error:
        return _print_error(error, USAGE)
    except UserError as error:
        return _print_error(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        return _print_os_error(error, environ)
    except Exception as bug:
        return _print_bug(bug, environ)
    return code


def _print_os_error(error: OSError, environ: Mapping[str, str]) -> int:
    """Print why the output can't be written; an error about a file is a bug here."""
    lost = isinstance(error, BrokenPipeError)
    if not lost and (error.errno not in UNWRITABLE or error.filename is not None):
        return _print_bug(error, environ)
    # Python flushes stdout once more at exit, which would print another error.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if lost:
        return NO_READER
    return _print_error(f"the output can't be written: {error.strerror}", FAILED)


def _print_bug(bug: Exception, environ: Mapping[str, str]) -> int:
    if environ.get("EKSVIEW_TRACEBACK"):
        import traceback  # 3 ms of --version

        for line in traceback.format_exception(bug):
            sys.stderr.writelines(f"{clean(part)}\n" for part in line.splitlines())
        return BUG
    hint = "set EKSVIEW_TRACEBACK=1 for a traceback"
    return _print_error(f"this is a bug: {type(bug).__name__}: {bug}; {hint}", BUG)


def _ensure_home() -> None:
    """Set HOME where neither it nor an account names a folder, as container runtimes do.

    Without it the Kubernetes library can't even be imported. An empty HOME is like none.
    """
    if not os.environ.get("HOME"):
        os.environ.pop("HOME", None)
    with suppress(RuntimeError):
        if Path.home().is_absolute():
            return
    os.environ["HOME"] = "/"


def settings_of(
    args: argparse.Namespace, environ: Mapping[str, str], config: FileConfig | None = None
) -> Settings:
    """Return the settings from flags, environment, configuration file and terminal."""
    command = args.command or DASHBOARD
    return settings_from(Sources(command, vars(args), environ, config or FileConfig()))


def _print_error(error: object, code: int) -> int:
    sys.stderr.write(f"eksview: {clean(str(error))}\n")
    return code


def _run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if args.command == COMPLETION:
        from eksview.cli.completion import run as print_script

        return print_script(args.shell)
    if args.command == CONFIG:
        from eksview.cli.config import run

        return run(args, config_path())
    return _run_with_settings(args, environ)


def _run_with_settings(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    check_ecs_flags(args)
    config = read_config(config_path())
    settings = settings_of(args, environ, config)
    if config.contexts and args.command != DEMO:  # the demo's kubeconfig isn't written yet
        from eksview.engine.context_settings import in_current_context

        settings = in_current_context(settings, environ)
    match args.command:
        case "get" | "top" | "logs" | "doctor" as command:
            _log_to_file()
            printing = {"get": _get, "top": _top, "logs": _logs, "doctor": _doctor}
            return printing[command](settings, args, environ)
        case "demo":
            return _demo(settings, args, environ)
        case "serve" | "web":
            return _served(settings, args, environ, config)
        case _:
            return _dashboard(settings, environ)


def _log_to_file() -> None:
    """Keep the reports of libraries off stderr, which has one sentence for a failure."""
    from eksview.engine.logfile import log_path, start_log

    start_log(log_path())


def _dashboard(settings: Settings, environ: Mapping[str, str]) -> int:
    _require_terminal(environ)
    gc.disable()  # until the first frame is painted
    from eksview.cli.dashboard import run_dashboard
    from eksview.engine.backend import KubeBackend

    return run_dashboard(settings, partial(KubeBackend, environ=environ), environ)


def _demo(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from eksview_demo.options import DemoOptions

    fields = DemoOptions.__struct_fields__
    flags = {name: value for name, value in vars(args).items() if name in fields}
    if "pods" not in flags and "nodes" in flags:
        flags["pods"] = PODS_PER_NODE * flags["nodes"]
    options = DemoOptions(**flags)
    if args.serve:
        from eksview.cli.demo_serve import serve

        _log_to_file()
        return serve(options)
    _require_terminal(environ)
    gc.disable()  # until the first frame is painted
    from eksview.cli.demo import run

    return run(options, settings, environ)


def _doctor(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if args.node:
        from eksview.cli.doctor.node import run as run_node

        return run_node(settings, args.node, as_json=args.json, environ=environ)
    from eksview.cli.doctor.access_chain import run

    return run(settings, as_json=args.json, environ=environ)


def _get(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from eksview.cli.get.arguments import query_of

    resource, query = query_of(args)
    if resource in INSTANCES:
        from eksview.cli.get.instances import run
    elif resource in CLUSTERS:
        from eksview.cli.get.clusters import run
    elif resource in DRAIN_PLAN:
        from eksview.cli.get.drain_plan import run
    elif resource in ECS_CLUSTERS + ECS_SERVICES + ECS_INSTANCES + ECS_TASKS:
        from eksview.cli.get.ecs.command import run
    else:
        from eksview.cli.get.objects import run
    return run(settings, query, environ)


def _top(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from eksview.cli.top import run, top_query

    return run(settings, top_query(args), environ)


def _served(
    settings: Settings, args: argparse.Namespace, environ: Mapping[str, str], config: FileConfig
) -> int:
    if args.command == WEB:
        from eksview.cli.web import web

        values = resolved(WEB_OPTIONS, WEB, vars(args), environ, config.values.options)
        return web(WebSettings(**values).port, to_argv(OPTIONS, WEB, vars(args)))
    from eksview.cli.serve import serve

    check_textual_variables(environ)
    values = resolved(SERVE_OPTIONS, SERVE, vars(args), environ, config.values.options)
    return serve(settings, ServeSettings(**values))


def _logs(settings: Settings, args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from eksview.cli.logs.command import run
    from eksview.cli.logs.query import logs_query

    return run(settings, logs_query(args), environ)


def _require_terminal(environ: Mapping[str, str]) -> None:
    check_textual_variables(environ)
    if not (in_browser(environ) or (sys.stdin.isatty() and sys.stdout.isatty())):
        raise UsageError("the dashboard needs a terminal; use eksview get in scripts")
