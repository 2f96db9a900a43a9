"""What is read of objects before a person is asked about a change of them."""

from collections.abc import Mapping

from msgspec import Struct, field

from eksview.domain.base.text import Clean
from eksview.domain.drain.objects import DrainMeta
from eksview.domain.kube.object_ref import ObjectRef


class ActedSpec(Struct, gc=False):
    replicas: int | None = None
    paused: bool | None = None
    unschedulable: bool | None = None


class ActedObject(Struct, gc=False):
    """An object that an action is about."""

    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: ActedSpec = field(default_factory=ActedSpec)


class ScaleTarget(Struct, gc=False):
    kind: str = ""
    name: str = ""


class AutoscalerSpec(Struct, rename="camel", gc=False):
    scale_target_ref: ScaleTarget = field(default_factory=ScaleTarget)
    min_replicas: int | None = None
    max_replicas: int = 0


class Autoscaler(Struct, gc=False):
    """A HorizontalPodAutoscaler."""

    metadata: DrainMeta = field(default_factory=DrainMeta)
    spec: AutoscalerSpec = field(default_factory=AutoscalerSpec)


class ActionFacts(Struct, frozen=True):
    """The objects by reference, as far as they could be read, and their autoscalers."""

    objects: Mapping[ObjectRef, ActedObject] = {}
    autoscalers: tuple[Autoscaler, ...] = ()
    unread: tuple[Clean, ...] = ()
