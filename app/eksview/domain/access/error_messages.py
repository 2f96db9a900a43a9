"""Why something can't be had, in one sentence that says what to do; and the rule that grants it."""

from collections.abc import Iterable

from eksview.domain.base.reading import Permission
from eksview.domain.base.text import clean

_UNREACHABLE = {
    "dns": "The name in {server} can't be resolved: check the network, VPN and DNS.",
    "refused": "Nothing listens at {server} (connection refused): is the cluster running?",
    "timeout": "{server} doesn't answer (timed out): check the VPN, the security groups "
    "and the endpoint's allowed CIDRs.",
    "mute": "{server} accepts connections and then says nothing: the API server hangs, or what "
    "stands in between does.",
    "silent": "{server} has gone silent; connecting again.",
    "ca": "The certificate of {server} isn't signed by the CA in the kubeconfig ({said}): "
    "update the kubeconfig, or check what stands in between.",
    "expired": "The certificate of {server} has expired or isn't valid yet ({said}): check the "
    "clocks, and have the API server's certificate renewed.",
    "hostname": "The certificate of {server} is for another name ({said}).",
    "tls": "TLS with {server} failed ({said}).",
    "proxy": "The proxy on the way to {server} refused ({said}).",
    "cut": "The connection to {server} was cut.",
    "url": "{server} isn't an address eksview can connect to: correct it in the kubeconfig.",
}


def sentence(status: int, message: str, *, server: str, user: str = "") -> str:
    """What an HTTP answer that isn't 2xx means for a person. `message` is the server's own."""
    said = clean(message).strip().rstrip(".")
    match status:
        case 401:
            return (
                f"{server} doesn't accept the credentials of user {clean(user) or '?'}: they are "
                "wrong or have expired. Log in again, or choose another context."
            )
        case 403:
            return f"Not permitted: {said or 'the server refused'}."
        case 404:
            return f"{said or 'Not found'}."
        case 429:
            return f"{server} asks for patience (429): too many requests."
        case _ if status >= 500:
            return f"{server} failed with {status}{_because(said)}."
    return f"{server} answered {status}{_because(said)}."


def not_kubernetes(status: int, content_type: str, *, server: str) -> str:
    """For an answer that isn't JSON where JSON was asked for: a proxy or a login page, mostly."""
    kind = clean(content_type.split(";", 1)[0]) or "no content type"
    return (
        f"{server} answered {status} with {kind}, which isn't a Kubernetes API: "
        "check the server's address and the proxies in between."
    )


def unreachable(cause: str, detail: str, *, server: str) -> str:
    """For a connection that could not be made or was lost; `cause` is a word of the table above."""
    said = clean(detail).strip().rstrip(".") or clean(cause)
    template = _UNREACHABLE.get(cause, "{server} can't be reached ({said}).")
    return template.format(server=server, said=said)


def rbac_yaml(permission: Permission, user: str = "") -> str:
    """The smallest role and binding that grant it, to be applied by an administrator.

    Source: Kubernetes "Using RBAC Authorization". Whoever may list to follow needs watch as well.
    """
    name = f"eksview-{permission.resource.strip('/').replace('/', '-')}"
    return _role_and_binding(name, permission.namespace, [_rule(permission)], "User", user)


def rbac_yaml_for(permissions: Iterable[Permission], user: str = "", *, group: str = "") -> str:
    """The same for several: one ClusterRole, one Role in each namespace, and their bindings.

    A group that is named is granted it instead of the user.
    """
    kind, name = ("Group", group) if group else ("User", user)
    rules: dict[str, dict[str, None]] = {}
    for permission in permissions:
        rules.setdefault(permission.namespace, {})[_rule(permission)] = None
    return "---\n".join(
        _role_and_binding("eksview", namespace, found, kind, name)
        for namespace, found in rules.items()
    )


def _role_and_binding(
    name: str, namespace: str, rules: Iterable[str], whose: str, subject: str
) -> str:
    kind = "Role" if namespace else "ClusterRole"
    space = f"\n  namespace: {namespace}" if namespace else ""
    called = clean(subject).replace('"', '\\"') or "YOU"
    listed = "\n".join(rules)
    return f"""apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata:
  name: {name}{space}
rules:
{listed}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}Binding
metadata:
  name: {name}{space}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {kind}
  name: {name}
subjects:
- apiGroup: rbac.authorization.k8s.io
  kind: {whose}
  name: "{called}"
"""


def _rule(permission: Permission) -> str:
    verbs = (
        '["get", "list", "watch"]'
        if permission.verb in ("list", "watch")
        else f'["{permission.verb}"]'
    )
    if permission.resource.startswith("/"):
        return f'- nonResourceURLs: ["{permission.resource}"]\n  verbs: {verbs}'
    group, resource = permission.group, permission.resource
    return f'- apiGroups: ["{group}"]\n  resources: ["{resource}"]\n  verbs: {verbs}'


def _because(said: str) -> str:
    return f": {said}" if said else ""
