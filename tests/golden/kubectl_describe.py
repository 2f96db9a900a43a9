"""What kubectl describes objects as: `python -m tests.golden.kubectl_describe` asks it.

kubectl_describe.json holds kubectl's output for each of `OBJECTS`, by its kind and name. Its API
server has no pods, events or endpoints.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.cli.http_server import serving
from tests.golden.kubectl_describe_cases import OBJECTS as LARGE_OBJECTS
from tests.golden.kubectl_describe_small_cases import SMALL_OBJECTS

ANSWERS = Path(__file__).with_suffix(".json")
OBJECTS = [*LARGE_OBJECTS, *SMALL_OBJECTS]
EXTRA = {
    "v1": {
        "pods": "Pod",
        "events": "Event",
        "secrets": "Secret",
        "resourcequotas": "ResourceQuota",
        "limitranges": "LimitRange",
    },
    "discovery.k8s.io/v1": {"endpointslices": "EndpointSlice"},
}
"""Resources that kubectl lists for a description, of which there are none."""


def described(obj: dict[str, Any]) -> str:
    """Return the key of an object's output."""
    return f"{obj['kind']}/{obj['metadata']['name']}"


def _answer(path: str) -> dict[str, Any] | None:
    parts = path.partition("?")[0].strip("/").split("/")
    apis = sorted({obj["apiVersion"] for obj in OBJECTS} | set(EXTRA))
    groups = [_group(api) for api in apis if "/" in api]
    fixed = {
        "api": {"kind": "APIVersions", "versions": ["v1"]},
        "apis": {"kind": "APIGroupList", "groups": groups},
        "version": {"major": "1", "minor": "33", "gitVersion": "v1.33.0"},
    }
    length = 2 if parts[0] == "api" else 3
    api, rest = "/".join(parts[1:length]), parts[length:]
    if "/".join(parts) in fixed:
        return fixed["/".join(parts)]
    if not rest:
        return {"kind": "APIResourceList", "groupVersion": api, "resources": _resources(api)}
    return _object(api, rest[2:] if rest[0] == "namespaces" and len(rest) > 2 else rest)


def _object(api: str, path: list[str]) -> dict[str, Any] | None:
    for obj in OBJECTS:
        if [obj["plural"], obj["metadata"]["name"]] == path and obj["apiVersion"] == api:
            return {key: value for key, value in obj.items() if key != "plural"}
    if len(path) == 1:
        return {"kind": "List", "apiVersion": api, "metadata": {}, "items": []}
    return None


NOT_FOUND = {"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}


def _group(api: str) -> dict[str, Any]:
    group, _, name = api.partition("/")
    version = {"groupVersion": api, "version": name}
    return {"name": group, "versions": [version], "preferredVersion": version}


def _resources(api: str) -> list[dict[str, Any]]:
    kinds = {obj["plural"]: obj["kind"] for obj in OBJECTS if obj["apiVersion"] == api}
    kinds |= EXTRA.get(api, {})
    return [
        {"name": name, "kind": kind, "namespaced": True, "verbs": ["get", "list"]}
        for name, kind in kinds.items()
    ]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = _answer(self.path)
        body = json.dumps(answer or NOT_FOUND).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def main() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        sys.exit("kubectl isn't installed")
    outputs = {}
    with serving(_Handler) as url, tempfile.TemporaryDirectory() as folder:
        for obj in OBJECTS:
            name = obj["metadata"]["name"]
            command = [kubectl, "--server", url, f"--cache-dir={folder}", "-n", "shop", "describe"]
            ended = subprocess.run(
                [*command, obj["plural"], name],
                env={**os.environ, "TZ": "UTC", "KUBECONFIG": os.devnull},
                capture_output=True,
                text=True,
                check=False,
            )
            if ended.returncode:
                sys.exit(f"{described(obj)}: {ended.stderr}")
            outputs[described(obj)] = ended.stdout
    ANSWERS.write_text(json.dumps(outputs, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
