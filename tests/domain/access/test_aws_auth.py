"""The ConfigMap aws-auth: what counts in it, and every way it can be wrong."""

import pytest

from eksview.domain.access.aws_auth import parse
from eksview.domain.rows.server import Mapped

NOW = 1_800_000_000.0
ROLE = "arn:aws:iam::111122223333:role/nodes"
NODES = ("system:bootstrappers", "system:nodes")
WELL = f"""
- rolearn: {ROLE}
  username: system:node:{{{{EC2PrivateDNSName}}}}
  groups: [system:bootstrappers, system:nodes]
"""


def faults(**data: str) -> tuple[str, ...]:
    return parse(data, NOW).faults


def test_roles_and_users_are_read_with_their_groups():
    users = "- {userarn: 'arn:aws:iam::111122223333:user/ada', username: ada, groups: [ops]}"
    auth = parse({"mapRoles": WELL, "mapUsers": users, "mapAccounts": "['111122223333']"}, NOW)
    assert (auth.at, auth.exists, auth.faults) == (NOW, True, ())
    assert auth.roles == (Mapped(ROLE, "system:node:{{EC2PrivateDNSName}}", NODES),)
    assert auth.users == (Mapped("arn:aws:iam::111122223333:user/ada", "ada", ("ops",)),)


def test_fields_count_in_any_case_as_go_reads_them():
    auth = parse({"mapRoles": f"- {{roleARN: '{ROLE}', Username: ada}}"}, NOW)
    assert auth.roles == (Mapped(ROLE, "ada"),)
    assert auth.faults == ()


@pytest.mark.parametrize("empty", ["", "[]", "\n", "# nothing\n", "null", "``", '""', "''", "~"])
def test_an_empty_list_is_no_fault(empty):
    auth = parse({"mapRoles": empty}, NOW)
    assert (auth.roles, auth.faults) == ((), ())


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"maproles": WELL}, "maproles is ignored: the keys are mapRoles, mapUsers, mapAcc"),
        ({"mapRoles": "- {"}, "mapRoles isn't YAML (line 1), so all of it is ignored."),
        ({"mapRoles": "- a: b\n c: d"}, "mapRoles isn't YAML (line 2)"),
        ({"mapRoles": "- !!python/object:os.system {}"}, "mapRoles isn't YAML"),
        ({"mapRoles": "- 2026-99-99"}, "mapRoles can't be parsed"),
        ({"mapRoles": f"rolearn: {ROLE}"}, "mapRoles isn't a list, so all of it is ignored."),
        ({"mapRoles": f"- {ROLE}"}, "mapRoles, entry 1 isn't a mapping, so it is ignored."),
        ({"mapRoles": "- {username: ada}"}, "mapRoles, entry 1 has no rolearn, so it is ignored."),
        ({"mapUsers": f"- rolearn: {ROLE}"}, "mapUsers, entry 1 has no userarn, so it is ignored."),
        ({"mapRoles": f"- {{rolearn: '{ROLE}', group: [a]}}"}, "group isn't a field"),
        ({"mapRoles": f"- {{rolearn: '{ROLE}', groups: ops}}"}, "groups isn't a list"),
        ({"mapAccounts": "{"}, "mapAccounts isn't YAML"),
        (
            {"mapRoles": f"- {{rolearn: '{ROLE}', username: node, groups: [system:nodes]}}"},
            f"nodes of {ROLE} can't register as node: set username to system:node:{{{{EC2Priv",
        ),
        ({"mapRoles": "- {rolearn: x, \"\\e[31m\": 1}"}, "\\x1b[31m isn't a field"),
    ],
)  # fmt: skip
def test_what_cant_be_understood_is_one_sentence(data, fault):
    said = faults(**data)
    assert len(said) == 1
    assert fault in said[0]


def test_one_bad_entry_leaves_the_others_in_force():
    auth = parse({"mapRoles": f"- 7\n{WELL}"}, NOW)
    assert [row.arn for row in auth.roles] == [ROLE]
    assert len(auth.faults) == 1


def test_a_nesting_without_a_bottom_is_a_fault_and_no_crash():
    said = faults(mapRoles="[" * 100_000)
    assert len(said) == 1
    assert "mapRoles" in said[0]


@pytest.mark.parametrize(
    ("accounts", "ids", "wrong"),
    [
        ("- '111122223333'", ("111122223333",), 0),
        ("- 111122223333", ("111122223333",), 0),
        ("- 012345670123", ("012345670123",), 0),  # no octal number: Go reads a text
        ("[]", (), 0),
        ("``", (), 0),
        ("null", (), 0),
        ("111122223333", (), 1),
        ("- [1]\n- '111122223333'", ("111122223333",), 1),
    ],
)
def test_accounts_are_read_as_texts(accounts, ids, wrong):
    auth = parse({"mapAccounts": accounts}, NOW)
    assert (auth.accounts, len(auth.faults)) == (ids, wrong)


@pytest.mark.parametrize(
    "indented",
    [
        f"- rolearn: {ROLE}\n  username: ada\n groups: [ops]",  # one space short
        f"- rolearn: {ROLE}\n  groups:\n - ops",
        f"-rolearn: {ROLE}",
        f"roles:\n  - rolearn: {ROLE}",
        "a string",
    ],
)
def test_a_slip_of_indentation_is_a_fault(indented):
    auth = parse({"mapRoles": indented}, NOW)
    assert auth.roles == ()
    assert len(auth.faults) == 1


JSON = """[
\t{
\t\t"rolearn": "ROLE",
\t\t"username": "ada",
\t\t"groups": [
\t\t\t"ops"
\t\t]
\t}
]"""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (JSON, [("ROLE", "ada", ["ops"])]),
        ("- rolearn:\tROLE\n  username:\tada\n  groups:\t[ops]\n", [("ROLE", "ada", ["ops"])]),
        ("- rolearn: ROLE\t\n  username: ada\t# her\n", [("ROLE", "ada", [])]),
        ("[\t{rolearn: ROLE,\tusername: ada}\t]", [("ROLE", "ada", [])]),
        ("- rolearn: ROLE\n\tusername: ada\n", None),
        ("-\trolearn: ROLE\n  username: ada\n", None),
        ("- &a\n  rolearn: ROLE\n  username: ada\n  groups: &g [ops]\n- <<: *a\n  rolearn: B\n",
         [("ROLE", "ada", ["ops"]), ("B", "ada", ["ops"])]),
        ("- rolearn: B\n  rolearn: ROLE\n  username: x\n  username: ada\n", [("ROLE", "ada", [])]),
        ("- rolearn: ROLE\n  roleARN: B\n  username: ada\n", [("ROLE", "ada", [])]),
        ("- roleARN: B\n  rolearn: ROLE\n  username: ada\n", [("ROLE", "ada", [])]),
        ("- rolearn: ROLE\n  username: 123\n  groups: [1, true, ops, null]\n",
         [("ROLE", "", ["", "", "ops", ""])]),
        ("- rolearn: ROLE\n  username: yes\n", [("ROLE", "", [])]),
        ("- rolearn: ROLE\n  username: 2026-01-01\n", [("ROLE", "2026-01-01", [])]),
        ("- rolearn: ROLE\n  username: ada\n---\n- rolearn: B\n", [("ROLE", "ada", [])]),
        ("- rolearn: ROLE\n  username: ada\n---\n- {", [("ROLE", "ada", [])]),
    ],
)  # fmt: skip
def test_rows_are_those_that_the_authenticator_reads(text, rows):
    """The rows are `ParseMap`'s of aws-iam-authenticator 0.6.13 for the same texts."""
    auth = parse({"mapRoles": text.replace("ROLE", ROLE)}, NOW)
    read = [(row.arn.replace(ROLE, "ROLE"), row.user, list(row.groups)) for row in auth.roles]
    assert read == (rows or [])
    assert bool(auth.faults) is (rows is None or "---" in text or "yes" in text or "123" in text)


def test_what_is_left_out_is_a_fault():
    text = f"- {{rolearn: '{ROLE}', username: 123, groups: [yes]}}\n---\n- {{rolearn: B}}"
    assert faults(mapRoles=text) == (
        "mapRoles has several documents: only the first is read.",
        "mapRoles, entry 1: group True isn't a text, so it is ignored: quote it.",
        "mapRoles, entry 1: username 123 isn't a text, so it is ignored: quote it.",
    )
