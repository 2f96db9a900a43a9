"""Keeps the facts about our standing up to date: the way to the endpoint on a period, the rest when
somebody looks."""

import asyncio
from collections.abc import Awaitable
from time import time
from typing import TypeVar

from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Read
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import FactKey, Facts, FactSet
from eksview.domain.live.messages import Sink, Trace
from eksview.domain.rows.access import EndpointFact, Hop
from eksview.kube.access import self_review
from eksview.kube.access.endpoint_probe import EndpointProbe
from eksview.kube.client.connection import Connection
from eksview.kube.watch.reflector import Sleep

WALKING = 30.0  # seconds between two walks to the endpoint
FRESH = 10.0  # seconds for which an answer is not asked for again

FactT = TypeVar("FactT")


class Inspector:
    """One per cluster followed. Each question is a fact of its own, told as soon as it is known."""

    def __init__(
        self,
        connection: Connection,
        sink: Sink,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        walk: EndpointProbe | None = None,
    ) -> None:
        self._connection = connection
        self._sink = sink
        self._sleep = sleep
        self._clock = clock
        self._walk = walk or EndpointProbe(connection.access, clock=clock)
        self._looked = float("-inf")

    async def run(self) -> None:
        """Walk until cancelled."""
        kubeconfig = self_review.kubeconfig_fact(self._connection.access)
        self._sink.send(FactSet(Facts.kubeconfig, Read(kubeconfig, self._clock())))
        while True:
            await self.walk()
            await self._sleep(WALKING)

    async def walk(self) -> EndpointFact:
        """Once to the endpoint; what it asked there is a call as any other."""
        fact = await self._told(Facts.endpoint, self._walk.once())
        for hop in fact.hops:
            if hop.kind == "http" and hop.ok is not None:
                number = next(self._connection.recorder.numbers)
                self._sink.send(Trace(_called(number, fact, hop)))
        return fact

    async def look(self, *, again: bool = False) -> None:
        """Ask everything else, unless it has just been asked; no answer waits for another."""
        if not again and self._clock() - self._looked < FRESH:
            return
        self._looked = self._clock()
        connection, clock = self._connection.on_behalf_of("access"), self._clock
        await self._told(Facts.credential, self_review.credential_fact(connection))
        await asyncio.gather(
            self._told(Facts.who, self_review.who(connection, clock)),
            self._told(Facts.rights, self_review.rights(connection, clock=clock)),
            self._told(Facts.rbac, self_review.rbac(connection, clock)),
        )

    async def _told(self, key: FactKey[FactT], asked: Awaitable[FactT]) -> FactT:
        fact = await asked
        self._sink.send(FactSet(key, Read(fact, self._clock())))
        return fact


def _called(number: int, fact: EndpointFact, hop: Hop) -> ApiCall:
    """The walk's own call, made without a credential and on a connection of its own."""
    status = dict(hop.evidence).get("status", "").split(" ", 1)[0]
    return ApiCall(
        number=number,
        at=fact.at,
        service="kubernetes",
        verb="get",
        target=hop.target,
        asker="endpoint",
        status=int(status) if status.isdigit() else None,
        took=hop.took,
        wait=hop.took,
        why=hop.why,
    )
