"""The faults of a configuration file that only the screens can tell: themes, commands, columns."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eksview.config.file_values import FileConfig
from eksview.config.option_types import UsageError
from eksview.config.toml_entries import Fault
from eksview.config.toml_file import located, read_config
from eksview.domain.guides.object_values import SECRETS, TABLES_OF_OBJECTS, beyond_metadata
from eksview.domain.tables.mapping_columns import MAPPING_COLUMNS
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.domain.tables.nodegroup_columns import NODEGROUP_COLUMNS
from eksview.domain.tables.pod_columns import POD_COLUMNS
from eksview.ui.base.screen_registry import SCREENS
from eksview.ui.dialogs.commands import CommandError, parse, with_alias
from eksview.ui.shell.key_map import key_faults
from eksview.ui.shell.live_settings import LAST
from eksview.ui.table.chosen_columns import column_faults, order_of
from eksview.ui.table.column_layout import AnyColumn
from eksview.ui.text.textual_themes import THEME_NAMES, unknown_theme


def screen_faults(config: FileConfig) -> list[Fault]:
    """Return the faults of themes, commands, columns and orders, keys and their ids."""
    return sorted(_faults(config))


def _faults(config: FileConfig) -> Iterator[Fault]:
    for before, values in config.tables:
        theme = values.options.get("theme")
        if theme and theme not in THEME_NAMES:
            yield Fault(config.lines[f"{before}theme"], f"theme: {unknown_theme(theme)}")
    for key, command in _commands(config):
        if not command.unknown:
            yield Fault(config.lines[key], f"{key}: {command.reason}")
    yield from _alias_faults(config)
    yield from _table_faults(config)
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


def _commands(config: FileConfig) -> Iterator[tuple[str, CommandError]]:
    """Yield the keys whose command isn't one of eksview, with the reason."""
    aliases = config.values.sections.get("aliases", {})
    lines = {f"aliases.{word}": line for word, line in aliases.items()}
    for before, values in config.tables:
        view = values.options.get("view")
        if view and view != LAST:
            lines[f"{before}view"] = with_alias(view, aliases)
    for key, line in lines.items():
        command = parse(line, {"theme": THEME_NAMES})
        if not isinstance(command, CommandError) or not line.strip(" :"):
            continue
        if not (command.line and key.startswith("aliases.")):  # what it lacks may follow an alias
            yield key, command


def _alias_faults(config: FileConfig) -> Iterator[Fault]:
    for word, line in config.values.sections.get("aliases", {}).items():
        key = f"aliases.{word}"
        if word.strip(" :") != word or len(word.split()) != 1:
            yield Fault(config.lines[key], f"{key}: {word!r} isn't one word")
        elif not line.strip(" :"):
            yield Fault(config.lines[key], f"{key}: it has no command")


def _table_faults(config: FileConfig) -> Iterator[Fault]:
    """Yield the faults of columns and orders; the columns of the server's tables aren't known."""
    sections = config.values.sections
    for name, ids in sections.get("columns", {}).items():
        key = f"columns.{name}"
        yield from (Fault(config.lines[key], f"{key}: {text}") for text in _in_table(name, ids))
    for name, text in sections.get("sort", {}).items():
        key, columns = f"sort.{name}", order_of(text)[:1]
        yield from (Fault(config.lines[key], f"{key}: {text}") for text in _in_table(name, columns))


def _in_table(name: str, columns: Sequence[str]) -> Iterator[str]:
    tables = known_tables()
    meant = next((spec.name for spec in SCREENS if name in spec.aliases), "")
    if name not in tables and meant in tables:
        yield f"no table {name!r}; did you mean {meant}?"
        return
    of_objects = name not in tables or name in TABLES_OF_OBJECTS
    yield from column_faults(tables.get(name), columns, values=of_objects)
    if name == SECRETS:
        beyond = beyond_metadata(columns)
        yield from (f"{each!r}: only the metadata of secrets is read" for each in beyond)


def unchecked(config: FileConfig) -> list[Fault]:
    """Return what nothing but the server can tell to be right: its resources and their columns."""
    tables, lines = known_tables(), config.lines
    keys = (
        f"{section}.{name}"
        for section in ("columns", "sort")
        for name in config.values.sections.get(section, {})
        if name not in tables
    )
    reason = "not checked: whether the server has this resource"
    notes = [Fault(lines[key], f"{key}: {reason}, and columns of these names") for key in keys]
    notes += [Fault(lines[key], f"{key}: {reason}") for key, _ in _commands(config)]
    return sorted(notes)


def known_tables() -> Mapping[str, Sequence[AnyColumn]]:
    """Return the columns of the tables that don't come from the server, by the tables' names."""
    return {
        "nodes": NODE_COLUMNS,
        "pods": POD_COLUMNS,
        "instances": MAPPING_COLUMNS,
        "nodegroups": NODEGROUP_COLUMNS,
    }
