"""Requests and limits of pods, as the scheduler counts them."""

from typing import Any

import msgspec
import pytest

from eksview.domain.kube.api_types import PodSpec
from eksview.domain.kube.pod_requests import requests_of
from eksview.domain.rows.kube import Requests

MI = 2**20
Json = dict[str, Any]


def container(
    cpu: str = "0", memory: str = "0", *, always: bool = False, limits: Json | None = None
) -> Json:
    resources: Json = {"requests": {"cpu": cpu, "memory": memory}}
    if limits:
        resources["limits"] = limits
    return {"resources": resources, "restartPolicy": "Always" if always else None}


def spec(*containers: Json, **more: Any) -> PodSpec:
    return msgspec.convert({"containers": list(containers), **more}, PodSpec)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(None, Requests(), id="no spec"),
        pytest.param(spec({}), Requests(), id="nothing asked"),
        pytest.param(spec(container("250m", "64Mi")), Requests(250, 64 * MI), id="one"),
        pytest.param(
            spec(container("1", "64Mi", limits={"cpu": "2", "memory": "128Mi"})),
            Requests(1000, 64 * MI, 2000, 128 * MI),
            id="one with limits",
        ),
        pytest.param(
            spec(container("100m", "1Mi"), container("200m", "2Mi")),
            Requests(300, 3 * MI),
            id="containers add up",
        ),
        pytest.param(
            spec(container("100m"), initContainers=[container("500m"), container("300m")]),
            Requests(500),
            id="the largest init container counts when it is more",
        ),
        pytest.param(
            spec(container("700m"), initContainers=[container("500m"), container("300m")]),
            Requests(700),
            id="and not when it is less",
        ),
        pytest.param(
            spec(container("100m", "8Mi"), initContainers=[container("500m", "1Mi")]),
            Requests(500, 8 * MI),
            id="each resource by itself",
        ),
        pytest.param(
            spec(container("100m"), initContainers=[container("200m", always=True)]),
            Requests(300),
            id="a sidecar adds to the containers",
        ),
        pytest.param(
            spec(
                container("100m"),
                initContainers=[container("200m", always=True), container("500m")],
            ),
            Requests(700),
            id="an init container runs beside the sidecars before it",
        ),
        pytest.param(
            spec(
                container("100m"),
                initContainers=[container("500m"), container("200m", always=True)],
            ),
            Requests(500),
            id="but not beside those after it",
        ),
        pytest.param(
            spec(
                container("100m", "1Mi", limits={"memory": "2Mi"}),
                overhead={"cpu": "50m", "memory": "10Mi"},
            ),
            Requests(150, 11 * MI, 0, 12 * MI),
            id="overhead comes on top, of limits only where there is one",
        ),
        pytest.param(
            spec(container("100m", "1Mi"), resources={"requests": {"cpu": "2"}}),
            Requests(2000, 1 * MI),
            id="what is asked for the whole pod replaces the sum",
        ),
        pytest.param(
            spec(container("lots", "64Mi")), Requests(0, 64 * MI), id="a bad quantity is nothing"
        ),
    ],
)
def test_a_pod_asks_for(spec: PodSpec | None, expected: Requests) -> None:
    assert requests_of(spec) == expected


def test_equal_amounts_are_one_object() -> None:
    assert requests_of(spec(container("250m"))) is requests_of(spec(container("0.25")))
