"""`eksview completion`: shell completion by argcomplete, with names that the cluster has now.

The script that it prints runs eksview with `_ARGCOMPLETE` set; `complete` answers and ends the
process. What can't be read in time is left out: a prompt isn't the place for an error.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from argcomplete.completers import FilesCompleter, SuppressCompleter
from argcomplete.finders import CompletionFinder
from argcomplete.io import debug
from argcomplete.shell_integration import shellcode

from eksview.config.file_values import FileConfig
from eksview.config.settings import DASHBOARD, GET, LOGS, TOP, Settings, Sources, settings_from
from eksview.domain.kube.api_resource import ApiResources
from eksview.engine.connect import list_contexts, open_cluster

if TYPE_CHECKING:
    from eksview.kube.client.connection import Connection

Shell: TypeAlias = Literal["bash", "zsh", "fish"]
SHELLS: tuple[Shell, ...] = get_args(Shell)
LIMIT = 3.0  # seconds for all requests of one completion
MOST = 500  # names offered; a shell asks before it prints more than a hundred
NAMES_ONLY = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
FILES = frozenset({"FILE", "FOLDER"})
"""Values of flags that are completed as files."""

Names: TypeAlias = Iterable[str]
Read: TypeAlias = Callable[["Connection", argparse.Namespace], Awaitable[Names]]


def run(shell: Shell) -> int:
    """Print the script for a shell and return 0."""
    sys.stdout.write(shellcode(["eksview"], shell=shell).strip() + "\n")
    return 0


def complete(root: argparse.ArgumentParser, environ: Mapping[str, str] = os.environ) -> None:
    """Print what may follow the words of the command line, and end the process."""
    _attach(root, environ)
    for command in _commands(root).values():
        _attach(command, environ)
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


def _attach(parser: argparse.ArgumentParser, environ: Mapping[str, str]) -> None:
    """Set what completes the values of a parser's flags and words."""
    live: dict[str, Read] = {"namespace": _namespaces, "words": _words}
    for action in parser._actions:
        completer: Any = None
        if action.dest == "context":
            completer = _quiet(lambda args: _contexts(args, environ))
        elif read := live.get(action.dest):
            completer = _quiet(_from_cluster(read, environ))
        elif action.metavar in FILES:
            completer = FilesCompleter()
        if completer is not None:
            action.completer = completer  # type: ignore[attr-defined]


def _quiet(names: Callable[[argparse.Namespace], Names]) -> Callable[..., list[str]]:
    """Return a completer that offers nothing where names can't be read."""

    def completer(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
        try:
            found = sorted(name for name in names(parsed_args) if name.startswith(prefix))
        except Exception as error:
            debug(error)  # shown where _ARC_DEBUG is set
            return []
        return found[:MOST]

    return completer


def _settings(args: argparse.Namespace, environ: Mapping[str, str]) -> Settings:
    command = getattr(args, "command", None) or DASHBOARD
    return settings_from(Sources(command, vars(args), environ, FileConfig()))


def _contexts(args: argparse.Namespace, environ: Mapping[str, str]) -> Names:
    return [context.name for context in list_contexts(_settings(args, environ), environ)]


def _from_cluster(read: Read, environ: Mapping[str, str]) -> Callable[[argparse.Namespace], Names]:
    async def request(args: argparse.Namespace) -> Names:
        async with asyncio.timeout(LIMIT):
            async with await open_cluster(_settings(args, environ), environ) as connection:
                return await read(connection, args)

    return lambda args: asyncio.run(request(args))


async def _namespaces(connection: "Connection", _: argparse.Namespace) -> Names:
    return await _named(connection, "/api/v1/namespaces")


async def _words(connection: "Connection", args: argparse.Namespace) -> Names:
    """Return the resources for `get`, then the names of the chosen one."""
    words: Sequence[str] = getattr(args, "words", ()) or ()
    if args.command == LOGS:
        words = ("pods",)
    elif args.command == TOP and not words:
        return ("nodes", "pods")
    from eksview.kube.discovery import read_resources  # noqa: PLC0415 - flags don't wait for it

    resources = await read_resources(connection)
    if args.command == GET and not words:
        return _resource_names(resources)
    resource = resources.find(words[0])
    if resource is None:
        return ()
    namespace = getattr(args, "namespace", None) or connection.target.namespace or "default"
    everywhere = getattr(args, "all_namespaces", False)
    return await _named(connection, resource.path("" if everywhere else namespace))


def _resource_names(resources: ApiResources) -> Names:
    return {resource.name for resource in resources.resources if "list" in resource.verbs}


async def _named(connection: "Connection", path: str) -> Names:
    body = await connection.get_json(path, {"limit": str(MOST)}, accept=NAMES_ONLY)
    return [item["metadata"]["name"] for item in body["items"]]
