"""The line on top of every screen."""

import re
from collections.abc import Iterator, Mapping

from eksview.domain.aws.arn import short_arn
from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.base.age import human_duration
from eksview.domain.base.reading import Reading, last_of, value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.control_plane.distribution import Distribution, distribution_of
from eksview.domain.live.polled import EXTRAS
from eksview.domain.live.trust import HEALTH, Trust, summary, trust
from eksview.domain.rows.aws import AwsIdentity, ClusterInfo
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Identity, Target
from eksview.store.store import Store
from eksview.ui.base.text_line import TextLine
from eksview.ui.base.view import View
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.priority_line import Slot, choose, join
from eksview.ui.text.words import Tone, Words

SHORTEST = 4  # cells that are left of a context's name where there is room for nothing else
SOON = 900  # seconds of a token's life from which on it is worth a warning
_ARN = re.compile(r"arn:[^:]+:eks:([^:]+):[^:]*:cluster/(.+)")
_ENDPOINT = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)\.eks\.(?:amazonaws\.|api\.aws)")


def slots(
    store: Store, distribution: Distribution, rate: float, now: float, glyphs: Glyphs
) -> Iterator[Slot]:
    """All there is to say, in order; what doesn't fit gives way by rank."""
    facts = store.facts
    target, version = value_of(facts.target), value_of(facts.version)
    aws, identity = last_of(facts.aws_identity), last_of(facts.identity)
    yield Slot((("eksview", "accent"),), rank=3)
    if target is not None:
        yield Slot(((short_context(target.context), "strong"),), least=SHORTEST)
        if target.insecure:
            yield Slot(((f"{glyphs.bad} INSECURE", "bad"),), least=3)
            yield Slot((("TLS not verified", "bad"),), rank=1)
        region = region_of(target) or _asked_region(aws)
        yield Slot(((region, "dim"),), rank=4)
    if version is not None:
        yield Slot(((distribution.label, "dim"),), rank=6)  # the version tells of EKS too
        yield Slot(((clean(version.git), "dim"),), rank=5)
    yield from _cluster(last_of(facts.cluster), glyphs)
    user = identity.user if identity else ""
    yield from _aws(facts.aws_identity, user, now, glyphs)
    yield from _identity(identity, now)
    links = kubernetes(store.links)
    pods = links.get(Kind.POD)
    if pods is not None and pods.phase is Phase.OFF:
        yield Slot((("pods not followed", "dim"),), rank=3, side="right")
    core, why = state(links, now, glyphs)
    yield Slot(core, side="right")
    yield Slot(why, rank=1, side="right")
    # A rate of events says something only while they come.
    yield Slot(((f"{rate:4.0f} ev/s", "dim"),), rank=10 if why else 1, side="right")


def kubernetes(links: Mapping[str, Link]) -> Mapping[str, Link]:
    """The links to the cluster itself: that AWS, or what is polled, is absent ages no node."""
    return {name: link for name, link in links.items() if name not in PLANS and name not in EXTRAS}


def who(user: str) -> str:
    """`Ops/alice@111122223333` for an IAM identity, which an API server may know us by too."""
    parts = user.split(":", 5)
    return (
        f"{short_arn(user)}@{clean(parts[4])}"
        if parts[0] == "arn" and len(parts) == 6
        else clean(user)
    )


def state(links: Mapping[str, Link], now: float, glyphs: Glyphs) -> tuple[Words, Words]:
    """`live`, or the worst of what isn't in a word; and which link it is, and what follows."""
    said = clean(summary(links, now))
    health = links.get(HEALTH)
    trusts = {trust(link, health) for link in links.values()}
    if Trust.STALE in trusts:
        return ((f"{glyphs.warn} STALE", "warn"),), ((said, "warn"),)
    phases = {link.phase for link in links.values()}
    if Phase.RETRYING in phases:
        return ((f"{glyphs.warn} not live", "warn"),), ((said, "warn"),)
    if Phase.REFUSED in phases:
        return ((f"{glyphs.warn} {said}", "warn"),), ()
    if not links or Trust.LOADING in trusts:
        return ((f"{glyphs.unknown} {said}", "dim"),), ()
    return ((f"{glyphs.ok} ", "ok"), (said, "text")), ()


def short_context(context: str) -> str:
    """The cluster's name out of the ARN that `aws eks update-kubeconfig` names contexts by."""
    found = _ARN.fullmatch(context)
    return clean(found[2] if found else context)


def region_of(target: Target) -> str:
    """The AWS region as the context's name or the endpoint has it; empty where it isn't EKS."""
    found = _ARN.fullmatch(target.context) or _ENDPOINT.search(target.server)
    return clean(found[1]) if found else ""


def _asked_region(identity: AwsIdentity | None) -> str:
    """Where AWS is asked about the cluster, which its name or its nodes led to."""
    if identity is None or not identity.cluster:
        return ""
    return clean(identity.region)


def _cluster(cluster: ClusterInfo | None, glyphs: Glyphs) -> Iterator[Slot]:
    """`eks.12`; its status too while that isn't ACTIVE."""
    if cluster is None:
        return
    yield Slot(((clean(cluster.platform), "dim"),), rank=8)
    if cluster.status != "ACTIVE":
        yield Slot(((f"{glyphs.warn} {clean(cluster.status)}", "warn"),), rank=2)


def _aws(reading: Reading[AwsIdentity], user: str, now: float, glyphs: Glyphs) -> Iterator[Slot]:
    """Who AWS says we are and until when; that something doesn't fit, before anything else."""
    identity = last_of(reading)
    if identity is None:
        return
    if identity.warnings:
        yield Slot(((f"{glyphs.warn} AWS mismatch", "warn"),), rank=1, side="right")
    if why_unread(reading):
        yield Slot(((f"{glyphs.warn} no AWS", "warn"),), rank=2, side="right")
        return
    if identity.arn != user:
        yield Slot(((who(identity.arn), "dim"),), rank=9, side="right")
    yield from _ends("credentials", identity.expires, now, rank=4)


def _identity(identity: Identity | None, now: float) -> Iterator[Slot]:
    if identity is None:
        return
    yield Slot(((who(identity.user), "dim"),), rank=7, side="right")
    yield from _ends("token", identity.expires, now, rank=2)


def _ends(what: str, expires: float | None, now: float, *, rank: int) -> Iterator[Slot]:
    if expires is None:
        return
    left = expires - now
    tone: Tone = "bad" if left <= 0 else "warn" if left < SOON else "dim"
    text = f"{what} expired" if left <= 0 else f"{what} {human_duration(left)}"
    yield Slot(((text, tone),), rank=rank, side="right")


class HeaderLine(TextLine):
    """Repaints when its words change, which is once a second at most while all is well."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._flavour: Distribution | None = None
        self._now = view.clock()

    def sync(self, now: float, *, judge: bool) -> None:
        """Say what is so now; `judge` when it may be another cluster, or another sort of one."""
        self._now = now
        if judge or self._flavour is None:
            self._flavour = self._judge()
        self._say()

    def on_resize(self) -> None:
        """More or fewer slots."""
        self._say()

    def _say(self) -> None:
        store, links = self.view.store, self.view.store.links
        rate = sum(self.view.rates.current(name) for name in links)
        said = slots(store, self._flavour or self._judge(), rate, self._now, self.view.glyphs)
        kept = choose(said, self.size.width, more=self.view.glyphs.more)
        self.show(join(kept, "left"), join(kept, "right"))

    def _judge(self) -> Distribution:
        facts = self.view.store.facts
        target = value_of(facts.target)
        return distribution_of(
            value_of(facts.version),
            target.server if target else "",
            self.view.store.nodes.values(),
        )
