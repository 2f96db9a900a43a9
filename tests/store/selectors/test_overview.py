"""The cluster as a whole, read from the store."""

import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, ReadFailed, Refused
from eksview.domain.control_plane.distribution import UNKNOWN
from eksview.domain.live.facts import Facts
from eksview.domain.live.trust import Trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.changes import Changes
from eksview.store.selectors.overview import Overview
from eksview.store.store import Store
from tests.ui.harness import NOW, node, populate


@pytest.fixture
def store():
    return populate(Store())


def test_an_empty_store_claims_nothing():
    overview = Overview(Store())
    overview.observe(Changes(), full=True)
    assert overview.version is overview.target is overview.identity is None
    assert not overview.distribution.managed
    assert overview.trust(Kind.NODE) is Trust.ABSENT
    assert Health.OK not in {each.health for each in overview.components(NOW)}


def test_it_reads_who_where_and_what_version(store):
    overview = Overview(store)
    assert overview.version.git == "v1.33.4-eks-1a2b3c4"
    assert overview.target.context == "prod"
    assert overview.identity.user == "ops"


@pytest.mark.parametrize("reading", [NOT_ASKED, Refused("No.", None, 0.0), ReadFailed("No.", 0.0)])
def test_facts_that_were_not_read_are_not_taken_for_what_they_are_not(store, reading):
    for key in (Facts.version, Facts.target, Facts.identity):
        store.set_fact(key, reading)
    overview = Overview(store)
    assert overview.version is overview.target is overview.identity is None


def test_the_distribution_is_judged_when_something_that_tells_it_changes(store):
    overview = Overview(store)
    store.take_changes()
    overview.observe(store.take_changes())
    assert overview.distribution == UNKNOWN, "nothing changed, so nothing was judged"
    store.put(Kind.NODE, node(88))
    overview.observe(store.take_changes())
    assert overview.distribution.kind == "eks"
    store.reset()
    overview.observe(store.take_changes())
    assert overview.distribution.kind != "eks"


@pytest.mark.parametrize(
    ("link", "trust"),
    [
        (Link("nodes", Phase.LIVE, NOW), Trust.LIVE),
        (Link("nodes", Phase.LISTING, NOW), Trust.LOADING),
        (Link("nodes", Phase.RETRYING, NOW, heard=NOW - 3), Trust.STALE),
        (Link("nodes", Phase.RETRYING, NOW), Trust.ABSENT),
        (Link("nodes", Phase.REFUSED, NOW), Trust.ABSENT),
        (Link("health", Phase.RETRYING, NOW, heard=NOW - 3), Trust.STALE),
    ],
)
def test_a_streams_trust_is_its_own_and_the_probes(store, link, trust):
    store.set_link(link)
    assert Overview(store).trust(Kind.NODE) is trust


def test_the_control_plane_is_judged_by_the_stores_evidence(store):
    overview = Overview(store)
    overview.observe(Changes(), full=True)
    found = {each.name: each for each in overview.components(NOW)}
    assert set(found) >= {"kube-apiserver", "etcd", "kube-scheduler", "kube-controller-manager"}
    assert found["kube-apiserver"].health is Health.OK
    assert len(found["kube-apiserver"].instances) == 2
    assert found["kube-scheduler"].leader == "ip-10-0-7-21"
