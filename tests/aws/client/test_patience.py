"""A command that calls AWS once gets over throttling, and says so when it lasts."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from eksview.aws.client import patience
from eksview.aws.client.patience import LIMIT, AwsCallFailed, patiently
from eksview.domain.aws.target import AwsTarget
from tests.aws.faults import Refuse
from tests.cli.command import call
from tests.loop_clock import skip

if TYPE_CHECKING:
    from tests.aws.moto_account import MotoAccount

# The codes that the AWS SDKs call throttling. Source: botocore, retries/special.py and standard.py.
THROTTLING = (
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "RequestThrottled", "BandwidthLimitExceeded",
    "RequestLimitExceeded", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
)  # fmt: skip
PASSING = (*((code, 400) for code in THROTTLING), ("ServiceUnavailable", 503), ("X", 429))
LASTING = (
    ("AccessDeniedException", 403),
    ("ExpiredToken", 403),
    ("ResourceNotFoundException", 404),
    ("InvalidParameterException", 400),
)


def error(code: str, status: int, **headers: str) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers}
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": metadata}, "Op")


class Answers:
    """An operation that fails so many times, and the waits before it is called again."""

    def __init__(self, failure: ClientError, times: int) -> None:
        self.failure = failure
        self.left = times
        self.waits: list[float] = []

    async def ask(self) -> str:
        if self.left:
            self.left -= 1
            raise self.failure
        return "answer"

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        skip(seconds)
        await asyncio.sleep(0)

    async def asked(self) -> str:
        place = AwsTarget(region="us-west-2")
        return await patiently(
            self.ask, "eks:ListClusters", place, {}, sleep=self.sleep, chance=lambda: 0.0
        )


@pytest.mark.parametrize(("code", "status"), PASSING)
async def test_a_passing_failure_is_got_over(code: str, status: int) -> None:
    answers = Answers(error(code, status), 3)
    assert await answers.asked() == "answer"
    assert answers.waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(("code", "status"), LASTING)
async def test_a_lasting_failure_is_said_at_once(code: str, status: int) -> None:
    answers = Answers(error(code, status), 1)
    with pytest.raises(AwsCallFailed):
        await answers.asked()
    assert answers.waits == []


async def test_the_server_says_how_long_to_wait() -> None:
    answers = Answers(error("Throttling", 503, **{"retry-after": "7"}), 1)
    await answers.asked()
    assert answers.waits == [7.0]


async def test_throttling_that_lasts_ends_in_the_time_of_the_call() -> None:
    answers = Answers(error("RequestLimitExceeded", 503), 1000)
    with pytest.raises(AwsCallFailed, match="AWS throttled eks:ListClusters for 20 s"):
        await answers.asked()
    assert 0 < sum(answers.waits) < LIMIT


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(patience, "backoff", lambda *_: 0.0)
    return iter(())


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("action", ["eks:ListClusters", "eks:DescribeCluster"])
@pytest.mark.parametrize("code", ["ThrottlingException", "TooManyRequestsException"])
def test_get_clusters_gets_over_throttling(
    moto_account: "MotoAccount", action: str, code: str
) -> None:
    moto_account.layer.faults.add(action, Refuse(code, "Rate exceeded", 429), 2)
    done: Any = call("get", "clusters", env=moto_account.environ)
    assert (done.returncode, done.stderr) == (0, "")
    assert "ACTIVE" in done.stdout
    assert moto_account.layer.faults.asked.count(action) == 3
