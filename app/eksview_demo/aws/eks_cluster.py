"""The one EKS cluster of the account: its name in requests, and its version."""

from eksview_demo.aws.account import CLUSTER, Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.wire import Parameters

DAY = 86_400.0


def check_name(parameters: Parameters, key: str = "name") -> None:
    """Raise NoSuch for another cluster than the demo's."""
    name = parameters.get(key)
    if name != CLUSTER:
        raise NoSuch("ResourceNotFoundException", f"No cluster found for name: {name}.", 404)


def version(account: Account) -> str:
    """Return the API server's version as EKS writes it: `1.33`."""
    return ".".join(account.cluster.git_version.removeprefix("v").split(".")[:2])
