"""A step of the access chain, the facts that it is judged by, and how both are worded."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from eksview.domain.access.iam_mapping import MappingSources
from eksview.domain.access.node_role import NodeRole
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, Reading, last_of
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.command_context import CommandContext
from eksview.domain.live.trust import HEALTH, why_unopened
from eksview.domain.rows.access import (
    AccessRequest,
    CredentialFact,
    EndpointFact,
    KubeconfigFact,
    RbacFact,
    RightsFact,
    WhoFact,
)
from eksview.domain.rows.aws import AccessEntryRow, AwsIdentity, ClusterInfo
from eksview.domain.rows.link import Link
from eksview.domain.rows.server import AwsAuth

SHOWN = 4
"""Denied resources named in a sentence; the evidence lists all."""
SEE_NODES = (AccessRequest("list", "nodes"), AccessRequest("watch", "nodes"))
TITLES = {
    "kubeconfig": "Kubeconfig",
    "credentials": "Credentials",
    "endpoint": "Endpoint",
    "authentication": "Authentication",
    "mapping": "IAM mapping",
    "rbac": "RBAC",
    "answer": "Node list",
}

Evidence = tuple[tuple[str, str], ...]


class AccessStep(Struct, frozen=True):
    """A step of the chain. `todo` are sentences, or commands of several lines, likeliest first."""

    id: str
    title: Clean
    state: Health
    says: Clean
    evidence: tuple[tuple[Clean, Clean], ...] = ()
    todo: tuple[str, ...] = ()
    took: float | None = None
    age: float | None = None  # seconds since it was last confirmed; None: now, and it has a state


class Inputs(Struct, frozen=True, kw_only=True):
    """The facts behind the chain; None where a fact wasn't read."""

    now: float  # in the API server's time
    ahead: float = 0.0  # seconds, of this machine's clock
    failing: tuple[str, ...] = ()  # checks of the API server
    eks: bool = False
    kubeconfig: KubeconfigFact | None = None
    credential: CredentialFact | None = None
    endpoint: EndpointFact | None = None
    who: WhoFact | None = None
    rights: RightsFact | None = None
    rbac: RbacFact | None = None
    aws: Reading[AwsIdentity] = NOT_ASKED
    cluster: ClusterInfo | None = None
    cluster_reason: Clean = EMPTY  # why it is unread, in a sentence
    entries: Reading[tuple[AccessEntryRow, ...]] = NOT_ASKED
    auth: Reading[AwsAuth] = NOT_ASKED
    node_roles: tuple[NodeRole, ...] = ()
    roles_unread: tuple[str, ...] = ()  # why roles of nodes are unread, in sentences
    roles: frozenset[str] | None = None  # the ARNs of the account's roles; None: unread
    roles_created: Mapping[str, float] = {}  # by ARN
    nodes: int | None = None  # their number; None: not listed
    link: Link | None = None  # of the nodes
    links: Mapping[str, Link] = {}
    commands: CommandContext = CommandContext()  # of the remedies

    @property
    def identity(self) -> AwsIdentity | None:
        """The last known identity in AWS."""
        return last_of(self.aws)

    @property
    def sources(self) -> MappingSources:
        """The sources of the IAM mapping."""
        mode = self.cluster.authentication if self.cluster else ""
        return MappingSources(
            mode=mode,
            mode_reason=self.cluster_reason,
            entries=self.entries,
            auth=self.auth,
            roles_created=self.roles_created,
        )

    @property
    def health(self) -> Link | None:
        """The link of the probe of the API server."""
        return self.links.get(HEALTH)


def make_step(
    id_: str,
    state: Health,
    says: str,
    evidence: Evidence = (),
    todo: tuple[str, ...] = (),
    took: float | None = None,
) -> AccessStep:
    """Return a step with the title of its id."""
    seen = tuple((clean(name), clean(text)) for name, text in evidence)
    return AccessStep(id_, clean(TITLES[id_]), state, clean(says), seen, todo, took)


def unread_step(id_: str, inputs: Inputs) -> AccessStep:
    """Return a step whose fact wasn't read, with the reason."""
    kubeconfig, says = inputs.kubeconfig, why_unopened(inputs.links) or "Not read yet."
    if kubeconfig is not None and kubeconfig.reason:
        says = "Not tried because the kubeconfig is unusable."
    elif kubeconfig is not None and not kubeconfig.files:
        says = "Not tried because EKS didn't describe the cluster."
    return make_step(id_, Health.UNKNOWN, says)


def first_few(words: Iterable[str]) -> str:
    """Return the first distinct words and the number of the others."""
    distinct = list(dict.fromkeys(words))
    more = f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
    return ", ".join(distinct[:SHOWN]) + more


def without_empty(*pairs: tuple[str, str]) -> Evidence:
    """Return the pairs that have a text."""
    return tuple((label, text) for label, text in pairs if text)
