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
