"""The discovery documents that `kubectl api-resources` and every client read first."""

from typing import Any

from eksview_demo.api import eks_metrics, usage
from eksview_demo.storage.resources import ALL, PODS, Resource

_READ = ["get", "list", "watch"]
_UNWATCHED = _READ[:2]
_METERED = (usage.NODE_METRICS, usage.POD_METRICS)

# Groups answered for, with the resources that aren't stored: (name, singular, kind).
_REVIEWS = {
    "authentication.k8s.io": (("selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview"),),
    "authorization.k8s.io": (
        ("selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview"),
        ("selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview"),
    ),
}
_METRICS = tuple((f"{each}/metrics", "", "Metrics") for each in eks_metrics.COMPONENTS)
_GROUPS = (
    *_REVIEWS,
    eks_metrics.GROUP,
    usage.GROUP,
    *dict.fromkeys(each.group for each in ALL if each.group),
)
_VERSIONS = {usage.GROUP: usage.VERSION}


def answer(path: str, address: str) -> dict[str, Any] | None:
    """Return the document at a discovery path; None when there is none."""
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
    stored = [_stored(each) for each in (*ALL, *_METERED) if each.group == group]
    return {
        "kind": "APIResourceList",
        **({"apiVersion": "v1"} if group else {}),
        "groupVersion": f"{group}/{_version(group)}" if group else "v1",
        "resources": [
            *stored,
            *(_described(*names, ["create"]) for names in _REVIEWS.get(group, ())),
            *(_described(*names, ["get"]) for names in _METRICS if group == eks_metrics.GROUP),
        ],
    }


def _stored(resource: Resource) -> dict[str, Any]:
    verbs = _UNWATCHED if resource in _METERED else _READ
    described = _described(
        resource.name, resource.singular, resource.kind, verbs, namespaced=resource.namespaced
    )
    if resource.short:
        described["shortNames"] = list(resource.short)
    if resource is PODS:
        described["categories"] = ["all"]
    return described


def _described(
    name: str, singular: str, kind: str, verbs: list[str], *, namespaced: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "singularName": singular,
        "namespaced": namespaced,
        "kind": kind,
        "verbs": verbs,
    }
