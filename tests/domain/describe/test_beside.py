"""What a description tells of other objects, as kubectl 1.33 printed it of the demo's."""

from typing import Any

from eksview.domain.describe.beside import Beside
from eksview.domain.describe.claims import pods_with_claim
from eksview.domain.describe.endpoints import backend_text, endpoints_text

TARGET = {"name": "grafana", "port": {"number": 3000}}
SERVICE = {"metadata": {"name": "grafana"}, "spec": {"ports": [{"name": "web", "port": 3000}]}}


def a_slice(*addresses: str, service: str = "grafana") -> dict[str, Any]:
    return {
        "metadata": {"labels": {"kubernetes.io/service-name": service}},
        "ports": [{"name": "web", "port": 3001}],
        "endpoints": [{"addresses": [address]} for address in addresses],
    }


def beside(*slices: dict[str, Any], services: tuple[Any, ...] = (SERVICE,)) -> Beside:
    return Beside({"services": services, "endpointslices": slices})


def test_a_backend_has_the_endpoints_of_its_service() -> None:
    slices = a_slice("100.64.0.51"), a_slice("100.64.0.9", service="other")
    assert backend_text(TARGET, beside(*slices)) == "grafana:3000 (100.64.0.51:3001)"


def test_a_backend_without_its_service_is_an_error() -> None:
    text = backend_text(TARGET, beside(services=()))
    assert text == 'grafana:3000 (<error: services "grafana" not found>)'


def test_endpoints_beyond_three_are_counted() -> None:
    slices = a_slice("10.0.0.1", "10.0.0.2"), a_slice("10.0.0.3", "10.0.0.4", "10.0.0.5")
    text = endpoints_text(beside(*slices), "grafana", "web")
    assert text == "10.0.0.1:3001,10.0.0.2:3001,10.0.0.3:3001 + 2 more..."


def test_a_claim_is_used_by_the_pods_that_mount_or_own_it() -> None:
    claim = {
        "metadata": {"name": "data", "ownerReferences": [{"kind": "Pod", "uid": "u-owner"}]},
    }
    mounts = {"persistentVolumeClaim": {"claimName": "data"}}
    pods = [
        {"metadata": {"name": "db-1", "uid": "1"}, "spec": {"volumes": [mounts]}},
        {"metadata": {"name": "owner", "uid": "u-owner"}, "spec": {}},
        {"metadata": {"name": "web", "uid": "3"}, "spec": {"volumes": [{"emptyDir": {}}]}},
    ]
    assert pods_with_claim(claim, pods) == ["db-1", "owner"]
