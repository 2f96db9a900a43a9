"""Descriptions, beside those that kubectl 1.33 printed of the same objects."""

import json
from datetime import UTC
from typing import Any

import pytest

from eksview.domain.describe.beside import Beside
from eksview.domain.describe.common import PodPhases, Related
from eksview.domain.describe.description import described
from tests.golden import kubectl_describe

KUBECTL = json.loads(kubectl_describe.ANSWERS.read_text())
NOTHING = Beside(
    dict.fromkeys(("pods", "services", "endpointslices", "resourcequotas", "limitranges"), ())
)
ALONE = Related(now=1_800_000_000.0, phases=PodPhases(), new_replicas=(), beside=NOTHING, zone=UTC)
"""What was beside the objects when kubectl described them: nothing."""


@pytest.mark.parametrize("obj", kubectl_describe.OBJECTS, ids=kubectl_describe.described)
def test_it_is_what_kubectl_prints(obj: dict[str, Any]) -> None:
    whole = {key: value for key, value in obj.items() if key != "plural"}
    ours = "\n".join(described(whole, ALONE))
    assert ours.rstrip() == KUBECTL[kubectl_describe.described(obj)].rstrip()


def test_the_secrets_of_an_account_are_named_and_never_looked_up() -> None:
    whole = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "deployer", "namespace": "ci"},
        "imagePullSecrets": [{"name": "registry"}, {"name": "mirror"}],
    }
    assert described(whole, ALONE)[4:] == [
        "Image pull secrets:  registry",
        "                     mirror",
        "Mountable secrets:   <none>",
        "Tokens:              not read, as they are secrets",
        "Events:              <none>",
    ]


def test_a_request_that_is_no_certificate_request_is_said_to_be_none() -> None:
    whole = {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": "csr"},
        "spec": {"request": "!"},
    }
    subject = next(line for line in described(whole, ALONE) if line.startswith("Subject:"))
    assert "unknown because the request isn't a readable CSR" in subject


def test_the_values_of_a_large_config_map_are_counted_instead() -> None:
    whole = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "large"},
        "data": {"key": "x" * 70_000},
    }
    assert "key: 70000 bytes" in described(whole, ALONE)
