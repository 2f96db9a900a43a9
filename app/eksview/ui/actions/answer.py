"""The answer to the question before an action, and what a person types for it."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from eksview.domain.actions.drain_options import (
    ASKED,
    DEFAULTS,
    NOT_OPTIONS,
    DrainOptions,
    parsed_options,
)
from eksview.domain.actions.forward import parsed_ports, wished_port
from eksview.domain.actions.registry import Verb
from eksview.domain.base.text import Clean, clean
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.process.local_ports import free_port, why_taken

MOST_REPLICAS = 2**31 - 1  # of the API


class Answer(Struct, frozen=True):
    """A yes; `replicas` of a workload that is scaled, local and remote port of a forward."""

    replicas: int | None = None
    ports: tuple[int, int] | None = None
    draining: DrainOptions = DEFAULTS


class Prompt(Struct, frozen=True):
    """What is typed for an action: `read` returns the answer, or why the text is none.

    An `optional` one may be left empty. Nothing is typed without a label.
    """

    label: str = ""
    read: Callable[[str], Answer | Clean] = lambda _: Answer()
    optional: bool = False

    @property
    def required(self) -> bool:
        return bool(self.label) and not self.optional


def _replicas(text: str) -> Answer | Clean:
    replicas = whole_number_of(text)
    if replicas is None or replicas > MOST_REPLICAS:
        return clean("Type a number, 0 or more.")
    return Answer(replicas=replicas)


def _ports(text: str) -> Answer | Clean:
    ports = parsed_ports(text)
    if ports is None:
        return clean("Type a port, or two as LOCAL:REMOTE: 8080 or 8080:80.")
    local, remote = ports
    if reason := why_taken(local):
        free = free_port(wished_port(remote))
        return clean(f"Port {local} of this machine is taken: {reason}. {free} is free.")
    return Answer(ports=ports)


def _draining(text: str) -> Answer | Clean:
    options = parsed_options(text)
    return clean(NOT_OPTIONS) if options is None else Answer(draining=options)


NOTHING = Prompt()
PROMPTS: Mapping[Verb, Prompt] = {
    Verb.SCALE: Prompt("replicas", _replicas),
    Verb.FORWARD: Prompt("port, or LOCAL:REMOTE", _ports),
    Verb.DRAIN: Prompt(ASKED, _draining, optional=True),
}
"""The actions for which something is typed."""
