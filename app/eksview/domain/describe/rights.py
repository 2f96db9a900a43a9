"""Roles, their bindings and service accounts as kubectl words them."""

from collections.abc import Iterator, Sequence
from itertools import chain, product
from typing import TypeAlias

from eksview.domain.base.json_values import Json, items, texts, word
from eksview.domain.describe.common import Lines, Related, head, labels_and_annotations, named

_Rule: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""The groups, the resources, the names and the URLs of a rule, each with one entry or none."""


def role(whole: Json, _: Related) -> Lines:
    yield from named(whole, namespaced=False)
    yield from labels_and_annotations(whole)
    yield "PolicyRule:"
    yield "  Resources\tNon-Resource URLs\tResource Names\tVerbs"
    yield "  ---------\t-----------------\t--------------\t-----"
    for (groups, resources, names, urls), verbs in _compact(items(whole, "rules")):
        resource = _resource(resources, groups)
        yield f"  {resource}\t{_list(urls)}\t{_list(names)}\t{_list(verbs)}"


def _compact(rules: Sequence[Json]) -> list[tuple[_Rule, list[str]]]:
    """Return the verbs for each resource and name, in kubectl's order: as Go prints the rules.

    Verbs for a URL stay apart, as in kubectl (k8s.io/kubectl/pkg/util/rbac).
    """
    compact: list[tuple[_Rule, list[str]]] = []
    verbs_of: dict[_Rule, list[str]] = {}
    for rule, verb in chain.from_iterable(map(_broken_down, rules)):
        collected = verbs_of.get(rule)
        if collected is None or rule[3]:
            verbs_of[rule] = collected = []
            compact.append((rule, collected))
        if verb not in collected:
            collected.append(verb)
    return sorted(compact, key=_go_order)


def _broken_down(rule: Json) -> Iterator[tuple[_Rule, str]]:
    groups, resources = texts(rule, "apiGroups"), texts(rule, "resources")
    verbs, names = texts(rule, "verbs"), texts(rule, "resourceNames")
    each_name: Sequence[tuple[str, ...]] = [(name,) for name in names] or [()]
    for group, resource, verb, name in product(groups, resources, verbs, each_name):
        yield ((group,), (resource,), name, ()), verb
    for url, verb in product(texts(rule, "nonResourceURLs"), verbs):
        yield ((), (), (), (url,)), verb


def _go_order(entry: tuple[_Rule, list[str]]) -> str:
    (groups, resources, names, urls), verbs = entry
    return (
        f"Verbs:{_list(verbs)},APIGroups:{_list(groups)},Resources:{_list(resources)},"
        f"ResourceNames:{_list(names)},NonResourceURLs:{_list(urls)},"
    )


def _list(entries: Sequence[str]) -> str:
    return f"[{' '.join(entries)}]"


def _resource(resources: Sequence[str], groups: Sequence[str]) -> str:
    """Return `deployments.apps/scale`; nothing for the rule of a URL."""
    if not resources:
        return ""
    resource, slash, part = resources[0].partition("/")
    group = f".{groups[0]}" if groups and groups[0] else ""
    return f"{resource}{group}{slash}{part}"


def role_binding(whole: Json, _: Related) -> Lines:
    yield from named(whole, namespaced=False)
    yield from labels_and_annotations(whole)
    yield "Role:"
    yield f"  Kind:\t{word(whole, 'roleRef', 'kind')}"
    yield f"  Name:\t{word(whole, 'roleRef', 'name')}"
    yield from ("Subjects:", "  Kind\tName\tNamespace", "  ----\t----\t---------")
    for subject in items(whole, "subjects"):
        kind, name, namespace = (word(subject, key) for key in ("kind", "name", "namespace"))
        yield f"  {kind}\t{name}\t{namespace}"


def service_account(whole: Json, _: Related) -> Lines:
    """Yield an account and the names of its secrets, of which none is looked up."""
    yield from head(whole)
    for title, field in _SECRETS:
        names = [word(entry, "name") for entry in items(whole, field)] or ["<none>"]
        for number, name in enumerate(names):
            yield f"{title if not number else ' ' * len(title)}\t{name}"
    yield "Tokens:            \tnot read, as they are secrets"


_SECRETS = ("Image pull secrets:", "imagePullSecrets"), ("Mountable secrets: ", "secrets")
