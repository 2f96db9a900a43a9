"""How an IAM identity becomes a user, and what is wrong with the map."""

import pytest

from eksview.domain.access.iam_map import beside_rbac, remarks, table
from eksview.domain.access.iam_mapping import (
    MappingSources,
    mapped_of,
    match,
    principal_of,
    unread_sources,
    without_path,
)
from eksview.domain.access.node_role import NodeRole
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, ReadFailed, Refused
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.server import AwsAuth, Mapped
from tests.domain.readings import as_readings

ROLE = "arn:aws:iam::111122223333:role/ops"
SESSION = "arn:aws:sts::111122223333:assumed-role/ops/ada"
NODE_ROLE = "arn:aws:iam::111122223333:role/nodes"
NODE_GROUPS = ("system:bootstrappers", "system:nodes")
DENIED = "Access denied: allow eks:ListAccessEntries for these AWS credentials."
NODES = (NodeRole(NODE_ROLE, "linux", "nodegroup ng"),)


def entry(principal: str = ROLE, kind: str = "STANDARD", *groups: str) -> AccessEntryRow:
    return AccessEntryRow(principal, kind, "ops", groups, ())


def auth(*roles: Mapped, **more) -> AwsAuth:
    return AwsAuth(at=0.0, exists=True, roles=roles, **more)


def sources(mode, entries=(), said=None) -> MappingSources:
    listed = None if entries is None else tuple(entries)
    return MappingSources(mode=mode, **as_readings({"entries": listed, "auth": said}))


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (SESSION, ROLE),
        ("arn:aws-cn:sts::1:assumed-role/r/s", "arn:aws-cn:iam::1:role/r"),
        ("arn:aws:iam::1:user/ada", "arn:aws:iam::1:user/ada"),
        ("", ""),
    ],
)
def test_a_session_is_its_role(arn, expected):
    assert principal_of(arn) == expected


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:iam::1:role/a/b/ops", "arn:aws:iam::1:role/ops"),
        (ROLE, ROLE),
        ("arn:aws:iam::1:root", "arn:aws:iam::1:root"),
        ("arn:aws:iam::1:user/team/ada", "arn:aws:iam::1:user/team/ada"),  # STS keeps it
    ],
)
def test_a_path_is_left_out(arn, expected):
    assert without_path(arn) == expected


@pytest.mark.parametrize(
    ("mode", "entries", "mapped", "winner"),
    [
        ("API", [entry()], (), "access entry"),
        ("API", [entry("arn:aws:iam::111122223333:role/team/ops")], (), "access entry"),
        ("API_AND_CONFIG_MAP", [entry()], (Mapped(ROLE, "ops"),), "access entry"),
        ("API_AND_CONFIG_MAP", [], (Mapped(ROLE, "ops"),), "aws-auth"),
        ("CONFIG_MAP", [], (Mapped(ROLE, "ops"),), "aws-auth"),
        ("CONFIG_MAP", [entry()], (), ""),
        ("API", [], (Mapped(ROLE, "ops"),), ""),
        ("API_AND_CONFIG_MAP", [], (), ""),
    ],
)
def test_which_source_counts_is_the_authentication_modes_choice(mode, entries, mapped, winner):
    assert match(SESSION, sources(mode, entries, auth(*mapped))).winner == winner


@pytest.mark.parametrize(
    ("mode", "entries", "said", "reason"),
    [
        ("API_AND_CONFIG_MAP", [entry()], auth(Mapped(ROLE, "x")), "overrides the aws-auth row"),
        ("API", [entry()], auth(Mapped(ROLE, "x")), "ignores its aws-auth row"),
        ("CONFIG_MAP", [entry()], auth(), "reads only aws-auth"),
        ("API", [], auth(Mapped(ROLE, "x")), "API ignores aws-auth"),
        ("API", None, auth(), "the access entries can't be read"),
        ("CONFIG_MAP", [], None, "aws-auth can't be read"),
        ("API_AND_CONFIG_MAP", None, None, "the access entries and aws-auth can't be read"),
        ("API_AND_CONFIG_MAP", [], auth(), "Nothing maps arn:aws:iam::111122223333:role/ops"),
    ],
)
def test_why_says_what_was_found_hidden_or_unread(mode, entries, said, reason):
    assert reason in match(SESSION, sources(mode, entries, said)).reason


def test_an_access_entry_of_a_user_with_a_path_applies():
    user = "arn:aws:iam::1:user/team/ada"
    assert match(user, sources("API", [entry(user)])).winner == "access entry"


def test_of_two_rows_for_one_role_the_last_counts():
    rows = auth(Mapped(ROLE, "first"), Mapped(ROLE, "second"))
    assert mapped_of(ROLE, rows) == Mapped(ROLE, "second")


@pytest.mark.parametrize(
    ("row", "mode", "fault"),
    [
        (Mapped("arn:aws:iam::1:role/team/ops", "x"), "CONFIG_MAP", "an ARN with a path"),
        (Mapped(SESSION, "x"), "CONFIG_MAP", "the ARN of a session"),
        (Mapped(ROLE, "x"), "API", "ignored by authentication mode API"),
        (Mapped(ROLE, "x"), "API_AND_CONFIG_MAP", "overridden by an access entry"),
        (Mapped("arn:aws:iam::111122223333:role/gone", "x"), "CONFIG_MAP", "no longer exists"),
    ],
)
def test_what_is_wrong_with_an_aws_auth_row_is_said(row, mode, fault):
    rows = table(sources(mode, [entry()], auth(row)), known_roles=frozenset({ROLE}))
    assert any(fault in each for each in rows[1].faults)


@pytest.mark.parametrize(
    ("known", "gone"),
    [
        (None, False),
        (frozenset(), False),
        (frozenset({"arn:aws:iam::111122223333:role/other"}), True),
        (frozenset({"arn:aws:iam::111122223333:role/team/a/ops"}), False),
        (frozenset({"arn:aws:iam::444455556666:role/other"}), False),
    ],
)
def test_a_role_is_gone_only_from_an_account_whose_roles_are_known(known, gone):
    entry = AccessEntryRow("arn:aws:iam::111122223333:role/ops", "STANDARD", "ops", (), ())
    (row,) = table(sources("API", (entry,)), known_roles=known)
    assert ("the role no longer exists" in row.faults) is gone


@pytest.mark.parametrize("arn", ["ops:role/x", ":role/", "arn:aws:iam:role/x", "role/x"])
def test_a_malformed_arn_is_of_no_known_account(arn):
    known = frozenset({ROLE})
    (row,) = table(sources("CONFIG_MAP", (), auth(Mapped(arn, "x"))), known_roles=known)
    assert "the role no longer exists" not in row.faults


@pytest.mark.parametrize(
    ("arn", "fault"),
    [
        ("role/ops", "it isn't an ARN"),
        ("ops", "it isn't an ARN"),
        (f"{ROLE} ", "blanks around it"),  # of a folded YAML text
        ("arn:aws:iam::111122223333:role/*", "no wildcards"),
    ],
)
def test_an_arn_that_matches_nobody_is_a_fault(arn, fault):
    """The authenticator compares whole ARNs (`MapStore.RoleMapping`)."""
    (row,) = table(sources("CONFIG_MAP", (), auth(Mapped(arn, "x"))))
    assert len(row.faults) == 1
    assert fault in row.faults[0]


def test_duplicate_rows_are_counted():
    rows = table(sources("CONFIG_MAP", (), auth(*[Mapped(ROLE, "x")] * 3)))
    assert all(row.faults == ("listed 3 times: the last one applies",) for row in rows)


def test_a_good_map_has_no_faults():
    mapped = Mapped(NODE_ROLE, "system:node:{{EC2PrivateDNSName}}", NODE_GROUPS)
    rows = table(
        sources("API_AND_CONFIG_MAP", [entry()], auth(mapped)),
        NODES,
        frozenset({ROLE, NODE_ROLE}),
    )
    assert [row.faults for row in rows] == [(), ()]


def test_a_node_role_that_nobody_maps_is_a_row_of_its_own():
    rows = table(sources("API_AND_CONFIG_MAP", [entry()], auth()), NODES)
    assert rows[-1].principal == NODE_ROLE
    assert rows[-1].faults == ("missing: nodes of nodegroup ng can't join",)


def test_mapped_roles_count_before_mapped_users():
    # aws-iam-authenticator, ConfigMapMapper.Map
    rows = AwsAuth(0.0, True, (Mapped(ROLE, "role"),), (Mapped(ROLE, "user"),))
    assert mapped_of(ROLE, rows) == Mapped(ROLE, "role")


def test_an_account_in_map_accounts_maps_all_its_identities():
    found = match(SESSION, sources("CONFIG_MAP", (), auth(accounts=("111122223333",))))
    assert (found.winner, "mapAccounts" in found.reason) == ("aws-auth", True)
    assert match(SESSION, sources("API", (), auth(accounts=("111122223333",)))).winner == ""
    assert match(SESSION, sources("CONFIG_MAP", (), auth(accounts=("1",)))).winner == ""


DENIED = Refused("Not permitted: allow eks:ListAccessEntries.", "eks:ListAccessEntries", 0.0)
FORBIDDEN = Refused("forbidden", None, 0.0)
BROKEN = auth(faults=("mapRoles isn't YAML (line 3).",))
SEEN = AccessEntryRow("arn:aws:iam::1:role/x", "", "", (), None)


@pytest.mark.parametrize(
    ("said", "mode", "entries", "expected"),
    [
        (auth(Mapped(ROLE, "x")), "API_AND_CONFIG_MAP", (), []),
        (NOT_ASKED, "", DENIED, [(Health.UNKNOWN, "eks:ListAccessEntries")]),
        (BROKEN, "API_AND_CONFIG_MAP", (), [(Health.BAD, "isn't YAML (line 3)")]),
        (BROKEN, "API", (), []),
        (AwsAuth(0.0), "CONFIG_MAP", (), [(Health.BAD, "There is no ConfigMap aws-auth")]),
        (
            AwsAuth(0.0),
            "API_AND_CONFIG_MAP",
            (),
            [(Health.UNKNOWN, "There is no ConfigMap aws-auth")],
        ),
        (AwsAuth(0.0), "", (), []),
        (auth(), "CONFIG_MAP", (), [(Health.BAD, "aws-auth is empty, so it maps nobody")]),
        (auth(accounts=("1",)), "CONFIG_MAP", (), []),
        (FORBIDDEN, "", DENIED, [(Health.UNKNOWN, "eks:"), (Health.UNKNOWN, "forb")]),
        (AwsAuth(0.0), "API", (SEEN, entry()), [(Health.UNKNOWN, "1 of 2 access entries")]),
    ],
)
def test_what_is_wrong_with_a_source_as_a_whole_is_said(said, mode, entries, expected):
    given = MappingSources(mode=mode, **as_readings({"entries": entries, "auth": said}))
    found = remarks(given)
    assert [each.state for each in found] == [state for state, _ in expected]
    assert all(word in each.says for each, (_, word) in zip(found, expected, strict=True))


@pytest.mark.parametrize("unread", [Refused(DENIED, None, 0.0), ReadFailed(DENIED, 0.0)])
def test_an_unread_mode_and_unread_sources_are_named_with_their_reasons(unread):
    reason = "Access denied: allow eks:DescribeCluster for these AWS credentials."
    all_unread = MappingSources(mode_reason=reason, entries=unread)
    assert unread_sources(all_unread) == (reason, DENIED)
    assert remarks(all_unread)[0].says == reason
    assert unread_sources(MappingSources(mode="API", entries=unread)) == (DENIED,)
    assert unread_sources(MappingSources(mode="CONFIG_MAP", entries=unread)) == ()


@pytest.mark.parametrize(
    ("mode", "entries", "words"),
    [
        ("API", (AccessEntryRow(ROLE, "STANDARD", "ops", (), ("Admin cluster",)),),
         "1 access entry has access policies of EKS, which grant rights beside RBAC"),
        ("API", (AccessEntryRow(ROLE, "STANDARD", "ops", (), None),),
         "The access policies of 1 aren't read."),
        ("API", (entry(),), ""),
        ("API", None, "the access entries aren't read"),
        ("CONFIG_MAP", None, ""),
        ("", None, ""),
    ],
)  # fmt: skip
def test_access_policies_grant_rights_that_no_role_shows(mode, entries, words):
    said = beside_rbac(sources(mode, entries))
    assert words in said
    assert bool(said) is bool(words)
