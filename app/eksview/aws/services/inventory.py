"""What the readers have read so far, from which come the arguments of each other's calls."""

from eksview.domain.aws.tags import GROUP_TAG
from eksview.domain.base.clock import Clock
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.rows.aws import AutoScalingRow, ClusterInfo, InstanceRow, NodegroupRow

PATIENCE = 10.0  # seconds in which a reader waits for what another one reads first
WAIT = 0.5  # seconds between two looks whether that has been read


class NotYet(Exception):  # noqa: N818 - nothing is wrong
    """There is nothing to ask about yet; try again in so many seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__()
        self.wait = wait


class NothingToAsk(Exception):  # noqa: N818 - nothing is wrong
    """Nobody asks for what a part reads, so it is neither read nor empty."""


class Incomplete(Exception):  # noqa: N818 - the rest follows
    """What was read leaves a gap for now, in a sentence; try again in so many seconds."""

    def __init__(self, sentence: str, wait: float) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.wait = wait


class Attempts:
    """What has been asked for at least once, with whatever result, by names in `tried`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = clock()
        self.tried: set[str] = set()

    def wait_for(self, *names: str, patience: float = PATIENCE) -> None:
        """Raise `NotYet` while one of these hasn't been tried, for so many seconds at most."""
        if self._clock() - self._since < patience and not self.tried.issuperset(names):
            raise NotYet(WAIT)


class Inventory(Attempts):
    """The newest rows by key; used on one loop only.

    `listed` says whether all instances have been read once. The names in `tried` are "instances",
    "cluster", "nodegroups" and "fargate".
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.cluster: ClusterInfo | None = None
        self.instances: dict[str, InstanceRow] = {}
        self.candidates: dict[str, InstanceRow] = {}  # instances that may be the cluster's
        self.nodegroups: dict[str, NodegroupRow] = {}
        self.fargate_roles: frozenset[Clean] = frozenset()
        self.caller = ""  # ARN by STS
        self.groups: dict[str, AutoScalingRow] = {}
        self.busy_addons: frozenset[str] = frozenset()
        self.subnet_vpcs: frozenset[Clean] = frozenset()  # of the subnets that were read
        self.endpoint_groups: frozenset[Clean] = frozenset()  # security groups of VPC endpoints
        self.listed = False

    def alive(self) -> set[Clean]:
        """Return the instances whose status can be asked for."""
        return {row.id for row in self.instances.values() if not row.ended}

    def group_names(self) -> set[Clean]:
        """Return the Auto Scaling groups that a nodegroup has or an instance is in."""
        of_nodegroups = {name for row in self.nodegroups.values() for name in row.autoscaling}
        of_instances = {row.tags.get(GROUP_TAG, EMPTY) for row in self.instances.values()}
        return (of_nodegroups | of_instances) - {EMPTY}

    def subnets(self) -> set[Clean]:
        """Return the subnets of the cluster, its nodegroups and its instances."""
        cluster = set(self.cluster.subnets) if self.cluster else set()
        nodegroups = {name for row in self.nodegroups.values() for name in row.subnets}
        return (cluster | nodegroups | {row.subnet for row in self.instances.values()}) - {EMPTY}

    def vpcs(self) -> set[Clean]:
        """Return the VPCs of the cluster, its instances and their subnets."""
        cluster = {self.cluster.vpc} if self.cluster else set()
        instances = {row.vpc for row in self.instances.values()}
        return (cluster | instances | self.subnet_vpcs) - {EMPTY}

    def security_groups(self) -> set[Clean]:
        """Return the groups of the cluster, its instances' interfaces and the VPC endpoints."""
        groups: set[Clean] = set(self.endpoint_groups)
        if self.cluster is not None:
            groups |= {self.cluster.security_group, *self.cluster.security_groups}
        for row in self.instances.values():
            groups.update(row.security_groups)
            for interface in row.interfaces:
                groups.update(interface.security_groups)
        return groups - {EMPTY}

    def images(self) -> set[Clean]:
        """Return the AMIs in use."""
        return {row.image for row in self.instances.values()} - {EMPTY}

    def types(self) -> set[Clean]:
        """Return the instance types in use."""
        return {row.type for row in self.instances.values()} - {EMPTY}
