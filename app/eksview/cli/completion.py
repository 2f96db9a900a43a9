"""`eksview completion`: shell completion by argcomplete, with names that the cluster has now.

The script that it prints runs eksview with `_ARGCOMPLETE` set; `complete` answers and ends the
process. What can't be read in time is left out: a prompt isn't the place for an error.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias, get_args

from argcomplete.completers import FilesCompleter, SuppressCompleter
from argcomplete.finders import CompletionFinder
from argcomplete.io import debug
from argcomplete.shell_integration import shellcode

from eksview.cli.get.output_format import OUTPUTS
from eksview.cli.top_table import SortBy
from eksview.config.settings import DASHBOARD, OPTIONS, Settings, Sources, settings_from
from eksview.config.toml_file import config_path, read_config
from eksview.engine.connect import list_contexts, open_cluster
from eksview.engine.context_settings import in_current_context

Shell: TypeAlias = Literal["bash", "zsh", "fish"]
SHELLS: tuple[Shell, ...] = get_args(Shell)
LIMIT = 3.0  # seconds for all requests of one completion
FILES = frozenset({"FILE", "FOLDER"})
"""Values of flags that are completed as files."""

MOST = 500  # names offered; a shell asks before it prints more than a hundred
LIVE = frozenset({"namespace", "words", "container", "node"})
"""The flags and words of `completion_names.READS`."""

Names: TypeAlias = Iterable[str]
Offer: TypeAlias = Callable[[argparse.Namespace, str], Names]
"""What offers names for the beginning of a word; it may offer others too."""


def run(shell: Shell) -> int:
    """Print the script for a shell and return 0."""
    sys.stdout.write(shellcode(["eksview"], shell=shell).strip() + "\n")
    return 0


def complete(root: argparse.ArgumentParser, environ: Mapping[str, str] = os.environ) -> None:
    """Print what may follow the words of the command line, and end the process."""
    for name, command in {DASHBOARD: root, **_commands(root)}.items():
        for action in command._actions:
            if (completer := _completer(name, action, environ)) is not None:
                action.completer = completer  # type: ignore[attr-defined]
    _Finder()(root, always_complete_options=False, default_completer=SuppressCompleter())


class _Finder(CompletionFinder):
    """argcomplete 3.7 ends the words of a command at its first flag; here names may follow."""

    def _complete_active_option(self, parser: Any, *rest: Any) -> Any:
        if not parser.active_actions:  # neither a flag's value nor a word is next
            parser.active_actions += [each for each in parser._actions if each.dest == "words"]
        return super()._complete_active_option(parser, *rest)  # type: ignore[no-untyped-call]


def _commands(root: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Return the parsers of the commands by name."""
    actions = (each for each in root._actions if isinstance(each, argparse._SubParsersAction))
    return {name: parser for action in actions for name, parser in action.choices.items()}


def _completer(command: str, action: argparse.Action, environ: Mapping[str, str]) -> Any:
    """Return what completes the values of a flag or the words of a command; None for nothing."""
    if action.metavar in FILES:
        return FilesCompleter()
    values = _values(command, action.dest)
    if values:
        return _quiet(lambda _, __: values)
    offers: dict[str, Offer] = {
        "context": lambda args, _: _contexts(args, environ),
        "profile": lambda _, __: _profiles(environ),
        "theme": lambda _, __: _themes(),
    }
    if offer := offers.get(action.dest):
        return _quiet(offer)
    return _quiet(_from_cluster(action.dest, environ)) if action.dest in LIVE else None


def _values(command: str, name: str) -> Names:
    """Return the fixed values of a flag, where the parser itself doesn't know them."""
    match command, name:
        case ("get", "output"):
            return [
                before + equals for before, equals, _ in (each.partition("=") for each in OUTPUTS)
            ]
        case ("top", "sort_by"):
            return tuple(filter(None, get_args(SortBy)))
    return next((option.choices for option in OPTIONS if option.name == name), ())


def _quiet(offer: Offer) -> Callable[..., list[str]]:
    """Return a completer that offers nothing where names can't be read.

    A name with a control character can't be typed, and a shell would send it to the terminal.
    """

    def completer(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
        try:
            names = sorted(offer(parsed_args, prefix))
        except Exception as error:
            debug(error)  # shown where _ARC_DEBUG is set
            return []
        return [name for name in names if name.startswith(prefix) and name.isprintable()][:MOST]

    return completer


def _settings(args: argparse.Namespace, environ: Mapping[str, str]) -> Settings:
    command = getattr(args, "command", None) or DASHBOARD
    sources = Sources(command, vars(args), environ, read_config(config_path()))
    return in_current_context(settings_from(sources), environ)


def _contexts(args: argparse.Namespace, environ: Mapping[str, str]) -> Names:
    return [context.name for context in list_contexts(_settings(args, environ), environ)]


def _profiles(environ: Mapping[str, str]) -> Names:
    from eksview.aws.client.profiles import profile_names  # noqa: PLC0415 - takes botocore

    return profile_names(environ)


def _themes() -> Names:
    from eksview.ui.text.textual_themes import THEME_NAMES  # noqa: PLC0415 - takes Textual

    return THEME_NAMES


def _from_cluster(name: str, environ: Mapping[str, str]) -> Offer:
    async def request(args: argparse.Namespace, prefix: str) -> Names:
        from eksview.cli.completion_names import READS  # noqa: PLC0415 - flags don't wait for it

        async with asyncio.timeout(LIMIT):
            async with await open_cluster(_settings(args, environ), environ) as connection:
                return await READS[name](connection, args, prefix)

    return lambda args, prefix: asyncio.run(request(args, prefix))
