"""An API server of which little more than discovery is real: groups that share words."""

import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import urlsplit

Json = dict[str, Any]


def resource(name: str, kind: str, singular: str, *short: str, categories: tuple[str, ...] = ()):
    return {
        "name": name,
        "singularName": singular,
        "kind": kind,
        "namespaced": True,
        "verbs": ["get", "list", "watch"],
        "shortNames": list(short),
        "categories": list(categories),
    }


GROUPS: list[tuple[str, list[tuple[str, list[Json]]]]] = [
    ("", [("v1", [
        resource("events", "Event", "event", "ev"),
        resource("pods", "Pod", "pod", "po", categories=("all",)),
        resource("services", "Service", "service", "svc", categories=("all",)),
        resource("nodes", "Node", "node", "no"),
    ])]),
    ("apps", [("v1", [resource("deployments", "Deployment", "deployment", "deploy",
                               categories=("all",))])]),
    ("events.k8s.io", [("v1", [resource("events", "Event", "event", "ev")])]),
    ("autoscaling", [
        ("v2", [resource("horizontalpodautoscalers", "HorizontalPodAutoscaler",
                         "horizontalpodautoscaler", "hpa", categories=("all",))]),
        ("v1", [resource("horizontalpodautoscalers", "HorizontalPodAutoscaler",
                         "horizontalpodautoscaler", "hpa", categories=("all",)),
                resource("leftovers", "Leftover", "leftover")]),
    ]),
    ("extensions", [("v1beta1", [resource("ingresses", "Ingress", "ingress", "ing")])]),
    ("networking.k8s.io", [("v1", [resource("ingresses", "Ingress", "ingress", "ing")])]),
    ("metrics.k8s.io", [("v1beta1", [resource("pods", "PodMetrics", ""),
                                     resource("nodes", "NodeMetrics", "")])]),
    ("serving.knative.dev", [("v1", [resource("services", "Service", "service", "kservice",
                                              "ksvc", categories=("all", "knative"))])]),
    # Its short name is a pod's, and its other one the plural of nothing else.
    ("example.com", [("v1alpha1", [resource("podpresets", "PodPreset", "podpreset", "po", "deploy"),
                                   resource("foos", "FooThing", "foo", "ft")])]),
    ("sh", [("karpenter", [resource("nodeclaims", "NodeClaim", "nodeclaim")])]),
    ("karpenter.sh", [("v1", [resource("nodeclaims", "NodeClaim", "nodeclaim")])]),
]  # fmt: skip
"""Each group with its versions, the preferred one first."""
WORDS = tuple(
    """
    events ev event Event EVENTS events.v1 events.events.k8s.io ev.events.k8s.io events.v1.
    pods po pod PO Pod pods.metrics.k8s.io podmetrics PodMetrics.metrics.k8s.io
    PodMetrics.v1beta1.metrics.k8s.io no nodes.metrics NodeMetrics services svc service ksvc
    kservice services.serving services.serving.knative.dev Service.serving.knative.dev
    ksvc.serving service.v1.serving.knative.dev deploy deployments deployment.apps
    deploy.apps deploy.v1.apps Deployment DEPLOY deploy.ex deployments.v1beta1.apps
    deployments.nosuch hpa hpa.v1.autoscaling horizontalpodautoscalers.v2.autoscaling
    leftover leftovers.autoscaling ing ingress ingresses ingresses.networking ing.ext
    ingresses.extensions foos foo ft FooThing foothing FooThing.example.com
    foothing.example.com foos.example podpreset po.example.com nodeclaims
    nodeclaims.karpenter.sh nodeclaim.v1.karpenter.sh nosuch pod/ all.nosuch deploy.v9.apps
    hpa.v2.autoscaling deployments.v9.apps
    """.split()  # noqa: SIM905 - seventy words
)


class DiscoveryHandler(BaseHTTPRequestHandler):
    """Answers discovery in one form or the other, and any list with one object."""

    protocol_version = "HTTP/1.1"
    aggregated: ClassVar[bool] = True
    stale: ClassVar[frozenset[str]] = frozenset()
    down: ClassVar[frozenset[str]] = frozenset()
    """Groups of a server without aggregated discovery whose API service answers 503."""
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.asked.append(path)
        aggregated = self.aggregated and "APIGroupDiscoveryList" in self.headers["Accept"]
        if path in ("/api", "/apis") and aggregated:
            kind = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
            return self._send(200, self._aggregated(path), kind)
        body = _legacy(path)
        if any(path.startswith(f"/apis/{group}/") for group in self.down):
            return self._send(503, _status(503, "service unavailable"))
        if body is None:
            body = _listed(path)
        return self._send(*((200, body) if body else (404, _status(404, "not found"))))

    def _aggregated(self, path: str) -> Json:
        groups = [each for each in GROUPS if bool(each[0]) == (path == "/apis")]
        return {
            "kind": "APIGroupDiscoveryList",
            "apiVersion": "apidiscovery.k8s.io/v2",
            "metadata": {},
            "items": [
                {"metadata": {"name": group} if group else {}, "versions": [
                    {"version": version,
                     "freshness": "Stale" if group in self.stale else "Current",
                     "resources": [] if group in self.stale else list(map(_described, each))}
                    for version, each in versions]}
                for group, versions in groups
            ],
        }  # fmt: skip

    def _send(self, status: int, body: Json, kind: str = "application/json") -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


def _described(each: Json) -> Json:
    return {
        "resource": each["name"],
        "responseKind": {"group": "", "version": "", "kind": each["kind"]},
        "scope": "Namespaced",
        "singularResource": each["singularName"],
        "verbs": each["verbs"],
        "shortNames": each["shortNames"],
        "categories": each["categories"],
    }


def _status(code: int, message: str) -> Json:
    reason = "NotFound" if code == 404 else "ServiceUnavailable"
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure"}
    return {**status, "code": code, "message": message, "reason": reason}


def _legacy(path: str) -> Json | None:
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        groups = [
            {"name": group,
             "versions": [{"groupVersion": f"{group}/{name}", "version": name} for name, _ in each],
             "preferredVersion": {"groupVersion": f"{group}/{each[0][0]}", "version": each[0][0]}}
            for group, each in GROUPS if group
        ]  # fmt: skip
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    for group, versions in GROUPS:
        for version, each in versions:
            if path == (f"/apis/{group}/{version}" if group else f"/api/{version}"):
                gv = f"{group}/{version}" if group else version
                return {"kind": "APIResourceList", "groupVersion": gv, "resources": each}
    return None


def _listed(path: str) -> Json | None:
    """Return a list of the resource of a path, if there is one."""
    for group, versions in GROUPS:
        for version, resources in versions:
            root = f"/apis/{group}/{version}" if group else f"/api/{version}"
            for each in resources:
                if path == f"{root}/{each['name']}":
                    kind, api = each["kind"], f"{group}/{version}" if group else version
                    meta = {"name": "it", "namespace": "n", "uid": "1", "creationTimestamp": None}
                    item = {"kind": kind, "apiVersion": api, "metadata": meta}
                    return {"kind": f"{kind}List", "apiVersion": api, "metadata": {},
                            "items": [item]}  # fmt: skip
    return None
