"""How kubectl renews the id-token of a kubeconfig and keeps it, beside a fake provider.

`python -m tests.golden.oidc` asks the kubectl on the PATH again and rewrites the record.
"""

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from aiohttp import BasicAuth, web

from tests.golden.kubeconfigs import Recorder, kubectl_version, recorder
from tests.golden.oidc_cases import CASES, REFRESHED, Answer, OidcCase

RECORD = Path(__file__).parent / "oidc-kubectl.json"
NOBODY = 65534  # whom a read-only file stops, unlike root


class Provider(Recorder):
    """An OpenID Connect provider and an API server, which keeps what both are asked."""

    def __init__(self) -> None:
        super().__init__()
        self.case = next(iter(CASES.values()))
        self.asked: list[dict[str, Any]] = []

    async def handle(self, request: web.Request) -> web.Response:
        path = request.path
        if "openid" not in path and not path.startswith(("/token", "/discovery")):
            return await super().handle(request)
        form = dict(parse_qsl(await request.text()))
        header = request.headers.get("Authorization", "")
        client = list(BasicAuth.decode(header)[:2]) if header else []
        self.asked.append({"path": path, "secure": request.secure, "form": form, "client": client})
        return self._answered(self._answer(path, form, basic=bool(client)))

    def _answer(self, path: str, form: Mapping[str, str], *, basic: bool) -> Answer:
        case = self.case
        if path == "/discovery":
            return CASES["valid"].discovery
        if path == "/token-two":
            return REFRESHED
        if not form:
            return case.discovery
        return case.token if case.basic in (None, basic) else Answer("{}", 401)

    def _answered(self, answer: Answer) -> web.Response:
        body, location = (
            text.replace("@HTTPS@", self.https).replace("@HTTP@", self.http)
            for text in (answer.body, answer.location)
        )
        return web.Response(
            text=body,
            status=answer.status,
            content_type=answer.kind,
            headers={"Location": location} if location else {},
        )

    def prepare(self, case: OidcCase, folder: Path) -> dict[str, str]:
        """Write a case's files and return the variables of a command that reads them."""
        self.case = case
        environ = self.write(case.config, folder)
        if case.locked:
            (folder / "config.lock").touch(mode=0o000)
        if case.read_only:
            (folder / "config").chmod(0o400)
        return environ


def given_away(case: OidcCase, folder: Path) -> bool:
    """Return whether the files belong to another user now, because nothing is read-only to root."""
    if not case.read_only or os.geteuid() != 0:
        return False
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, -1)
    return True


def _first(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the requests for the first of two tokens: `kubectl version` asks again after one."""
    half = len(asked) // 2
    return asked[:half] if asked[:half] == asked[half:] else asked


def kept(folder: Path) -> dict[str, str]:
    """Return the tokens that the kubeconfig holds."""
    held: dict[str, str] = {}
    for name in ("config", "second"):
        path = folder / name
        users = yaml.safe_load(path.read_text(encoding="utf-8"))["users"] if path.exists() else ()
        for user in users:
            config = user["user"].get("auth-provider", {}).get("config", {})
            held |= {key: config[key] for key in ("id-token", "refresh-token") if config.get(key)}
    return held


async def ask_kubectl(server: Provider, case: OidcCase) -> dict[str, Any]:
    """Return what kubectl sent and kept for a case, or why it failed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = server.prepare(case, folder)
        chosen = [] if case.config.paths else ["--kubeconfig", "config"]
        identity: dict[str, Any] = {"user": NOBODY} if given_away(case, folder) else {}
        code, errors = await kubectl_version(chosen, environ, name, **identity)
        answer = {"asked": _first(server.asked), "kept": kept(folder)}
    if code != 0:
        return {"refused": _fault(errors, server, name), **answer}
    return {"sent": server.sent[-1].authorization, **answer}


def _fault(errors: str, server: Provider, folder: str) -> str:
    line = "".join(errors.strip().splitlines()[-1:])
    for name, value in ((folder, "DIR"), (server.https, "HTTPS"), (server.http, "HTTP")):
        line = line.replace(name, value)
    return re.sub(r'^Get "[^"]*": ', "", line)[:300]


async def record() -> None:
    """Ask kubectl about every case and write its answers."""
    answers = {}
    for name, case in CASES.items():
        async with recorder(Provider()) as server:
            answers[name] = await ask_kubectl(server, case)
    RECORD.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(record())
