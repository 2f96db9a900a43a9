"""The probe of the leases by which the control plane's components elect their leaders."""

from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Fanout, LinkState, Message
from eksview.domain.live.trust import Trust, trust
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import Probe

LEADERS = "leases"
"""The name of the probe."""


class LeaseProbe:
    """A probe of when the leaders' leases could last be read.

    A live stream counts as read now, any other as read when something last came by it.
    """

    def __init__(self, messages: Fanout, clock: Clock) -> None:
        self._messages = messages
        self._clock = clock
        self._link: Link | None = None
        self._health: Link | None = None

    def receive(self, message: Message) -> None:
        """Send the probe when the stream's phase changes and with every health probe."""
        if not isinstance(message, LinkState):
            return
        link = message.link
        if link.name == "system-leases":
            before, self._link = self._link, link
            judge = before is None or before.phase is not link.phase or bool(link.every)
        else:
            judge = link.name == "health"
            self._health = link if judge else self._health
        if judge and self._link is not None and self._link.phase is not Phase.CONNECTING:
            probe = self._probe(self._link)
            self._messages.send(FactSet(Facts.leases, Read(probe, probe.at)))

    def _probe(self, link: Link) -> Probe:
        live = trust(link, self._health) is Trust.LIVE
        return Probe(
            name=LEADERS,
            at=self._clock() if live else link.heard or self._clock(),
            ok=True if link.missing is None and link.heard is not None else None,
            status=None if link.missing is None else 403,
            reason=link.reason,
            missing=link.missing,
        )
