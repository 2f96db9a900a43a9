"""What can be done about an instance that doesn't run, by the service that manages it. Pure.

Sources: EC2 User Guide, "Amazon EC2 managed instances" (only their service may start, stop or
modify them), "Stop a Spot Instance" and "Instance state changes"; EC2 Auto Scaling User Guide,
"Health checks for instances in an Auto Scaling group".
"""

from eksview.domain.join.manager import Manager, manager_of
from eksview.domain.rows.aws import InstanceRow

BY_EKS = "EKS Auto Mode manages it and EC2 refuses changes by others"
BY_SPOT = "EC2 stopped it for want of Spot capacity and starts it again itself"


def stopped_by_spot(instance: InstanceRow) -> bool:
    """Check for a Spot instance that EC2 stopped, which only EC2 starts again."""
    return bool(instance.lifecycle) and instance.state_reason.startswith("Server.SpotInstance")


def changeable(instance: InstanceRow) -> bool:
    """Check that EC2 accepts changes of the instance by its account."""
    return manager_of(None, instance).kind != "auto" and not instance.ended


def revival(instance: InstanceRow) -> str:
    """Return what to do about an instance that isn't running."""
    manager = manager_of(None, instance)
    if instance.ended:
        return f"it can't be started again; {_successor(manager)}"
    if manager.kind == "auto":
        return f"{BY_EKS}; {_replaced(manager)}"
    if stopped_by_spot(instance):
        return f"{BY_SPOT}; or {_replaced(manager)}"
    first = "once it has stopped, start it" if instance.state == "stopping" else "start it"
    return f"{first}, or {_replaced(manager)}"


def relocation(instance: InstanceRow) -> str:
    """Return how an instance gets another host: a start after a stop, or another instance.

    A group ends an instance that is stopped, and a one-time Spot request allows no stop.
    """
    manager = manager_of(None, instance)
    if instance.ended:
        return _successor(manager)
    if manager.kind == "none" and instance.lifecycle != "spot":
        return "stop and start the instance"
    return _replaced(manager)


def _replaced(manager: Manager) -> str:
    match manager.kind:
        case "auto" | "karpenter":
            return "delete its NodeClaim"
        case "nodegroup" | "self-managed":
            return "terminate it for its Auto Scaling group to replace it"
    return "replace it"


def _successor(manager: Manager) -> str:
    match manager.kind:
        case "auto" | "karpenter":
            return f"node pool {manager.name} launches another when pods need one"
        case "nodegroup" | "self-managed":
            return "its Auto Scaling group launches another if it has less than the desired size"
    return "launch another"
