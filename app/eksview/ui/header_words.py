"""What the header says: where we are, as whom, and whether what is shown is live."""

import re
from collections.abc import Iterator, Mapping

from eksview.domain.age import human_duration
from eksview.domain.flavour import Flavour
from eksview.domain.links import HEALTH, Trust, summary, trust
from eksview.domain.text import clean
from eksview.domain.updates import Identity, Link, Phase, ServerVersion, Target
from eksview.store.store import Store
from eksview.ui.glyphs import Glyphs
from eksview.ui.slots import Slot
from eksview.ui.widgets.table_kind import Tone
from eksview.ui.widgets.text_line import Words

SOON = 900  # seconds of a token's life from which on it is worth a warning
_ARN = re.compile(r"arn:[^:]+:eks:([^:]+):[^:]*:cluster/(.+)")
_ENDPOINT = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)\.eks\.(?:amazonaws\.|api\.aws)")


def slots(
    store: Store, flavour: Flavour, rate: float, now: float, glyphs: Glyphs
) -> Iterator[Slot]:
    """All there is to say, in order; what doesn't fit gives way by rank."""
    target, version = store.facts.get("target"), store.facts.get("version")
    yield Slot((("eksview", "accent"),), rank=3)
    if isinstance(target, Target):
        yield Slot(((short_context(target.context), "strong"),))
        if target.insecure:
            yield Slot(((f"{glyphs.bad} INSECURE", "bad"),))
            yield Slot((("TLS not verified", "bad"),), rank=1)
        yield Slot(((region_of(target), "dim"),), rank=4)
    if isinstance(version, ServerVersion):
        yield Slot(((flavour.label, "dim"),), rank=5)
        yield Slot(((clean(version.git), "dim"),), rank=6)
    yield from _identity(store.facts.get("identity"), now)
    yield Slot(state(store.links, now, glyphs), side="right")
    yield Slot(((f"{rate:4.0f} ev/s", "dim"),), rank=1, side="right")


def state(links: Mapping[str, Link], now: float, glyphs: Glyphs) -> Words:
    """`live`, or the worst of what isn't."""
    said = clean(summary(links, now))
    health = links.get(HEALTH)
    trusts = {trust(link, health) for link in links.values()}
    if Trust.STALE in trusts:
        return ((f"{glyphs.warn} STALE ", "warn"), (said, "warn"))
    if any(link.phase in (Phase.RETRYING, Phase.REFUSED) for link in links.values()):
        return ((f"{glyphs.warn} {said}", "warn"),)
    if not links or Trust.LOADING in trusts:
        return ((f"{glyphs.unknown} {said}", "dim"),)
    return ((f"{glyphs.ok} ", "ok"), (said, "text"))


def short_context(context: str) -> str:
    """The cluster's name out of the ARN that `aws eks update-kubeconfig` names contexts by."""
    found = _ARN.fullmatch(context)
    return clean(found[2] if found else context)


def region_of(target: Target) -> str:
    """The AWS region as the context's name or the endpoint has it; empty where it isn't EKS."""
    found = _ARN.fullmatch(target.context) or _ENDPOINT.search(target.server)
    return clean(found[1]) if found else ""


def _identity(identity: object, now: float) -> Iterator[Slot]:
    if not isinstance(identity, Identity):
        return
    yield Slot(((clean(identity.user), "dim"),), rank=7, side="right")
    if identity.expires is not None:
        left = identity.expires - now
        tone: Tone = "bad" if left <= 0 else "warn" if left < SOON else "dim"
        text = "token expired" if left <= 0 else f"token {human_duration(left)}"
        yield Slot(((text, tone),), rank=2, side="right")
