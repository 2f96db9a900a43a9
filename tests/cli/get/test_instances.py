"""`eksview get instances` as a script runs it: an API server, and EC2 over HTTP or none at all."""

import json
import os
from collections.abc import Iterator

import pytest

from eksview.aws.services import inventory
from tests.cli.command import Done, call
from tests.e2e.api import Api

REGION = "us-west-2"
LOST = "i-0eeeeeeeeeeeeeeee"
UNTAGGED = "i-0dddddddddddddddd"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


def get(*words: str, env: dict[str, str]) -> Done:
    plain = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return call("get", "instances", *words, env=plain | env)


@pytest.fixture(autouse=True)
def _no_waiting_for_eks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Auto Scaling waits for what EKS says of its groups, and this account has no EKS."""
    monkeypatch.setattr(inventory, "PATIENCE", 0.5)


def instances(api: Api) -> list[str]:
    """Return the IDs of the nodes' EC2 instances, in the order of the nodes."""
    providers = [each.rpartition("/")[2] for each in provider_ids(api)]
    return [each for each in providers if each.startswith("i-")]


def provider_ids(api: Api) -> list[str]:
    done = call("get", "nodes", "-o", "json", env=api.env)
    return [each["spec"]["providerID"] for each in json.loads(done.stdout)["items"]]


@pytest.fixture(scope="module")
def ec2(api: Api) -> Iterator[str]:
    """Return an EC2 with the instances of all nodes but the last, and one without a node."""
    import boto3
    from moto.ec2.models import ec2_backends
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "ec2",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="AKIAEXAMPLE",
        aws_secret_access_key="secret",
    )
    tag = {"Key": "kubernetes.io/cluster/eksview-demo", "Value": "owned"}
    backend = ec2_backends["123456789012"][REGION]
    image = client.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for wanted in [*instances(api)[:-1], LOST, UNTAGGED]:
        tags = [] if wanted == UNTAGGED else [{"ResourceType": "instance", "Tags": [tag]}]
        made = client.run_instances(
            ImageId=image,
            MinCount=1,
            MaxCount=1,
            InstanceType="m5.large",
            TagSpecifications=tags,
        )["Instances"][0]["InstanceId"]
        reservation = backend.get_reservations_by_instance_ids([made])[0]
        reservation.instances[0].id = wanted
        backend.tags[wanted] = backend.tags.pop(made, {})
    yield endpoint
    server.stop()


def test_the_join_is_one_row_each_with_its_kind(api: Api, ec2: str) -> None:
    done = get("-o", "json", env=api.env | KEYS | {"AWS_ENDPOINT_URL": ec2})
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["items"]
    ids = instances(api)
    kinds = {row["instance"]: row["kind"] for row in rows if row["instance"]}
    assert kinds.pop(ids[-1]) == "orphan"
    kinds.pop(LOST, None)
    assert kinds.pop(UNTAGGED) == "candidate"  # of the image and subnet that the nodes have
    assert kinds == dict.fromkeys(ids[:-1], "joined")
    joined = next(row for row in rows if row["kind"] == "joined")
    assert (joined["type"], joined["instanceState"]) == ("m5.large", "running")


def test_an_instance_without_the_clusters_tags_is_found_by_its_id(api: Api, ec2: str) -> None:
    env = api.env | KEYS | {"AWS_ENDPOINT_URL": ec2}
    done = get(UNTAGGED, "-o", "json", env=env)
    row = json.loads(done.stdout)
    assert (row["instance"], row["node"]) == (UNTAGGED, None)
    checks = {check["name"]: check["result"] for check in row["joinChecks"]}
    assert checks["Instance is running"] == "passed"


def test_without_credentials_the_nodes_are_printed_and_it_says_what_to_do(api: Api) -> None:
    done = get("--no-headers", env=api.env)
    assert done.returncode == 1
    assert done.stderr.startswith("eksview: No AWS credentials were found")
    assert done.stderr.count("\n") == 1
    kinds = {line.split()[0] for line in done.stdout.splitlines()}
    assert "unknown" in kinds
    assert kinds <= {"unknown", "not-ec2"}


def test_a_name_that_isnt_there_is_said(api: Api, ec2: str) -> None:
    done = get("nobody", env=api.env | KEYS | {"AWS_ENDPOINT_URL": ec2})
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no node or instance nobody." in done.stderr


def test_without_ec2_it_isnt_said_that_an_instance_isnt_there(api: Api) -> None:
    done = get(LOST, env=api.env)
    assert (done.returncode, done.stdout) == (1, "")
    assert "No AWS credentials were found" in done.stderr
    assert f"no node {LOST}; whether EC2 has such an instance isn't known" in done.stderr


def test_a_selector_would_make_strangers_of_instances_and_is_refused(api: Api) -> None:
    done = get("-l", "a=b", env=api.env)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
