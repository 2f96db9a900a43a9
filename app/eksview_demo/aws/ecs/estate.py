"""What the ECS side is derived from: a seed, its beginning, and how many machines it has."""

from msgspec import Struct

from eksview_demo.aws.account import Account

DAY = 86_400.0
_MOST = 5000  # container instances of a cluster, by Amazon ECS's quotas


class EcsEstate(Struct, frozen=True):
    """The key of everything that is computed: equal estates are equal at equal times."""

    seed: str
    began: float
    size: int


def estate_of(account: Account) -> EcsEstate:
    return EcsEstate(account.stray, account.began, min(_MOST, account.ecs_instances))
