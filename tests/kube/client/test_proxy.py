"""Which proxy a server is reached through: Go's answers, for kubectl asks Go."""

import pytest

from eksview.domain.base.errors import UserError
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.proxy import proxy_from_environment, through_proxy, usable_proxy
from tests.golden.go_proxies import CASES, Case, recorded

SERVER = "https://api.corp"


def access(proxy: str = "") -> ClusterAccess:
    return ClusterAccess("c", "c", SERVER, "u", "", "file", proxy=proxy)


@pytest.mark.parametrize(("case", "proxy"), recorded(), ids=str)
def test_the_proxy_is_the_one_that_go_chooses(case: Case, proxy: str) -> None:
    if proxy == "ERROR":
        with pytest.raises(UserError, match="CGI"):
            proxy_from_environment(case.url, case.environment)
    else:
        assert proxy_from_environment(case.url, case.environment) == proxy


def test_each_case_has_been_asked() -> None:
    assert [case for case, _ in recorded()] == list(CASES)
    assert len(CASES) > 60


def test_the_kubeconfigs_proxy_comes_before_the_environments() -> None:
    environment = {"HTTPS_PROXY": "env.corp:3128", "NO_PROXY": "*"}
    assert through_proxy(access("http://own.corp:1"), environment).proxy == "http://own.corp:1"
    assert through_proxy(access(), environment).proxy == ""
    environment["NO_PROXY"] = ""
    assert through_proxy(access(), environment).proxy == "http://env.corp:3128"


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("socks5://proxy.corp:1080", "HTTPS_PROXY uses socks5,"),
        ("SOCKS5H://proxy.corp:1080", "HTTPS_PROXY uses socks5h,"),
        ("proxy.corp:port", "HTTPS_PROXY isn't the URL of a proxy"),
        ("http://[::1", "HTTPS_PROXY isn't the URL of a proxy"),
        ("http://:3128", "HTTPS_PROXY isn't the URL of a proxy"),
    ],
)
def test_a_variable_that_names_no_usable_proxy_is_blamed_by_name(proxy: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as refusal:
        proxy_from_environment(SERVER, {"HTTPS_PROXY": proxy})
    assert "kubeconfig" not in str(refusal.value)


def test_a_password_in_an_unusable_proxy_is_not_repeated() -> None:
    with pytest.raises(UserError) as refusal:
        usable_proxy("socks5://me:hunter2@proxy.corp:1080", "HTTPS_PROXY")
    assert "hunter2" not in str(refusal.value)
