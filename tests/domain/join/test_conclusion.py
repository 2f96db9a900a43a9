"""Where to look once no check has failed."""

import subprocess

import pytest
from msgspec.structs import replace

from eksview.domain.join.checks.conclusion import Advice, conclusion, last_useful
from eksview.domain.join.checks.join_facts import JoinFacts
from eksview.domain.join.checks.why_not_joined import why_not_joined
from tests.domain.aws_objects import ID, NOW, instance
from tests.domain.join.test_checks import EKS_IMAGE, facts

CONSOLE = (
    "[   11.271045] cloud-init: nodeadm: Configuring kubelet",
    'kubelet: E "Attempting to register node" err="Unauthorized"',
    "amazonlinux login:",
)


def advised(given: JoinFacts) -> tuple[Advice, ...]:
    return conclusion(why_not_joined(given), given)


def test_when_nothing_failed_user_data_and_logs_are_next() -> None:
    first, *rest = advised(facts())
    assert first.text == "No check failed: the instance's user data or its bootstrap is next."
    console, user_data, session = (advice.command for advice in rest)
    assert console.startswith(f"aws ec2 get-console-output --instance-id {ID} --latest ")
    assert user_data.startswith(f"aws ec2 describe-instance-attribute --instance-id {ID} ")
    assert session == f"aws ssm start-session --target {ID}"


def test_what_is_unknown_is_counted() -> None:
    assert advised(facts(image=None))[0].text.startswith("No check failed, 1 is unknown: ")
    first = advised(facts(image=None, vpcs=None))[0]
    assert first.text.startswith("No check failed, 2 are unknown: ")


@pytest.mark.parametrize("changes", [{"role": "", "endpoints": (), "vpcs": {}}, {}])
def test_a_failed_check_is_looked_at_first(changes: dict[str, object]) -> None:
    off = instance(metadata_endpoint="disabled")
    assert advised(facts(instance=off, **changes)) == ()
    assert advised(facts(instance=instance(state="pending"), **changes)) == ()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("amazon-eks-node-al2023-x86_64-standard-1.33-v20251001", "NodeConfig"),
        ("amazon-eks-node-1.29-v20240202", "bootstrap.sh"),
        ("bottlerocket-aws-k8s-1.33-x86_64-v1.40.0-8667670f", "settings.kubernetes"),
        ("Windows_Server-2022-English-Core-EKS_Optimized-1.33-2025.09.10", "Start-EKSBootstrap"),
        ("golden", "its AMI"),
    ],
)
def test_the_form_of_user_data_is_that_of_the_image(name: str, form: str) -> None:
    own = replace(EKS_IMAGE, name=name, alias="")
    assert any(form in advice.text for advice in advised(facts(image=own, kubelet="")))


def test_the_consoles_last_useful_line_is_shown_and_the_login_prompt_isnt() -> None:
    assert last_useful(CONSOLE) == CONSOLE[1]
    assert last_useful(("amazonlinux login:",)) == ""
    assert any("Unauthorized" in advice.text for advice in advised(facts(console=CONSOLE)))


def test_the_filter_of_the_shown_command_keeps_what_last_useful_keeps() -> None:
    """Run as shown, by a shell, with the console's text in place of the AWS CLI's output."""
    (command,) = (each.command for each in advised(facts()) if "console" in each.command)
    _, _, filters = command.partition(" | ")
    script = f"cat | {filters}"
    done = subprocess.run(
        ["/bin/sh", "-c", script], input="\n".join(CONSOLE), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == last_useful(CONSOLE)


@pytest.mark.parametrize(
    ("policies", "condition"),
    [
        (("AmazonSSMManagedInstanceCore",), False),
        ((), True),
        (None, True),
    ],
)
def test_session_manager_is_offered_as_far_as_it_is_known(
    policies: tuple[str, ...] | None, condition: bool
) -> None:
    session = advised(facts(policies=policies))[-1]
    assert ("if Systems Manager manages" in session.text) is condition


def test_nothing_is_concluded_before_anything_is_read() -> None:
    bare = JoinFacts(instance=instance(profile=""), now=NOW)
    assert advised(bare) == ()
