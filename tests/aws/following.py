"""A follower of an account over HTTP, and what it told."""

import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

from eksview.aws.account_watcher import AccountWatcher
from eksview.aws.client.session import AwsSession
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.target import AwsTarget
from eksview.domain.logs.control_plane import ControlPlaneRequest
from eksview.domain.logs.inbox import LogInbox
from eksview.domain.logs.task import TaskLogRequest
from eksview.domain.rows.aws import InstanceDetail
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from tests.aws.fakes import Heard
from tests.patience import until


class Following:
    """`heard` is what it told so far."""

    def __init__(self, follower: AccountWatcher, heard: Heard) -> None:
        self._follower = follower
        self.heard = heard

    def phase(self, name: str) -> Phase | None:
        link = self.heard.links.get(name)
        return link.phase if link else None

    def reason(self, name: str) -> str:
        return self.heard.links[name].reason

    def row(self, kind: Kind, key: str) -> object:
        return self.heard.tables[kind][key]

    def refresh(self) -> None:
        self._follower.refresh()

    def follow_ecs(self, *clusters: str) -> None:
        self._follower.follow_ecs(clusters)

    async def detail(self, instance: str) -> InstanceDetail:
        return await self._follower.detail(instance)

    async def logs(self, request: ControlPlaneRequest) -> LogInbox:
        """Return what a type of the control plane's logs has, read once."""
        inbox = LogInbox()
        await self._follower.read_logs(request, inbox)
        return inbox

    async def are(self, phase: Phase, names: Iterable[str]) -> None:
        """Return when all these links are in that phase."""
        await until(lambda: all(self.phase(name) is phase for name in names))

    async def filled(self, *kinds: Kind) -> None:
        """Return when all these tables have been told."""
        await until(lambda: all(self.heard.swaps[kind] for kind in kinds))

    async def task_logs(self, request: TaskLogRequest) -> LogInbox:
        """Return what a task's log has, read once."""
        inbox = LogInbox()
        await self._follower.read_task_logs(request, inbox, AwsSession)
        return inbox


@asynccontextmanager
async def following(
    environ: Mapping[str, str], place: AwsTarget, known: Iterable[str] = ()
) -> AsyncIterator[Following]:
    heard, ids = Heard(), InstanceTracker()
    ids.also(known)
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    session = AwsSession(place, nowhere | dict(environ))
    follower = AccountWatcher(session, place, heard, ids)
    follower.start()
    try:
        yield Following(follower, heard)
    finally:
        await follower.stop()
        await session.close()


Follow: TypeAlias = Callable[..., AbstractAsyncContextManager[Following]]
