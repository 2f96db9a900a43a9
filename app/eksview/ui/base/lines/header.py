"""The line above every screen: cluster, version, user and the state of the data."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from eksview.domain.access.connection_steps import is_unsigned
from eksview.domain.aws.arn import short_arn
from eksview.domain.aws.link_trust import of_aws
from eksview.domain.aws.poll_plan import ECS_PLANS
from eksview.domain.base.age import human_duration
from eksview.domain.base.plural import plural
from eksview.domain.base.reading import Reading, last_of, value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.control_plane.distribution import Distribution
from eksview.domain.live.polled import EXTRAS, ON_DEMAND
from eksview.domain.live.trust import HEALTH, Trust, summary, trust
from eksview.domain.rows.aws import AwsIdentity, ClusterInfo
from eksview.domain.rows.ecs import cluster_name
from eksview.domain.rows.kube import Kind, undecoded_text
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Identity, Target
from eksview.process.port_forwards import PortForwards
from eksview.store.selectors.overview import Overview
from eksview.store.selectors.readings import aws_identity, cluster_reading
from eksview.store.store import Store
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.priority_line import Slot, choose, join
from eksview.ui.text.waiting import waiting_words
from eksview.ui.text.words import Tone, Words

SHORTEST = 4  # cells that a context's name keeps at least
SOON = 900  # seconds before a token's expiry from which on it is a warning
_ARN = re.compile(r"arn:[^:]+:eks:([^:]+):[^:]*:cluster/(.+)")
_ENDPOINT = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)\.eks\.(?:amazonaws\.|api\.aws)")


def slots(
    store: Store,
    distribution: Distribution,
    rate: float,
    now: float,
    glyphs: Glyphs,
    ecs_cluster: str = "",
) -> Iterator[Slot]:
    """Yield the parts in order, high ranks dropped first; `ecs_cluster` has no Kubernetes."""
    facts = store.facts
    target, version = value_of(facts.target), value_of(facts.version)
    aws, identity = last_of(facts.aws_identity), last_of(facts.identity)
    yield Slot((("eksview", "accent"),), rank=3)
    if target is not None:
        yield Slot(((short_context(target.context), "strong"),), least=SHORTEST)
        if target.insecure:
            yield Slot(((f"{glyphs.bad} INSECURE", "bad"),), least=3)
            plain = target.server.startswith("http://")
            yield Slot((("no TLS" if plain else "TLS not verified", "bad"),), rank=1)
        region = region_of(target) or _target_region(aws)
        yield Slot(((region, "dim"),), rank=4)
    elif ecs_cluster:
        yield from _ecs(cluster_name(ecs_cluster), aws)
    if version is not None:
        yield Slot(((distribution.label, "dim"),), rank=6)  # the version names EKS too
        yield Slot(((version.git, "dim"),), rank=5)
    yield from _cluster(last_of(cluster_reading(store)), glyphs)
    user = identity.user if identity else ""
    yield from _aws(aws_identity(store), user, now, glyphs)
    links = watched(store.links)
    credential, who = value_of(facts.credential), value_of(facts.who)
    accepted = any(link.phase is Phase.LIVE for link in links.values())
    refused = not accepted and is_unsigned(credential, who, aws)
    yield from _identity(identity, now, refused=refused)
    yield from _pods(links.get(Kind.POD))
    if store.undecoded:
        text = f"{glyphs.warn} {undecoded_text(len(store.undecoded))}"
        yield Slot(((text, "warn"),), rank=1, side="right")
    core, cause = state(links, now, glyphs)
    if words := waiting_words(facts, now):
        cause = ((words, "warn"),)
    yield Slot(core, side="right")
    for text, tone in cause:
        what, _, later = text.partition(", ")  # when is left out before what
        yield Slot(((what, tone),), rank=1, side="right")
        yield Slot(((later, tone),), rank=2, side="right")
    # The rate of events matters only while they arrive.
    yield Slot(((f"{rate:4.0f} ev/s", "dim"),), rank=10 if cause else 1, side="right")


def kubernetes(links: Mapping[str, Link]) -> Mapping[str, Link]:
    """Return the watch links; the age of AWS or polled data says nothing about nodes."""
    return {
        name: link
        for name, link in links.items()
        if not of_aws(name) and name not in EXTRAS | ON_DEMAND
    }


def watched(links: Mapping[str, Link]) -> Mapping[str, Link]:
    """Return the links of Kubernetes; those of ECS where only ECS is read."""
    kube = kubernetes(links)
    if any(link.phase is not Phase.OFF for link in kube.values()):
        return kube
    return {name: link for name, link in links.items() if name in ECS_PLANS} or kube


def user_name(user: str) -> str:
    """Return a user's name; `Ops/alice@111122223333` for an IAM identity."""
    parts = user.split(":", 5)
    return (
        f"{short_arn(user)}@{clean(parts[4])}"
        if parts[0] == "arn" and len(parts) == 6
        else clean(user)
    )


def state(links: Mapping[str, Link], now: float, glyphs: Glyphs) -> tuple[Words, Words]:
    """Return the state of the links: `live` or the worst one, and its cause."""
    text = clean(summary(links, now))
    health = links.get(HEALTH)
    trusts = {trust(link, health) for link in links.values()}
    if Trust.STALE in trusts:
        return ((f"{glyphs.warn} STALE", "warn"),), ((text, "warn"),)
    phases = {link.phase for link in links.values()}
    if Phase.RETRYING in phases:
        return ((f"{glyphs.warn} not live", "warn"),), ((text, "warn"),)
    if Phase.REFUSED in phases:
        return ((f"{glyphs.warn} {text}", "warn"),), ()
    if Trust.LISTED in trusts and Trust.LOADING not in trusts:
        return ((f"{glyphs.warn} {text}", "warn"),), ()
    if not links or Trust.LOADING in trusts or phases == {Phase.OFF}:
        return ((f"{glyphs.unknown} {text}", "dim"),), ()
    return ((f"{glyphs.ok} ", "ok"), (text, "text")), ()


def short_context(context: str) -> str:
    """Return the cluster's name of the ARN by which `update-kubeconfig` names contexts."""
    arn = _ARN.fullmatch(context)
    return clean(arn[2] if arn else context)


def region_of(target: Target) -> str:
    """Return the AWS region of the context's name or of the endpoint; empty if it isn't EKS."""
    match = _ARN.fullmatch(target.context) or _ENDPOINT.search(target.server)
    return clean(match[1]) if match else ""


def _target_region(identity: AwsIdentity | None) -> str:
    """Return the region in which AWS is read, which the cluster's name or nodes determined."""
    if identity is None or not identity.cluster:
        return ""
    return identity.region


def _ecs(cluster: str, identity: AwsIdentity | None) -> Iterator[Slot]:
    """Yield the name of an ECS cluster, its region and the product."""
    yield Slot(((clean(cluster), "strong"),), least=SHORTEST)
    if identity is not None:
        yield Slot(((identity.region, "dim"),), rank=4)
    yield Slot((("Amazon ECS", "dim"),), rank=6)


def _cluster(cluster: ClusterInfo | None, glyphs: Glyphs) -> Iterator[Slot]:
    """Yield `eks.12`, and the status unless it is ACTIVE."""
    if cluster is None:
        return
    yield Slot(((cluster.platform, "dim"),), rank=8)
    if cluster.status != "ACTIVE":
        yield Slot(((f"{glyphs.warn} {cluster.status}", "warn"),), rank=2)


def _aws(reading: Reading[AwsIdentity], user: str, now: float, glyphs: Glyphs) -> Iterator[Slot]:
    """Yield the AWS identity with its expiry, and a mismatch with the cluster."""
    identity = last_of(reading)
    if identity is None:
        return
    if identity.warnings:
        yield Slot(((f"{glyphs.warn} AWS mismatch", "warn"),), rank=1, side="right")
    if why_unread(reading):
        yield Slot(((f"{glyphs.warn} no AWS", "warn"),), rank=2, side="right")
        return
    if identity.arn != user:
        yield Slot(((user_name(identity.arn), "dim"),), rank=9, side="right")
    yield from _expiry("credentials", identity.expires, now, rank=4)


def _pods(link: Link | None) -> Iterator[Slot]:
    """Yield which pods aren't watched."""
    if link is not None and link.phase is Phase.OFF:
        yield Slot((("pods not watched", "dim"),), rank=3, side="right")
    if link is not None and link.only:
        yield Slot(((f"pods of {link.only} only", "dim"),), rank=3, side="right")


def _identity(identity: Identity | None, now: float, *, refused: bool) -> Iterator[Slot]:
    if identity is None:
        return
    yield Slot(((user_name(identity.user), "dim"),), rank=7, side="right")
    if refused:
        yield Slot((("token refused", "bad"),), rank=2, side="right")
        return
    yield from _expiry("token", identity.expires, now, rank=2)


def _expiry(name: str, expires: float | None, now: float, *, rank: int) -> Iterator[Slot]:
    if expires is None:
        return
    left = expires - now
    tone: Tone = "bad" if left <= 0 else "warn" if left < SOON else "dim"
    text = f"{name} expired" if left <= 0 else f"{name} {human_duration(left)}"
    yield Slot(((text, tone),), rank=rank, side="right")


def forward_slots(forwards: PortForwards, glyphs: Glyphs) -> Iterator[Slot]:
    """Yield how many port-forwards run, and how many ended by themselves."""
    running = len(forwards.open)
    ended = len(forwards.all) - running
    if running:
        yield Slot(((plural(running, "forward"), "accent"),), rank=5)
    if ended:
        yield Slot(((f"{glyphs.warn} {plural(ended, 'forward')} ended", "warn"),), rank=4)


class HeaderLine(TextLine):
    """The header; it changes once a second at most while nothing fails."""

    def __init__(self, view: View, overview: Overview) -> None:
        super().__init__(view)
        self._overview = overview
        self._now = view.clock()

    def sync(self, now: float) -> None:
        """Show the state."""
        self._now = now
        self._paint_slots()

    def on_resize(self) -> None:
        self._paint_slots()

    def _paint_slots(self) -> None:
        store, links = self.view.store, self.view.store.links
        rate = sum(self.view.rates.current(name) for name in links)
        parts = chain(
            slots(
                store,
                self._overview.distribution,
                rate,
                self._now,
                self.view.glyphs,
                self.view.settings.ecs_cluster,
            ),
            forward_slots(self.view.forwards, self.view.glyphs),
        )
        kept = choose(parts, self.size.width, more=self.view.glyphs.more)
        self.show(join(kept, "left"), join(kept, "right"))
