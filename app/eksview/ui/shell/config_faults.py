"""The faults of a configuration file that only the screens can tell: names of themes and keys."""

from collections.abc import Iterator
from pathlib import Path

from eksview.config.file_values import FileConfig
from eksview.config.option_types import UsageError
from eksview.config.toml_entries import Fault
from eksview.config.toml_file import located, read_config
from eksview.ui.shell.key_map import key_faults
from eksview.ui.text.textual_themes import THEME_NAMES, unknown_theme


def screen_faults(config: FileConfig) -> list[Fault]:
    """Return the unknown themes, binding ids and keys, and the keys with two meanings."""
    return sorted(_faults(config))


def _faults(config: FileConfig) -> Iterator[Fault]:
    for before, values in config.tables:
        theme = values.options.get("theme")
        if theme and theme not in THEME_NAMES:
            yield Fault(config.lines[f"{before}theme"], f"theme: {unknown_theme(theme)}")
    for fault in key_faults(config.values.sections.get("keys", {})):
        yield Fault(config.lines[f"keys.{fault.id}"], f"keys.{fault.id}: {fault.sentence}")


def read_for_screens(path: Path) -> FileConfig | UsageError:
    """Return the file's values, or an error with the first fault, of the screens too."""
    try:
        config = read_config(path)
    except UsageError as error:
        return error
    faults = screen_faults(config)
    return UsageError(located(path, faults[0])) if faults else config
