"""The domain that short names of nodes leave out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.kube.node_names import NodeNames, shared_domain

WEST = ".us-west-2.compute.internal"


@pytest.mark.parametrize(
    ("names", "domain"),
    [
        ([f"ip-10-0-1-{number}{WEST}" for number in (9, 90, 234)], WEST),
        ([f"ip-10-0-1-9{WEST}", f"fargate-ip-10-0-1-47{WEST}"], WEST),
        (["ip-10-0-1-9.ec2.internal", "ip-10-0-1-8.ec2.internal"], ".ec2.internal"),
        ([f"ip-10-0-1-9{WEST}", "ip-10-1-1-8.eu-west-1.compute.internal"], ".compute.internal"),
        # whole labels only, and one stays of every name
        (["a.xprod.example", "b.prod.example"], ".example"),
        (["prod.example", "b.prod.example"], ".example"),
        (["a.example.com", "b.example.org"], ""),
        (["10.0.1.1", "10.0.2.1"], ""),
        # names without a domain: Auto Mode, and the same host twice
        ([f"ip-10-0-1-9{WEST}", f"ip-10-0-1-8{WEST}", "i-0abc"], WEST),
        ([f"ip-10-0-1-9{WEST}", f"ip-10-0-1-8{WEST}", "ip-10-0-1-8"], ""),
        (["i-0abc", "i-0abd"], ""),
        # one node shares with no other: only what EC2 puts there is left out
        ([f"ip-10-0-1-9{WEST}"], WEST),
        (["i-0abc.us-west-2.compute.internal", "i-0def"], WEST),
        (["master.k8s.example"], ""),
        (["minikube"], ""),
        ([], ""),
    ],
)
def test_a_domain_is_what_all_names_end_in(names: list[str], domain: str) -> None:
    assert shared_domain(names) == domain


_LABELS = st.text("ab1-", min_size=1, max_size=3)
_NAMES = st.sets(st.lists(_LABELS, min_size=1, max_size=4).map(".".join), max_size=8)


@given(_NAMES)
def test_short_names_are_different_and_whole(names: set[str]) -> None:
    domain = shared_domain(names)
    short = {name.removesuffix(domain) for name in names}
    assert len(short) == len(names)
    assert all(short)
    assert not domain or domain.startswith(".")
    assert all(name.endswith(domain) for name in names if "." in name)


def test_the_domain_is_found_once_per_set_of_names() -> None:
    class Nodes(dict[str, int]):
        read = 0

        def __iter__(self):
            self.read += 1
            return super().__iter__()

    nodes = Nodes({f"a{WEST}": 1, f"b{WEST}": 2})
    names = NodeNames(nodes)
    assert [names.short(name) for name in (*nodes, "a\x1b")] == ["a", "b", "a\\x1b"]
    nodes.read = 0
    names.index(1, 2)  # a changed node
    assert names.domain == WEST
    assert nodes.read == 0
    nodes["c.example"] = 3
    names.index(None, 3)
    assert (names.domain, names.short(f"a{WEST}")) == ("", f"a{WEST}")
    assert nodes.read == 1
