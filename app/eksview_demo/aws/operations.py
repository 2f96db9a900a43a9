"""Which function answers which operation."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from eksview_demo.aws import autoscaling, ec2, eks, iam, network, ssm
from eksview_demo.aws.account import ACCOUNT, Account
from eksview_demo.aws.answering import NoSuch
from eksview_demo.aws.wire import AwsRequest, Parameters

Answering: TypeAlias = Callable[[Account, Parameters], Parameters]


def _caller_identity(_: Account, __: Parameters) -> Parameters:
    return {
        "UserId": "AROADEMO0000EXAMPLE00:demo",
        "Account": ACCOUNT,
        "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/eksview-demo-admin/demo",
    }


OPERATIONS: Mapping[str, Mapping[str, Answering]] = {
    "sts": {"GetCallerIdentity": _caller_identity},
    "ec2": {**ec2.OPERATIONS, **network.OPERATIONS},
    "eks": eks.OPERATIONS,
    "autoscaling": autoscaling.OPERATIONS,
    "iam": iam.OPERATIONS,
    "ssm": ssm.OPERATIONS,
}


def perform(account: Account, request: AwsRequest) -> Parameters:
    """Answer an operation. Raises NoSuch."""
    operation = OPERATIONS[request.service].get(request.operation)
    if operation is None:
        raise NoSuch("InvalidAction", f"The demo doesn't answer {request.operation}.")
    return operation(account, request.parameters)
