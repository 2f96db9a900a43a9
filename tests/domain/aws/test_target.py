"""Which cluster, region, account and credentials a kubeconfig means."""

import botocore.session
import pytest

from eksview.domain.aws.target import (
    AwsTarget,
    Clues,
    Flags,
    TokenRequest,
    ambient_warnings,
    dns_suffix,
    place_of,
    token_request,
    unfollowed,
)

ARN = "arn:aws:eks:us-west-2:111122223333:cluster/prod"
HOST = "https://0A1B2C3D.gr7.us-west-2.eks.amazonaws.com"
ROLE = "arn:aws:iam::444455556666:role/ops"
GET_TOKEN = ("--region", "eu-west-1", "eks", "get-token", "--cluster-name", "prod")


@pytest.mark.parametrize(
    ("command", "args", "expected"),
    [
        ("aws", GET_TOKEN, TokenRequest("prod", "eu-west-1")),
        ("/usr/local/bin/aws", GET_TOKEN, TokenRequest("prod", "eu-west-1")),
        ("aws.exe", GET_TOKEN, TokenRequest("prod", "eu-west-1")),
        ("aws", ("eks", "get-token", "--cluster-name=prod"), TokenRequest("prod")),
        ("aws", ("eks", "get-token", "--cluster-id", "outpost"), TokenRequest("outpost")),
        (
            "aws",
            (*GET_TOKEN, "--role-arn", ROLE, "--profile", "dev", "--output", "json"),
            TokenRequest("prod", "eu-west-1", "dev", ROLE),
        ),
        ("aws-iam-authenticator", ("token", "-i", "prod"), TokenRequest("prod")),
        (
            "aws-iam-authenticator",
            ("token", "--cluster-id", "prod", "-r", ROLE),
            TokenRequest("prod", role=ROLE),
        ),
    ],
)
def test_a_command_that_prints_an_eks_token_is_understood(command, args, expected):
    assert token_request(command, args) == expected


@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("aws", ("eks", "get-token")),  # no cluster
        ("aws", ("sts", "get-caller-identity", "--cluster-name", "prod")),
        ("aws", (*GET_TOKEN, "--endpoint-url", "http://x")),  # a flag that changes who is asked
        ("aws", ("eks", "get-token", "--cluster-name")),
        ("aws2-wrap", ("aws", *GET_TOKEN)),
        ("saml2aws", ("exec", "--", "aws", *GET_TOKEN)),
        ("aws-iam-authenticator", ("token", "-i", "prod", "--forward-session-name", "x")),
        ("gke-gcloud-auth-plugin", ()),
    ],
)
def test_anything_else_is_left_to_the_command(command, args):
    assert token_request(command, args) is None


def test_variables_of_the_exec_block_count():
    env = (("AWS_PROFILE", "dev"), ("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKIA"))
    found = token_request("aws", ("eks", "get-token", "--cluster-name", "prod"), env)
    assert found is not None
    assert (found.profile, found.region) == ("dev", "eu-west-1")
    assert found.env == (("AWS_ACCESS_KEY_ID", "AKIA"),)
    assert "AKIA" not in repr(found)


def test_a_variable_that_isnt_followed_is_named_and_said_out_loud():
    env = (("AWS_STS_REGIONAL_ENDPOINTS", "regional"), ("AWS_CONFIG_FILE", "/x"))
    assert unfollowed(env) == ("AWS_CONFIG_FILE",)
    place = place_of(Clues("aws", GET_TOKEN, env), Flags(), {})
    assert place.cluster == "prod"
    assert place.warnings == (
        "The kubeconfig's command gets AWS_CONFIG_FILE, which eksview's own calls to AWS ignore: "
        "they may use other credentials.",
    )


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        (Clues("aws", GET_TOKEN, cluster_name=ARN), ("prod", "eu-west-1")),  # exec wins
        (Clues(cluster_name=ARN), ("prod", "us-west-2")),
        (Clues(context=ARN), ("prod", "us-west-2")),
        (Clues(cluster_name="prod.us-west-2.eksctl.io"), ("prod", "us-west-2")),
        (Clues(context="me@prod.us-west-2.eksctl.io"), ("prod", "us-west-2")),
        (Clues(server=HOST), ("", "us-west-2")),
        (Clues(server="https://A1.sk1.cn-north-1.eks.amazonaws.com.cn"), ("", "cn-north-1")),
        (Clues(server="https://A1.gr7.us-gov-west-1.eks.amazonaws.com"), ("", "us-gov-west-1")),
        (Clues(server="https://A1.eks-cluster.us-east-1.api.aws"), ("", "us-east-1")),
        (Clues(server="https://192.168.49.2:8443", cluster_name="minikube"), ("", "")),
    ],
)
def test_cluster_and_region_come_from_the_kubeconfig(clues, expected):
    place = place_of(clues, Flags(), {})
    assert (place.cluster, place.region) == expected


def test_the_region_isnt_guessed_for_a_cluster_that_leads_nowhere():
    assert place_of(Clues(cluster_name="minikube"), Flags(), {}).source == ""


@pytest.mark.parametrize(
    ("environ", "region"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
    ],
)
def test_the_environment_fills_what_nothing_else_says(environ, region):
    assert place_of(Clues(), Flags(cluster="prod"), environ).region == region


def test_a_flag_that_contradicts_is_obeyed_and_said_out_loud():
    place = place_of(Clues(cluster_name=ARN), Flags(region="eu-west-1", cluster="test"), {})
    assert (place.cluster, place.region) == ("test", "eu-west-1")
    assert place.warnings == (
        "Using --region eu-west-1, although the kubeconfig names us-west-2.",
        "Using --cluster test, although the kubeconfig names prod.",
    )


def test_a_profile_of_ones_own_leaves_the_kubeconfigs_role_aside():
    args = (*GET_TOKEN, "--role-arn", ROLE, "--profile", "dev")
    own = place_of(Clues("aws", args), Flags(profile="mine"), {})
    theirs = place_of(Clues("aws", args), Flags(), {})
    assert (own.profile, own.role) == ("mine", "")
    assert (theirs.profile, theirs.role, theirs.account) == ("dev", ROLE, "444455556666")


def test_a_kubeconfig_at_odds_with_itself_says_so():
    place = place_of(Clues("aws", GET_TOKEN, server=HOST), Flags(), {})
    assert place.warnings == (
        "The kubeconfig names several regions: eu-west-1, us-west-2; using eu-west-1.",
    )


def test_where_it_was_found_is_said():
    assert place_of(Clues(cluster_name=ARN), Flags(), {}).source == "the cluster's ARN"
    mixed = place_of(Clues(server=HOST), Flags(cluster="prod"), {})
    assert mixed.source == "cluster by --cluster; region by the endpoint's host name"


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-west-2", "amazonaws.com"),
        ("cn-northwest-1", "amazonaws.com.cn"),
        ("us-gov-east-1", "amazonaws.com"),
        ("us-iso-east-1", "c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "amazonaws.eu"),
    ],
)
def test_every_partition_has_its_own_names(region, suffix):
    assert dns_suffix(region) == suffix


def test_every_region_that_the_sdk_knows_has_the_suffix_of_its_partition():
    loader = botocore.session.get_session().get_component("data_loader")
    for partition in loader.load_data("endpoints")["partitions"]:
        for region in partition["regions"]:
            assert dns_suffix(region) == partition["dnsSuffix"], region


def test_credentials_of_another_account_or_region_are_a_warning():
    place = AwsTarget(cluster="prod", region="us-west-2", account="111122223333")
    warnings = ambient_warnings(place, "444455556666", {"AWS_REGION": "eu-west-1"})
    assert (
        "The cluster is in account 111122223333, but these credentials are of 444455556666"
        in (warnings[0])
    )
    assert warnings[1] == "The cluster is in us-west-2, but the environment names eu-west-1."
    assert ambient_warnings(place, "111122223333", {"AWS_REGION": "us-west-2"}) == ()


def test_a_place_never_shows_the_secrets_of_an_exec_block():
    assert "s3cret" not in repr(AwsTarget(env=(("AWS_SECRET_ACCESS_KEY", "s3cret"),)))
