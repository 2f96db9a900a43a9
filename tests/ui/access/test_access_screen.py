"""The access screen: the chain with its evidence, the IAM map, and who can see nodes."""

import pytest
from msgspec.structs import replace

from eksview.domain.access.access_step import AccessStep
from eksview.domain.access.aws_auth import parse
from eksview.domain.access.iam_map import MapRow
from eksview.domain.access.rbac import Grant
from eksview.domain.aws.poll_plan import ACCESS
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read, Refused
from eksview.domain.live.facts import Facts
from eksview.domain.rows.access import (
    AccessRequest,
    Binding,
    CredentialFact,
    KubeconfigFact,
    PolicyRule,
    RbacFact,
    Right,
    RightsFact,
    Role,
    Subject,
    WhoFact,
)
from eksview.domain.rows.aws import AwsIdentity
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.access.text import chain_lines, map_lines, who_lines
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.words import Words
from tests.domain.eks import eks_cluster
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, shows

GOOD = AccessStep("a", "First", Health.OK, "It is well.", (("file", "/k"),), took=0.012)
BAD = AccessStep("b", "Second", Health.BAD, "It is broken.", todo=("run this\nand that",))
LAST = AccessStep("c", "Third", Health.UNKNOWN, "Not read yet.")


def texts(lines: object) -> list[str]:
    rows: list[Words] = list(lines)  # type: ignore[call-overload]
    return ["".join(text for text, _ in words).rstrip() for words in rows]


def test_each_step_stands_on_the_wire_with_its_evidence():
    assert texts(chain_lines((GOOD, LAST), 40, UNICODE)) == [
        " ● First                           12 ms",
        " │  It is well.",
        " │  file                  /k",
        " │",
        " ○ Third",
        "    Not read yet.",
        "",
    ]


def test_the_wire_is_cut_at_the_first_broken_link():
    lines = texts(chain_lines((GOOD, BAD, GOOD), 60, UNICODE))
    assert " ┆  It is broken." in lines
    assert lines[1].startswith(" │")


def test_what_would_mend_it_stands_under_the_broken_step():
    lines = texts(chain_lines((BAD,), 60, ASCII))
    assert "    > run this" in lines
    assert "      and that" in lines


@pytest.mark.parametrize("width", [16, 40, 80, 200])
def test_no_line_is_wider_than_the_screen_except_what_is_to_be_copied(width):
    step = replace(GOOD, says="word " * 40, evidence=(("a name", "text " * 30),))
    assert max(map(len, texts(chain_lines((step, LAST), width, UNICODE)))) <= max(width, 34)


def test_text_from_the_cluster_cant_style_or_move_anything():
    step = replace(GOOD, says="a\x1b[31mb\nc", evidence=(("x\ny", "\u202ez"),))
    assert not any(
        "\x1b" in line or "\u202e" in line for line in texts(chain_lines((step,), 60, UNICODE))
    )


def test_faulty_rows_of_the_map_come_first():
    rows = (
        MapRow("access entry", "arn:aws:iam::1:role/ops", "STANDARD", "ops", ("g",)),
        MapRow("aws-auth", "arn:aws:iam::1:role/p", "mapRoles", "p", (), faults=("hidden",)),
        MapRow("", "arn:aws:iam::1:role/n", "node role", "", (), faults=("missing: x can't join",)),
    )
    lines = texts(map_lines(rows, (), 100, UNICODE))
    assert lines[1].startswith(" ✖ role/n")
    assert lines[2].strip() == "missing: x can't join"
    assert lines[3].startswith(" ▲ role/p")
    assert lines[5].startswith(" ● role/ops")
    assert "ops, g" in lines[5]


@pytest.mark.parametrize("width", [76, 116])
def test_what_a_row_grants_is_folded_and_never_cut(width):
    groups = ("system:bootstrappers", "system:nodes", "system:node-proxier")
    user = "system:node:{{EC2PrivateDNSName}}"
    row = MapRow("access entry", "arn:aws:iam::1:role/fargate", "FARGATE_LINUX", user, groups)
    lines = texts(map_lines((row,), (), width, UNICODE))
    assert max(map(len, lines)) <= width
    assert "access entry  FARGATE_LINUX" in lines[1]
    folded = "".join(lines).replace(" ", "")
    assert all(word in folded for word in (user, *groups))


@pytest.mark.parametrize("width", [76, 116])
def test_by_which_binding_somebody_sees_nodes_is_folded_and_never_cut(width):
    rule = PolicyRule(("list",), ("",), ("nodes",))
    role = Role("", "a-role-with-a-name-that-is-long", (rule,))
    subject = Subject("ServiceAccount", "ebs-csi-node-sa", "kube-system")
    bound = Binding("", "a-binding-with-a-long-name", "ClusterRole", role.name, (subject,))
    lines = texts(
        who_lines((Grant(bound, role, rule, subject),), RbacFact(NOW), "", width, UNICODE)
    )
    assert max(map(len, lines)) <= width
    folded = "".join(lines).replace(" ", "")
    assert bound.name in folded
    assert role.name in folded


def test_an_incomplete_reading_of_roles_says_so():
    fact = RbacFact(NOW, complete=False, reason="Not permitted: roles.")
    assert (
        "".join(texts(who_lines((), fact, "", 80, UNICODE))) == "Incomplete: Not permitted: roles."
    )


def chain_store() -> Store:
    store = populate(Store())
    role = Role("", "node-reader", (PolicyRule(("get", "list", "watch"), ("",), ("nodes",)),))
    bound = Binding("", "readers", "ClusterRole", "node-reader", (Subject("User", "ops"),))
    rights = tuple(Right(AccessRequest(verb, "nodes"), True) for verb in ("list", "watch"))
    store.set_fact(
        Facts.kubeconfig, Read(KubeconfigFact(("/k",), "prod", "c", "https://api", "ops"), NOW)
    )
    store.set_fact(Facts.who, Read(WhoFact(NOW, "ops", ("system:authenticated",), status=201), NOW))
    store.set_fact(Facts.rights, Read(RightsFact(NOW, rights), NOW))
    store.set_fact(Facts.rbac, Read(RbacFact(NOW, (role,), (bound,), complete=True), NOW))
    return store


async def test_5_opens_the_chain_and_has_the_questions_asked():
    app = TestedApp(chain_store())
    async with running(app, (120, 60)) as press:
        await press("5")
        await shows(app, "You see 6 nodes because ClusterRoleBinding readers grants User ops")
        assert "inspect" in app.fake.calls


async def test_tabs_lead_to_the_map_and_to_who_can_see_nodes():
    app = TestedApp(chain_store())
    async with running(app) as press:
        await press("5", "u")
        await shows(app, "User ops", "get, list, watch")
        await press("m")
        await shows(app, "No access entry")


async def test_each_remedy_is_copied_in_its_turn():
    store = chain_store()
    wanted = AccessRequest("list", "nodes"), AccessRequest("watch", "nodes")
    store.set_fact(
        Facts.rights, Read(RightsFact(NOW, tuple(Right(ask, False) for ask in wanted)), NOW)
    )
    store.set_fact(Facts.cluster, Read(replace(eks_cluster(), authentication="API"), NOW))
    role = "arn:aws:iam::111122223333:role/ops"
    store.set_fact(Facts.who, Read(WhoFact(NOW, "ops", extra=(("canonicalArn", (role,)),)), NOW))
    app = TestedApp(store)
    copied = []
    app.copy_to_clipboard = copied.append
    async with running(app, (120, 60)) as press:
        await press("5")
        await shows(app, "Access to nodes")
        await press("c", "c", "c")
    assert copied[0].startswith("apiVersion: rbac.authorization.k8s.io/v1")
    assert copied[1].startswith("aws eks create-access-entry")
    assert copied[2] == copied[0]


async def test_sources_of_the_map_that_cant_be_read_say_why():
    store = chain_store()
    store.set_link(Link(ACCESS, Phase.REFUSED, NOW, "Not permitted: allow eks:ListAccessEntries."))
    store.set_fact(Facts.aws_auth, Refused("Not permitted: configmaps is forbidden.", None, NOW))
    app = TestedApp(store)
    async with running(app, (120, 40)) as press:
        await press("5", "m")
        await shows(app, "allow eks:ListAccessEntries", "configmaps is forbidden")


async def test_a_map_that_isnt_yaml_is_marked():
    store = chain_store()
    store.set_fact(Facts.aws_auth, Read(parse({"mapRoles": "- rolearn: ["}, NOW), NOW))
    app = TestedApp(store)
    async with running(app, (120, 40)) as press:
        await press("5", "m")
        await shows(app, "✖ aws-auth: mapRoles isn't YAML")


async def test_the_map_is_judged_where_the_api_server_tells_a_stranger_nothing():
    store = Store()
    arn = "arn:aws:sts::111122223333:assumed-role/ops/ada"
    store.set_fact(Facts.aws_identity, Read(AwsIdentity("111122223333", arn, "r", "prod"), NOW))
    store.set_fact(Facts.cluster, Read(eks_cluster("API"), NOW))
    store.set_fact(Facts.credential, Read(CredentialFact("EKS token"), NOW))
    store.set_fact(Facts.who, Read(WhoFact(NOW, status=401, reason="No."), NOW))
    store.set_link(Link(ACCESS, Phase.LIVE, NOW, heard=NOW))
    app = TestedApp(store)
    async with running(app, (120, 100)) as press:
        await press("5")
        await shows(app, "IAM mapping", "Nothing maps arn:aws:iam::111122223333:role/ops")
        await shows(app, "aws eks create-access-entry")


def test_rights_beside_rbac_are_named_above_the_roles():
    fact = RbacFact(NOW, complete=True)
    lines = texts(who_lines((), fact, "70 access entries have access policies.", 80, UNICODE))
    assert lines[0] == "70 access entries have access policies."
    assert "No role that you may read grants access to nodes." in lines
