"""The parts of contexts that differ: `aws eks update-kubeconfig` names each by a whole ARN."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import astuple, replace

from eksview.domain.aws.target import EksName, eks_name, endpoint_region
from eksview.domain.base.natural_key import natural_key
from eksview.domain.live.backend_protocol import ContextInfo


class ContextParts(Struct, frozen=True):
    """The parts by which a context differs from others; `server` only where there is no region."""

    name: str
    region: str = ""
    account: str = ""
    server: str = ""


def parts_of(contexts: Sequence[ContextInfo]) -> list[ContextParts]:
    """Return the parts of each context; two with equal parts keep their whole names."""
    parts = [_parts(context) for context in contexts]
    count = Counter(parts)
    return [
        replace(part, name=context.name) if count[part] > 1 else part
        for context, part in zip(contexts, parts, strict=True)
    ]


def _parts(context: ContextInfo) -> ContextParts:
    own, cluster = eks_name(context.name), eks_name(context.cluster) or EksName("", "")
    region = own.region if own else cluster.region or endpoint_region(context.server)
    server = "" if region else context.server.removeprefix("https://")
    if own is None:
        return ContextParts(context.name, region, cluster.account, server)
    if own.account:
        return ContextParts(own.cluster, region, own.account)
    name = context.name.removesuffix(f".{region}.eksctl.io")  # it begins with a user and `@`
    return ContextParts(name, region, cluster.account)


class ContextChoice(NamedTuple):
    """A context to choose: its parts, and in lower case all that it can be found by."""

    context: ContextInfo
    parts: ContextParts
    text: str


def choices_of(contexts: Sequence[ContextInfo]) -> list[ContextChoice]:
    """Return the contexts in the order of what is shown of them."""
    choices = map(_choice, contexts, parts_of(contexts))
    return sorted(choices, key=lambda choice: [natural_key(part) for part in astuple(choice.parts)])


def matching(choices: Sequence[ContextChoice], text: str) -> list[ContextChoice]:
    """Return the choices that hold every word of a text, whatever its case."""
    words = text.lower().split()
    return [choice for choice in choices if all(word in choice.text for word in words)]


def _choice(context: ContextInfo, parts: ContextParts) -> ContextChoice:
    # The random host of an EKS endpoint isn't shown, and would match most numbers.
    texts = context.name, context.cluster, context.user, context.namespace, *astuple(parts)
    return ContextChoice(context, parts, "\n".join(texts).lower())
