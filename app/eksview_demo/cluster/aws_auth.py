"""The demo's ConfigMap aws-auth: as its operators keep it, with the slips of real ones."""

from eksview_demo.storage import template
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, rfc3339

ROLE = "arn:aws:iam::111122223333:role"
NODE_GROUPS = ("default", "ng-general", "ng-spot")
"""Groups whose node roles are mapped; ng-canary's is missing, so its instance can't join."""
_NODE = "system:node:{{EC2PrivateDNSName}}"
_VIEWER = "arn:aws:sts::111122223333:assumed-role/eksview-demo-viewer/{{SessionName}}"
_FARGATE = "system:node:{{SessionName}}"
_NODES = ("system:bootstrappers", "system:nodes")


def _mapped(role: str, user: str, *groups: str) -> str:
    listed = "".join(f"  - {group}\n" for group in groups)
    return f"- rolearn: {ROLE}/{role}\n  username: {user}\n  groups:\n{listed}"


def roles() -> str:
    """Return the text of mapRoles. The last role has a path and therefore never matches.

    The role of the one before it is gone from IAM, and nobody has cleaned up.
    """
    nodes = [_mapped(f"eksview-demo-node-{group}", _NODE, *_NODES) for group in NODE_GROUPS]
    fargate = _mapped("eksview-demo-fargate", _FARGATE, *_NODES, "system:node-proxier")
    people = [
        _mapped("eksview-demo-viewer", _VIEWER, "eksview-demo:viewers"),
        _mapped("eksview-demo-migration", "migration", "eksview-demo:viewers"),
        _mapped("teams/shop/eksview-demo-oncall", "oncall:{{SessionName}}", "eksview-demo:viewers"),
    ]
    return "".join([*nodes, fargate, *people])


def config_map(uid: str, created: float) -> Draft:
    data = {"mapRoles": roles()}
    at = rfc3339(created)
    metadata = {
        "name": "aws-auth",
        "namespace": "kube-system",
        "uid": uid,
        "creationTimestamp": at,
        "managedFields": [managed("eks-api-server", "v1", at, {"data": data})],
    }
    return Draft("kube-system", "aws-auth", template.tail({"metadata": metadata, "data": data}), {})
