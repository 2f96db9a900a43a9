"""Systems Manager: the sessions that are open on the nodes, and those that were."""

from typing import Any

from eksview_demo.aws import estate as e
from eksview_demo.aws.answering import page
from eksview_demo.aws.estate import Account
from eksview_demo.aws.wire import Parameters
from eksview_demo.cluster.ssm_visits import Visit
from eksview_demo.times import parse_time

_MOST = 50
_TESTS = {
    "InvokedAfter": lambda visit, value: visit.started >= (parse_time(value) or 0.0),
    "Target": lambda visit, value: visit.instance == value,
}


def describe_sessions(estate: Account, parameters: Parameters) -> Parameters:
    """The newest first."""
    active = parameters["State"] == "Active"
    filters = parameters.get("Filters") or ()
    found = [
        visit
        for visit in sorted(estate.cluster.visits.all, key=lambda each: -each.started)
        if (visit.ended is None) == active
        and all(_TESTS[each["key"]](visit, each["value"]) for each in filters)
    ]
    some, token = page(found, parameters, "MaxResults", "NextToken", _MOST)
    return {"Sessions": list(map(_session, some)), **token}


def _session(visit: Visit) -> dict[str, Any]:
    return {
        "SessionId": visit.id,
        "Target": visit.instance,
        "Status": "Connected" if visit.ended is None else "Terminated",
        "StartDate": visit.started,
        "EndDate": visit.ended,
        "DocumentName": visit.document,
        "Owner": f"arn:aws:sts::{e.ACCOUNT}:assumed-role/{e.CLUSTER}-oncall/{visit.who}",
        "MaxSessionDuration": "60",
        "AccessType": "Standard",
    }


OPERATIONS = {"DescribeSessions": describe_sessions}
