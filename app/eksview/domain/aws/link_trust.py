"""The freshness of the data of any link, be it of the API server or of AWS."""

from collections.abc import Mapping

from eksview.domain.aws.poll_plan import ECS_PLANS, PLANS
from eksview.domain.live.trust import HEALTH, Trust, trust
from eksview.domain.rows.link import Link


def trust_of(name: str, links: Mapping[str, Link]) -> Trust:
    """Judge a link by its name: those of AWS answer while the API server doesn't."""
    return trust(links.get(name), None if of_aws(name) else links.get(HEALTH))


def of_aws(name: str) -> bool:
    """Check for a link that reads AWS."""
    return name in PLANS or name in ECS_PLANS
