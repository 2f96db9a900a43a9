"""Services and their EndpointSlices, which follow the pods that a service selects."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.cluster.controllers import owner_shape
from eksview_demo.cluster.objects.plain_objects import Plain
from eksview_demo.cluster.pods.pod_state import WITHOUT_IP, PodState, Stage
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage.resources import ENDPOINT_SLICES, SERVICES
from eksview_demo.storage.storage import Draft, Storage
from eksview_demo.storage.template import rfc3339

FULL = 100  # endpoints of a slice: the controller's --max-endpoints-per-slice
PROMETHEUS = "kube-prometheus-stack-prometheus"  # its chart labels it with its name, too
_NAMES = {"coredns": "kube-dns", "prometheus": PROMETHEUS}
_BALANCED, _NODE_PORT = {"web"}, {"grafana": 30_300}
_ZONE = "us-west-2.elb.amazonaws.com"
_CONDITIONS = (  # of an endpoint that isn't Ready, is Ready, and terminates
    '{"ready":false,"serving":false,"terminating":false}',
    '{"ready":true,"serving":true,"terminating":false}',
    '{"ready":false,"serving":true,"terminating":true}',
)


class Slice:
    """Up to a hundred endpoints of a service."""

    def __init__(self, service: "Service", name: str, uid: str) -> None:
        self.name = name
        self.pods: dict[str, PodState] = {}
        self.labels = {
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            "kubernetes.io/service-name": service.name,
        }
        metadata = {
            "name": name,
            "generateName": f"{service.name}-",
            "namespace": service.namespace,
            "uid": uid,
            "creationTimestamp": rfc3339(service.created),
            "labels": self.labels,
            "ownerReferences": owner_shape.controller("Service", "v1", service.name, service.uid),
        }
        ports = [{"name": service.port_name, "port": service.port, "protocol": "TCP"}]
        head = {"metadata": metadata, "addressType": "IPv4", "ports": ports}
        self._namespace = service.namespace
        self._head = msgspec.json.encode(head)[len('{"metadata":{') : -1] + b',"endpoints":['

    def draft(self) -> Draft:
        """Return the slice as stored."""
        endpoints = ",".join(_endpoint(pod) for pod in self.pods.values())
        tail = b"%b%b]}" % (self._head, endpoints.encode())
        return Draft(self._namespace, self.name, tail, self.labels)


def _endpoint(pod: PodState) -> str:
    return (
        f'{{"addresses":["{pod.ip}"],"conditions":{_CONDITIONS[pod.endpoint - 1]},'
        f'"nodeName":"{pod.node}","targetRef":{{"kind":"Pod","namespace":'
        f'"{pod.workload.namespace}","name":"{pod.name}","uid":"{pod.uid}"}}}}'
    )


class Service(Struct):
    """A service in front of a workload's pods."""

    workload: Workload
    uid: str
    created: float
    slices: list[Slice] = []

    @property
    def namespace(self) -> str:
        return self.workload.namespace

    @property
    def name(self) -> str:
        return _NAMES.get(self.workload.name, self.workload.name)

    @property
    def port(self) -> int:
        return self.workload.boxes[0].port

    @property
    def port_name(self) -> str:
        return "http-web" if self.name == PROMETHEUS else "main"

    def object(self) -> Plain:
        """Return the service."""
        return _service(self.workload, self.name, self.port_name, self.port)


def _service(workload: Workload, name: str, port_name: str, port: int) -> Plain:
    kind, address = "ClusterIP", _address(workload.namespace, name)
    served: dict[str, Any] = {"protocol": "TCP", "port": port, "targetPort": "main"}
    served["name"] = port_name
    status: dict[str, Any] = {"loadBalancer": {}}
    labels = owner_shape.labels(workload)
    if name == PROMETHEUS:
        labels["app"] = name
    elif workload.kind == "StatefulSet":
        address = "None"
    elif name in _BALANCED:
        kind = "LoadBalancer"
        served |= {"port": 80, "nodePort": 31_380}
        host = f"k8s-{workload.namespace}-{name}-{zlib.crc32(address.encode()):010d}.elb.{_ZONE}"
        status = {"loadBalancer": {"ingress": [{"hostname": host}]}}
    elif name in _NODE_PORT:
        kind = "NodePort"
        served["nodePort"] = _NODE_PORT[name]
    spec: dict[str, Any] = {
        "clusterIP": address,
        "clusterIPs": [address],
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "ports": [served],
        "selector": owner_shape.selector(workload),
        "sessionAffinity": "None",
        "type": kind,
    }
    body = {"spec": spec, "status": status}
    return Plain(SERVICES, workload.namespace, name, body, labels, fields=(address, kind))


def _address(namespace: str, name: str) -> str:
    number = zlib.crc32(f"{namespace}/{name}".encode())
    return f"172.20.{number >> 8 & 255}.{1 + number % 254}"


def without_pods() -> Iterator[Plain]:
    """Yield the services that select nothing: the API server's and one outside the cluster."""
    https = {"name": "https", "protocol": "TCP", "port": 443, "targetPort": 443}
    api = {
        "clusterIP": "172.20.0.1",
        "clusterIPs": ["172.20.0.1"],
        "ports": [https],
        "sessionAffinity": "None",
        "type": "ClusterIP",
    }
    labels = {"component": "apiserver", "provider": "kubernetes"}
    body: dict[str, Any] = {"spec": api, "status": {"loadBalancer": {}}}
    yield Plain(SERVICES, "default", "kubernetes", body, labels, fields=("172.20.0.1", "ClusterIP"))
    bank = {"externalName": "api.bank.example.com", "sessionAffinity": "None"}
    body = {"spec": bank | {"type": "ExternalName"}, "status": {"loadBalancer": {}}}
    yield Plain(SERVICES, "payments", "bank", body, fields=("", "ExternalName"))


class Services:
    """The services of a cluster by the workloads they select."""

    def __init__(self, storage: Storage, new_uid: Callable[..., str]) -> None:
        self._storage = storage
        self._new_uid = new_uid
        self._of: dict[tuple[str, str, str], Service] = {}

    def load(self, workloads: Iterable[Workload], pods: Iterable[PodState], at: float) -> None:
        """Store a service and its slices for each workload with a port, as of a time."""
        for workload in workloads:
            if workload.kind in ("Deployment", "StatefulSet") and workload.boxes[0].port:
                uid = self._new_uid("Service", workload.namespace, workload.name)
                self._of[workload.key] = Service(workload, uid, at, [])
        for pod in pods:
            service = self._of.get(pod.workload.key)
            if service is not None and (value := _value(pod)):
                pod.endpoint = value
                self._open(service).pods[pod.uid] = pod
        services = list(self._of.values())
        drafts = [each.object().draft(each.uid, at) for each in services]
        self._storage.load(SERVICES, drafts)
        slices = [part for each in services for part in each.slices or (self._open(each),)]
        self._storage.load(ENDPOINT_SLICES, [part.draft() for part in slices])

    def observe(self, pod: PodState) -> None:
        """Store the slice of a pod whose endpoint has changed."""
        value = _value(pod)
        if value == pod.endpoint:
            return
        service = self._of.get(pod.workload.key)
        if service is None:
            return
        part = self._slice_of(service, pod)
        pod.endpoint = value
        if value:
            part.pods[pod.uid] = pod
        else:
            del part.pods[pod.uid]
        self._storage.put(ENDPOINT_SLICES, part.draft())

    def forget(self, pod: PodState) -> None:
        """Remove the endpoint of a pod that is gone."""
        service = self._of.get(pod.workload.key)
        if service is not None and pod.endpoint:
            pod.endpoint = 0
            part = self._slice_of(service, pod)
            del part.pods[pod.uid]
            self._storage.put(ENDPOINT_SLICES, part.draft())

    def _slice_of(self, service: Service, pod: PodState) -> Slice:
        for part in service.slices:
            if pod.uid in part.pods:
                return part
        return self._open(service)

    def _open(self, service: Service) -> Slice:
        """Return a slice with room for an endpoint."""
        for part in reversed(service.slices):
            if len(part.pods) < FULL:
                return part
        number = str(len(service.slices))
        uid = self._new_uid("EndpointSlice", service.namespace, service.name, number)
        name = f"{service.name}-{owner_shape.hash_of(uid)[:5]}"
        made = Slice(service, name, uid)
        service.slices.append(made)
        return made


def _value(pod: PodState) -> int:
    """Return 0 for a pod without an endpoint, otherwise 1 plus the number of its conditions."""
    if not pod.ip or pod.stage in WITHOUT_IP or not pod.counts:
        return 0
    if pod.deleted:
        return 3
    return 2 if pod.stage is Stage.RUNNING else 1
