"""Changes by a client: cordon, scale, rollout restart, other patches, deletion and eviction.

Source of answers and words: kube-apiserver 1.36, `pkg/registry/core/pod/rest/eviction.go`.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web
from msgspec import Struct

from eksview_demo.api import access, answers
from eksview_demo.api.access import User
from eksview_demo.api.reviews import fields
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.life import changes
from eksview_demo.storage.resources import ALL, BUDGETS, Resource
from eksview_demo.storage.status import StatusError, not_found
from eksview_demo.storage.storage import Draft, Stored

_PATH = re.compile(
    r"/(?:api/v1|apis/(?P<group>[^/]+)/[^/]+)(?:/namespaces/(?P<namespace>[^/]+))?"
    r"/(?P<resource>[^/]+)/(?P<name>[^/]+)(?:/(?P<sub>eviction|scale|status))?"
)
_VERBS = {"PATCH": "patch", "DELETE": "delete", "POST": "create", "GET": "get"}
_RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
_MAGIC = b"k8s\x00"
_SCALED = ("deployments", "statefulsets", "replicasets")
_ROLLED = ("deployments", "statefulsets", "daemonsets")
_PATCHES = ("application/merge-patch+json", "application/strategic-merge-patch+json",
            "application/json-patch+json", "application/apply-patch+yaml")  # fmt: skip


class Target(Struct, frozen=True):
    """The object that a change is for."""

    resource: Resource
    namespace: str
    name: str
    sub: str

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def target_of(method: str, path: str) -> Target | None:
    """Return the object that a request changes, or whose scale it reads; None for any other."""
    match = _PATH.fullmatch(path)
    if match is None or method not in _VERBS:
        return None
    sub = match["sub"] or ""
    if (method == "GET" and sub != "scale") or (method == "POST" and sub != "eviction"):
        return None
    for resource in ALL:
        if (resource.group, resource.name) == (match["group"] or "", match["resource"]):
            return Target(resource, match["namespace"] or "", match["name"], sub)
    return None


class Writes:
    """The changes of one cluster, which reacts to them as its controllers do."""

    def __init__(self, cluster: DemoCluster) -> None:
        self._cluster = cluster

    async def answer(self, request: web.BaseRequest, target: Target, user: User) -> web.Response:
        """Do what a request asks for, unless it is refused."""
        resource = f"{target.resource.name}/{target.sub}" if target.sub else target.resource.name
        verb, group = _VERBS[request.method], target.resource.group
        access.check(user, Attributes(verb, resource, group, target.namespace, target.name))
        stored = self._cluster.storage.table(target.resource).objects.get(target.key)
        if stored is None:
            raise not_found(target.resource.name, target.name, group)
        body = _decoded(await request.read())
        options = body.get("deleteOptions") or body if isinstance(body, dict) else {}
        dry = "All" in (request.query.get("dryRun"), *(options.get("dryRun") or ()))
        if target.sub == "eviction":
            return self._evict(target, body, dry)
        if request.method == "DELETE":
            return self._delete(target, stored, body, dry)
        if request.method == "GET":
            return answers.json(self._scale_of(target, stored))
        return self._patch(request, target, stored, body, dry)

    # patches

    def _patch(
        self, request: web.BaseRequest, target: Target, stored: Stored, body: Any, dry: bool
    ) -> web.Response:
        if request.content_type not in _PATCHES:
            raise StatusError(
                415, "the body of the request was in an unknown format - accepted media types "
                f"include: {', '.join(_PATCHES[:3])}",
            )  # fmt: skip
        before = _object(target.resource, stored)
        if request.content_type == "application/json-patch+json":
            body = _difference(before, _json_patched(before, body))
        _check_version(target, before, body)
        if target.sub == "scale":
            return self._scale(target, body, dry)
        if not dry:
            self._apply(target, before, body)
            stored = self._cluster.storage.table(target.resource).objects[target.key]
            return answers.raw(answers.whole(target.resource, stored))
        return answers.json(merged(before, body))

    def _apply(self, target: Target, before: dict[str, Any], body: dict[str, Any]) -> None:
        name, cluster = target.resource.name, self._cluster
        spec = body.get("spec") or {}
        if name == "nodes" and "unschedulable" in spec:
            node = cluster.nodes[target.name]
            node.cordoned = cluster.clock() if spec["unschedulable"] else 0.0
            cluster.store_node(node)
            reason = "NodeNotSchedulable" if node.cordoned else "NodeSchedulable"
            text = f"Node {node.name} status is now: {reason}"
            cluster.events.node(node, reason, text)
            return
        template = ((spec.get("template") or {}).get("metadata") or {}).get("annotations") or {}
        key = (target.resource.kind, target.namespace, target.name)
        if name in _ROLLED and _RESTARTED_AT in template and key in cluster.controllers.workloads:
            cluster.begin(changes.restart(cluster, key, str(template[_RESTARTED_AT])))
        elif name in _SCALED and "replicas" in spec and key in cluster.controllers.workloads:
            cluster.begin(changes.scale(cluster, key, int(spec["replicas"])))
        else:
            self._store(target, merged(before, body))

    def _store(self, target: Target, whole: dict[str, Any]) -> None:
        """Store an object that nothing else in the demo keeps; its controller may overwrite it."""
        table = self._cluster.storage.table(target.resource)
        selectable = table.objects[target.key].fields
        meta = dict(whole["metadata"])
        meta.pop("resourceVersion", None)
        rest = {key: whole[key] for key in whole if key not in ("kind", "apiVersion", "metadata")}
        text = msgspec.json.encode({"metadata": meta, **rest})
        tail = text.removeprefix(b'{"metadata":{')
        labels = meta.get("labels") or {}
        draft = Draft(target.namespace, target.name, tail, labels, selectable)
        self._cluster.storage.put(target.resource, draft)

    # scale

    def _scale(self, target: Target, body: Any, dry: bool) -> web.Response:
        replicas = (body.get("spec") or {}).get("replicas")
        if not isinstance(replicas, int) or replicas < 0:
            raise StatusError(
                422, f'Scale.autoscaling "{target.name}" is invalid: spec.replicas: Invalid value: '
                f"{replicas}: must be greater than or equal to 0",
            )  # fmt: skip
        key = (target.resource.kind, target.namespace, target.name)
        if not dry and key in self._cluster.controllers.workloads:
            self._cluster.begin(changes.scale(self._cluster, key, replicas))
        stored = self._cluster.storage.table(target.resource).objects[target.key]
        scale = self._scale_of(target, stored)
        scale["spec"]["replicas"] = replicas
        return answers.json(scale)

    def _scale_of(self, target: Target, stored: Stored) -> dict[str, Any]:
        whole = _object(target.resource, stored)
        kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
        meta = {key: whole["metadata"][key] for key in kept if key in whole["metadata"]}
        replicas = (whole.get("spec") or {}).get("replicas", 0)
        now = (whole.get("status") or {}).get("replicas", 0)
        labels = (
            ((whole.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
        ).items()
        selector = ",".join(f"{name}={value}" for name, value in labels)
        return {
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": meta,
            "spec": {"replicas": replicas}, "status": {"replicas": now, "selector": selector},
        }  # fmt: skip

    # deletion and eviction

    def _delete(self, target: Target, stored: Stored, body: Any, dry: bool) -> web.Response:
        before = _object(target.resource, stored)
        _check_uid(target, before, body)
        if dry:
            return answers.json(before)
        if target.resource.name == "pods":
            self._end(self._cluster.pods[target.key], body.get("gracePeriodSeconds"))
            after = self._cluster.storage.table(target.resource).objects.get(target.key)
            return answers.json(before) if after is None else answers.raw(
                answers.whole(target.resource, after)
            )  # fmt: skip
        self._cluster.storage.delete(target.resource, target.key)
        uid, group = before["metadata"].get("uid", ""), target.resource.group
        details = {"name": target.name, "group": group, "kind": target.resource.name, "uid": uid}
        return answers.json({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
            "details": details,
        })  # fmt: skip

    def _end(self, pod: PodState, grace: int | None) -> None:
        if grace == 0 and pod.deleted:  # its kubelet isn't waited for
            self._cluster.remove_pod(pod)
        else:
            self._cluster.begin(changes.delete(self._cluster, pod))

    def _evict(self, target: Target, body: Any, dry: bool) -> web.Response:
        pod = self._cluster.pods[target.key]
        uid = ((body.get("deleteOptions") or {}).get("preconditions") or {}).get("uid")
        _check_uid(target, {"metadata": {"uid": pod.uid}}, {"preconditions": {"uid": uid or ""}})
        if pod.counts and not pod.deleted and pod.stage is not Stage.UNSCHEDULABLE:
            self._check_budgets(target, pod)
        if not dry:
            self._end(pod, None)
        created = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
        return answers.json({**created, "code": 201}, 201)

    def _check_budgets(self, target: Target, pod: PodState) -> None:
        """Raise as the Eviction API does where a budget forbids it."""
        stored = self._cluster.storage.table(target.resource).objects[target.key]
        budgets = [
            budget
            for each in self._cluster.storage.table(BUDGETS).objects.values()
            if each.namespace == target.namespace
            and _selects(budget := _object(BUDGETS, each), stored.labels)
        ]
        if len(budgets) > 1:
            raise StatusError(
                500, "This pod has more than one PodDisruptionBudget, which the eviction "
                "subresource does not support.",
            )  # fmt: skip
        for budget in budgets:
            state, name = budget["status"], budget["metadata"]["name"]
            healthy, desired = state["currentHealthy"], state["desiredHealthy"]
            if pod.stage is not Stage.RUNNING and healthy >= desired > 0:
                continue
            if state["disruptionsAllowed"] == 0:
                cause = (
                    f"The disruption budget {name} needs {desired} healthy pods and has "
                    f"{healthy} currently"
                )
                raise StatusError(
                    429, "Cannot evict pod as it would violate the pod's disruption budget.",
                    details={"causes": [{"reason": "DisruptionBudget", "message": cause}]},
                )  # fmt: skip


def _decoded(text: bytes) -> Any:
    """Return a body as JSON has it; kubectl deletes and evicts with protobuf."""
    try:
        if text.startswith(_MAGIC):
            return _options(text)
        return msgspec.json.decode(text) if text else {}
    except ValueError:
        raise StatusError(400, "couldn't read the body") from None


def _options(text: bytes) -> dict[str, Any]:
    """Return the DeleteOptions of a protobuf body, or of the Eviction in it.

    Source: apimachinery `meta/v1/generated.proto`: 2 is preconditions, with a uid in 1; 5 is
    dryRun. An Eviction has its DeleteOptions in 2. The grace period, a number, isn't read.
    """
    envelope = fields(text[len(_MAGIC) :])
    raw = fields(envelope.get(2, b""))
    evicts = fields(envelope.get(1, b"")).get(2) == b"Eviction"
    options = fields(raw.get(2, b"")) if evicts else raw
    uid = fields(options.get(2, b"")).get(1, b"").decode()
    read: dict[str, Any] = {"preconditions": {"uid": uid}} if uid else {}
    read |= {"dryRun": [options[5].decode()]} if options.get(5) else {}
    return {"deleteOptions": read} if evicts else read


def merged(before: Any, patch: Any) -> Any:
    """Return an object after a merge patch (RFC 7396)."""
    if not isinstance(patch, Mapping):
        return patch
    after = dict(before) if isinstance(before, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        else:
            after[key] = merged(after.get(key), value)
    return after


def _json_patched(before: dict[str, Any], steps: Any) -> dict[str, Any]:
    """Return an object after a JSON patch (RFC 6902) of the operations that clients use."""
    after = msgspec.json.decode(msgspec.json.encode(before))
    for step in steps:
        *parents, last = [
            part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:]
        ]
        place = after
        for part in parents:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        if step["op"] == "test" and place.get(last) != step.get("value"):
            raise StatusError(422, "the server rejected our request due to an error in our request")
        if step["op"] in ("add", "replace"):
            place[last] = step["value"]
        elif step["op"] == "remove":
            place.pop(last, None)
    return after  # type: ignore[no-any-return]


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merge patch that leads from one object to another."""
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        if isinstance(value, Mapping) and isinstance(before.get(key), Mapping):
            if inner := _difference(before[key], value):
                patch[key] = inner
        elif before.get(key) != value:
            patch[key] = value
    return patch


def _check_version(target: Target, before: dict[str, Any], body: Any) -> None:
    version = (body.get("metadata") or {}).get("resourceVersion")
    if version and version != before["metadata"]["resourceVersion"]:
        raise _conflict(target, "the object has been modified; please apply your changes to the "
                        "latest version and try again")  # fmt: skip


def _check_uid(target: Target, before: dict[str, Any], body: Any) -> None:
    uid, own = (body.get("preconditions") or {}).get("uid"), before["metadata"].get("uid")
    if uid and uid != own:
        raise _conflict(
            target, f"Precondition failed: UID in precondition: {uid}, UID in object meta: {own}"
        )


def _conflict(target: Target, detail: str) -> StatusError:
    group = f".{target.resource.group}" if target.resource.group else ""
    return StatusError(
        409,
        f'Operation cannot be fulfilled on {target.resource.name}{group} "{target.name}": {detail}',
        details={"name": target.name, "kind": target.resource.name},
    )


def _selects(budget: dict[str, Any], labels: Mapping[str, str]) -> bool:
    wanted = (budget["spec"].get("selector") or {}).get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items())


def _object(resource: Resource, stored: Stored) -> dict[str, Any]:
    decoded: dict[str, Any] = msgspec.json.decode(answers.whole(resource, stored))
    return decoded
