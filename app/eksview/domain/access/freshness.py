"""The age of the steps of the access chain whose facts are no longer confirmed."""

from collections.abc import Iterator

from msgspec.structs import replace

from eksview.domain.access.access_step import AccessStep, Inputs
from eksview.domain.access.connection_steps import identity_mismatch
from eksview.domain.aws.link_trust import trust_of
from eksview.domain.aws.poll_plan import ACCESS, EKS, STS
from eksview.domain.base.health import Health
from eksview.domain.live.polled import AWS_AUTH
from eksview.domain.live.trust import Trust, outdated
from eksview.domain.rows.link import Phase


def dated(step: AccessStep, inputs: Inputs) -> AccessStep:
    """Return a step; without a state and with its age if something behind it is old."""
    old = [at for at in _answers(step, inputs) if outdated(at, inputs.health)]
    for name in _links(step, inputs):
        last = _last_confirmed(name, inputs)
        if last is not None:
            old.append(last)
    if not old:
        return step
    return replace(step, state=Health.UNKNOWN, age=max(0.0, inputs.now - min(old)))


def _answers(step: AccessStep, inputs: Inputs) -> Iterator[float]:
    """Yield the times of the API server's answers that a step is judged by."""
    who, rights, endpoint = inputs.who, inputs.rights, inputs.endpoint
    if step.id == "endpoint" and endpoint is not None and not _confirmed_by_silence(inputs):
        yield endpoint.at
    if step.id == "rbac" and rights is not None:
        yield rights.at
    if who is not None and (
        step.id == "authentication"
        or (step.id == "mapping" and (who.user or who.extra))
        or _is_mismatch(step, inputs)
    ):
        yield who.at


def _confirmed_by_silence(inputs: Inputs) -> bool:
    """Check for an endpoint that failed, with nothing heard from it since."""
    endpoint, health = inputs.endpoint, inputs.health
    if endpoint is None or endpoint.reached or health is None:
        return False
    return health.heard is None or endpoint.at > health.heard


def _links(step: AccessStep, inputs: Inputs) -> Iterator[str]:
    """Yield the links whose data a step is judged by."""
    if _is_mismatch(step, inputs):
        yield STS
    if step.id == "answer" and inputs.link is not None and inputs.link.phase is Phase.LIVE:
        yield inputs.link.name
    if step.id == "mapping":
        yield from _mapping_links(inputs)


def _mapping_links(inputs: Inputs) -> Iterator[str]:
    if inputs.who is None or not inputs.who.extra:
        yield STS
    if inputs.cluster is not None:
        yield EKS
    if inputs.sources.known_entries is not None:
        yield ACCESS
    if inputs.sources.known_auth is not None:
        yield AWS_AUTH


def _is_mismatch(step: AccessStep, inputs: Inputs) -> bool:
    """Check for the one statement about credentials that is made of answers."""
    return step.id == "credentials" and step.says == (identity_mismatch(inputs) or None)


def _last_confirmed(name: str, inputs: Inputs) -> float | None:
    """Return when a link's data was last confirmed; None while it is live, or was never read."""
    link = inputs.links.get(name)
    if link is None:
        return None
    lost = link.phase in (Phase.REFUSED, Phase.OFF)
    return link.heard if lost or trust_of(name, inputs.links) is Trust.STALE else None
