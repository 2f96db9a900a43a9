"""The commands of a chapter, with the values and options of this cluster."""

import shlex
from collections.abc import Iterator

from eksview.domain.explain.chapter_text import placeholders
from eksview.domain.explain.chapters import ChapterSpec
from eksview.domain.explain.value import Values
from eksview.domain.live.command_context import CommandContext


def chapter_commands(
    spec: ChapterSpec, values: Values, commands: CommandContext
) -> tuple[str, ...]:
    """Return the commands for a shell; without those that need a value which was never read."""
    return tuple(_filled_commands(spec, values, commands))


def _filled_commands(spec: ChapterSpec, values: Values, commands: CommandContext) -> Iterator[str]:
    texts = {name: str(value.text) for name, value in values.items()}
    for template in spec.commands:
        if not all(texts.get(name) for name in placeholders(template)):
            continue
        program, *words = (word.format_map(texts) for word in shlex.split(template))
        yield commands.aws(*words) if program == "aws" else commands.kubectl(*words)
