"""Which cluster, region, account and credentials a kubeconfig means."""

import pytest

from eksview.domain.aws.target import (
    AwsTarget,
    Clues,
    Flags,
    ambient_warnings,
    place_of,
    unfollowed,
)
from eksview.domain.aws.token_request import TokenRequest, token_request

ARN = "arn:aws:eks:us-west-2:111122223333:cluster/prod"
HOST = "https://0A1B2C3D.gr7.us-west-2.eks.amazonaws.com"
ROLE = "arn:aws:iam::444455556666:role/ops"
KEYS = (("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s3cret"))
DEV = (("AWS_PROFILE", "dev"),)
LOCAL = "f2d2b1b1-7a4d-4d0c-9b6d-0c1b2a3d4e5f"
GET_TOKEN = ("--region", "eu-west-1", "eks", "get-token", "--cluster-name", "prod")


@pytest.mark.parametrize(
    ("command", "args", "expected"),
    [
        ("aws", GET_TOKEN, TokenRequest("prod", "eu-west-1")),
        ("/usr/local/bin/aws", GET_TOKEN, TokenRequest("prod", "eu-west-1")),
        ("aws.exe", GET_TOKEN, TokenRequest("prod", "eu-west-1")),
        ("aws", ("eks", "get-token", "--cluster-name=prod"), TokenRequest("prod")),
        ("aws", ("eks", "get-token", "--cluster-id", LOCAL), TokenRequest(local_id=LOCAL)),
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
    env = (("AWS_PROFILE", "dev"), ("AWS_REGION", "eu-west-1"), ("AWS_CONFIG_FILE", "/x"))
    clues = Clues("aws", ("eks", "get-token", "--cluster-name", "prod"), env)
    place = place_of(clues, Flags(), {"AWS_REGION": "us-east-1"})
    assert (place.profile, place.ambient) == ("dev", True)
    assert (place.region, place.sts_region) == ("eu-west-1", "eu-west-1")
    assert place.env == env
    assert place.warnings == ()


def test_a_variable_that_isnt_followed_is_named_and_said_out_loud():
    env = (("AWS_STS_REGIONAL_ENDPOINTS", "regional"), ("HTTPS_PROXY", "http://x"))
    assert unfollowed(env) == ("HTTPS_PROXY",)
    place = place_of(Clues("aws", GET_TOKEN, env), Flags(), {})
    assert place.cluster == "prod"
    assert place.warnings == (
        "The kubeconfig's command gets HTTPS_PROXY, which eksview's own calls to AWS ignore: "
        "they may use other credentials.",
    )


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        (Clues("aws", GET_TOKEN, cluster_name=ARN), ("prod", "eu-west-1")),  # exec wins
        (Clues(cluster_name=ARN), ("prod", "us-west-2")),
        (
            # A local cluster on Outposts, as update-kubeconfig writes it.
            Clues("aws", ("eks", "get-token", "--cluster-id", LOCAL), cluster_name=ARN),
            ("prod", "us-west-2"),
        ),
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


def test_a_profile_flag_keeps_the_kubeconfigs_role_and_says_what_it_contradicts():
    args = (*GET_TOKEN, "--role-arn", ROLE, "--profile", "dev")
    own = place_of(Clues("aws", args), Flags(profile="mine"), {})
    theirs = place_of(Clues("aws", args), Flags(profile="dev"), {})
    assert (own.profile, own.role) == ("mine", ROLE)
    assert own.warnings == (
        "Using --profile mine, although the kubeconfig names profile dev.",
        f"The kubeconfig's role {ROLE} is assumed with --profile mine.",
    )
    assert (theirs.profile, theirs.role, theirs.account) == ("dev", ROLE, "444455556666")
    assert theirs.warnings == ()


def test_the_account_of_the_clusters_arn_comes_before_the_roles():
    place = place_of(Clues("aws", (*GET_TOKEN, "--role-arn", ROLE), cluster_name=ARN), Flags(), {})
    assert place.account == "111122223333"


@pytest.mark.parametrize(
    ("args", "env", "flags", "environ", "warning"),
    [
        (
            (),
            KEYS,
            Flags(profile="mine"),
            {},
            "Using --profile mine, although the kubeconfig gives an access key.",
        ),
        (
            (),
            DEV,
            Flags(),
            dict(KEYS),
            "The kubeconfig names profile dev, but access keys in the environment come before it, "
            "as they do for kubectl.",
        ),
        (
            (),
            DEV,
            Flags(profile="mine"),
            dict(KEYS),
            "Using --profile mine, although the kubeconfig names profile dev.",
        ),
        (("--profile", "dev"), (), Flags(), dict(KEYS), ""),
        ((), DEV, Flags(profile="dev"), {}, ""),
        ((), (), Flags(profile="mine"), dict(DEV), ""),
        ((), DEV, Flags(), {}, ""),
    ],
)
def test_contradictions_about_credentials_are_said(args, env, flags, environ, warning):
    place = place_of(Clues("aws", (*GET_TOKEN, *args), env), flags, environ)
    assert place.warnings == ((warning,) if warning else ())


def test_a_kubeconfig_at_odds_with_itself_says_so():
    place = place_of(Clues("aws", GET_TOKEN, server=HOST), Flags(), {})
    assert place.warnings == (
        "The kubeconfig names several regions: eu-west-1, us-west-2; using eu-west-1.",
    )


def test_where_it_was_found_is_said():
    assert place_of(Clues(cluster_name=ARN), Flags(), {}).source == "the cluster's ARN"
    mixed = place_of(Clues(server=HOST), Flags(cluster="prod"), {})
    assert mixed.source == "cluster by --cluster; region by the endpoint's host name"


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
