"""The identity of an object of the Kubernetes API."""

from msgspec import Struct


class ObjectRef(Struct, frozen=True):
    """An object by its resource and name: `api` is `v1` or `apps/v1`, `plural` is `deployments`.

    `namespace` is empty for an object without one, `uid` where it isn't known.
    """

    api: str
    kind: str
    plural: str
    name: str
    namespace: str = ""
    uid: str = ""

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api.rpartition("/")[0]

    @property
    def qualified(self) -> str:
        """The resource as kubectl takes it: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def full_name(self) -> str:
        """`namespace/name`, or the name of an object without a namespace."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def namespace_words(self) -> tuple[str, ...]:
        """The flag by which kubectl is told the namespace; empty without one."""
        return ("-n", self.namespace) if self.namespace else ()
