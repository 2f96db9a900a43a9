"""A parser of command lines whose flags and names may stand anywhere, as kubectl has them."""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from eksview.config.option_types import UsageError
from eksview.config.settings import GET, LOGS, TOP
from eksview.domain.base.near_names import either, near_names

# Source: Go's strconv.ParseBool, for --all-namespaces=true.
_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})


class CommandParser(argparse.ArgumentParser):
    """A parser that raises `UsageError`, so that every error is printed by `main` in one line.

    A missing flag has no default, so that a flag can precede or follow the command.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **kwargs,
            add_help=False,  # -h is in the last group
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            formatter_class=_formatter,
        )

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the arguments; the names of `get` and `top` may stand behind its flags."""
        parsed, rest = self.parse_known_args(args, namespace)
        named = parsed.command in (GET, TOP, LOGS)
        if rest and (not named or any(word.startswith("-") for word in rest)):
            command = self._commands().get(parsed.command, self)
            command.error(f"unrecognized arguments: {' '.join(rest)}")
        if rest:
            parsed.words = [*parsed.words, *rest]
        return parsed

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        words = list(sys.argv[1:] if args is None else args)
        place, command = self._command(words)
        before, after = self._option_string_actions, command._option_string_actions
        for each, part, flags in ((self, words[:place], before), (command, words[place:], after)):
            if unknown := _unknown_flag(part, flags):
                each.error(f"unrecognized arguments: {unknown}{self._hint(unknown, each)}")
        if unknown := _misplaced_flag(words[:place], before, after):
            command.error(f"unrecognized arguments: {unknown}{self._hint(unknown, command)}")
        return super().parse_known_args(_without_values(words, before | after), namespace)

    def _commands(self) -> Mapping[str, "CommandParser"]:
        subparsers = argparse._SubParsersAction
        found = (action.choices for action in self._actions if isinstance(action, subparsers))
        return next(found, {})

    def _command(self, words: Sequence[str]) -> tuple[int, "CommandParser"]:
        """Return the parser of the command in the words, and its place; 0 and this for none."""
        commands, is_value = self._commands(), False
        for place, word in enumerate(words):
            if not is_value and word in commands:
                return place, commands[word]
            action = self._option_string_actions.get(word)
            is_value = action is not None and action.nargs != 0
        return 0, self

    def _hint(self, unknown: str, command: "CommandParser") -> str:
        """Return the other commands that have a flag, or else the flag of this one like it."""
        parsers = [each for each in (self, *self._commands().values()) if each is not command]
        if having := [each.prog for each in parsers if unknown in each._option_string_actions]:
            return f": a flag of {either(having)}"
        flags = command._option_string_actions
        names = {flag[2:]: flag for flag in flags if flag.startswith("--")}
        near = near_names(unknown[2:], names, most=1)
        return f"; did you mean {names[near[0]]}?" if near else ""

    def error(self, message: str) -> NoReturn:
        message = message.replace("argument : ", "argument COMMAND: ", 1)
        raise UsageError(f"{message}; see {self.prog} --help")

    def format_help(self) -> str:
        # argparse prints the empty name of the group of commands on a line of its own.
        return super().format_help().replace("commands:\n  \n", "commands:\n")


def _unknown_flag(words: Sequence[str], flags: Collection[str]) -> str:
    """Return the first long flag that is none of these: argparse blames the word behind it."""
    for word in words:
        if word == "--":
            break
        flag = word.partition("=")[0]
        if flag.startswith("--") and flag not in flags:
            return flag
    return ""


def _misplaced_flag(
    words: Sequence[str],
    before: Mapping[str, argparse.Action],
    after: Mapping[str, argparse.Action],
) -> str:
    """Return the first flag before a command that the command doesn't take.

    A flag of one name and another meaning, such as --watch of `get`, isn't taken either. Source:
    kubectl, which refuses a flag that its command doesn't take wherever it stands.
    """
    taken = {action.dest for action in after.values()} | {"version"}
    for word in words:
        flag = word.partition("=")[0] if word.startswith("--") else word[:2]
        if flag in before and before[flag].dest not in taken:
            return flag
    return ""


def _without_values(words: Sequence[str], flags: Mapping[str, argparse.Action]) -> list[str]:
    """Return the words with --flag for --flag=true, and without --flag=false."""
    out: list[str] = []
    for place, word in enumerate(words):
        if word == "--":
            return [*out, *words[place:]]
        flag, _, value = word.partition("=")
        action = flags.get(flag)
        if action is None or action.nargs != 0 or value not in _TRUE | _FALSE:
            out.append(word)
        elif value in _TRUE:
            out.append(flag)
        elif f"--no-{flag[2:]}" in flags:
            out.append(f"--no-{flag[2:]}")
    return out


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=27, width=80)
