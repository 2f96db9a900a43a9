"""Errors as one sentence with the remedy, and the RBAC rule that grants a permission."""

import json
from collections.abc import Iterable

from eksview.domain.base.reading import Permission
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean

_UNREACHABLE = {
    "dns": "The name in {server} can't be resolved: check the network, VPN and DNS.",
    "refused": "Connection refused by {server}: is the cluster running?",
    "timeout": "{server} doesn't answer (timed out): check the VPN, the security groups "
    "and the endpoint's allowed CIDRs.",
    "mute": "{server} accepts connections but doesn't respond: the API server or a proxy in "
    "between hangs.",
    "silent": "{server} stopped sending.",
    "ca": "The certificate of {server} isn't signed by the CA in the kubeconfig ({detail}): "
    "update the kubeconfig, or check the proxies in between.",
    "no-ca": "The certificate of {server} isn't signed by a CA that this machine trusts, and the "
    "kubeconfig names none ({detail}): add certificate-authority, or check the proxies in between.",
    "expired": "The certificate of {server} has expired or isn't valid yet ({detail}): check the "
    "clocks, and have the API server's certificate renewed.",
    "hostname": "The certificate of {server} is for another name ({detail}).",
    "tls": "TLS with {server} failed ({detail}).",
    "no-tls": "{server} doesn't speak TLS: check the port, and whether it should be http://.",
    "no-http": "{server} doesn't speak HTTP: check the address and the port.",
    "ssh": "An SSH server answers at {server}: check the address and the port.",
    "redirects": "{server} redirects in a circle: check the server's address and the proxies in "
    "between.",
    "elsewhere": "{server} redirects to {detail}, where no credentials are sent: it may be a login "
    "page; check the server's address and the proxies in between.",
    "proxy-timeout": "{server} doesn't answer through the proxy {proxy} (timed out): check the "
    "proxy, or name the server in NO_PROXY.",
    "proxy-dns": "The name of the proxy {proxy} for {server} can't be resolved: correct proxy-url "
    "in the kubeconfig or HTTPS_PROXY, or name the server in NO_PROXY.",
    "proxy": "The proxy {proxy} gave no connection to {server} ({detail}): check the proxy, or "
    "name the server in NO_PROXY.",
    "long": "{server} sent an answer of more than {detail}, which isn't read any further: check "
    "the server's address and the proxies in between.",
    "cut": "The connection to {server} was lost.",
    "url": "{server} isn't an address eksview can connect to: correct it in the kubeconfig.",
}


def sentence(status: int, message: str, *, server: str, user: str = "") -> str:
    """Return the sentence for an HTTP error; `message` is the server's."""
    detail = clean(mask(message)).strip().rstrip(".")
    match status:
        case 401:
            return _unauthorized(server, user)
        case 403:
            return f"Not permitted: {detail or 'the server refused'}."
        case 404:
            return f"{detail or 'Not found'}."
        case 429:
            return f"{server} is throttling requests (429)."
        case _ if status >= 500:
            return f"{server} failed with {status}{_suffix(detail)}."
    return f"{server} answered {status}{_suffix(detail)}."


def _unauthorized(server: str, user: str) -> str:
    if server.startswith("http://"):
        return (
            f"{server} wants credentials, which are never sent over http:// (kubectl sends none "
            "either): use its https:// address."
        )
    return (
        f"{server} doesn't accept the credentials of user {clean(user) or '?'}: they are "
        "wrong or have expired. Log in again, or choose another context."
    )


def not_kubernetes(status: int, content_type: str, *, server: str) -> str:
    """Return the sentence for an answer that isn't JSON, such as a proxy's login page."""
    kind = clean(content_type.split(";", 1)[0]) or "no content type"
    return (
        f"{server} answered {status} with {kind}, which isn't a Kubernetes API: "
        "check the server's address and the proxies in between."
    )


def speaks_tls(server: str) -> str:
    """Return the sentence for an http:// address of a server that speaks TLS."""
    return f"{server} speaks TLS: use https:// in the kubeconfig."


def unreachable(cause: str, detail: str, *, server: str, proxy: str = "") -> str:
    """Return the sentence for a failed or lost connection; `cause` is a key of `_UNREACHABLE`.

    `proxy` is the one that the connection goes through.
    """
    detail = clean(mask(detail)).strip().rstrip(".") or clean(cause)
    template = _UNREACHABLE.get(cause, "{server} can't be reached ({detail}).")
    return template.format(server=server, detail=detail, proxy=clean(mask(proxy)) or "in between")


def unhealthy(path: str, limit: float, *, server: str) -> str:
    """Return the sentence for a health endpoint without an answer where `/livez/ping` has one."""
    return (
        f"{server} answers /livez/ping, but not {path} within {limit:.0f} s: the network is fine, "
        "the API server or its storage (etcd) isn't."
    )


def rbac_yaml(permission: Permission, user: str = "") -> str:
    """Return the smallest role and binding that grant a permission, for an administrator.

    Source: Kubernetes "Using RBAC Authorization". A list needs the verb watch as well.
    """
    name = f"eksview-{permission.resource.strip('/').replace('/', '-')}"
    return _role_and_binding(name, permission.namespace, [_rule(permission)], "User", user)


def rbac_yaml_for(permissions: Iterable[Permission], user: str = "", *, group: str = "") -> str:
    """Return a ClusterRole, a Role per namespace, and their bindings to the group or the user."""
    kind, name = ("Group", group) if group else ("User", user)
    rules: dict[str, dict[str, None]] = {}
    for permission in permissions:
        rules.setdefault(permission.namespace, {})[_rule(permission)] = None
    return "---\n".join(
        _role_and_binding("eksview", namespace, granted, kind, name)
        for namespace, granted in rules.items()
    )


def _role_and_binding(
    name: str, namespace: str, rules: Iterable[str], subject_kind: str, subject: str
) -> str:
    kind = "Role" if namespace else "ClusterRole"
    space = f"\n  namespace: {_quoted(namespace)}" if namespace else ""
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
  kind: {subject_kind}
  name: {_quoted(subject or "YOU")}
"""


def _quoted(text: str) -> str:
    """Return a YAML text, which is JSON's: a namespace may be called 123 and a user `CORP\\ada`."""
    return json.dumps(text, ensure_ascii=clean(text) != text)


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


def _suffix(detail: str) -> str:
    return f": {detail}" if detail else ""
