"""Fargate profiles whose pod execution role nothing maps, as `:eks` shows them."""

import pytest

from eksview.domain.base.reading import Read, Refused
from eksview.domain.live.facts import Answered, Facts, part_key
from eksview.domain.rows.aws import AccessEntryRow, FargateRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import AwsAuth, Mapped
from eksview.store.selectors.eks import eks_summary
from eksview.store.store import Store
from eksview.ui.cluster.cluster_text import cluster_lines
from eksview.ui.text.glyphs import UNICODE
from tests.domain.eks import eks_cluster

NOW = 1_760_000_000.0
ROLE = "arn:aws:iam::111122223333:role/pods"
SESSION = "system:node:{{SessionName}}"
GROUPS = ("system:bootstrappers", "system:nodes", "system:node-proxier")
ENTRIES = Kind.ACCESS_ENTRY.part


def lines(*entries: AccessEntryRow, mode: str = "API", auth: AwsAuth | None = None,
          denied: bool = False) -> list[str]:  # fmt: skip
    """The lines about the Fargate profile "batch"."""
    store = Store()
    store.put(Kind.FARGATE, FargateRow("batch", "ACTIVE", ROLE, ("batch",), ()))
    for row in entries:
        store.put(Kind.ACCESS_ENTRY, row)
    for name in ("eks", "access-entries"):
        store.set_link(Link(name, Phase.LIVE, NOW, heard=NOW))
    store.set_fact(Facts.cluster, Read(eks_cluster(mode), NOW))
    store.set_fact(part_key(Kind.FARGATE.part), Read(Answered(), NOW))
    reason = "Not permitted: allow eks:ListAccessEntries."
    reading = Refused(reason, ENTRIES, NOW) if denied else Read(Answered(), NOW)
    store.set_fact(part_key(ENTRIES), reading)
    if auth is not None:
        store.set_fact(Facts.aws_auth, Read(auth, NOW))
    shown = ["".join(text for text, _ in line) for line in
             cluster_lines(eks_summary(store, NOW), 400, UNICODE)]  # fmt: skip
    start = shown.index("Fargate profiles") if "Fargate profiles" in shown else next(
        number for number, line in enumerate(shown) if "Fargate profiles" in line
    )  # fmt: skip
    return shown[start + 1 : start + 3]


def test_a_role_that_nothing_maps_is_flagged_with_what_to_do() -> None:
    profile, fault = lines()
    assert "✖ batch  ACTIVE" in profile
    assert "Pod execution role: " in fault
    assert "isn't authorized for Fargate pods: create an access entry of type FARGATE_LINUX" in (
        fault
    )


@pytest.mark.parametrize("mode", ["CONFIG_MAP", "API_AND_CONFIG_MAP"])
def test_a_row_of_aws_auth_is_enough_where_it_counts(mode: str) -> None:
    auth = AwsAuth(NOW, True, (Mapped(ROLE, SESSION, GROUPS),))
    profile, fault = lines(mode=mode, auth=auth)
    assert "● batch  ACTIVE" in profile
    assert "role" not in fault


def test_an_access_entry_of_its_type_is_enough_and_another_isnt() -> None:
    profile, _ = lines(AccessEntryRow(ROLE, "FARGATE_LINUX", SESSION, (), ()))
    assert "● batch  ACTIVE" in profile
    profile, fault = lines(AccessEntryRow(ROLE, "EC2_LINUX", "", (), ()))
    assert "✖ batch  ACTIVE" in profile
    assert "create one of type FARGATE_LINUX" in fault


def test_a_denied_list_of_access_entries_is_unknown_with_its_action() -> None:
    profile, fault = lines(denied=True)
    assert "○ batch  ACTIVE" in profile
    assert "eks:ListAccessEntries" in fault
