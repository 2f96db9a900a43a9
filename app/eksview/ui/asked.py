"""The commands with which a person asks what is on the screen. Pure: the store in, texts out."""

import shlex
from collections.abc import Iterator

from msgspec import Struct

from eksview.domain.groups import instance_id
from eksview.domain.trace import Request, command
from eksview.store.store import Store
from eksview.ui.intents import OpenNode, OpenPod, OpenRequest, Subject
from eksview.ui.lines.request import Asking


class Asked(Struct, frozen=True):
    """What is asked, and the command line that asks it."""

    what: str
    command: str


def commands(store: Store, subject: Subject | None, asking: Asking) -> tuple[Asked, ...]:
    """Of what the cursor is on, then of every link by what it last asked."""
    found = [*_about(store, subject, asking), *_links(store, asking)]
    return tuple({each.command: each for each in found}.values())


def _about(store: Store, subject: Subject | None, asking: Asking) -> Iterator[Asked]:
    kubectl = shlex.join(["kubectl", *(("--context", asking.context) if asking.context else ())])
    match subject:
        case OpenNode(name=name):
            yield Asked("this node", f"{kubectl} get node {shlex.quote(name)} -o yaml")
            yield Asked("this node", f"{kubectl} describe node {shlex.quote(name)}")
            selector = shlex.quote(f"spec.nodeName={name}")
            yield Asked("its pods", f"{kubectl} get pods -A --field-selector {selector}")
            node = store.nodes.get(name)
            if node is not None and (instance := instance_id(node.provider_id)):
                yield Asked("its instance", _instance(instance, asking))
        case OpenPod(uid=uid):
            pod = store.pods.get(uid)
            if pod is not None:
                named = f"{shlex.quote(pod.name)} -n {shlex.quote(pod.namespace)}"
                yield Asked("this pod", f"{kubectl} get pod {named} -o yaml")
                yield Asked("this pod", f"{kubectl} describe pod {named}")
        case OpenRequest(number=number):
            request = store.requests.get(number)
            if request is not None:
                yield Asked("this call", _command(request, asking))


def _instance(instance: str, asking: Asking) -> str:
    words = ["aws", "ec2", "describe-instances", "--instance-ids", instance]
    words += ["--region", asking.region] if asking.region else []
    words += ["--profile", asking.profile] if asking.profile else []
    return shlex.join(words)


def _links(store: Store, asking: Asking) -> Iterator[Asked]:
    latest: dict[tuple[str, str, str], Request] = {}
    for request in store.requests.values():
        path = request.target.partition("?")[0]
        latest[request.asker, request.verb, path] = request
    for request in latest.values():
        if request.asker not in ("detail", "access"):
            yield Asked(request.asker or "eksview", _command(request, asking))


def _command(request: Request, asking: Asking) -> str:
    return command(request, context=asking.context, region=asking.region, profile=asking.profile)
