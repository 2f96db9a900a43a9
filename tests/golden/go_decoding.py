"""What client-go decodes: `python -m tests.golden.go_decoding` asks it again.

go_decoding.json holds, for each changed object, Go's error (empty for none) and the object as Go
writes it again: after an error, as far as it was decoded.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

ANSWERS = Path(__file__).with_suffix(".json")
LIBRARIES = ("k8s.io/api@v0.33.1", "k8s.io/apimachinery@v0.33.1", "sigs.k8s.io/json")
PROGRAM = """package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	leases "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	kubernetes "sigs.k8s.io/json"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		kind, text, _ := strings.Cut(lines.Text(), " ")
		object := map[string]any{
			"nodes": &core.Node{}, "pods": &core.Pod{}, "events": &core.Event{},
			"leases": &leases.Lease{},
		}[kind]
		err := kubernetes.UnmarshalCaseSensitivePreserveInts([]byte(text), object)
		answer := map[string]any{"object": object, "error": ""}
		if err != nil {
			answer["error"] = err.Error()
		}
		encoded, _ := json.Marshal(answer)
		fmt.Println(string(encoded))
	}
}
"""
META = {"name": "n", "namespace": "shop", "uid": "u", "labels": {"app": "web"}}
WHOLE: dict[str, Any] = {
    "nodes": {
        "metadata": {**META, "namespace": ""},
        "spec": {
            "providerID": "aws:///us-west-2a/i-0123456789abcdef0",
            "taints": [{"key": "k", "value": "v", "effect": "NoSchedule"}],
        },
        "status": {
            "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "58"},
            "conditions": [{"type": "Ready", "status": "True"}],
            "addresses": [{"type": "InternalIP", "address": "10.0.1.2"}],
            "nodeInfo": {"kubeletVersion": "v1.33.1", "osImage": "Amazon Linux 2023"},
        },
    },
    "pods": {
        "metadata": META,
        "spec": {
            "nodeName": "node",
            "containers": [{"name": "c", "resources": {"requests": {"cpu": "100m"}}}],
        },
        "status": {
            "phase": "Running",
            "podIPs": [{"ip": "10.0.1.9"}],
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [
                {"name": "c", "ready": True, "restartCount": 3, "state": {"running": {}}}
            ],
        },
    },
    "events": {
        "metadata": META,
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "p"},
        "type": "Warning",
        "reason": "BackOff",
        "message": "back-off",
        "count": 3,
        "source": {"component": "kubelet"},
    },
    "leases": {
        "metadata": META,
        "spec": {"holderIdentity": "n", "leaseDurationSeconds": 40, "leaseTransitions": 2},
    },
}
STATUS = "status.containerStatuses.0"
REQUESTS = "spec.containers.0.resources.requests"
CHANGES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "nodes": (
        ("metadata", ("null", '"n"', "[]")),
        ("metadata.name", ("null", "5", "{}")),
        ("metadata.uid", ("null", "5")),
        ("metadata.labels", ("null", '{"a":null}', '{"a":1}', '{"a":"1","b":{}}', '"a"', "[]")),
        ("metadata.Name", ('"other"', "5")),
        ("spec", ("null", '"s"', "5")),
        ("spec.providerID", ("null", "5", '"\\ud800"', '"\\ud83d\\ude00"', '"\\udc00\\ud800x"')),
        ("spec.unschedulable", ("null", '"true"', "1", "true")),
        ("spec.taints", ("null", "[null]", '[{"key":null}]', '[{"key":1,"value":"v"}]', "{}")),
        ("spec.unknown", ("5", '{"a":[[[null]]]}')),
        ("status", ("null", '"Failure"', "[]")),
        ("status.allocatable", ("null", "5", '{"cpu":null}', '{"cpu":4,"memory":1024,"pods":10}')),
        ("status.allocatable.cpu", ("4", "0.1", "1e3", "true", "[]", '"1500m"')),
        ("status.conditions", ("null", '"none"', "[null]", "[5]")),
        ("status.conditions.0.status", ("true", "null", '"False"')),
        ("status.addresses", ('[{"type":"InternalIP","address":null}]', "[null]", '[[]]')),
        ("status.nodeInfo", ("null", '{"kubeletVersion":null}', '{"kubeletVersion":1.33}', '"v1"')),
    ),
    "pods": (
        ("metadata.ownerReferences", ("null", "[null]", '[{"controller":"true"}]')),
        ("metadata.annotations", ("null",)),
        ("spec.nodeName", ("null", "5")),
        ("spec.containers", ("null", "[null]", "{}", '[{"name":5}]')),
        (f"{REQUESTS}", ("null", '{"cpu":1,"memory":1024}', '"1"', '{"cpu":null}')),
        (f"{REQUESTS}.cpu", ("1.5", "false", "{}")),
        ("status.phase", ("null", "5", '"Pending"')),
        ("status.podIPs", ("null", "[null]", '["10.0.0.1"]', '[{"ip":5}]')),
        ("status.containerStatuses", ("null", "[null]", '"none"')),
        (f"{STATUS}.restartCount", ("null", '"3"', "3.0", "3.5", "-1")),
        (f"{STATUS}.ready", ("null", '"true"', "1")),
        (f"{STATUS}.state", ("null", '"running"', '{"waiting":{"reason":null}}')),
        (f"{STATUS}.started", ("null", "true", "0")),
    ),
    "events": (
        ("involvedObject", ("null", '"pod"')),
        ("involvedObject.kind", ("null", "5")),
        ("count", ("null", '"3"', "0", "3.5")),
        ("message", ("null", "5", '"a\\u0000b"')),
        ("series", ("null", '{"count":null}', '{"count":"5"}')),
        ("source", ("null", "5")),
    ),
    "leases": (
        ("spec", ("null", "[]")),
        ("spec.holderIdentity", ("null", "5")),
        ("spec.leaseDurationSeconds", ("null", '"40"', "40.0", "true")),
        ("metadata.labels", ('{"apiserver.kubernetes.io/identity":null}',)),
    ),
}  # fmt: skip


class Case(NamedTuple):
    kind: str
    path: str
    value: str
    """JSON, kept as text because Python writes some of it otherwise."""

    def __str__(self) -> str:
        return f"{self.kind} {self.path}={self.value}"

    @property
    def text(self) -> str:
        """The object with the value at the path."""
        whole = json.loads(json.dumps(WHOLE[self.kind]))
        *above, last = self.path.split(".")
        at = whole
        for key in above:
            at = at[int(key) if isinstance(at, list) else key]
        at[last] = "@value@"
        return json.dumps(whole).replace('"@value@"', self.value)


CASES = tuple(
    Case(kind, path, value)
    for kind, changes in CHANGES.items()
    for path, values in changes
    for value in values
)


def recorded() -> list[tuple[Case, str, bytes]]:
    """Return the cases with Go's errors and objects."""
    entries = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return [
        (Case(*entry["case"]), entry["error"], json.dumps(entry["object"]).encode())
        for entry in entries
    ]


def main() -> int:
    """Write the answers of Go on this machine; return 1 without one."""
    if not shutil.which("go"):
        print("Go isn't installed.", file=sys.stderr)
        return 1
    asked = "".join(f"{case.kind} {case.text}\n" for case in CASES)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.go").write_text(PROGRAM, encoding="utf-8")
        for command in (["mod", "init", "main"], ["get", *LIBRARIES], ["mod", "tidy"], ["build"]):
            subprocess.run(["go", *command], cwd=folder, check=True, capture_output=True)
        run = subprocess.run(
            [f"{folder}/main"], input=asked, check=True, capture_output=True, text=True
        )
    answers = map(json.loads, run.stdout.splitlines())
    lines = ",\n".join(
        json.dumps({"case": case, **answer}, ensure_ascii=False)
        for case, answer in zip(CASES, answers, strict=True)
    )
    ANSWERS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
