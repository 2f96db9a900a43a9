"""The delivery of the control plane's logs: the command that switches it on, and its cost.

Sources: Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs"; Amazon CloudWatch
pricing (https://aws.amazon.com/cloudwatch/pricing/), whose prices differ by region; the regions in
China have prices and a page of their own.
"""

import json
from collections.abc import Collection

from eksview.domain.base.text import Clean, clean
from eksview.domain.live.command_context import CommandContext

_COST = Clean(
    "CloudWatch Logs charges for ingestion and storage. List price in us-east-1: 0.50 USD per GB "
    "ingested, 0.03 USD per GB and month (as of 2025); it differs by region: see "
    "aws.amazon.com/cloudwatch/pricing."
)
_COST_IN_CHINA = Clean(
    "CloudWatch Logs charges for ingestion and storage, in the regions in China in CNY: see "
    "www.amazonaws.cn/en/cloudwatch/pricing."
)


def cost_in(region: str) -> Clean:
    """Return what the delivery of logs costs in a region."""
    return _COST_IN_CHINA if region.startswith("cn-") else _COST


def enabling_command(types: Collection[str], cluster: str, commands: CommandContext) -> str:
    """Return the command that switches types of logs on; those that are on stay on."""
    logging = {"clusterLogging": [{"types": list(types), "enabled": True}]}
    words = ("update-cluster-config", "--name", cluster, "--logging", json.dumps(logging))
    return commands.aws("eks", *words)


def off_notices(log_type: str, cluster: str, commands: CommandContext) -> tuple[Clean, ...]:
    """Return what is said between the lines of a type that is switched off."""
    return (
        clean(f"EKS delivers no new lines of the {log_type} log: it is switched off."),
        clean(f"Switch it on: {enabling_command([log_type], cluster, commands)}"),
        cost_in(commands.region),
    )
