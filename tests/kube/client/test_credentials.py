"""Credentials: run one at a time, renewed before they end, and never printed."""

import asyncio
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from eksview.domain.base.errors import UserError
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from eksview.kube.client.credentials import EARLY, Credentials
from eksview.kube.client.exec_plugin import Credential, run
from eksview.kube.client.plugin_runs import LASTING, LONGEST_REST, PluginRuns
from tests.loop_clock import skip
from tests.patience import until

SECRET = "k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1hem9uYXdzLmNvbS8_c2VjcmV0"
API = "client.authentication.k8s.io/v1"


def access(plugin: Exec | None = None, **fields: object) -> ClusterAccess:
    return ClusterAccess(
        context="prod",
        cluster="prod",
        server="https://example.test",
        user="ops",
        namespace="",
        source="~/.kube/config",
        exec=plugin,
        **fields,  # type: ignore[arg-type]
    )


def plugin(folder: Path, body: str, **fields: object) -> Exec:
    """A real program that is a credential plugin."""
    path = folder / "get-token"
    path.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Exec(command=str(path), args=(), env=(), api_version=API, **fields)  # type: ignore[arg-type]


GIVES = f'''print(json.dumps({{"kind": "ExecCredential", "apiVersion": "{API}",
"status": {{"token": "{SECRET}",
"expirationTimestamp": "2030-01-01T00:00:00Z"}}}}))'''

EMPTY = f"print(json.dumps({{'apiVersion': '{API}', 'status': {{}}}}))"


async def test_a_token_and_its_end_are_read(tmp_path: Path) -> None:
    credential = await run(plugin(tmp_path, GIVES), access())
    assert credential.token == SECRET
    assert credential.expires == 1893456000.0


async def test_it_is_told_of_the_cluster_and_gets_no_terminal(tmp_path: Path) -> None:
    body = """info = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
said = [info["spec"]["cluster"]["server"], os.environ["COLOUR"], sys.stdin.read(),
        str(info["spec"]["interactive"])]
print(json.dumps({"apiVersion": info["apiVersion"], "status": {"token": "|".join(said)}}))"""
    asked = plugin(tmp_path, body, cluster_info=True)
    asked = Exec(asked.command, (), (("COLOUR", "blue"),), API, cluster_info=True)
    credential = await run(asked, access())
    assert credential.token == "https://example.test|blue||False"


async def test_it_has_the_environment_given_and_not_this_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OURS", "1")
    body = f"""token = os.environ["WHOSE"]
print(json.dumps({{"apiVersion": "{API}", "status": {{"token": token}}}}))
assert "OURS" not in os.environ"""
    credential = await run(plugin(tmp_path, body), access(), environ={"WHOSE": "theirs"})
    assert credential.token == "theirs"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.stderr.write('a\\nSSO session expired\\n'); sys.exit(254)", "254: SSO session"),
        ("sys.exit(3)", "exit code 3 and printed no error"),
        ("print('hello')", "isn't an ExecCredential"),
        ("print('{}')", "isn't an ExecCredential"),
        (
            f"print(json.dumps({{'apiVersion': '{API}', 'status': {{}}}}))",
            "neither a token nor a certificate",
        ),
    ],
)
async def test_what_it_does_wrong_is_said_in_a_sentence(
    tmp_path: Path, body: str, said: str
) -> None:
    with pytest.raises(UserError, match=said):
        await run(plugin(tmp_path, body), access())


async def test_one_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    body = f"""import subprocess
child = subprocess.Popen(["sleep", "60"])
open({str(pid)!r}, "w").write(str(child.pid))
time.sleep(60)"""
    running = asyncio.create_task(run(plugin(tmp_path, body), access(), limit=3600.0))
    await until(lambda: pid.exists() and pid.read_text())
    skip(3600.0)
    with pytest.raises(UserError, match="didn't answer within 3600 s"):
        await running
    child = int(pid.read_text())
    await until(lambda: not _alive(child))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[-1][:3]


async def test_a_missing_one_says_how_to_get_it() -> None:
    missing = Exec("no-such-plugin", (), (), API, hint="Install it with\n brew.")
    with pytest.raises(UserError, match=r"isn't on the PATH.*Install it with brew\."):
        await run(missing, access())


async def test_one_that_must_ask_is_not_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="log in with it in another terminal"):
        await run(plugin(tmp_path, GIVES, interactive="Always"), access())


async def test_what_it_says_is_repeated_without_its_secrets(tmp_path: Path) -> None:
    body = f"sys.stderr.write('refused {SECRET} for you'); sys.exit(1)"
    with pytest.raises(UserError) as caught:
        await run(plugin(tmp_path, body), access())
    assert SECRET not in str(caught.value)
    assert "for you" in str(caught.value)


def test_nothing_that_holds_a_secret_prints_it() -> None:
    held = access(Exec("x", (SECRET,), (("T", SECRET),), API), token=SECRET, password=SECRET)
    assert SECRET not in repr(held)
    assert SECRET not in repr(held.exec)
    assert SECRET not in repr(Credential(token=SECRET))
    assert SECRET not in json.dumps(str(held.target))


class Runner:
    """Hands out numbered tokens that live for ten minutes, or fails."""

    def __init__(self) -> None:
        self.runs = 0
        self.now = 1000.0
        self.life = 600.0
        self.broken = False

    async def __call__(self, _plugin: Exec, _access: ClusterAccess) -> Credential:
        self.runs += 1
        await asyncio.sleep(0)
        if self.broken:
            raise UserError("broken")
        return Credential(token=f"token-{self.runs}", expires=self.now + self.life)

    def clock(self) -> float:
        return self.now

    def credentials(self) -> Credentials:
        return Credentials(access(Exec("x", (), (), API)), self.clock, self)


async def test_it_is_run_again_only_shortly_before_its_credential_ends() -> None:
    runner = Runner()
    credentials = runner.credentials()
    assert (await credentials.current()).token == "token-1"
    runner.now += 600 - EARLY - 1
    assert (await credentials.current()).token == "token-1"
    runner.now += 1
    assert (await credentials.current()).token == "token-2"


async def test_many_links_with_a_401_renew_once() -> None:
    runner = Runner()
    credentials = runner.credentials()
    refused = await credentials.current()
    renewed = await asyncio.gather(*(credentials.renew(refused) for _ in range(5)))
    assert renewed == [True] * 5
    assert runner.runs == 2


async def test_a_failure_to_renew_early_keeps_what_is_still_good() -> None:
    runner = Runner()
    credentials = runner.credentials()
    await credentials.current()
    runner.broken = True
    runner.now += 600 - EARLY + 1
    assert (await credentials.current()).token == "token-1"
    runner.now += EARLY
    with pytest.raises(UserError, match="broken"):
        await credentials.current()


async def test_links_that_wait_for_a_failing_plugin_share_its_failure() -> None:
    runner = Runner()
    runner.broken = True
    credentials = runner.credentials()
    answers = await asyncio.gather(
        *(credentials.current() for _ in range(5)), return_exceptions=True
    )
    assert [str(answer) for answer in answers] == ["broken"] * 5
    assert runner.runs == 1


class Idle(Runner):
    """A plugin whose credentials don't help, on a clock that only the test moves."""

    def credentials(self) -> Credentials:
        runs = PluginRuns(self.clock, lambda: 0.0)
        return Credentials(access(Exec("x", (), (), API)), self.clock, self, runs)


@pytest.mark.parametrize("minutes", [1, 5])
async def test_a_plugin_that_fails_is_run_ever_more_rarely(minutes: int) -> None:
    runner = Idle()
    runner.broken = True
    credentials = runner.credentials()
    for _ in range(minutes * 600):
        with pytest.raises(UserError, match="broken"):
            await credentials.current()
        runner.now += 0.1
    assert runner.runs <= 10 * minutes
    runner.broken = False
    runner.now += LONGEST_REST
    assert (await credentials.current()).token == f"token-{runner.runs}"


async def test_a_plugin_whose_tokens_are_refused_is_run_ever_more_rarely() -> None:
    runner = Idle()
    credentials = runner.credentials()
    for _ in range(600):
        await credentials.renew(await credentials.current())
        runner.now += 0.1
    assert runner.runs <= 10


async def test_a_plugin_whose_tokens_are_over_at_once_is_run_ever_more_rarely() -> None:
    runner = Idle()
    runner.life = -5.0
    credentials = runner.credentials()
    for _ in range(600):
        await credentials.current()
        runner.now += 0.1
    assert runner.runs <= 10


async def test_a_token_that_lasted_is_renewed_at_once() -> None:
    runner = Idle()
    credentials = runner.credentials()
    for _ in range(5):
        refused = await credentials.current()
        assert await credentials.renew(refused)
        runner.now += LASTING
    assert runner.runs == 6


async def test_a_token_file_wins_over_a_token_and_is_read_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("first\n")
    credentials = Credentials(access(token="other", token_file=path))
    assert (await credentials.current()).token == "first"
    path.write_text("second\n")
    os.utime(path, (1, 1))
    assert (await credentials.current()).token == "second"


async def test_a_lost_token_file_is_said() -> None:
    credentials = Credentials(access(token_file=Path("/nowhere/token")))
    with pytest.raises(UserError, match="/nowhere/token can't be read"):
        await credentials.current()


async def test_a_short_lived_one_is_used_for_most_of_its_life() -> None:
    runner = Runner()
    runner.life = 30.0
    credentials = runner.credentials()
    await credentials.current()
    runner.now += 26
    assert (await credentials.current()).token == "token-1"
    runner.now += 1
    assert (await credentials.current()).token == "token-2"
