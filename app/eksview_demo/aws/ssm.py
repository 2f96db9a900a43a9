"""Systems Manager: the sessions that are open on the nodes, and those that were."""

from typing import Any

from eksview_demo.aws import account as e
from eksview_demo.aws.account import Account
from eksview_demo.aws.answering import page
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.nodes.ssm_sessions import SsmSession
from eksview_demo.times import parse_time

_MOST = 50
_TESTS = {
    "InvokedAfter": lambda session, value: session.started >= (parse_time(value) or 0.0),
    "Target": lambda session, value: session.instance == value,
}


def describe_sessions(account: Account, parameters: Parameters) -> Parameters:
    """Return the sessions of a state, the newest first."""
    active = parameters["State"] == "Active"
    filters = parameters.get("Filters") or ()
    sessions = [
        session
        for session in sorted(
            account.cluster.ssm_sessions.all, key=lambda session: -session.started
        )
        if (session.ended is None) == active
        and all(_TESTS[test["key"]](session, test["value"]) for test in filters)
    ]
    shown, token = page(sessions, parameters, "MaxResults", "NextToken", _MOST)
    return {"Sessions": list(map(_session, shown)), **token}


def _session(session: SsmSession) -> dict[str, Any]:
    return {
        "SessionId": session.id,
        "Target": session.instance,
        "Status": "Connected" if session.ended is None else "Terminated",
        "StartDate": session.started,
        "EndDate": session.ended,
        "DocumentName": session.document,
        "Owner": f"arn:aws:sts::{e.ACCOUNT}:assumed-role/{e.CLUSTER}-oncall/{session.user}",
        "MaxSessionDuration": "60",
        "AccessType": "Standard",
    }


OPERATIONS = {"DescribeSessions": describe_sessions}
