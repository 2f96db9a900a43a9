"""Tasks, running and lately stopped, and their task definitions."""

from functools import partial

from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.ecs import parse
from eksview.aws.ecs.reader import Described, EcsReader, FollowedEcs
from eksview.aws.services.inventory import Incomplete
from eksview.aws.services.reader import reads
from eksview.domain.aws.poll_plan import ECS_TASKS
from eksview.domain.base.text import Clean
from eksview.domain.live.messages import Swap
from eksview.domain.rows.ecs import EcsTaskRow
from eksview.domain.rows.kube import Kind

TASKS = Described("ListTasks", "taskArns", "DescribeTasks", "tasks")
DESIRED = ("RUNNING", "STOPPED")
"""A list has the tasks of one desired status; RUNNING includes those that are being started."""
AT_ONCE = 20  # task definitions in one round, so that tasks stay up to date meanwhile
SOON = 1.0  # seconds until the next of them
GONE = "ClientException"  # of a task definition that was deleted
FORGET = 600.0  # seconds in which a definition that can't be described isn't asked for again


class EcsTasks(EcsReader):
    """The tasks of the followed clusters, and the task definitions that these and services use."""

    def __init__(self, ecs: FollowedEcs) -> None:
        super().__init__(ecs)
        self._gone: dict[str, float] = {}  # ARN -> until when it isn't asked for

    @reads(ECS_TASKS, "ecs:ListTasks", "ecs:DescribeTasks", essential=True)
    async def tasks(self, client: ThrottledClient) -> None:
        """Read the tasks of every followed cluster."""
        await self.each_cluster(partial(self._tasks_of, client))

    async def _tasks_of(self, client: ThrottledClient, cluster: Clean) -> None:
        arns: list[str] = []
        for status in DESIRED:
            arns += await TASKS.listed(client, cluster, desiredStatus=status)
        rows: list[EcsTaskRow] = []
        async for items in TASKS.described(client, cluster, arns):
            rows += map(parse.task, items)
        self.inventory.of_tasks[cluster] = {row.definition for row in rows}
        self.publish(Kind.ECS_TASK, rows, cluster)

    @reads(ECS_TASKS, "ecs:DescribeTaskDefinition", early=True)
    async def definitions(self, client: ThrottledClient) -> None:
        """Read each revision once, for it never changes; the rest of many soon after."""
        wanted, known = self.inventory.definitions(), self.inventory.cache.definitions
        now = self.clock()
        gone = {arn for arn, until in self._gone.items() if until > now}
        unread = sorted(wanted - known.keys() - gone)
        try:
            for arn in unread[:AT_ONCE]:
                await self._definition(client, arn)
        finally:
            rows = tuple(known[arn] for arn in sorted(wanted & known.keys()))
            self.sink.send(Swap(Kind.ECS_DEFINITION, rows))
        if left := len(unread[AT_ONCE:]):
            sentence = f"{left} of {len(wanted)} task definitions are still to be read."
            raise Incomplete(sentence, SOON)

    async def _definition(self, client: ThrottledClient, arn: str) -> None:
        try:
            answer = await client.call("ecs", "DescribeTaskDefinition", taskDefinition=arn)
        except CallRefused as refused:
            if refused.code != GONE:
                raise
            self._gone[arn] = self.clock() + FORGET
            return
        row = parse.definition(answer.get("taskDefinition") or {})
        self.inventory.cache.definitions[arn] = row
