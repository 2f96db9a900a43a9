"""The `:` commands: their names, parsing and completion."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.near_names import FEW, brief, either, near_names, nearest_meanings
from eksview.domain.base.text import clean
from eksview.domain.guides.titles import title_of
from eksview.domain.kube.api_resource import ApiResource, ApiResources
from eksview.ui.base.screen_registry import SCREENS, ScreenSpec

Choices = Mapping[str, Sequence[str]]
"""The existing names by kind of argument; a kind without an entry accepts any name."""

NO_RESOURCES = ApiResources()
"""The resources of the API server while they are unread."""
_NAMESPACES = frozenset({"ns", "namespace", "namespaces"})
"""Words that list the namespaces, or with a name show the pods of one."""
TOP = "top"
BY_USAGE = {"pods": "cpu", "nodes": "cpu-use"}
"""The columns of usage by which `:top` sorts."""
ALL = "all"
"""The argument that stands for all namespaces."""
_PLACES = re.compile(
    r"(?<!\S)(?:(?P<all>-A|--all-namespaces)|(?:-n|--namespace)[ =]?(?P<name>[\w.-]+))(?!\S)"
)
"""kubectl's flags for namespaces."""
_FILTERING = frozenset("=!<>~|/")
"""Characters that no namespace has."""


class Spec(Struct, frozen=True):
    """A command; `argument` is the kind of name that may follow it, or must if `needed`.

    With `filters`, a filter of the table may follow.
    """

    name: str
    help: str
    title: str
    argument: str = ""
    needed: bool = False
    filters: bool = False

    @property
    def usage(self) -> str:
        """The command with what may follow it."""
        words = [f":{self.name}", self.argument.upper(), "FILTER" * self.filters]
        return " ".join(filter(None, words))


def _of_screen(screen: ScreenSpec) -> Spec:
    namespace = "namespace" if "namespace" in screen.narrowed_by else ""
    return Spec(
        screen.name,
        screen.help,
        screen.title,
        argument=screen.argument or namespace,
        filters="filter" in screen.narrowed_by,
    )


COMMANDS = (
    *map(_of_screen, SCREENS),
    Spec("ns", "pods of one or all namespaces", "Pods", argument="namespace"),
    Spec(
        "logs",
        "logs of the control plane: api, audit and others, with a pattern of CloudWatch Logs",
        "Logs",
        argument="log type",
        filters=True,
    ),
    Spec(TOP, "pods by usage of CPU, or nodes", "Pods", argument="namespace", filters=True),
    Spec("theme", "change the theme", "Theme", argument="theme", needed=True),
    Spec(
        "lang",
        "change the language of explanation and help",
        "Language",
        argument="language",
        needed=True,
    ),
    Spec("help", "all keys and commands", "Help"),
    Spec("quit", "quit eksview", "Quit"),
)
_BY_NAME = {spec.name: spec for spec in COMMANDS}
_OTHER_WORDS = {
    "namespace": "ns",
    "namespaces": "ns",
    "?": "help",
    "alias": "help",
    "aliases": "help",
    "h": "help",
    "q": "quit",
    "q!": "quit",
    "exit": "quit",
} | {alias: screen.name for screen in SCREENS for alias in screen.aliases}
ALIASES: Mapping[str, str] = {
    word: name for word, name in _OTHER_WORDS.items() if word not in _BY_NAME
}
"""Other words for commands; a command's own name stands for itself."""


K9S_WORDS = {
    "cr": "clusterroles",
    "crb": "clusterrolebindings",
    "dp": "deployments",
    "jo": "jobs",
    "np": "networkpolicies",
    "rb": "rolebindings",
    "ro": "roles",
    "sec": "secrets",
}
"""Words of k9s for resources, where they mean none of the server's. Source: its `alias.go`."""


class Command(Struct, frozen=True):
    """A parsed command: its name, its argument and a filter.

    `resource` is that of a command which names a resource of the API server, by the plural, with
    its group where the plural alone means another. `order` is the column to sort by.
    """

    name: str
    argument: str = ""
    filter: str = ""
    resource: ApiResource | None = None
    order: str = ""


class CommandError(Struct, frozen=True):
    """The reason why a text isn't a command, in one sentence, and the line to go on with.

    `unknown` is true where its first word is neither a command nor a resource.
    """

    reason: str
    line: str = ""
    unknown: bool = False


def with_alias(text: str, aliases: Mapping[str, str]) -> str:
    """Return a line in which the user's word for a command is replaced by that command."""
    word, rest = _split(text)
    return f"{aliases[word]} {rest}".strip() if word in aliases else text


def parse(
    text: str, choices: Choices, resources: ApiResources = NO_RESOURCES
) -> Command | CommandError:
    """Parse a line: a command, a resource, or the beginning of one command's name."""
    word, rest = _split(text)
    if word.lower() == TOP:
        return _top(rest, choices, resources)
    resource = _resource_of(word, rest, resources)
    if resource is None and (line := _of_one(word, rest, resources)):
        word, rest = _split(line)
        resource = _resource_of(word, rest, resources)
    if resource is not None and resource.qualified not in _BY_NAME:
        return _of_resource(resource, rest, choices, resources.name_of(resource))
    spec = _spec_of(resource.qualified if resource else word)
    return _unknown_word(word, resources) if spec is None else _of_spec(spec, rest, choices)


def _of_spec(spec: Spec, rest: str, choices: Choices) -> Command | CommandError:
    """Return a command by its specification and what follows its name."""
    if rest and not (spec.argument or spec.filters):
        return CommandError(f":{spec.name} takes no argument.")
    argument, filter_text = _arguments(spec, rest)
    if spec.needed and not argument:
        listed = ", ".join(map(clean, choices.get(spec.argument, ())))
        return CommandError(f"Usage: {spec.usage} ({listed})", f"{spec.name} ")
    names = _names(spec, choices)
    chosen = _match(argument, names) if argument and names is not None else argument
    if chosen is None and _names_namespace(spec, rest):
        chosen = argument
    if chosen is None:
        return CommandError(_unknown(spec, argument, names or ()))
    return Command(spec.name, chosen, filter_text)


def _names_namespace(spec: Spec, rest: str) -> bool:
    """Check for a line that names a namespace as such, which may have no pods."""
    if spec.argument != "namespace":
        return False
    return spec.name == "ns" or _PLACES.search(rest) is not None


def complete(
    text: str, choices: Choices, resources: ApiResources = NO_RESOURCES
) -> tuple[str, ...]:
    """Return the complete lines that the text may become, the most likely first."""
    word, space, rest = text.lstrip().removeprefix(":").partition(" ")
    if not space:
        own = list(_named(word.lower()))
        return (*own, *(name for name in _resource_names(word, resources) if name not in own))
    spec = _BY_NAME.get(ALIASES.get(word.lower(), word.lower()))
    if spec is None and (resource := _found(word, resources)) is not None:
        spec = _spec_of_resource(resource, word)
    wanted = rest.strip().lower()
    if spec is None or (spec.filters and " " in rest.lstrip()):
        return ()
    names = _names(spec, choices) or ()
    begin = [name for name in names if any(form.startswith(wanted) for form in _forms(name))]
    hold = [name for name in names if wanted in name.lower() and name not in begin]
    return tuple(f"{spec.name} {name}" for name in (*begin, *hold))


def meaning(text: str, choices: Choices, resources: ApiResources = NO_RESOURCES) -> str:
    """Return what a line does, such as `Pods in shop`; empty for one that does nothing."""
    command = parse(text, choices, resources)
    if isinstance(command, CommandError):
        return ""
    resource = command.resource
    spec = _BY_NAME[command.name] if resource is None else _spec_of_resource(resource, command.name)
    place = {"": "", ALL: " of all namespaces"}.get(command.argument, f" in {command.argument}")
    if spec.argument != "namespace":
        place = f" {command.argument}" if command.argument else ""
    with_filter = f" with {command.filter}" if command.filter else ""
    shown = clean(place + with_filter)
    return f"{spec.title}{shown}" if shown else f"{spec.title}: {spec.help}"


def is_command(text: str) -> bool:
    """Check whether the first word of a line is the whole name of a command, or a synonym."""
    word, rest = _split(text)
    name = word.lower()
    return (name in _BY_NAME or name in ALIASES) and (bool(rest) or name not in _NAMESPACES)


def takes_context(text: str) -> bool:
    """Check whether a line names a context, or is about to."""
    word, space, _ = text.lstrip().removeprefix(":").partition(" ")
    spec = _spec_of(word)
    return bool(space) and spec is not None and spec.argument == "context"


def _resource_of(word: str, rest: str, resources: ApiResources) -> ApiResource | None:
    """Return the resource that a word names, unless it names a command.

    The word for namespaces alone lists them.
    """
    if is_command(f"{word} {rest}"):
        return None
    return _found("namespaces" if word.lower() in _NAMESPACES else word, resources)


def _found(word: str, resources: ApiResources) -> ApiResource | None:
    """Return the resource that a word of kubectl or of k9s names."""
    return resources.find(word) or resources.find(K9S_WORDS.get(word.lower(), word))


def _spec_of_resource(resource: ApiResource, word: str) -> Spec:
    return Spec(
        word or resource.name,
        f"all {resource.name}",
        title_of(resource.kind, word or resource.name),
        argument="namespace" if resource.namespaced else "",
        filters=True,
    )


def _of_resource(
    resource: ApiResource, rest: str, choices: Choices, name: str
) -> Command | CommandError:
    """Return the command for a resource; namespaces without pods are accepted, too."""
    if resource.verbs and "list" not in resource.verbs:
        offered = ", ".join(map(clean, resource.verbs))
        return CommandError(f"{brief(resource.name)} can't be listed: it has only {offered}.")
    spec = _spec_of_resource(resource, "")
    argument, filter_text = _arguments(spec, rest)
    if argument:
        argument = _match(argument, _names(spec, choices) or ()) or argument
    return Command(name, argument, filter_text, resource)


def _resource_names(word: str, resources: ApiResources) -> Iterator[str]:
    """Yield the names of the resources that begin with a word, or have it for a short name."""
    wanted = word.lower()
    taken: set[str] = set()
    for each in resources.preferred if wanted else ():
        if each.verbs and "list" not in each.verbs:
            continue
        name = each.qualified if each.name in taken else each.name
        taken.add(each.name)
        if name.startswith(wanted) or wanted in each.short_names:
            yield name


def _top(rest: str, choices: Choices, resources: ApiResources) -> Command | CommandError:
    """Return the command for the pods, or the nodes, by usage; `kubectl top` has these words."""
    target, _, more = rest.partition(" ")
    kind = ALIASES.get(target.lower(), target.lower())
    name, line = (kind, more) if kind in BY_USAGE else ("pods", rest)
    command = parse(f"{name} {line}", choices, resources)
    return command if isinstance(command, CommandError) else replace(command, order=BY_USAGE[name])


def _of_one(word: str, rest: str, resources: ApiResources) -> str:
    """Return the line for `pod/NAME`, as kubectl has it; empty for other words."""
    kind, _, name = word.partition("/")
    if kind.lower() in _NAMESPACES and name:
        return f"ns {name}"
    spec = _BY_NAME.get(ALIASES.get(kind.lower(), kind.lower()))
    known = _found(kind, resources) is not None or (spec is not None and spec.filters)
    return f"{kind} name={name} {rest}".strip() if name and known else ""


def _unknown_word(word: str, resources: ApiResources) -> CommandError:
    if members := resources.category(word):
        listed = ", ".join(clean(each.name) for each in members)
        reason = f"{brief(word)} stands for several resources, of which one is shown: {listed}."
        return CommandError(reason, unknown=True)
    meanings = {**{name: name for name in _BY_NAME}, **ALIASES, **resources.words}
    meant = [ALIASES.get(name, name) for name in nearest_meanings(word, meanings)]
    unread = ", ".join(clean(group.api) for group in resources.unread)
    of_unread = f" Couldn't read the resources of {unread}." if unread else ""
    reason = f"Unknown command {brief(word)}{_hint(meant)}; `{{app.help}}` lists all.{of_unread}"
    return CommandError(reason, unknown=True)


def _split(text: str) -> tuple[str, str]:
    word, _, rest = text.strip().removeprefix(":").strip().partition(" ")
    return word, rest.strip()


def _spec_of(word: str) -> Spec | None:
    name = _match(ALIASES.get(word.lower(), word.lower()), list(_BY_NAME))
    return _BY_NAME[name] if name else None


def _arguments(spec: Spec, rest: str) -> tuple[str, str]:
    """Return the argument and the filter; `/` begins a filter, as it does in a table.

    A namespace is also given by kubectl's flags.
    """
    if not spec.filters:
        return rest, ""
    place = _PLACES.search(rest) if spec.argument == "namespace" else None
    if place is not None:
        others = f"{rest[: place.start()].rstrip()} {rest[place.end() :].lstrip()}".strip()
        return place["name"] or ALL, others.removeprefix("/").strip()
    first, _, more = rest.partition(" ")
    if not spec.argument or first.startswith("-") or _FILTERING.intersection(first):
        return "", rest.removeprefix("/").strip()
    return first, more.strip().removeprefix("/").strip()


def _names(spec: Spec, choices: Choices) -> Sequence[str] | None:
    names = choices.get(spec.argument)
    if names is None or spec.argument != "namespace":
        return names
    return [*(name for name in names if name != ALL), ALL]


def _named(word: str) -> Iterator[str]:
    """Yield the commands that begin with a word, then synonyms of others."""
    begin = [name for name in _BY_NAME if name.startswith(word)]
    yield from begin
    for alias, name in ALIASES.items():
        if word and alias.startswith(word) and name not in begin:
            yield alias


def _unknown(spec: Spec, argument: str, names: Sequence[str]) -> str:
    hint = _hint(near_names(argument, names))
    if spec.argument != "namespace":
        if not hint and len(names) <= FEW:
            hint = f" (there are {', '.join(map(brief, names)) or 'none'})"
        return f"Unknown {spec.argument} {brief(argument)}{hint}."
    more = f"; `:{spec.name} /{brief(argument)}` filters" if spec.filters else ""
    return f"No pods in namespace {brief(argument)}{hint}{more}."


def _hint(near: Sequence[str]) -> str:
    return f" (did you mean {either(near)}?)" if near else ""


def _match(text: str, names: Sequence[str]) -> str | None:
    """Return the name that equals the text, or the only one that begins with it.

    What follows an ARN's last `/` and the themes' `eksview-` counts like the whole name.
    """
    if text in names:
        return text
    wanted = text.lower()
    equal = [name for name in names if wanted in _forms(name)]
    begin = [name for name in names if any(form.startswith(wanted) for form in _forms(name))]
    for matches in (equal, begin):
        if len(matches) == 1 and wanted:
            return matches[0]
    return None


def _forms(name: str) -> tuple[str, ...]:
    whole = name.lower()
    return whole, whole.rpartition("/")[2], whole.removeprefix("eksview-")
