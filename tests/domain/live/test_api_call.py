"""What is shown of a call: never a secret, and the command that asks the same."""

import pytest

from eksview.domain.base.secrets import MASK, mask
from eksview.domain.live.api_call import (
    ApiCall,
    command,
    kebab,
    masked_command,
    masked_parameters,
    masked_path,
    verb_of,
)
from eksview.domain.live.command_context import CommandContext


@pytest.mark.parametrize(
    "secret",
    [
        "k8s-aws-v1.aHR0cHM6Ly9zdHMudXMtd2VzdC0yLmFtYXpvbmF3cy5jb20",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl",
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "Bearer abcdef0123456789",
        "Basic YWRhOnNlY3JldA==",
        "X-Amz-Signature=0123456789abcdef",
        "X-Amz-Security-Token=FwoGZXIvYXdzEBYaDK",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----",
    ],
)
def test_a_secret_is_masked_wherever_it_stands(secret):
    masked = mask(f"before {secret} after")
    assert masked == f"before {MASK} after"


@pytest.mark.parametrize(
    "text", ["/api/v1/nodes?limit=500", "arn:aws:iam::111122223333:role/ops", "i-0abc123def4567890"]
)
def test_what_is_no_secret_stays(text):
    assert mask(text) == text


def test_secret_parameters_lose_their_values():
    shown = masked_parameters({"SecretAccessKey": "s3cr3t", "InstanceIds": ["i-1", "i-2"]})
    assert shown == (("SecretAccessKey", (MASK,)), ("InstanceIds", ("i-1", "i-2")))


def test_a_query_loses_the_values_of_secret_parameters_and_an_empty_continue():
    assert masked_path("/x?limit=500&continue=&token=abc") == f"/x?limit=500&token={MASK}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["aws", "eks", "get-token", "--cluster-name", "prod"],) * 2,
        (
            ["login", "--password", "hunter2", "--user", "ada"],
            ["login", "--password", MASK, "--user", "ada"],
        ),
        (["login", "--client-secret=hunter2"], ["login", f"--client-secret={MASK}"]),
        (["login", "Bearer abc"], ["login", MASK]),
    ],
)
def test_a_command_line_loses_its_secret_flags(words, expected):
    assert masked_command(words).replace("'", "").split(" ") == expected


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/nodes", "list"),
        ("GET", "/api/v1/nodes?watch=true&resourceVersion=1", "watch"),
        ("GET", "/api/v1/nodes/a", "get"),
        ("GET", "/api/v1/namespaces/shop/pods", "list"),
        ("GET", "/livez?verbose=true", "get"),
        ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "create"),
    ],
)
def test_the_verb_is_the_one_rbac_knows(method, path, expected):
    assert verb_of(method, path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"status": {"token": "abc.def"}}', f'{{"status": {{"token": "{MASK}"}}}}'),
        (r"print('{\"token\":\"abc\"}')", rf"print('{{\"token\":\"{MASK}\"}}')"),
        ("PASSWORD=hunter2 vault login", f"PASSWORD={MASK} vault login"),
        ("client_secret: hunter2", f"client_secret: {MASK}"),
        ("API_TOKEN='x y'", f"API_TOKEN='{MASK}'"),
        ("get-token --region us-west-2", "get-token --region us-west-2"),
        ("secrets is forbidden: no", "secrets is forbidden: no"),
    ],
)
def test_a_secret_in_the_middle_of_a_text_is_masked(text, expected):
    assert mask(text) == expected


def kube(verb: str, target: str, **words) -> ApiCall:
    return ApiCall(1, 0.0, "kubernetes", verb, target, "nodes", **words)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (kube("list", "/api/v1/nodes?limit=500"), "kubectl --context prod get nodes"),
        (kube("watch", "/api/v1/nodes?watch=true"), "kubectl --context prod get nodes --watch"),
        (kube("list", "/api/v1/pods"), "kubectl --context prod get pods -A"),
        (
            kube("list", "/api/v1/pods?fieldSelector=spec.nodeName%3Da&labelSelector=app%3Dweb"),
            "kubectl --context prod get pods -A -l app=web --field-selector spec.nodeName=a",
        ),
        (
            kube("get", "/api/v1/namespaces/shop/pods/web-1"),
            "kubectl --context prod get pods web-1 -o yaml -n shop",
        ),
        (
            kube("list", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"),
            "kubectl --context prod get leases.coordination.k8s.io -n kube-node-lease",
        ),
        (
            kube("get", "/readyz?verbose=true"),
            "kubectl --context prod get --raw '/readyz?verbose=true'",
        ),
        (
            kube("create", "/apis/authentication.k8s.io/v1/selfsubjectreviews"),
            "kubectl --context prod auth whoami",
        ),
        (
            kube(
                "create",
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                parameters=(("verb", ("list",)), ("resource", ("nodes",))),
            ),
            "kubectl --context prod auth can-i list nodes",
        ),
    ],
)
def test_a_kubernetes_call_has_its_kubectl_command(call, expected):
    assert command(call, CommandContext("prod")) == expected


def test_an_aws_call_has_its_aws_command():
    call = ApiCall(
        1,
        0.0,
        "aws",
        "DescribeInstances",
        "ec2 us-west-2",
        "ec2",
        parameters=masked_parameters(
            {
                "InstanceIds": ["i-1", "i-2"],
                "Filters": [{"Name": "tag:a", "Values": ["b", "c"]}],
                "IncludeAllInstances": True,
                "DryRun": False,
            }
        ),
    )
    assert command(call, CommandContext("", "us-west-2", "dev")) == (
        "aws ec2 describe-instances --instance-ids i-1 i-2 "
        "--filters Name=tag:a,Values=b,c --include-all-instances --no-dry-run "
        "--region us-west-2 --profile dev"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("DescribeInstances", "describe-instances"),
        ("DescribeDBInstances", "describe-db-instances"),
        ("ListAccessEntries", "list-access-entries"),
        ("nextToken", "next-token"),
    ],
)
def test_names_become_those_of_the_aws_cli(name, expected):
    assert kebab(name) == expected
