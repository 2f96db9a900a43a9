"""What `s` is about: the machine under the cursor, and how it is reached from here."""

from collections.abc import Callable

from eksview.domain.base.reading import last_of, value_of
from eksview.domain.join.node_shell import PROGRAMS, Door, Reach
from eksview.domain.kube.node_labels import group_of, instance_id
from eksview.store.selectors.machine import Machine, machine_of_instance, machine_of_node
from eksview.store.store import Store
from eksview.ui.base.messages import OpenInstance, OpenMapped, OpenNode, Subject
from eksview.ui.base.view import View

Which = Callable[[str], str | None]
"""Where a program is on PATH; None where it isn't."""


def door_of(store: Store, subject: Subject | None) -> Door | None:
    """The machine that a cursor is on; None where there is none any more."""
    match subject:
        case OpenNode(name=name):
            return _door(machine_of_node(store, name))
        case OpenInstance(instance=instance):
            return _door(machine_of_instance(store, instance))
        case OpenMapped(key=key) if row := store.mapping.rows.get(key):
            machine = machine_of_node(store, row.node) if row.node else (
                machine_of_instance(store, row.instance)
            )  # fmt: skip
            return _door(machine)
    return None


def reach_of(view: View, which: Which | None) -> Reach:
    """How machines are reached; None: nothing is run, so what is on PATH here doesn't matter."""
    target = value_of(view.store.facts.target)
    identity = last_of(view.store.facts.aws_identity)
    settings = view.settings
    return Reach(
        programs=None if which is None else frozenset(filter(which, PROGRAMS)),
        region=identity.region if identity else settings.region or "",
        profile=identity.profile if identity else settings.profile or "",
        context=target.kubectl if target else settings.context or "",
        kubeconfig=settings.kubeconfig or "",
        jump=settings.jump,
        user=settings.ssh_user,
        image=settings.debug_image,
        writes=settings.allow_writes,
    )


def _door(machine: Machine) -> Door | None:
    node, instance = machine.node, machine.instance
    if node is None and instance is None:
        return None
    return Door(
        node=node.name if node else "",
        instance=instance.id if instance else instance_id(node.provider_id) if node else "",
        state=instance.state if instance else "",
        private=(node.internal_ip if node else "") or (instance.private_ip if instance else ""),
        public=(node.external_ip if node else "") or (instance.public_ip if instance else ""),
        kind=group_of(node.labels, node.provider_id).kind if node else "none",
    )
