"""The sentences a person reads for every link of the chain, good, broken and unknown."""

import pytest
from msgspec.structs import replace

from eksview.domain.access.access_step import Inputs
from eksview.domain.access.chain import broken, chain, fixable
from eksview.domain.access.node_role import NodeRole
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, Read, ReadFailed, Refused
from eksview.domain.rows.access import (
    AccessRequest,
    Binding,
    CertificateFact,
    CredentialFact,
    EndpointFact,
    Hop,
    KubeconfigFact,
    PolicyRule,
    RbacFact,
    Right,
    RightsFact,
    Role,
    Subject,
    WhoFact,
)
from eksview.domain.rows.aws import AccessEntryRow, AwsIdentity
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import AwsAuth, Mapped
from tests.domain.eks import eks_cluster
from tests.domain.readings import as_readings

NOW = 1_760_000_000.0
ARN = "arn:aws:sts::111122223333:assumed-role/ops/ada"
ROLE = "arn:aws:iam::111122223333:role/ops"
LIST, WATCH, PODS = (
    AccessRequest("list", "nodes"),
    AccessRequest("watch", "nodes"),
    AccessRequest("list", "pods"),
)
CERTIFICATE = CertificateFact("CN=ada,O=ops", "CN=ca", NOW - 100, NOW + 86_400)
READER = Role("", "node-reader", (PolicyRule(("list", "watch"), ("",), ("nodes",)),))
BOUND = Binding("", "readers", "ClusterRole", "node-reader", (Subject("User", "ada"),))

GOOD = Inputs(
    now=NOW,
    kubeconfig=KubeconfigFact(("/k",), "prod", "c", "https://api:443", "ada", "shop"),
    credential=CredentialFact("client certificate", CERTIFICATE),
    endpoint=EndpointFact(NOW, "api", 443, (Hop("tcp", True, "10.0.0.1:443", 0.002),
                                            Hop("http", True, "/livez", 0.01))),
    who=WhoFact(NOW, "ada", ("ops", "system:authenticated"), status=201),
    rights=RightsFact(NOW, (Right(LIST, True), Right(WATCH, True), Right(PODS, True))),
    rbac=RbacFact(NOW, (READER,), (BOUND,), complete=True),
    nodes=6,
    link=Link("nodes", Phase.LIVE, NOW),
)  # fmt: skip


def with_(**changes) -> Inputs:
    return replace(GOOD, **changes)


def eks(**changes) -> Inputs:
    known = {
        "eks": True,
        "credential": CredentialFact("EKS token", expires=NOW + 800),
        "aws": Read(AwsIdentity("111122223333", ARN, "us-west-2", "prod"), NOW),
        "cluster": eks_cluster(),
        "entries": (),
        "auth": AwsAuth(NOW, exists=True),
    }
    return replace(GOOD, **as_readings({**known, **changes}))


def step(known: Inputs, name: str):
    return next(step for step in chain(known) if step.id == name)


def test_a_chain_in_order_is_good_throughout():
    steps = chain(GOOD)
    assert [each.id for each in steps] == [
        "kubeconfig",
        "credentials",
        "endpoint",
        "authentication",
        "rbac",
        "answer",
    ]
    assert {each.state for each in steps} == {Health.OK}
    assert broken(steps) is None


def test_nothing_says_eks_where_it_isnt():
    assert "mapping" not in {each.id for each in chain(GOOD)}
    assert not any("IAM" in label for each in chain(GOOD) for label, _ in each.evidence)


def test_what_wasnt_read_is_unknown_and_never_good():
    assert {each.state for each in chain(Inputs(now=NOW, eks=True))} == {Health.UNKNOWN}


def test_the_answer_says_why_nodes_are_seen():
    assert step(GOOD, "answer").says == (
        "You see 6 nodes because ClusterRoleBinding readers grants User ada "
        "ClusterRole node-reader."
    )


def test_a_master_is_let_through_before_rbac():
    known = with_(who=WhoFact(NOW, "root", ("system:masters",)), nodes=1)
    assert "You see 1 node because group system:masters" in step(known, "answer").says


def test_without_the_roles_the_servers_own_reason_is_given():
    known = with_(rbac=None, rights=RightsFact(NOW, (Right(LIST, True, "RBAC: allowed by X"),)))
    assert "because X allows it." in step(known, "answer").says


@pytest.mark.parametrize(
    ("changes", "name", "state", "says"),
    [
        ({"kubeconfig": KubeconfigFact(reason="There is no kubeconfig at /k.")}, "kubeconfig",
         Health.BAD, "There is no kubeconfig at /k."),
        ({"credential": CredentialFact("exec plugin", reason="aws isn't on the PATH.")},
         "credentials", Health.BAD, "aws isn't on the PATH."),
        ({"credential": CredentialFact("token", expires=NOW - 60)}, "credentials", Health.BAD,
         "The token expired 60s ago."),
        ({"credential": CredentialFact("client certificate", replace(CERTIFICATE, ends=NOW - 1))},
         "credentials", Health.BAD, "The client certificate expired 1s ago."),
        ({"credential": CredentialFact("client certificate", replace(CERTIFICATE, starts=NOW + 9))},
         "credentials", Health.BAD, "isn't valid yet"),
        ({"credential": CredentialFact("token", expires=NOW + 100)}, "credentials", Health.WARN,
         "The token expires in 100s."),
        ({"credential": CredentialFact("EKS token", expires=NOW + 100)}, "credentials", Health.OK,
         "An EKS token that expires in 100s."),
        ({"credential": CredentialFact("id-token", expires=NOW + 100)}, "credentials", Health.WARN,
         "The id-token expires in 100s."),
        ({"credential": CredentialFact("id-token", expires=NOW + 100, refreshed=True)},
         "credentials", Health.OK, "An id-token that expires in 100s."),
        ({"credential": CredentialFact("none")}, "credentials", Health.WARN, "anonymous"),
        ({"endpoint": EndpointFact(NOW, "api", 443, (
          Hop("dns", False, "api", reason="No such name."), Hop("http", None, "/livez")))},
         "endpoint", Health.BAD, "No such name."),
        ({"endpoint": EndpointFact(NOW, "api", 443, (
            Hop("tcp", False, "10.0.0.2:443", reason="Refused."), Hop("tcp", True, "10.0.0.1:443"),
            Hop("http", True, "/livez")))}, "endpoint", Health.WARN, "Refused."),
        ({"who": WhoFact(NOW, status=401, reason="The token isn't accepted.")}, "authentication",
         Health.BAD, "isn't accepted"),
        ({"who": WhoFact(NOW, status=403, reason="Not permitted.")}, "authentication",
         Health.UNKNOWN, "Not permitted."),
        ({"rights": RightsFact(NOW, (Right(LIST, False), Right(WATCH, False)))}, "rbac",
         Health.BAD, "RBAC denies list nodes, watch nodes."),
        ({"rights": RightsFact(NOW, (Right(LIST, False, "opa: out of hours.", denied=True),
            Right(WATCH, False)))}, "rbac", Health.BAD,
         "An authorizer denies list nodes explicitly: opa: out of hours. A rule"),
        ({"who": WhoFact(NOW, "system:anonymous")}, "authentication", Health.WARN,
         "sees you as system:anonymous, without the "),
        ({"who": WhoFact(NOW, "system:anonymous"), "credential": CredentialFact("none")},
         "authentication", Health.OK, "authenticates you as system:anonymous"),
        ({"rights": RightsFact(NOW, (Right(LIST, True), Right(WATCH, True), Right(PODS, False)))},
         "rbac", Health.WARN, "You may list nodes, but not pods."),
        ({"rights": RightsFact(NOW, (Right(LIST, None, reason="It timed out."),))}, "rbac",
         Health.UNKNOWN, "It timed out."),
        ({"link": Link("nodes", Phase.REFUSED, NOW, "Not permitted: nodes."), "nodes": None},
         "answer", Health.BAD, "Not permitted: nodes."),
        ({"link": Link("nodes", Phase.LISTING, NOW), "nodes": None}, "answer", Health.UNKNOWN,
         "haven't been listed"),
    ],
)  # fmt: skip
def test_each_break_has_its_sentence(changes, name, state, says):
    found = step(with_(**changes), name)
    assert found.state is state
    assert says in found.says


def test_a_way_that_isnt_gone_to_its_end_took_no_time_that_would_mean_anything():
    hops = (Hop("tcp", True, "10.0.0.1:443", 0.016), Hop("tls", False, "api", 4.0, reason="Mute."))
    assert step(with_(endpoint=EndpointFact(NOW, "api", 443, hops)), "endpoint").took is None


def test_a_broken_step_never_hides_those_after_it():
    known = with_(who=WhoFact(NOW, status=401, reason="No."), credential=CredentialFact("none"))
    assert len(chain(known)) == len(chain(GOOD))
    assert broken(chain(known)).id == "authentication"


def test_a_denied_verb_comes_with_the_role_that_grants_it():
    denied = RightsFact(NOW, (Right(LIST, False), Right(WATCH, False)))
    todo = step(with_(rights=denied), "rbac").todo
    assert len(todo) == 1
    assert 'resources: ["nodes"]' in todo[0]
    assert 'name: "ada"' in todo[0]


def test_rights_that_are_only_missed_come_with_the_roles_that_grant_them_too():
    pods = (Right(PODS, False), Right(replace(PODS, verb="watch"), False))
    leases = Right(AccessRequest("list", "leases", "coordination.k8s.io", "kube-system"), False)
    rights = RightsFact(NOW, (Right(LIST, True), Right(WATCH, True), *pods, leases))
    steps = chain(with_(rights=rights))
    found = fixable(steps)
    assert (found.id, found.state) == ("rbac", Health.WARN)
    assert found.todo[0].count('resources: ["pods"]') == 1
    assert "kind: RoleBinding" in found.todo[0]
    assert fixable(chain(GOOD)) is None


def test_on_eks_a_denied_verb_comes_with_the_commands_too():
    denied = RightsFact(NOW, (Right(LIST, False), Right(WATCH, False)))
    commands = step(eks(rights=denied, roles=frozenset({ROLE})), "rbac").todo[1]
    assert "aws eks create-access-entry --cluster-name prod" in commands
    assert f"--principal-arn {ROLE} --region us-west-2" in commands
    assert "AmazonEKSAdminViewPolicy" in commands


@pytest.mark.parametrize("mode", ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"])
def test_whom_nothing_maps_is_let_in_by_what_the_mode_looks_at(mode):
    known = eks(cluster=eks_cluster(mode), who=WhoFact(NOW, status=401, reason="No."))
    found = step(known, "mapping")
    assert found.state is Health.BAD
    assert ("aws eks create-access-entry" in found.todo[0]) == (mode != "CONFIG_MAP")
    assert ("rolearn" in found.todo[0]) == (mode == "CONFIG_MAP")


@pytest.mark.parametrize("mode", ["API_AND_CONFIG_MAP", "CONFIG_MAP"])
def test_a_refused_token_shows_that_nothing_maps_who_cant_read_the_map(mode):
    known = eks(
        cluster=eks_cluster(mode),
        credential=CredentialFact("EKS token"),
        who=WhoFact(NOW, status=401, reason="No."),
        auth=None,
    )
    steps = chain(known)
    assert fixable(steps).id == "mapping"
    found = step(known, "mapping")
    assert found.state is Health.BAD
    assert found.says == (f"Nothing seems to map {ROLE}, but aws-auth can't be read.")
    assert found.todo
    by_password = replace(known, credential=CredentialFact("password"))
    assert step(by_password, "mapping").state is Health.UNKNOWN
    assert fixable(chain(by_password)).id == "authentication"


REFUSED = WhoFact(NOW, status=401, reason="No.")
OLD = CredentialFact("EKS token", expires=NOW - 1)


@pytest.mark.parametrize(
    ("changes", "state", "says", "todo"),
    [
        ({"cluster": None, "entries": None, "auth": None}, Health.BAD, "Nothing seems to map",
         f"Ask an administrator of the cluster to map {ROLE}."),
        ({"entries": (AccessEntryRow(ROLE, "STANDARD", "ada", (), ()),)}, Health.WARN,
         "The API server refuses the token all the same", ""),
        ({"entries": None, "credential": OLD}, Health.UNKNOWN, "can't be read", ""),
    ],
)  # fmt: skip
def test_a_fresh_token_that_is_refused_is_no_login_problem(changes, state, says, todo):
    known = eks(who=REFUSED, **changes)
    found = step(known, "mapping")
    assert (found.state, says in found.says) == (state, True)
    assert (found.todo[0] if found.todo else "") == todo
    old = changes.get("credential") is OLD
    assert bool(step(known, "authentication").todo) == old


def test_with_an_access_entry_a_denied_verb_needs_no_new_one():
    denied = RightsFact(NOW, (Right(LIST, False), Right(WATCH, False)))
    entry = AccessEntryRow(ROLE, "STANDARD", "ada", (), ())
    command = step(eks(rights=denied, entries=(entry,)), "rbac").todo[1]
    assert command.startswith("aws eks associate-access-policy")


@pytest.mark.parametrize(
    ("changes", "state", "says"),
    [
        ({"entries": (AccessEntryRow(ROLE, "STANDARD", "ada", (), ("Admin cluster",)),)},
         Health.OK, "Access entry"),
        ({"auth": AwsAuth(NOW, True, (Mapped(ROLE, "ada", ("ops",)),))}, Health.OK,
         "aws-auth maps"),
        ({"entries": None}, Health.OK,
         "The API server accepts you as ada: you are mapped by an entry that can't be read"),
        ({}, Health.OK, "You are ada, whom neither an access entry nor aws-auth maps."),
        ({"who": WhoFact(NOW, "kubernetes-admin", ("system:masters",))}, Health.OK,
         "EKS maps the creator of the cluster to kubernetes-admin, without an entry."),
        ({"auth": AwsAuth(NOW, True, accounts=("111122223333",))}, Health.OK,
         "aws-auth maps every identity of account 111122223333 (mapAccounts)."),
        ({"credential": CredentialFact("client certificate", CERTIFICATE)}, Health.OK,
         "The credential (client certificate) isn't of IAM"),
        ({"credential": CredentialFact("token"), "who": WhoFact(NOW, status=401, reason="No.")},
         Health.UNKNOWN, "The credential (token) isn't of IAM"),
        ({"who": WhoFact(NOW, status=401, reason="No.")}, Health.BAD, "Nothing maps"),
        ({"who": WhoFact(NOW, status=401, reason="No."), "entries": None}, Health.BAD,
         "the access entries can't be read"),
        ({"who": WhoFact(NOW, status=401, reason="No."), "cluster": None, "entries": None,
          "auth": None}, Health.BAD, "can't be read"),
        ({"aws": NOT_ASKED, "who": WhoFact(NOW, reason="No.")}, Health.UNKNOWN,
         "The IAM identity is unknown. AWS hasn't answered."),
        ({"aws": ReadFailed("There is no AWS profile x.", NOW, AwsIdentity("", "", "r", "c")),
          "who": WhoFact(NOW, reason="No.")}, Health.UNKNOWN,
         "The IAM identity is unknown. There is no AWS profile x."),
        ({"aws": ReadFailed("There is no AWS profile x.", NOW, AwsIdentity("", "", "r", "c")),
          "entries": None, "cluster": None,
          "who": WhoFact(NOW, "ada", extra=(("arn", (ARN,)),))}, Health.OK,
         "by an entry that can't be read. There is no AWS profile x."),
    ],
)  # fmt: skip
def test_the_iam_mapping_says_which_source_counts(changes, state, says):
    found = step(eks(**changes), "mapping")
    assert found.state is state
    assert says in found.says


UNREAD = [
    Refused("Not permitted: allow sts:GetCallerIdentity.", "sts:GetCallerIdentity", NOW),
    ReadFailed("sts:GetCallerIdentity isn't answered.", NOW),
]


@pytest.mark.parametrize("aws", UNREAD)
@pytest.mark.parametrize("who", [GOOD.who, WhoFact(NOW, status=401, reason="No.")])
def test_the_token_of_an_unread_identity_is_unknown_and_keeps_its_warnings(aws, who):
    found = step(eks(aws=aws, who=who), "credentials")
    assert found.state is Health.UNKNOWN
    assert "sts:GetCallerIdentity" in found.says
    place = AwsIdentity("", "", "r", "c", warnings=("Using --cluster c.",))
    found = step(eks(aws=replace(aws, last=place), who=who), "credentials")
    assert found.state is Health.WARN
    assert found.says.startswith("Using --cluster c. ")
    assert "sts:GetCallerIdentity" in found.says


@pytest.mark.parametrize("aws", UNREAD)
@pytest.mark.parametrize("who", [GOOD.who, replace(GOOD.who, extra=(("arn", (ARN,)),))])
@pytest.mark.parametrize("kind", ["EKS token", "token"])
def test_a_mapping_isnt_ok_while_its_sources_are_unread_for_the_reason_of_another_step(
    aws, who, kind
):
    unread = ReadFailed(aws.reason, NOW)
    known = eks(
        aws=aws, who=who, entries=unread, cluster=None, cluster_reason=aws.reason,
        credential=CredentialFact(kind),
    )  # fmt: skip
    found = step(known, "mapping")
    assert found.state is Health.UNKNOWN
    if who.extra:
        assert "The API server accepts you as ada: you are mapped" in found.says


def test_a_mismatch_of_accounts_is_said_out_loud():
    warned = Read(
        AwsIdentity("1", ARN, "r", "c", warnings=("The kubeconfig names account 2.",)), NOW
    )
    assert step(eks(aws=warned), "credentials").says == "The kubeconfig names account 2."


def test_two_identities_are_said_out_loud():
    other = "arn:aws:sts::111122223333:assumed-role/viewer/ada"
    known = eks(who=WhoFact(NOW, "ada", extra=(("arn", (other,)),)))
    found = step(known, "credentials")
    assert found.state is Health.WARN
    assert "the API server sees arn:aws:iam::111122223333:role/viewer" in found.says
    same = eks(who=WhoFact(NOW, "ada", extra=(("arn", (ARN,)),)))
    assert step(same, "credentials").state is Health.OK


def test_an_expired_sso_session_says_how_to_log_in():
    place = AwsIdentity("", "", "r", "c", profile="dev")
    reason = "The AWS credentials have expired: run `aws sso login --profile corp`."
    aws = ReadFailed(reason, NOW, place)
    known = eks(aws=aws, credential=CredentialFact("EKS token", reason=reason))
    assert step(known, "credentials").todo == ("aws sso login --profile corp",)


def test_no_login_is_proposed_for_keys_of_a_profile():
    place = AwsIdentity("", "", "r", "c", profile="dev")
    reason = "The AWS credentials have expired: set new keys for profile dev."
    known = eks(
        aws=ReadFailed(reason, NOW, place), credential=CredentialFact("EKS token", reason=reason)
    )
    found = step(known, "credentials")
    assert (found.says, found.todo) == (reason, ())
    # AWS accepts the credentials: a login would give the same.
    known = eks(
        aws=Read(replace(place, arn=ARN), NOW),
        credential=CredentialFact("token", reason="expired"),
    )
    assert not any("sso login" in text for text in step(known, "credentials").todo)


@pytest.mark.parametrize(
    ("who", "refused", "state"),
    [
        (WhoFact(NOW, status=401, reason="No."), True, Health.BAD),
        (WhoFact(NOW, status=401, reason="No."), False, Health.UNKNOWN),
        (WhoFact(NOW, "ada"), True, Health.UNKNOWN),
    ],
)
def test_a_token_is_as_good_as_the_keys_that_signed_it(who, refused, state):
    reason = "AWS doesn't accept these credentials (InvalidClientTokenId): they are static keys."
    aws = ReadFailed(reason, NOW, AwsIdentity("", "", "r", "c", refused=refused))
    token = CredentialFact("EKS token", expires=NOW + 840.0)
    found = step(eks(aws=aws, credential=token, who=who), "credentials")
    assert found.state is state
    assert (found.says == reason) is (state is Health.BAD)
    assert ("expires in 14m" in found.says) is (state is Health.UNKNOWN)


def test_many_denied_resources_are_counted():
    kinds = ("pods", "events", "services", "jobs", "secrets", "roles")
    denied = tuple(
        Right(AccessRequest(verb, kind), False) for kind in kinds for verb in ("list", "watch")
    )
    rights = RightsFact(NOW, (Right(LIST, True), Right(WATCH, True), *denied))
    assert step(with_(rights=rights), "rbac").says == (
        "You may list nodes, but not pods, events, services, jobs and 2 more."
    )


def test_after_a_kubeconfig_that_leads_nowhere_nothing_was_tried():
    steps = chain(Inputs(now=NOW, kubeconfig=KubeconfigFact(reason="There is no context x.")))
    assert {each.says for each in steps[1:]} == {"Not tried because the kubeconfig is unusable."}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"failing": ("etcd", "etcd-readiness", "etcd")},
            "api:443 answers: the network is fine, but the API server's checks fail: "
            "etcd, etcd-readiness.",
        ),
        (
            {"ahead": 70.0},
            "api:443 answers, but this machine's clock is 70 s ahead of the API server.",
        ),
        (
            {"ahead": -70.0},
            "api:443 answers, but this machine's clock is 70 s behind the API server.",
        ),
    ],
)
def test_a_server_that_answers_may_be_in_doubt(changes: dict[str, object], says: str) -> None:
    endpoint = step(with_(**changes), "endpoint")
    assert (endpoint.state, endpoint.says) == (Health.WARN, says)


def test_a_difference_of_clocks_that_is_no_more_than_a_slow_answer_is_no_doubt() -> None:
    assert step(with_(ahead=4.0), "endpoint").state is Health.OK


@pytest.mark.parametrize(
    ("credential", "helps"),
    [
        (CredentialFact("exec plugin", reason="Plugin p isn't on the PATH.", login=False), False),
        (CredentialFact("client certificate", replace(CERTIFICATE, starts=NOW + 9)), False),
        (CredentialFact("exec plugin", reason="Plugin p failed with exit code 1."), True),
        (CredentialFact("token", expires=NOW - 60), True),
    ],
)
def test_a_login_is_advised_where_it_may_help(credential: CredentialFact, helps: bool) -> None:
    assert bool(step(with_(credential=credential), "credentials").todo) is helps


NODE_ROLE = "arn:aws:iam::111122223333:role/nodes"
ADA = AccessEntryRow(ROLE, "STANDARD", "ada", (), ("Admin cluster",))
DENIED = Refused("Not permitted: allow eks:ListAccessEntries.", "eks:ListAccessEntries", NOW)
FORBIDDEN = Refused("Not permitted: get configmaps.", None, NOW)
FARGATE = NodeRole(NODE_ROLE, "fargate", "Fargate profile batch")


@pytest.mark.parametrize(
    ("changes", "state", "word"),
    [
        ({"auth": AwsAuth(NOW, True, faults=("mapRoles isn't a list, so all of it is ignored.",))},
         Health.WARN, "aws-auth: mapRoles isn't a list"),
        ({"cluster": eks_cluster("CONFIG_MAP"), "auth": AwsAuth(NOW)}, Health.WARN,
         "There is no ConfigMap aws-auth"),
        ({"cluster": eks_cluster("CONFIG_MAP"), "auth": AwsAuth(NOW, True)}, Health.WARN,
         "aws-auth is empty"),
        ({"auth": AwsAuth(NOW)}, Health.OK, "Access entry"),  # migrated to access entries
        ({"cluster": eks_cluster("API"), "auth": FORBIDDEN}, Health.OK, "Access entry"),
        ({"auth": FORBIDDEN}, Health.UNKNOWN, "Not permitted: get configmaps."),
        ({"entries": DENIED}, Health.UNKNOWN, "allow eks:ListAccessEntries"),
        ({"cluster": None, "cluster_reason": "Access denied: allow eks:DescribeCluster."},
         Health.UNKNOWN, "allow eks:DescribeCluster"),
        ({"auth": ReadFailed("The API server hangs.", NOW)}, Health.UNKNOWN, "hangs"),
        ({"node_roles": (FARGATE,)}, Health.WARN,
         "Role nodes isn't authorized: pods of Fargate profile batch can't join."),
        ({"roles_unread": ("Not permitted: allow eks:ListFargateProfiles.",)}, Health.UNKNOWN,
         "allow eks:ListFargateProfiles"),
        ({"node_roles": (FARGATE,), "entries": DENIED}, Health.UNKNOWN, "eks:ListAccessEntries"),
        ({"entries": ReadFailed("EKS doesn't answer.", NOW)}, Health.UNKNOWN, "doesn't answer"),
        ({"entries": ReadFailed("1 of 2 can't be read.", NOW, (ADA,))}, Health.UNKNOWN, "1 of 2"),
        ({"auth": ReadFailed("The API server failed.", NOW)}, Health.UNKNOWN, "server failed"),
        ({"node_roles": (FARGATE,),
          "entries": (ADA, AccessEntryRow(NODE_ROLE, "EC2", "", (), None))}, Health.UNKNOWN,
         "eks:ListAssociatedAccessPolicies"),
        ({"credential": CredentialFact("client certificate", CERTIFICATE),
          "node_roles": (FARGATE,)}, Health.WARN, "Fargate profile batch"),
    ],
)  # fmt: skip
def test_faults_of_the_sources_are_never_green(changes, state, word):
    found = step(eks(**{"entries": (ADA,), **changes}), "mapping")
    assert found.state is state
    assert word in found.says


def test_the_number_of_entries_that_are_read_is_said():
    listed = AccessEntryRow(NODE_ROLE, "", "", (), None)
    found = step(eks(entries=(ADA, listed)), "mapping")
    assert found.says.endswith("applies. 1 of 2 access entries are read.")
