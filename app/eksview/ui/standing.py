"""Our standing, read from the store: what the access chain is made of."""

from typing import TypeVar

from eksview.domain.access_chain import Inputs
from eksview.domain.access_facts import (
    CredentialFact,
    EndpointFact,
    KubeconfigFact,
    RbacFact,
    RightsFact,
    WhoFact,
)
from eksview.domain.aws_links import LINK_OF
from eksview.domain.aws_rows import AccessEntryRow, AwsIdentity, ClusterInfo
from eksview.domain.rows import Kind
from eksview.domain.updates import AwsAuth, Phase
from eksview.store.store import Store

T = TypeVar("T")


def fact(store: Store, name: str, kind: type[T]) -> T | None:
    """A fact of a type; None where it wasn't read."""
    found = store.facts.get(name)
    return found if isinstance(found, kind) else None


def entries(store: Store) -> tuple[AccessEntryRow, ...] | None:
    """The access entries; None where they couldn't be read."""
    rows = store.table(Kind.ACCESS_ENTRY).values()
    link = store.links.get(LINK_OF[Kind.ACCESS_ENTRY])
    if not rows and (link is None or link.phase is not Phase.LIVE):
        return None
    return tuple(row for row in rows if isinstance(row, AccessEntryRow))


def inputs(store: Store, now: float, *, eks: bool) -> Inputs:
    """All that is known of the chain."""
    link = store.links.get(Kind.NODE)
    live = link is not None and link.phase is Phase.LIVE
    return Inputs(
        now=now,
        eks=eks,
        kubeconfig=fact(store, "kubeconfig", KubeconfigFact),
        credential=fact(store, "credential", CredentialFact),
        endpoint=fact(store, "endpoint", EndpointFact),
        who=fact(store, "who", WhoFact),
        rights=fact(store, "rights", RightsFact),
        rbac=fact(store, "rbac", RbacFact),
        aws=fact(store, "aws-identity", AwsIdentity),
        cluster=fact(store, "cluster", ClusterInfo),
        entries=entries(store),
        auth=fact(store, "aws-auth", AwsAuth),
        nodes=len(store.nodes) if live else None,
        link=link,
    )
