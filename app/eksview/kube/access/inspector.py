"""The facts about access: the endpoint is probed on a period, the rest when it is viewed."""

import asyncio
from collections.abc import Awaitable
from logging import getLogger
from time import time
from typing import TypeVar

from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.reading import Read
from eksview.domain.base.text import EMPTY
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import FactKey, Facts, FactSet
from eksview.domain.live.messages import Sink, Trace
from eksview.domain.rows.access import EndpointFact, Hop
from eksview.kube.access import self_review
from eksview.kube.access.endpoint_probe import EndpointProbe
from eksview.kube.client.connection import Connection

PERIOD = 30.0  # seconds between two probes of the endpoint
LOG = getLogger(__name__)
FRESH = 10.0  # seconds for which an answer is not requested again

FactT = TypeVar("FactT")


class Inspector:
    """The inspector of one cluster. It sends each fact as soon as that is known."""

    def __init__(
        self,
        connection: Connection,
        sink: Sink,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        probe: EndpointProbe | None = None,
    ) -> None:
        self._connection = connection
        self._sink = sink
        self._sleep = sleep
        self._clock = clock
        self._endpoint = probe or EndpointProbe(connection.access, clock=clock)
        self._reviewed_at = float("-inf")

    async def run(self) -> None:
        """Probe the endpoint until cancelled."""
        kubeconfig = self_review.kubeconfig_fact(self._connection.access)
        self._sink.send(FactSet(Facts.kubeconfig, Read(kubeconfig, self._clock())))
        while True:
            try:
                await self.probe()
            except Exception:
                LOG.exception("The probe of the endpoint failed.")
            await self._sleep(PERIOD)

    async def probe(self) -> EndpointFact:
        """Probe the endpoint once, and record its request as a call."""
        fact = await self._send(Facts.endpoint, self._endpoint.once())
        for hop in fact.hops:
            if hop.kind == "http" and hop.ok is not None:
                number = next(self._connection.recorder.numbers)
                self._sink.send(Trace(_called(number, fact, hop)))
        return fact

    async def review(self) -> None:
        """Review everything else, unless it was just reviewed."""
        if abs(self._clock() - self._reviewed_at) < FRESH:
            return
        self._reviewed_at = self._clock()
        connection, clock = self._connection.on_behalf_of("access"), self._clock
        await self._send(Facts.credential, self_review.credential_fact(connection))
        await asyncio.gather(
            self._send(Facts.who, self_review.identity(connection, clock)),
            self._send(Facts.rights, self_review.rights(connection, clock=clock)),
            self._send(Facts.rbac, self_review.rbac(connection, clock)),
        )

    async def _send(self, key: FactKey[FactT], answer: Awaitable[FactT]) -> FactT:
        fact = await answer
        self._sink.send(FactSet(key, Read(fact, self._clock())))
        return fact


def _called(number: int, fact: EndpointFact, hop: Hop) -> ApiCall:
    """Return the call of a probe, which has no credential and its own connection."""
    status = dict(hop.evidence).get("status", EMPTY).split(" ", 1)[0]
    return ApiCall(
        number=number,
        at=fact.at,
        service="kubernetes",
        verb="get",
        target=hop.target,
        source="endpoint",
        status=whole_number_of(status),
        took=hop.took,
        wait=hop.took,
        reason=hop.reason,
    )
