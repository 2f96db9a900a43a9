"""A remark: a thing, how well it is, and a sentence."""

from msgspec import Struct

from eksview.domain.base.health import Health


class Remark(Struct, frozen=True):
    """A thing about the network, how well it is, and a sentence."""

    about: str
    state: Health
    says: str
