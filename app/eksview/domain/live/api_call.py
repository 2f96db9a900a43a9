"""A call that eksview made, and the equivalent command, both without secrets."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, quote, unquote

from msgspec import Struct

from eksview.domain.base.secrets import MASK, is_secret, mask
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.command_context import CommandContext

Service: TypeAlias = Literal["kubernetes", "aws"]
Parameters: TypeAlias = tuple[tuple[str, tuple[Clean, ...]], ...]
"""Names and values, a list as its elements."""


class ApiCall(Struct, frozen=True, gc=False):
    """A call. `took` is in seconds, to the end of the body or to the first byte of a watch."""

    number: int
    at: float
    service: Service
    verb: str  # of RBAC: "get", "list", "watch", "create"; of AWS: the operation
    target: Clean  # path and query, or "ec2 us-west-2"
    source: str  # the link or screen: "nodes", "health", "ec2"
    status: int | None = None  # of HTTP; None: no answer came
    took: float | None = None
    wait: float | None = None  # seconds to the first byte
    size: int = 0  # bytes of the body, as they came over the wire
    items: int | None = None
    parameters: Parameters = ()  # of an AWS operation, or of a review
    reason: Clean = EMPTY  # what went wrong

    @property
    def key(self) -> str:
        """The key of the call's row."""
        return str(self.number)

    @property
    def failed(self) -> bool:
        """True without an answer or with an error as the answer."""
        return self.status is None or self.status >= 400


def masked_parameters(parameters: Mapping[str, object]) -> Parameters:
    """Return an operation's parameters without secrets."""
    return tuple(
        (name, (clean(MASK),) if is_secret(name) else _masked(value))
        for name, value in parameters.items()
    )


def _masked(value: object) -> tuple[Clean, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(clean(mask(_text(item))) for item in values)


def masked_command(words: Sequence[str]) -> str:
    """Return a command line without the values of secret flags."""
    shown: list[str] = []
    for word in words:
        secret = bool(shown) and shown[-1].startswith("-") and is_secret(shown[-1])
        name, equals, _ = word.partition("=")
        if secret:
            shown.append(MASK)
        elif equals and is_secret(name):
            shown.append(f"{name}={MASK}")
        else:
            shown.append(mask(word))
    return shlex.join(shown).replace(f"'{MASK}'", MASK)


def masked_path(path: str) -> str:
    """Return a path and its query without the values of secret parameters."""
    bare, mark, query = path.partition("?")
    pairs = [
        f"{quote(name)}={MASK if is_secret(name) else quote(value, safe=':/,')}"
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not (name == "continue" and not value)
    ]
    return mask(bare + (mark + "&".join(pairs) if pairs else ""))


def verb_of(method: str, path: str) -> str:
    """Return a request's verb in RBAC.

    Source: Kubernetes "Authorization", determine the request verb.
    """
    bare, _, query = path.partition("?")
    if method != "GET":
        return {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}[method]
    parts = resource_of(bare)
    if parts is None or parts.name:
        return "get"
    return "watch" if "watch=true" in query or "watch=1" in query else "list"


class ResourcePath(Struct, frozen=True):
    """A resource of the Kubernetes API as its path names it."""

    group: str
    kind: str
    namespace: str = ""
    name: str = ""
    sub: str = ""


_PATH = re.compile(
    r"/(?:api/(?P<core>v\d\w*)|apis/(?P<group>[^/]+)/(?P<version>[^/]+))"
    r"(?:/namespaces/(?P<namespace>[^/]+))?/(?P<kind>[^/]+)(?:/(?P<name>[^/]+))?(?:/(?P<sub>.+))?"
)


def resource_of(path: str) -> ResourcePath | None:
    """Return the resource of a path without its query; None for `/readyz` and the like."""
    match = _PATH.fullmatch(path)
    if not match:
        return None
    part = {name: unquote(value or "") for name, value in match.groupdict().items()}
    return ResourcePath(part["group"], part["kind"], part["namespace"], part["name"], part["sub"])


def command(call: ApiCall, context: CommandContext) -> str:
    """Return the equivalent command for a shell."""
    return _aws(call, context) if call.service == "aws" else _kubectl(call, context)


_REVIEWS = {
    "selfsubjectreviews": "auth whoami",
    "selfsubjectaccessreviews": "auth can-i",
    "selfsubjectrulesreviews": "auth can-i --list",
}


def _kubectl(call: ApiCall, context: CommandContext) -> str:
    path, _, query = call.target.partition("?")
    resource = resource_of(path)
    if resource is not None and resource.kind in _REVIEWS:
        return context.kubectl(*_REVIEWS[resource.kind].split(), *_reviewed(call))
    if resource is not None and call.verb in ("patch", "delete", "create"):
        return _changed(call, resource, context)
    if resource is None or resource.sub or call.verb not in ("get", "list", "watch"):
        return context.kubectl("get", "--raw", call.target)
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    words = ["get", kind, *((resource.name, "-o", "yaml") if resource.name else ())]
    if resource.namespace:
        words += ["-n", resource.namespace]
    elif not resource.name and resource.kind not in _CLUSTER_SCOPED:
        words.append("-A")
    words += _options(dict(parse_qsl(query)))
    return context.kubectl(*words, *(("--watch",) if call.verb == "watch" else ()))


def _changed(call: ApiCall, resource: ResourcePath, context: CommandContext) -> str:
    """Return the command that sends the same change."""
    kind = f"{resource.kind}.{resource.group}" if resource.group else resource.kind
    sent = {name: values[0] for name, values in call.parameters if values}
    body = sent.get("body", Clean("{}"))
    if call.verb == "create":
        path = call.target.partition("?")[0]
        return f"printf %s {shlex.quote(body)} | {context.kubectl('create', '--raw', path, '-f-')}"
    words = [call.verb, kind, resource.name]
    if resource.namespace:
        words += ["-n", resource.namespace]
    if call.verb == "delete":
        words += _grace(body)
    else:
        words += [f"--subresource={resource.sub}"] if resource.sub else []
        words += [f"--type={sent.get('type', 'strategic')}", "-p", body]
    return context.kubectl(*words)


_GRACE = re.compile(r'"gracePeriodSeconds": (\d+)')


def _grace(options: str) -> list[str]:
    """Return kubectl's flags for the grace period of a deletion; it asks for --force with 0."""
    match = _GRACE.search(options)
    if match is None:
        return []
    return [f"--grace-period={match[1]}", *(["--force"] if match[1] == "0" else [])]


def _reviewed(call: ApiCall) -> Iterator[str]:
    """Yield the arguments of `auth can-i`, which asks about the context's namespace by default."""
    for name, values in call.parameters:
        match name:
            case "namespace":
                yield from ("-n", *values)
            case "subresource":
                yield f"--subresource={values[0]}"
            case _:
                yield from values


_CLUSTER_SCOPED = (
    "nodes", "clusterroles", "clusterrolebindings", "certificatesigningrequests", "nodeclaims",
    "nodepools", "namespaces",
)  # fmt: skip


def _options(query: Mapping[str, str]) -> list[str]:
    flags = (("labelSelector", "-l"), ("fieldSelector", "--field-selector"))
    return [word for name, flag in flags if query.get(name) for word in (flag, query[name])]


def _aws(call: ApiCall, context: CommandContext) -> str:
    words = [kebab(call.verb)]
    for name, values in call.parameters:
        if kebab(name) != "next-token":  # the AWS CLI turns the pages itself
            words += _flag(kebab(name), values)
    return context.aws(call.target.split(" ", 1)[0], *words)


def _flag(name: str, values: Sequence[str]) -> list[str]:
    match values:  # the AWS CLI takes a boolean as `--name` or `--no-name`
        case ("true",):
            return [f"--{name}"]
        case ("false",):
            return [f"--no-{name}"]
    return [f"--{name}", *values]


def kebab(name: str) -> str:
    """Return `describe-db-instances`, the AWS CLI's name, for `DescribeDBInstances`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1-\2", spaced).lower()


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case list() | tuple():
            return ",".join(map(_text, value))
        case dict():
            return ",".join(f"{key}={_text(item)}" for key, item in value.items())
    return str(value)
