"""Whatever a tag, a name or an error of AWS says, nothing of it acts where it is drawn."""

import pytest
from aiobotocore.stub import AioStubber
from botocore.exceptions import ClientError

from eksview.aws.client.session import AwsSession
from eksview.domain.aws.target import AwsTarget

ACTS = "a\x1b]52;c;cm0=\x07\n\x9b1m\u202e"
SHOWN = r"a\x1b]52;c;cm0=\x07 \x9b1m\u202e"
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_CONFIG_FILE": "/nowhere"}


async def test_answers_and_errors_of_every_client_are_cleaned() -> None:
    session = AwsSession(AwsTarget(region="us-west-2"), KEYS)
    client = await session.client("eks")
    with AioStubber(client) as stub:
        stub.add_response("describe_cluster", {"cluster": {"name": ACTS, "tags": {ACTS: ACTS}}})
        stub.add_response("list_clusters", {"clusters": [ACTS, "prod"]})
        stub.add_client_error("describe_cluster", "Denied", ACTS)
        answer = await client.describe_cluster(name="prod")
        assert answer["cluster"] == {"name": SHOWN, "tags": {SHOWN: SHOWN}}
        assert (await client.list_clusters())["clusters"] == [SHOWN, "prod"]
        with pytest.raises(ClientError) as error:
            await client.describe_cluster(name="prod")
        assert SHOWN in str(error.value)
    await session.close()


async def test_the_console_keeps_its_lines() -> None:
    session = AwsSession(AwsTarget(region="us-west-2"), KEYS)
    client = await session.client("ec2")
    with AioStubber(client) as stub:
        stub.add_response("get_console_output", {"Output": "b25lCnR3bwo="})
        answer = await client.get_console_output(InstanceId="i-0abc")
        assert answer["Output"] == "one\ntwo\n"
    await session.close()
