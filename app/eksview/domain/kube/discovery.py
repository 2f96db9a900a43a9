"""What API discovery answers: one document for all groups, or one for each group (older servers).

Source: Kubernetes "The Kubernetes API" (aggregated discovery), apidiscovery.k8s.io/v2 and v2beta1,
and client-go's `SplitGroupsAndResources`.
"""

from collections.abc import Iterator

from msgspec import Struct, field

from eksview.domain.base.text import Clean, clean, clean_name
from eksview.domain.kube.api_resource import ApiResource, ApiResources, UnreadGroup

ACCEPT = ",".join(
    (
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        "application/json",
    )
)
KINDS = ("APIGroupDiscoveryList", "APIVersions", "APIGroupList")
STALE = Clean("its API service doesn't answer; the API server has no current list of its resources")


class _ResponseKind(Struct):
    kind: str = ""


class _Resource(Struct, rename="camel"):
    resource: str = ""
    response_kind: _ResponseKind | None = None
    scope: str = ""
    singular_resource: str = ""
    verbs: list[str] | None = None
    short_names: list[str] | None = None
    categories: list[str] | None = None


class _DiscoveredVersion(Struct):
    version: str = ""
    freshness: str = ""
    resources: list[_Resource] | None = None


class _GroupName(Struct):
    name: str = ""


class _Group(Struct):
    metadata: _GroupName = field(default_factory=_GroupName)
    versions: list[_DiscoveredVersion] | None = None


class _NamedVersion(Struct):
    version: str = ""


class _NamedGroup(Struct, rename="camel"):
    name: str = ""
    versions: list[_NamedVersion] | None = None
    preferred_version: _NamedVersion | None = None


class DiscoveryAnswer(Struct):
    """The answer at `/api` or `/apis`: `items` if it is aggregated, else the names of versions."""

    kind: str = ""
    items: list[_Group] | None = None
    groups: list[_NamedGroup] | None = None
    versions: list[str] | None = None

    @property
    def foreign(self) -> bool:
        """Return whether it is no discovery, which would look like a server without resources."""
        return self.kind not in KINDS

    @property
    def aggregated(self) -> bool:
        return self.kind == "APIGroupDiscoveryList"

    def group_versions(self) -> Iterator[tuple[str, str]]:
        """Yield each group and version, the preferred one first; the core group is empty."""
        for version in self.versions or ():
            yield "", version
        for group in self.groups or ():
            names = [version.version for version in group.versions or ()]
            first = group.preferred_version.version if group.preferred_version else ""
            for name in sorted(names, key=lambda name: name != first):
                yield group.name, name

    def resources(self) -> ApiResources:
        """Return the resources of an aggregated answer."""
        resources: list[ApiResource] = []
        unread: list[UnreadGroup] = []
        for group in self.items or ():
            name = group.metadata.name
            for version in group.versions or ():
                if version.freshness == "Stale":
                    unread.append(UnreadGroup(api_of(name, version.version), STALE))
                    continue
                resources += filter(
                    None,
                    (_described(name, version.version, each) for each in version.resources or ()),
                )
        return ApiResources(tuple(resources), tuple(unread))


class _ListedResource(Struct, rename="camel"):
    name: str = ""
    kind: str = ""
    singular_name: str = ""
    namespaced: bool = False
    verbs: list[str] | None = None
    short_names: list[str] | None = None
    categories: list[str] | None = None


class ResourceList(Struct):
    """The answer about one group and version of a server without aggregated discovery."""

    kind: str = ""
    resources: list[_ListedResource] | None = None

    @property
    def foreign(self) -> bool:
        return self.kind != "APIResourceList"

    def of(self, group: str, version: str) -> list[ApiResource]:
        return [
            _resource(
                group,
                version,
                each.name,
                each.kind,
                each.singular_name,
                each.short_names,
                namespaced=each.namespaced,
                verbs=each.verbs,
                categories=each.categories,
            )
            for each in self.resources or ()
            if each.name and each.kind and "/" not in each.name
        ]


def api_of(group: str, version: str) -> str:
    """Return `apps/v1`, or `v1` for the core group."""
    return clean(f"{group}/{version}" if group else version)


def _described(group: str, version: str, each: _Resource) -> ApiResource | None:
    """Return a resource; None for what has only subresources, which names no kind."""
    kind = each.response_kind.kind if each.response_kind else ""
    if not (each.resource and kind):
        return None
    return _resource(
        group,
        version,
        each.resource,
        kind,
        each.singular_resource,
        each.short_names,
        namespaced=each.scope == "Namespaced",
        verbs=each.verbs,
        categories=each.categories,
    )


def _resource(  # noqa: PLR0913 - the fields of both forms of discovery
    group: str,
    version: str,
    name: str,
    kind: str,
    singular: str,
    short: list[str] | None,
    *,
    namespaced: bool,
    verbs: list[str] | None,
    categories: list[str] | None,
) -> ApiResource:
    return ApiResource(
        group=clean_name(group),
        version=clean_name(version),
        name=clean_name(name),
        kind=clean_name(kind),
        singular=clean_name(singular),
        short_names=tuple(map(clean_name, short or ())),
        namespaced=namespaced,
        verbs=tuple(map(clean_name, verbs or ())),
        categories=tuple(map(clean_name, categories or ())),
    )
