"""What the join checks need beside nodes and instances, read once for the commands."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import time

from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError
from eksview.domain.live.messages import LinkState
from eksview.domain.resources.certificatesigningrequests import RESOURCE as SIGNING
from eksview.domain.rows.aws import InstanceDetail
from eksview.domain.rows.link import Link, Phase
from eksview.engine.aws_source import AwsSource
from eksview.engine.one_shot import CHECK_LINKS, OneShotStore, wait_settled
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.poll.polled_resources import AwsAuthPoll, PolledList, PolledResource
from eksview.store.store import Store


class JoinEvidence:
    """Reads it into a store; `choose` returns the instances whose details are read too."""

    def __init__(
        self,
        connection: Connection,
        source: AwsSource,
        choose: Callable[[Store], Iterable[str]],
        clock: Clock = time,
    ) -> None:
        self._connection = connection
        self._source = source
        self._choose = choose
        self._clock = clock
        self.details: dict[str, InstanceDetail] = {}

    async def read(self, reader: OneShotStore) -> None:
        """Read everything at once; what fails is left unread."""
        chosen = tuple(self._choose(reader.store))
        if not chosen:
            return
        sink, clock = reader.messages, self._clock
        auth = AwsAuthPoll(self._connection, sink, clock)
        signing = PolledList(self._connection, sink, clock, SIGNING)
        await asyncio.gather(
            wait_settled(reader, clock, CHECK_LINKS),
            self._ask(auth, reader),
            self._ask(signing, reader),
            *map(self._detail, chosen),
        )

    async def _ask(self, resource: PolledResource, reader: OneShotStore) -> None:
        now = self._clock()
        try:
            await resource.ask()
        except RequestError as error:
            resource.unanswered(error)
            link = Link(resource.name, Phase.REFUSED, now, error.sentence)
        except UserError as error:
            link = Link(resource.name, Phase.OFF, now, error.sentence)
        else:
            link = Link(resource.name, Phase.LIVE, now, heard=now)
        reader.messages.send(LinkState(link))

    async def _detail(self, instance: str) -> None:
        with suppress(UserError):  # its role is unknown then
            self.details[instance] = await self._source.instance(instance)
