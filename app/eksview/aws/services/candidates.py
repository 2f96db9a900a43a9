"""EC2: instances that may belong to the cluster, though its tags don't say so."""

from collections.abc import Set
from typing import Any

from msgspec.structs import replace

from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services import parse_ec2
from eksview.aws.services.ec2 import MANAGED, PAGE
from eksview.aws.services.reader import MOST, AwsReader, WatchedAccount, reads
from eksview.domain.aws.parts import CANDIDATES
from eksview.domain.aws.poll_plan import EC2
from eksview.domain.base.text import clean
from eksview.domain.join.belonging import WorkerTraits, candidate
from eksview.domain.live.messages import Drop, Put
from eksview.domain.rows.aws import InstanceRow
from eksview.domain.rows.kube import Kind

SELDOM = 10  # rounds between two searches while the workers have the same role, image and subnets


class CandidateSearch(AwsReader):
    """Running instances that have something in common with the nodes and that no tag finds."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._round = 0
        self._workers: WorkerTraits | None = None

    @reads(EC2, "ec2:DescribeInstances", part=CANDIDATES)
    async def search(self, client: ThrottledClient) -> None:
        """Search again after a while, or at once when the workers have something new."""
        workers = self.workers()
        due = workers != self._workers or self._round % SELDOM == 0
        self._round += 1
        if not due:
            return
        found: dict[str, InstanceRow] = {}
        for filters in _filters(workers):
            async for answer in client.pages(
                "ec2", "DescribeInstances", Filters=filters, MaxResults=PAGE, **MANAGED
            ):
                for row in parse_ec2.instances(answer):
                    if reason := candidate(row, workers):
                        found[row.id] = replace(row, candidate=clean(reason))
        self._workers = workers
        self._publish(found)

    def _publish(self, found: dict[str, InstanceRow]) -> None:
        own = self.inventory.instances.keys()
        before = self.inventory.candidates
        self.inventory.candidates = {key: row for key, row in found.items() if key not in own}
        for row in self.inventory.candidates.values():
            self.sink.send(Put(Kind.INSTANCE, row))
        for key, row in before.items():
            if key not in found and key not in own:
                self.sink.send(Drop(Kind.INSTANCE, row))


def _filters(workers: WorkerTraits) -> list[list[dict[str, Any]]]:
    """Return the filters of each search; a search without values would find everything."""
    searches: list[dict[str, Set[str]]] = [
        {"instance.group-id": {workers.cluster_group} - {""}},
        {"iam-instance-profile.arn": workers.profiles},
        {"image-id": workers.images, "subnet-id": workers.subnets},
    ]
    running = {"Name": "instance-state-name", "Values": ["pending", "running"]}
    return [
        [running, *({"Name": name, "Values": sorted(own)[:MOST]} for name, own in search.items())]
        for search in searches
        if all(search.values())
    ]
