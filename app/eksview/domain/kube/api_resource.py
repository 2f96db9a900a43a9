"""The resources of an API server, and the one that a word means."""

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.near_names import nearest_meanings
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.object_ref import ObjectRef


class ApiResource(Struct, frozen=True):
    """A resource in a version of the API, as discovery describes it; `name` is the plural."""

    group: str
    version: str
    name: str
    kind: str
    singular: str = ""
    short_names: tuple[str, ...] = ()
    namespaced: bool = True
    verbs: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def api(self) -> str:
        """The group and version as an object's `apiVersion` has them: `apps/v1`, `v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """The name with its group: `deployments.apps`, `pods`."""
        return f"{self.name}.{self.group}" if self.group else self.name

    @property
    def is_secret(self) -> bool:
        """Return whether its objects hold values that are never requested."""
        return self.qualified == "secrets"

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return the path of all objects, of those of a namespace, or of one by its name."""
        path = f"/apis/{self.api}" if self.group else f"/api/{self.api}"
        if namespace and self.namespaced:
            path += f"/namespaces/{quote(namespace, safe='')}"
        return f"{path}/{self.name}" + (f"/{quote(name, safe='')}" if name else "")


def resource_of(ref: ObjectRef) -> ApiResource:
    """Return the resource that a reference with a plural names."""
    version = ref.api.rpartition("/")[2]
    return ApiResource(ref.group, version, ref.plural, ref.kind, namespaced=bool(ref.namespace))


def object_path(ref: ObjectRef, sub: str = "") -> str:
    """Return the path of an object, or of its subresource."""
    path = resource_of(ref).path(ref.namespace, ref.name)
    return f"{path}/{sub}" if sub else path


class UnreadGroup(Struct, frozen=True):
    """A group and version (`metrics.k8s.io/v1beta1`) whose resources couldn't be read, and why."""

    api: str
    reason: Clean


class _Reading(Struct, frozen=True):
    """A word taken apart; `group` may be the beginning of a group, both may be empty."""

    name: str
    group: str = ""
    version: str = ""


class ApiResources(Struct, frozen=True):
    """All resources of a server in all versions, in kubectl's order of preference.

    That is the server's order of groups, and in a group the preferred version before the others.
    Subresources are left out.
    """

    resources: tuple[ApiResource, ...] = ()
    unread: tuple[UnreadGroup, ...] = ()

    @property
    def preferred(self) -> tuple[ApiResource, ...]:
        """Each resource once, in the version that kubectl prefers."""
        first: dict[str, ApiResource] = {}
        for resource in self.resources:
            first.setdefault(resource.qualified, resource)
        return tuple(first.values())

    def find(self, word: str) -> ApiResource | None:
        """Return what `kubectl get WORD` takes a word for; None where it knows none.

        A word is a plural, singular or short name, `deployments.apps`, `deployments.v1.apps`, or a
        kind with its group; also `apps/deployments` and `apps/v1/deployments`. Source:
        cli-runtime's `Builder.mappingFor`, apimachinery's REST mappers, client-go's
        `shortcutExpander`.
        """
        readings = list(_readings(word))
        return next(filter(None, map(self._by_name, readings)), None) or next(
            filter(None, map(self._by_kind, readings)), None
        )

    def of_kind(self, api: str, kind: str) -> ApiResource | None:
        """Return the resource of a kind, such as that of an owner reference.

        A version that the server no longer has is replaced by the one that it prefers.
        """
        group = api.rpartition("/")[0]
        of_kind = [each for each in self.resources if (each.group, each.kind) == (group, kind)]
        return next((each for each in of_kind if each.api == api), next(iter(of_kind), None))

    def completed(self, ref: ObjectRef) -> ObjectRef:
        """Return a reference with its plural, and without a namespace where its kind has none."""
        resource = self.of_kind(ref.api, ref.kind)
        if resource is None:
            return ref
        namespace = ref.namespace if resource.namespaced else ""
        return replace(ref, api=resource.api, plural=resource.name, namespace=namespace)

    def name_of(self, resource: ApiResource) -> str:
        """Return the plural, with its group where the plural alone means another resource."""
        meant = self.find(resource.name)
        alone = meant is None or meant.qualified == resource.qualified
        return resource.name if alone else resource.qualified

    def kind_of(self, resource: ApiResource) -> str:
        """Return the kind, with its group where the kind alone means another resource."""
        meant = self.find(resource.kind)
        alone = meant is None or meant.qualified == resource.qualified
        return resource.kind if alone else f"{resource.kind}.{resource.group}"

    def category(self, word: str) -> tuple[ApiResource, ...]:
        """Return the resources of a category such as `all`; none for any other word."""
        return tuple(each for each in self.preferred if word in each.categories)

    def near(self, word: str) -> list[str]:
        """Return the names that a mistyped word may mean, one of each resource."""
        return nearest_meanings(word, self.words)

    @property
    def words(self) -> Mapping[str, str]:
        """The words for each resource, with its qualified name; the preferred meaning counts."""
        words: dict[str, str] = {}
        for each in self.preferred:
            for word in (each.name, each.qualified, each.singular, *each.short_names):
                words.setdefault(word, each.qualified)
        words.pop("", None)
        return words

    def _by_name(self, reading: _Reading) -> ApiResource | None:
        wanted = self._expanded(reading)
        name = wanted.name.lower()
        return self._first(
            lambda each: (
                name in (each.name, each.singular or each.kind.lower())
                and (
                    each.group == wanted.group
                    if wanted.version
                    else each.group.startswith(wanted.group)
                )
                and wanted.version in ("", each.version)
            )
        )

    def _by_kind(self, reading: _Reading) -> ApiResource | None:
        return self._first(
            lambda each: (
                reading.name in (each.kind, each.kind.lower())
                and each.group == reading.group
                and reading.version in ("", each.version)
            )
        )

    def _expanded(self, reading: _Reading) -> _Reading:
        """Return the reading with the plural and group of a short name."""
        group, name = reading.group, reading.name
        exact = self._first(
            lambda each: group in ("", each.group) and name in (each.name, each.singular)
        )
        if exact is not None:
            return reading
        short = self._first(lambda each: group in ("", each.group) and name in each.short_names)
        if short is None and group:
            short = self._first(
                lambda each: each.group.startswith(group) and name in each.short_names
            )
        if short is None:
            return reading
        return _Reading(short.name, short.group)  # kubectl takes its preferred version

    def _first(self, wanted: Callable[[ApiResource], bool]) -> ApiResource | None:
        return next(filter(wanted, self.resources), None)


def _readings(word: str) -> Iterator[_Reading]:
    """Yield what a word may be, as apimachinery's ParseResourceArg does."""
    api, slash, name = word.rpartition("/")
    if slash:
        group, _, version = api.rpartition("/")
        versioned = bool(group) or api == "v1"
        yield _Reading(name, group, version) if versioned else _Reading(name, api)
        return
    if word.count(".") >= 2:
        name, version, group = word.split(".", 2)
        yield _Reading(name, group, version)
    name, _, group = word.partition(".")
    yield _Reading(name, group)


def unknown_resource(resources: ApiResources, word: str) -> str:
    """Return kubectl's sentence for a word that names no resource, and what it may mean.

    Groups that couldn't be read are named: the resource may be one of theirs.
    """
    near = ", ".join(resources.near(word))
    meant = f" (did you mean {near}?)" if near else ""
    unread = ", ".join(each.api for each in resources.unread)
    of_unread = f"; couldn't read {unread}" if unread else ""
    return clean(f'the server doesn\'t have a resource type "{word}"{meant}{of_unread}')


def resource_gone(name: str, group: str) -> Clean:
    """Return the sentence for a resource that the server doesn't have, or no longer."""
    qualified = f"{name}.{group}" if group else name
    return clean(
        f"The server has no resource {qualified}: its CustomResourceDefinition or API service was "
        "deleted, or this version doesn't have it."
    )
