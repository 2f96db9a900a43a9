"""Messages by which screens ask the application to open something."""

from typing import ClassVar, Self, TypeAlias

from textual.message import Message

from eksview.domain.base.text import clean
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.ecs import EcsInstanceRow, last_part
from eksview.store.store import Store


class Open(Message):
    """A request to show something; the application passes every kind to `Navigation.open`."""


class OpenFilter(Open):
    """A request to filter the table of nodes."""


class OpenPodsOf(Open):
    """A request to show the pods of a namespace."""

    def __init__(self, within: str) -> None:
        super().__init__()
        self.within = within


class OpenResource(Open):
    """A request to show the table of a resource, `within` a namespace and filtered if given.

    `named` is its plural, with the group where others have the same.
    """

    def __init__(
        self, resource: ApiResource, within: str = "", filter_text: str = "", named: str = ""
    ) -> None:
        super().__init__()
        self.named = named or resource.name
        self.resource = resource
        self.within = within
        self.filter_text = filter_text


class OpenComponent(Open):
    """A request to show a component of the control plane."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class OpenControlPlaneLog(Open):
    """A request to show a type of the control plane's logs, only what a pattern of AWS matches."""

    def __init__(self, log_type: str, pattern: str = "") -> None:
        super().__init__()
        self.log_type = log_type
        self.pattern = pattern


class OpenByKey(Open):
    """A request to show an object by its key, beginning with a tab; empty for the first."""

    def __init__(self, key: str, tab: str = "") -> None:
        super().__init__()
        self.key = key
        self.tab = tab

    TABS: ClassVar[frozenset[str]] = frozenset()
    """The tabs of its screen that a key opens from anywhere."""

    def tabs(self, store: Store) -> frozenset[str]:  # noqa: ARG002 - some objects are looked up
        """Return the tabs that `at` can be given."""
        return self.TABS

    def text(self, store: Store) -> str:  # noqa: ARG002 - some objects are looked up
        """Return the name to copy."""
        return clean(self.key)

    def ref(self, store: Store) -> ObjectRef | None:  # noqa: ARG002 - some objects are looked up
        """Return the object of the Kubernetes API; None for anything else."""
        return None

    def at(self, tab: str) -> Self:
        """Return the same request for another tab."""
        return type(self)(self.key, tab)


class OpenObject(OpenByKey):
    """A request to show an object of any resource; pods and nodes have screens of their own."""

    TABS = frozenset({"details", "events", "owners", "pods", "yaml"})

    def __init__(self, ref: ObjectRef, tab: str = "") -> None:
        super().__init__(f"{ref.kind}.{ref.api}/{ref.namespace}/{ref.name}", tab)
        self._ref = ref

    def tabs(self, store: Store) -> frozenset[str]:  # noqa: ARG002 - as its base
        match self._ref.api, self._ref.kind:
            case "v1", "Node":
                return OpenNode.TABS
            case "v1", "Pod":
                return OpenPod.TABS
        return self.TABS

    def text(self, store: Store) -> str:  # noqa: ARG002 - as its base
        return clean(self._ref.name)

    def ref(self, store: Store) -> ObjectRef:  # noqa: ARG002 - as its base
        return self._ref

    def at(self, tab: str) -> Self:
        return type(self)(self._ref, tab)


class OpenNode(OpenByKey):
    """A request to show a node."""

    TABS = frozenset(
        {"details", "drain", "ec2", "events", "history", "kubelet", "lifecycle", "pods", "yaml"}
    )

    @property
    def name(self) -> str:
        return self.key

    def ref(self, store: Store) -> ObjectRef:
        node = store.nodes.get(self.name)
        return ObjectRef("v1", "Node", "nodes", self.name, uid=node.uid if node else "")


class OpenPod(OpenByKey):
    """A request to show a pod."""

    TABS = frozenset({"details", "events", "history", "yaml"})

    @property
    def uid(self) -> str:
        return self.key

    def text(self, store: Store) -> str:
        pod = store.pods.get(self.uid)
        return pod.name if pod else ""

    def ref(self, store: Store) -> ObjectRef | None:
        pod = store.pods.get(self.uid)
        return ObjectRef("v1", "Pod", "pods", pod.name, pod.namespace, pod.uid) if pod else None


class OpenCall(OpenByKey):
    """A request to show a call of the trace; it has no tabs."""

    @property
    def number(self) -> str:
        return self.key

    def text(self, store: Store) -> str:
        request = store.requests.get(self.number)
        return request.target if request else ""


class OpenLogs(OpenObject):
    """A request to show the logs of a pod, of a workload's or a node's pods, or of a container."""

    TABS = frozenset()

    def __init__(self, ref: ObjectRef, container: str = "") -> None:
        super().__init__(ref)
        self.container = container

    def at(self, tab: str) -> Self:  # noqa: ARG002 - it has no tabs
        return type(self)(self._ref, self.container)


class OpenJournal(OpenObject):
    """A request to show the journal of a service on a node."""

    TABS = frozenset()

    def __init__(self, ref: ObjectRef, service: str) -> None:
        super().__init__(ref)
        self.service = service

    def at(self, tab: str) -> Self:  # noqa: ARG002 - it has no tabs
        return type(self)(self._ref, self.service)


class OpenInstance(OpenByKey):
    """A request to show an EC2 instance by its id; its EC2 tab is its description."""

    TABS = frozenset({"details", "ec2", "lifecycle"})

    def at(self, tab: str) -> Self:
        return super().at("ec2" if tab == "details" else tab)

    @property
    def instance(self) -> str:
        return self.key


class OpenMapped(OpenByKey):
    """A request to show a row of the mapping: the node, or the instance without a node."""

    def text(self, store: Store) -> str:
        row = store.mapping.rows.get(self.key)
        return clean(row.instance or row.node or row.key) if row else ""

    def target(self, store: Store) -> OpenNode | OpenInstance | None:
        """Return the request for what the row shows; None when the row is gone."""
        row = store.mapping.rows.get(self.key)
        if row is None:
            return None
        # A NodeClaim without an instance is shown where its instance will be.
        target = OpenNode(row.node) if row.node else OpenInstance(row.instance or row.key)
        return target.at(self.tab)

    def ref(self, store: Store) -> ObjectRef | None:
        target = self.target(store)
        return target.ref(store) if target else None

    def tabs(self, store: Store) -> frozenset[str]:
        target = self.target(store)
        return target.tabs(store) if target else self.TABS


class OpenGroup(OpenByKey):
    """A request to show the nodes and instances of a group, by its key such as `managed/ng-spot`.

    With the tab `details`, it shows the group itself.
    """

    TABS = frozenset({"details"})

    @property
    def name(self) -> str:
        return self.key.partition("/")[2]

    def text(self, store: Store) -> str:  # noqa: ARG002 - as its base
        return clean(self.name)


class OpenEcsCluster(OpenByKey):
    """A request to show an ECS cluster by its ARN."""

    TABS = frozenset({"details"})

    def text(self, store: Store) -> str:  # noqa: ARG002 - as its base
        return last_part(self.key)


class OpenService(OpenByKey):
    """A request to show a service of ECS by its ARN."""

    TABS = frozenset({"details", "events", "pods"})

    def text(self, store: Store) -> str:  # noqa: ARG002 - as its base
        return last_part(self.key)


class OpenContainerInstance(OpenByKey):
    """A request to show a machine of ECS: by the ARN of its registration, else by its EC2 ID."""

    TABS = frozenset({"details", "ec2", "pods"})

    def text(self, store: Store) -> str:
        row = store.table(EcsInstanceRow).get(self.key)
        return row.instance if row and row.instance else last_part(self.key)


class OpenTask(OpenByKey):
    """A request to show a task of ECS by its ARN, or one container of it."""

    TABS = frozenset({"details"})

    def __init__(self, key: str, tab: str = "", container: str = "") -> None:
        super().__init__(key, tab)
        self.container = container

    def text(self, store: Store) -> str:  # noqa: ARG002 - as its base
        return last_part(self.key)

    def at(self, tab: str) -> Self:
        return type(self)(self.key, tab, self.container)


class OpenTaskLog(OpenByKey):
    """A request to show the log of a container of a task."""

    def __init__(self, key: str, container: str) -> None:
        super().__init__(key)
        self.container = container

    def at(self, tab: str) -> Self:  # noqa: ARG002 - it has no tabs
        return type(self)(self.key, self.container)


class OpenRule(OpenByKey):
    """A request to show the text that grants a missing right; its key is the text."""

    TABS = frozenset({"details", "yaml"})

    def text(self, store: Store) -> str:  # noqa: ARG002 - as its base
        return self.key


Subject: TypeAlias = (
    OpenNode
    | OpenPod
    | OpenObject
    | OpenInstance
    | OpenCall
    | OpenMapped
    | OpenGroup
    | OpenRule
    | OpenEcsCluster
    | OpenService
    | OpenContainerInstance
    | OpenTask
)
"""The object under a cursor: it can be opened, and its name copied."""


class Resumed(Message):
    """A notice that a screen or a part of it has become visible and needs a frame."""
