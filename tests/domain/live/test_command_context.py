"""The options of a shown command: the same cluster and account, in a shell without variables."""

import shlex
import subprocess

from eksview.domain.live.command_context import (
    CommandContext,
    ambient_profile,
    folded_command,
    kept_variables,
)

SECRETS = {"AWS_SECRET_ACCESS_KEY": "s3cr3t", "AWS_SESSION_TOKEN": "t0ken"}


def test_one_kubeconfig_is_a_flag_and_several_are_a_variable() -> None:
    """By kubectl: `--kubeconfig` takes one path, KUBECONFIG a list of them."""
    one = CommandContext("a context", files=("/my home/config",)).kubectl("get", "nodes")
    assert shlex.split(one) == [
        "kubectl", "--kubeconfig", "/my home/config", "--context", "a context", "get", "nodes",
    ]  # fmt: skip
    two = CommandContext("prod", files=("/a b", "/c")).kubectl("get", "nodes")
    assert shlex.split(two)[:3] == ["env", "KUBECONFIG=/a b:/c", "kubectl"]


def test_the_endpoint_of_a_service_comes_before_that_of_all() -> None:
    variables = {
        "AWS_ENDPOINT_URL": "http://all",
        "AWS_ENDPOINT_URL_EC2": "http://ec2",
        "AWS_ENDPOINT_URL_AUTO_SCALING": "http://asg",
    }
    context = CommandContext("", "us-west-2", "dev", environ=kept_variables(variables))
    for service, url in (("ec2", "ec2"), ("autoscaling", "asg"), ("eks", "all")):
        assert context.aws(service, "x") == (
            f"aws {service} x --region us-west-2 --profile dev --endpoint-url http://{url}"
        )


def test_files_of_the_aws_cli_are_named_and_no_secret_ever_is() -> None:
    variables = {**SECRETS, "AWS_ACCESS_KEY_ID": "AKIA", "AWS_CONFIG_FILE": "/c d", "HOME": "/h"}
    line = CommandContext(environ=kept_variables(variables)).aws("sts", "get-caller-identity")
    assert shlex.split(line)[:3] == ["env", "AWS_CONFIG_FILE=/c d", "aws"]
    assert not any(secret in line for secret in SECRETS.values())
    assert ambient_profile({"AWS_PROFILE": "dev"}) == "dev"
    assert ambient_profile({"AWS_PROFILE": "dev", "AWS_ACCESS_KEY_ID": "AKIA"}) == ""


def test_a_login_has_the_profile_and_its_file_and_no_flag_that_overrides_the_profile() -> None:
    variables = {"AWS_CONFIG_FILE": "/c d", "AWS_ENDPOINT_URL": "http://all"}
    context = CommandContext("prod", "us-west-2", "my dev", environ=kept_variables(variables))
    assert shlex.split(context.login()) == [
        "env", "AWS_CONFIG_FILE=/c d", "aws", "sso", "login", "--profile", "my dev",
    ]  # fmt: skip


def test_what_a_kubeconfig_names_never_becomes_another_flag() -> None:
    words = CommandContext(region="--debug", profile="--debug").aws_words("ec2", "x")
    assert words == ("aws", "ec2", "x", "--profile=--debug")


def test_a_folded_command_has_the_same_words_for_a_shell() -> None:
    """By sh itself: a backslash at the end of a line joins it with the next."""
    words = ("printf", "%s\\n", "--a", "x y", "--b", "$(id)" * 20, "--c=it's", "-d", "--e")
    folded = folded_command(words)
    assert folded.count("\n") == 3
    printed = subprocess.run(["/bin/sh", "-c", folded], capture_output=True, text=True, check=True)
    assert printed.stdout.splitlines() == list(words[2:])
