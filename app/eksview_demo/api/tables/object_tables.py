"""The cells that `kubectl get` prints of services, volumes, policies and the like.

Source: kubernetes `pkg/printers/internalversion/printers.go`, and for API services and definitions
of custom resources the table convertors of kube-aggregator and apiextensions-apiserver.
"""

from collections.abc import Iterable
from typing import Any

from eksview_demo.api.tables.printing import Cells, Printer
from eksview_demo.api.tables.workload_tables import selector
from eksview_demo.storage.resources import (
    API_SERVICES,
    AUTOSCALERS,
    BUDGETS,
    CLAIMS,
    CONFIG_MAPS,
    DEFINITIONS,
    ENDPOINT_SLICES,
    INGRESS_CLASSES,
    INGRESSES,
    LIMIT_RANGES,
    NETWORK_POLICIES,
    PRIORITY_CLASSES,
    QUOTAS,
    SECRETS,
    SERVICE_ACCOUNTS,
    SERVICES,
    STORAGE_CLASSES,
    VOLUMES,
)

_NONE, _UNSET = "<none>", "<unset>"
_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_SHOWN_ENDPOINTS = 3


def _name(item: Any) -> str:
    return str(item["metadata"]["name"])


def _service(item: Any, printer: Printer) -> list[Any]:
    spec = item["spec"]
    ports = (
        f"{port['port']}{':' + str(port['nodePort']) if 'nodePort' in port else ''}/"
        f"{port['protocol']}"
        for port in spec.get("ports", ())
    )
    return [
        _name(item),
        spec["type"],
        spec.get("clusterIP") or _NONE,
        _external(spec, item["status"]),
        ",".join(ports) or _NONE,
        printer.age_of(item),
        selector(spec.get("selector")),
    ]


def _external(spec: Any, status: Any) -> str:
    match spec["type"]:
        case "LoadBalancer":
            return _balanced(status) or "<pending>"
        case "ExternalName":
            return str(spec["externalName"])
    return _NONE


def _balanced(status: Any) -> str:
    return ",".join(
        each.get("ip") or each["hostname"] for each in status["loadBalancer"].get("ingress", ())
    )


def _slice(item: Any, printer: Printer) -> list[Any]:
    ports = ",".join(str(port["port"]) for port in item["ports"])
    addresses = [address for each in item["endpoints"] for address in each["addresses"]]
    shown = ",".join(addresses[:_SHOWN_ENDPOINTS]) or _UNSET
    if len(addresses) > _SHOWN_ENDPOINTS:
        shown += f" + {len(addresses) - _SHOWN_ENDPOINTS} more..."
    return [_name(item), item["addressType"], ports or _UNSET, shown, printer.age_of(item)]


def _ingress(item: Any, printer: Printer) -> list[Any]:
    spec = item["spec"]
    hosts = ",".join(rule["host"] for rule in spec["rules"])
    ports = "80, 443" if spec.get("tls") else "80"
    balanced = _balanced(item["status"])
    return [_name(item), spec["ingressClassName"], hosts, balanced, ports, printer.age_of(item)]


def _ingress_class(item: Any, printer: Printer) -> list[Any]:
    return [_name(item), item["spec"]["controller"], _NONE, printer.age_of(item)]


def _network_policy(item: Any, printer: Printer) -> list[Any]:
    chosen = item["spec"]["podSelector"].get("matchLabels")
    return [_name(item), selector(chosen), printer.age_of(item)]


def _modes(names: Iterable[str]) -> str:
    return ",".join(_MODES[name] for name in names)


def _claim(item: Any, printer: Printer) -> list[Any]:
    spec, status = item["spec"], item["status"]
    bound = "volumeName" in spec
    return [
        _name(item),
        status["phase"],
        spec.get("volumeName", ""),
        status["capacity"]["storage"] if bound else "",
        _modes(status["accessModes"]) if bound else "",
        spec.get("storageClassName", ""),
        _UNSET,
        printer.age_of(item),
        spec.get("volumeMode", _UNSET),
    ]


def _volume(item: Any, printer: Printer) -> list[Any]:
    spec, reference = item["spec"], item["spec"].get("claimRef")
    return [
        _name(item),
        spec["capacity"]["storage"],
        _modes(spec["accessModes"]),
        spec["persistentVolumeReclaimPolicy"],
        item["status"]["phase"],
        f"{reference['namespace']}/{reference['name']}" if reference else "",
        spec.get("storageClassName", ""),
        _UNSET,
        item["status"].get("reason", ""),
        printer.age_of(item),
        spec.get("volumeMode", _UNSET),
    ]


def _storage_class(item: Any, printer: Printer) -> list[Any]:
    default = item["metadata"].get("annotations", {}).get(_DEFAULT) == "true"
    return [
        _name(item) + (" (default)" if default else ""),
        item["provisioner"],
        item["reclaimPolicy"],
        item["volumeBindingMode"],
        item.get("allowVolumeExpansion", False),
        printer.age_of(item),
    ]


def _config_map(item: Any, printer: Printer) -> list[Any]:
    return [item["metadata"]["name"], len(item["data"]), printer.age_of(item)]


def _secret(item: Any, printer: Printer) -> list[Any]:
    return [_name(item), item["type"], len(item["data"]), printer.age_of(item)]


def _service_account(item: Any, printer: Printer) -> list[Any]:
    return [_name(item), len(item.get("secrets", ())), printer.age_of(item)]


def _budget(item: Any, printer: Printer) -> list[Any]:
    spec = item["spec"]
    return [
        _name(item),
        str(spec.get("minAvailable", "N/A")),
        str(spec.get("maxUnavailable", "N/A")),
        item["status"]["disruptionsAllowed"],
        printer.age_of(item),
    ]


def _autoscaler(item: Any, printer: Printer) -> list[Any]:
    spec, status = item["spec"], item["status"]
    target = spec["scaleTargetRef"]
    current = status["currentMetrics"] or [None] * len(spec["metrics"])
    targets = (
        f"{wanted['resource']['name']}: {_utilization(used)}/"
        f"{wanted['resource']['target']['averageUtilization']}%"
        for wanted, used in zip(spec["metrics"], current, strict=True)
    )
    return [
        _name(item),
        f"{target['kind']}/{target['name']}",
        ", ".join(targets),
        str(spec["minReplicas"]),
        str(spec["maxReplicas"]),
        status["currentReplicas"],
        printer.age_of(item),
    ]


def _utilization(metric: Any) -> str:
    if metric is None:
        return "<unknown>"
    return f"{metric['resource']['current']['averageUtilization']}%"


def _priority_class(item: Any, printer: Printer) -> list[Any]:
    default, policy = item.get("globalDefault", False), item["preemptionPolicy"]
    return [_name(item), item["value"], default, printer.age_of(item), policy]


def _quota(item: Any, printer: Printer) -> list[Any]:
    hard, used = item["status"]["hard"], item["status"]["used"]
    requests: list[str] = []
    limits: list[str] = []
    for key in sorted(hard):
        text = f"{key}: {used[key]}/{hard[key]}"
        (limits if key.startswith("limits.") else requests).append(text)
    return [_name(item), ", ".join(requests), ", ".join(limits), printer.age_of(item)]


def _created(item: Any, _: Printer) -> list[Any]:
    return [_name(item), item["metadata"]["creationTimestamp"]]


def _api_service(item: Any, printer: Printer) -> list[Any]:
    service = item["spec"].get("service")
    where = f"{service['namespace']}/{service['name']}" if service else "Local"
    condition = item["status"]["conditions"][0]
    available = condition["status"]
    if available != "True":
        available += f" ({condition['reason']})"
    return [_name(item), where, available, printer.age_of(item)]


VIEWS: dict[str, tuple[str, str, Cells]] = {
    SERVICES.name: (
        "Name,Type,Cluster-IP,External-IP,Port(s),Age",
        "Selector",
        _service,
    ),
    ENDPOINT_SLICES.name: ("Name,AddressType,Ports,Endpoints,Age", "", _slice),
    INGRESSES.name: ("Name,Class,Hosts,Address,Ports,Age", "", _ingress),
    INGRESS_CLASSES.name: ("Name,Controller,Parameters,Age", "", _ingress_class),
    NETWORK_POLICIES.name: ("Name,Pod-Selector,Age", "", _network_policy),
    CLAIMS.name: (
        "Name,Status,Volume,Capacity,Access Modes,StorageClass,VolumeAttributesClass,Age",
        "VolumeMode",
        _claim,
    ),
    VOLUMES.name: (
        "Name,Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,"
        "VolumeAttributesClass,Reason,Age",
        "VolumeMode",
        _volume,
    ),
    STORAGE_CLASSES.name: (
        "Name,Provisioner,ReclaimPolicy,VolumeBindingMode,AllowVolumeExpansion,Age",
        "",
        _storage_class,
    ),
    CONFIG_MAPS.name: ("Name,Data,Age", "", _config_map),
    SECRETS.name: ("Name,Type,Data,Age", "", _secret),
    SERVICE_ACCOUNTS.name: ("Name,Secrets,Age", "", _service_account),
    BUDGETS.name: (
        "Name,Min Available,Max Unavailable,Allowed Disruptions:integer,Age",
        "",
        _budget,
    ),
    AUTOSCALERS.name: (
        "Name,Reference,Targets,MinPods,MaxPods,Replicas,Age",
        "",
        _autoscaler,
    ),
    PRIORITY_CLASSES.name: (
        "Name,Value:integer,Global-Default:boolean,Age,PreemptionPolicy",
        "",
        _priority_class,
    ),
    QUOTAS.name: ("Name,Request,Limit,Age", "", _quota),
    LIMIT_RANGES.name: ("Name,Created At", "", _created),
    DEFINITIONS.name: ("Name,Created At", "", _created),
    API_SERVICES.name: ("Name,Service,Available,Age", "", _api_service),
}
"""The columns with their types, those of `-o wide`, and the function that returns the cells."""
