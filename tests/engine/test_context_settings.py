"""The file's sections for the context that the kubeconfig has as its current one."""

from pathlib import Path

import pytest

from eksview.config.file_decoder import decoded
from eksview.config.settings import Settings, Sources, settings_from
from eksview.engine.context_settings import in_current_context

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: prod-eu
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {}}]
contexts:
- {name: dev, context: {cluster: c, user: u}}
- {name: prod-eu, context: {cluster: c, user: u}}
"""
TOML = 'profile = "any"\n[contexts."prod*"]\nprofile = "prod"\n[contexts.eks]\nprofile = "eks"\n'


def settings(**flags: str) -> Settings:
    config, faults = decoded(TOML)
    assert not faults
    return settings_from(Sources("", flags, {}, config))


@pytest.fixture
def kubeconfig(tmp_path: Path) -> str:
    path = tmp_path / "kubeconfig"
    path.write_text(KUBECONFIG)
    return str(path)


@pytest.mark.parametrize(
    ("flags", "profile"),
    [
        ({}, "prod"),
        ({"context": "dev"}, "any"),
        ({"context": "prod-us"}, "prod"),
        ({"profile": "flag"}, "flag"),
    ],
)
def test_the_current_context_or_that_of_the_flag_chooses_the_section(
    flags: dict[str, str], profile: str, kubeconfig: str
) -> None:
    chosen = in_current_context(settings(kubeconfig=kubeconfig, **flags), {})
    assert chosen.profile == profile
    assert chosen.context == flags.get("context")


def test_a_cluster_of_eks_is_known_by_its_name() -> None:
    assert in_current_context(settings(cluster="eks"), {}).profile == "eks"


def test_a_kubeconfig_that_cannot_be_read_is_reported_later(tmp_path: Path) -> None:
    missing = str(tmp_path / "none")
    assert in_current_context(settings(kubeconfig=missing), {}).profile == "any"
