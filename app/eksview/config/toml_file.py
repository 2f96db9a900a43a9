"""The configuration file: `config.toml` in the platform's configuration folder; optional."""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from eksview.config.option_types import Declaration, UsageError

LIMIT = 65_536  # bytes; a file with every option is a hundredth of it


def config_path() -> Path:
    """Return the path of the file: on Linux `~/.config/eksview/config.toml`."""
    return user_config_path("eksview", appauthor=False) / "config.toml"


def read_config(path: Path, options: Sequence[Declaration]) -> dict[str, Any]:
    """Return the file's values by key (`serve.port` for `port` in `[serve]`); empty for no file.

    Raises `UsageError` for a file that can't be read, an unknown key or a wrong value.
    """
    by_key = {option.key: option for option in options if not option.option.flag_only}
    tables = {option.table for option in options} - {""}
    values: dict[str, Any] = {}
    for key, value in _flattened(_read(path), tables):
        option = by_key.get(key)
        if option is None:
            raise UsageError(f"{path}: unknown option {key}{_hint(key, options)}")
        try:
            values[key] = option.read_toml(value)
        except ValueError as error:
            raise UsageError(f"{path}: {key}: {error}") from None
    return values


def _flattened(document: Mapping[str, Any], tables: set[str]) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if key in tables and isinstance(value, dict):
            yield from ((f"{key}.{name}", part) for name, part in value.items())
        else:
            yield key, value


def _hint(key: str, options: Sequence[Declaration]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - needed only for an error

    for option in options:
        if option.key == key:
            return f": it can only be set by the flag {option.flag}"
    close = get_close_matches(key, [option.key for option in options], 1)
    return f"; did you mean {close[0]}?" if close else ""


def _read(path: Path) -> dict[str, Any]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "is a folder" if stat.S_ISDIR(status.st_mode) else "isn't a regular file"
            raise UsageError(f"{path} can't be read: it {kind}")
        if status.st_size > LIMIT:
            raise UsageError(f"{path} can't be read: it is larger than {LIMIT // 1024} KiB")
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        if isinstance(error, PermissionError) and not os.access(path.parent, os.X_OK):
            # Another user's folder: HOME is still root's in a container or under sudo. As git does,
            # its file counts as absent.
            return {}
        raise UsageError(f"{path} can't be read: {error.strerror}") from None
    return _parsed(path, text)


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most users have no such file

    try:
        return tomllib.loads(text.decode())
    except UnicodeDecodeError:
        raise UsageError(f"{path} can't be read: it isn't UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = str(error) or "it is nested too deeply"
        raise UsageError(f"{path} isn't valid TOML: {reason}") from None
