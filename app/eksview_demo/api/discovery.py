"""The discovery documents that `kubectl api-resources` and every client read first.

Served in both forms: a document for each group version, and all of them at once (aggregated).
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.api import eks_metrics, usage
from eksview_demo.storage.resources import ALL, Resource

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_READ = ("get", "list", "watch")
_UNWATCHED = _READ[:2]
_METERED = (usage.NODE_METRICS, usage.POD_METRICS)


class Advertised(Struct, frozen=True):
    """A resource, or a subresource `parent/name`, as discovery lists it."""

    name: str
    singular: str
    kind: str
    verbs: tuple[str, ...]
    namespaced: bool = False
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def legacy(self) -> dict[str, Any]:
        """Return the APIResource of an APIResourceList."""
        described: dict[str, Any] = {
            "name": self.name,
            "singularName": self.singular,
            "namespaced": self.namespaced,
            "kind": self.kind,
            "verbs": self.verbs,
        }
        described |= {"shortNames": self.short} if self.short else {}
        described |= {"group": "policy", "version": "v1"} if self.kind == "Eviction" else {}
        return described | ({"categories": self.categories} if self.categories else {})

    def aggregated(self) -> dict[str, Any]:
        """Return the APIResourceDiscovery, without subresources."""
        described: dict[str, Any] = {
            "resource": self.name,
            "responseKind": _response_kind(self.kind),
            "scope": "Namespaced" if self.namespaced else "Cluster",
            "singularResource": self.singular,
            "verbs": self.verbs,
        }
        described |= {"shortNames": self.short} if self.short else {}
        return described | ({"categories": self.categories} if self.categories else {})


def _response_kind(kind: str) -> dict[str, str]:
    """Return a kind of the group version that it is listed in."""
    policy = {"group": "policy", "version": "v1"} if kind == "Eviction" else {}
    return {"group": "", "version": "", **policy, "kind": kind}


# Groups answered for, with the resources that aren't stored.
_CREATE = ("create",)
_REVIEWS = {
    "authentication.k8s.io": (
        Advertised("selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview", _CREATE),
    ),
    "authorization.k8s.io": (
        Advertised(
            "selfsubjectaccessreviews",
            "selfsubjectaccessreview",
            "SelfSubjectAccessReview",
            _CREATE,
        ),
        Advertised(
            "selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview", _CREATE
        ),
    ),
}
_EVICTION = Advertised("pods/eviction", "", "Eviction", _CREATE, True)
"""kubectl drain deletes pods, against their budgets, where this isn't advertised."""
_METRICS = tuple(
    Advertised(f"{each}/metrics", "", "Metrics", ("get",)) for each in eks_metrics.COMPONENTS
)
_GROUPS = (
    *_REVIEWS,
    eks_metrics.GROUP,
    usage.GROUP,
    *dict.fromkeys(each.group for each in ALL if each.group),
)
_VERSIONS = {each.group: each.version for each in (*ALL, *_METERED)}


class Discovery:
    """What the server says of its resources.

    `aggregated` False: a server before 1.26. `down` names the groups whose API service doesn't
    answer.
    """

    def __init__(self) -> None:
        self.aggregated = True
        self.down: set[str] = set()

    def wants_aggregated(self, path: str, accept: str) -> bool:
        """Return whether a request gets the aggregated form."""
        first = accept.split(",", 1)[0].replace(" ", "")
        parameters = set(first.split(";"))
        return (
            self.aggregated
            and path in ("/api", "/apis")
            and {"g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList"} <= parameters
        )

    def is_down(self, path: str) -> bool:
        """Return whether a path belongs to an API service that doesn't answer."""
        parts = path.strip("/").split("/")
        return len(parts) > 2 and parts[0] == "apis" and parts[1] in self.down

    def groups(self, path: str) -> tuple[bytes, str]:
        """Return the aggregated document at `/api` or `/apis`, and its ETag."""
        names = ("",) if path == "/api" else _GROUPS
        document = {
            "kind": "APIGroupDiscoveryList",
            "apiVersion": "apidiscovery.k8s.io/v2",
            "metadata": {},
            "items": [self._discovered(name) for name in names],
        }
        body = msgspec.json.encode(document) + b"\n"
        return body, f'"{hashlib.sha512(body).hexdigest().upper()}"'

    def _discovered(self, group: str) -> dict[str, Any]:
        version = {
            "version": _version(group),
            "resources": _nested(_advertised(group)),
            "freshness": "Stale" if group in self.down else "Current",
        }
        return {"metadata": {"name": group} if group else {}, "versions": [version]}


def answer(path: str, address: str) -> dict[str, Any] | None:
    """Return the unaggregated document at a path; None when there is none."""
    if path == "/api":
        return _versions(address)
    if path == "/apis":
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [*map(_group, _GROUPS)]}
    if path == "/api/v1":
        return _resources("")
    group, _, version = path.removeprefix("/apis/").partition("/")
    if group not in _GROUPS or version not in ("", _version(group)):
        return None
    if version:
        return _resources(group)
    return {"kind": "APIGroup", "apiVersion": "v1"} | _group(group)


def _versions(address: str) -> dict[str, Any]:
    server = {"clientCIDR": "0.0.0.0/0", "serverAddress": address}
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [server]}


def _group(name: str) -> dict[str, Any]:
    version = {"groupVersion": f"{name}/{_version(name)}", "version": _version(name)}
    return {"name": name, "versions": [version], "preferredVersion": version}


def _version(group: str) -> str:
    return _VERSIONS.get(group, "v1")


def _resources(group: str) -> dict[str, Any]:
    return {
        "kind": "APIResourceList",
        **({"apiVersion": "v1"} if group else {}),
        "groupVersion": f"{group}/{_version(group)}" if group else "v1",
        "resources": [each.legacy() for each in _advertised(group)],
    }


def _advertised(group: str) -> Iterator[Advertised]:
    for resource in (*ALL, *_METERED):
        if resource.group == group:
            yield _stored(resource)
    if not group:
        yield _EVICTION
    yield from _REVIEWS.get(group, ())
    if group == eks_metrics.GROUP:
        yield from _METRICS


def _stored(resource: Resource) -> Advertised:
    return Advertised(
        resource.name,
        resource.singular,
        resource.kind,
        _UNWATCHED if resource in _METERED else _READ,
        resource.namespaced,
        resource.short,
        resource.categories,
    )


def _nested(listed: Iterator[Advertised]) -> list[dict[str, Any]]:
    """Return the resources with their subresources below them, as aggregated discovery has them."""
    made: dict[str, dict[str, Any]] = {}
    for each in listed:
        parent, _, name = each.name.partition("/")
        if not name:
            made[parent] = each.aggregated()
            continue
        # A parent that can't be read itself has neither a kind nor verbs.
        above = made.setdefault(parent, Advertised(parent, "", "", ()).aggregated())
        kind = {"subresource": name, "responseKind": _response_kind(each.kind)}
        above.setdefault("subresources", []).append(kind | {"verbs": each.verbs})
    return list(made.values())
