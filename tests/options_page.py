"""Generator of docs/options.md from the options' declarations: `python -m tests.options_page`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from msgspec import Struct
from msgspec.structs import fields

from eksview.config.file_template import described
from eksview.config.option_types import Declaration
from eksview.config.settings import ALL_OPTIONS, DASHBOARD, SECTIONS, Settings

PAGE = Path(__file__).parents[1] / "docs" / "options.md"

HEAD = """\
# Options

<!-- Generated from the declarations in `config/settings.py` by `python -m tests.options_page`. -->

The first of these that sets an option wins:

1. a flag; `--no-NAME` turns an option off,
2. an environment variable; an empty one sets nothing, and a switch takes `true`/`false`,
   `yes`/`no`, `on`/`off` or `1`/`0`,
3. a key in the configuration file,
4. the default.

The configuration file is `config.toml` in the platform's configuration folder: on Linux
`$XDG_CONFIG_HOME/eksview`, else `~/.config/eksview`; on macOS `~/Library/Application
Support/eksview`. It is optional. An unknown key or a wrong value is an error with its line;
`eksview config --check` lists all of them, `--init` writes a file with every option as a comment
and overwrites none, `--path` prints the path. No option holds a secret: credentials come from the
kubeconfig and from AWS's own files and variables.

```toml
context = "staging"
low_bandwidth = true

[serve]
port = 2200

[contexts."*prod*"]
namespace = "shop"
jump = "ops@bastion"
```

The flag `--cluster` overrides a context or a kubeconfig that a variable or the file sets, and vice
versa. A command refuses a flag that it doesn't take, before or after its name, and ignores the
variables and keys of such options. `eksview get`, `doctor` and `demo` have more flags:
`eksview COMMAND --help`.

## Options for some contexts

A table `[contexts."PATTERN"]`, or `[context."PATTERN"]` in a file without a key `context`, holds
options for the contexts that the pattern matches: `*`, `?` and `[...]`, or the whole name. They
count at start and after a switch, behind flags and variables. If several patterns match, the one
with the most literal characters comes first, an equal name before all patterns, and of equals the
last in the file; a key that it doesn't set comes from the next one, at last from the whole file.
With `--cluster` and without a kubeconfig, the name is the EKS cluster's. These options may be in
such a table: {per_context}.

## A file that changes

The dashboard looks at the file once a second and reads it again when it has changed: theme, keys,
aliases, thresholds and the options of sessions count at once, the others at the next start, which a
message says. If the file has a fault or can't be read, the options before it stay in use and a
message names the line. A removed file is an empty one. What eksview itself keeps, the commands
typed after `:` and the last screen, is in `state.json` in the platform's state folder
(`~/.local/state/eksview` on Linux).

## Exit codes and time limits

| code | meaning |
|---|---|
| 0 | done |
| 1 | refused, missing or unreachable; for `doctor`: a step is broken or a check has failed |
| 2 | wrong usage, also in the environment or the configuration file (kubectl has 1 for it) |
| 70 | a bug of eksview |
| 130, 141 | interrupted (1 for `logs` and `get -w`, as kubectl); the reader has gone |

`eksview get` waits 65 s for each answer of the API server, which itself gives up after 60 s.
`--request-timeout` sets a time for the whole of each request instead, as kubectl's does: `30`,
`1m30s`, or `0` for no limit; a watch (`-w`) ends after it. The calls to AWS of `get instances` end
within 45 s, as those of the lists of ECS, of `get clusters` within 20 s. `eksview doctor` ends
within 20 s, with `--node` within 40 s. All of them say on stderr what they wait for when it takes
longer than 3 s: a credential plugin, a proxy, the API server or AWS.
"""


def page() -> str:
    groups: dict[str, list[Declaration]] = {}
    for option in ALL_OPTIONS:
        groups.setdefault(option.option.group.title, []).append(option)
    head = HEAD.format(per_context="\n".join(wrap(", ".join(_per_context()), 100)))
    tables = "".join(line for group in groups.items() for line in _section(*group))
    return head + tables + "".join(_file_tables())


def _per_context() -> Iterator[str]:
    yield from (f"`{option.key}`" for option in ALL_OPTIONS if option.option.per_context)
    yield from (f"`[{name}]`" for name, (_, section) in SECTIONS.items() if section.per_context)


def _file_tables() -> Iterator[str]:
    """Yield the tables that only the file has."""
    yield "\n## Tables of the file\n"
    for name, (_, section) in SECTIONS.items():
        yield f"\n### `[{name}]`\n\n{section.help[0].upper()}{section.help[1:]}.\n"
        if section.example:
            yield f"\n```text\n[{name}]\n{section.example}\n```\n"
        default = getattr(Settings(), name)
        if isinstance(default, Struct):
            yield "\n| key | default | description |\n|---|---|---|\n"
            for field in fields(default):
                yield f"| `{field.name}` | `{field.default}` | {described(field)} |\n"


def _section(title: str, options: list[Declaration]) -> Iterator[str]:
    yield f"\n## {title[0].upper()}{title[1:]}\n\n"
    yield "| flag | variable | key | default | description | commands |\n"
    yield "|---|---|---|---|---|---|\n"
    for option in options:
        yield f"| {' | '.join(_cells(option))} |\n"


def _cells(option: Declaration) -> Iterator[str]:
    short = f"`{option.option.short}`, " if option.option.short else ""
    value = "" if option.type is bool else f" {option.option.metavar}"
    yield f"{short}`{option.flag}{value}`"
    yield "" if option.option.flag_only else f"`{option.variable}`"
    yield "" if option.option.flag_only else f"`{option.key}`"
    yield option.option.unset or _default(option)
    yield option.help
    yield ", ".join(command or "dashboard" for command in _commands(option))


def _default(option: Declaration) -> str:
    if option.type is bool:
        return "on" if option.default else "off"
    if option.is_list:
        return ", ".join(f"`{part}`" for part in option.default)
    return (
        f"`{option.default:g}`"
        if option.type is float
        else f"`{option.default}`" * bool(str(option.default))
    )


def _commands(option: Declaration) -> list[str]:
    return sorted(option.commands, key=lambda command: (command != DASHBOARD, command))


if __name__ == "__main__":
    PAGE.write_text(page())
    print(PAGE)
    sys.exit(0)
