"""`eksview config`: the place of the configuration file, a new one, and the faults in it."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from eksview.config.file_template import template
from eksview.config.option_types import UsageError
from eksview.config.toml_file import checked_config, located, read_config
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.ui.shell.config_faults import screen_faults, unchecked
from eksview.ui.shell.key_map import binding_ids, owners


def run(args: argparse.Namespace, path: Path) -> int:
    """Do what the flag says; return 1 if the file has a fault. Raises `UserError`."""
    if args.path:
        _print(path)
        return 0
    if args.keys:
        for line in _key_lines():
            _print(line)
        return 0
    if args.init:
        _write(path)
        _print(f"wrote {path}: every option is in it, commented out")
        return 0
    return _check(path)


def _key_lines() -> Iterator[str]:
    """Yield each binding's id with its usual keys and what it does."""
    keys: dict[str, set[str]] = {}
    for owner in owners():
        for id_, usual in owner.keys.items():
            keys.setdefault(id_, set()).update(usual)
    rows = [("ID", "KEYS", "ACTION")]
    rows += [(id_, ",".join(sorted(keys[id_])), binding_ids()[id_]) for id_ in sorted(keys)]
    first, second = (max(len(row[at]) for row in rows) for at in (0, 1))
    yield from (f"{id_:{first}}   {usual:{second}}   {action}" for id_, usual, action in rows)


def _write(path: Path) -> None:
    """Write a file with every option commented out, unless there is one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(template())
    except FileExistsError:
        raise UserError(f"{path} exists; it isn't overwritten") from None
    except OSError as error:
        raise UserError(f"{path} can't be written: {error.strerror}") from None


def _check(path: Path) -> int:
    lines = list(_faults(path))
    for line in lines or _notes(path):
        _print(line)
    if not lines:
        exists = "no faults" if path.exists() else "no such file; the defaults apply"
        _print(f"{path}: {exists}")
    return 1 if lines else 0


def _faults(path: Path) -> Iterator[str]:
    try:
        config, faults = checked_config(path)
    except UsageError as error:
        yield str(error)
        return
    yield from (located(path, fault) for fault in sorted([*faults, *screen_faults(config)]))


def _notes(path: Path) -> Iterator[str]:
    """Yield what isn't checked of a file without faults."""
    return (located(path, note) for note in unchecked(read_config(path)))


def _print(line: object) -> None:
    sys.stdout.write(f"{clean(str(line))}\n")
