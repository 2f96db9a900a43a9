"""The configuration file: `config.toml` in the platform's configuration folder; optional."""

import codecs
import os
from pathlib import Path

from platformdirs import user_config_path

from eksview.config.file_bytes import regular_bytes
from eksview.config.file_decoder import decoded
from eksview.config.file_values import FileConfig
from eksview.config.option_types import UsageError
from eksview.config.toml_entries import Fault

LIMIT = 65_536  # bytes; a file with every option is a tenth of it


def config_path() -> Path:
    """Return the path of the file: on Linux `~/.config/eksview/config.toml`."""
    return user_config_path("eksview", appauthor=False) / "config.toml"


def read_config(path: Path) -> FileConfig:
    """Return the file's values; those of an empty file for no file.

    Raises `UsageError` for a file that can't be read or has a fault.
    """
    config, faults = checked_config(path)
    if faults:
        more = f" ({len(faults) - 1} more: eksview config --check)" if len(faults) > 1 else ""
        raise UsageError(f"{located(path, faults[0])}{more}")
    return config


def checked_config(path: Path) -> tuple[FileConfig, list[Fault]]:
    """Return what is valid of the file, and every fault. Raises `UsageError` if unreadable."""
    text = _read(path)
    try:
        return decoded(text.decode())
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: it can't be read: it isn't UTF-8") from None


def located(path: Path, fault: Fault) -> str:
    """Return a fault as a line that editors can go to."""
    return f"{path}:{fault.line}: {fault.sentence}"


def _read(path: Path) -> bytes:
    try:
        return regular_bytes(path, LIMIT).removeprefix(codecs.BOM_UTF8)  # of editors on Windows
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except IsADirectoryError:
        raise UsageError(f"{path} can't be read: it is a folder") from None
    except OSError as error:
        if isinstance(error, PermissionError) and not os.access(path.parent, os.X_OK):
            # Another user's folder: HOME is still root's in a container or under sudo. As git does,
            # its file counts as absent.
            return b""
        raise UsageError(f"{path} can't be read: {error.strerror}") from None
