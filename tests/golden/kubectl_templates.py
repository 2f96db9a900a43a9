"""What kubectl prints for templates: `python -m tests.golden.kubectl_templates` asks it anew.

kubectl_templates.json holds the objects that a demo's API server had, and kubectl's answers.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.api import Api

ANSWERS = Path(__file__).with_suffix(".json")


WHOLE = ["-o", "json", "--show-managed-fields"]


class Case(NamedTuple):
    """The arguments of `kubectl get`, its output, and whether it succeeded."""

    kind: str
    arguments: str
    text: str = ""
    succeeds: bool = True

    def __str__(self) -> str:
        return f"{self.kind} {self.arguments}"


TEMPLATES = (
    "{.items[*].metadata.name}",
    '{range .items[*]}{.metadata.name}{"\\t"}{.status.capacity.cpu}{"\\n"}{end}',
    '{range .items[*]}{@.metadata.name}{" "}{.kind}{","}{end}',
    "{range .items[*]}{$.kind}{end}",
    "{range .items[*]}{.metadata.name}",
    "{range .items[*]}{range .status.conditions[*]}{.type}={.status};{end}{'\\n'}{end}",
    '{.items[*].status.conditions[?(@.type=="Ready")].status}',
    "{.items[*].status.conditions[?(@.type!='Ready')].status}",
    "{.items[?(@.spec.unschedulable==true)].metadata.name}",
    "{.items[?(@.spec.unschedulable)].metadata.name}",
    "{.items[?(@.metadata.name>'ip-10-0-2')].metadata.name}",
    "{.items[0].metadata.labels}",
    "{.items[0].status.conditions[0]}",
    "{.items[0].status.addresses}",
    "{.items[-1].metadata.name} {.items[0:2].metadata.name} {.items[0:4:2].metadata.name}",
    "{.items[:2].metadata.name}{.items[2:].metadata.name}{.items[-2:].metadata.name}",
    "{.items[0,2].metadata.name}",
    "{.items[*]['metadata.name','status.capacity']}",
    "{.items[*].metadata.labels.topology\\.kubernetes\\.io/zone}",
    "{.items[*].metadata.labels['topology\\.kubernetes\\.io/zone']}",
    "{..architecture}",
    "{.items[0]..kubeletVersion}",
    "{.items[99].metadata.name}",
    "{.items.metadata}",
    "{.no.such}",
    "{.kind} {.apiVersion} {.metadata}",
    "{end}",
    "{.items[*",
    "{.items[*].metadata.name",
    "{.items[x]}",
    "plain text",
    "{'plain text'}{1}{true}{1.5}",
    "{}",
    "{.items[*].spec.podCIDR} {.items[0].status.images}",
    "{ .items[ 0 ].metadata.name }",
)
COLUMNS = (
    "NAME:.metadata.name,CPU:.status.capacity.cpu",
    "N:metadata.name,X:.no.such,C:{.spec.unschedulable}",
    "A:.status.addresses[*].address",
    "L:.metadata.labels,T:.spec.taints",
    "R:.status.conditions[?(@.type=='Ready')].status",
    "A,B:.metadata.name",
    "A:",
    "a b:.metadata.name",
)
SORTED = (".metadata.name", "{.metadata.name}", "metadata.name", ".no.such", "..[")
CASES = (
    *(Case("nodes", f"-o jsonpath={template}") for template in TEMPLATES),
    *(Case("nodes", f"-o custom-columns={spec}") for spec in COLUMNS),
    *(Case("nodes", f"-o name --sort-by={path}") for path in SORTED),
)


def recorded() -> tuple[dict[str, Any], list[Case]]:
    """Return the list of nodes and the cases with kubectl's answers."""
    record = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return record["nodes"], [Case(**case) for case in record["cases"]]


def main() -> int:
    """Write the answers of kubectl on this machine; return 1 without one."""
    if not shutil.which("kubectl"):
        print("kubectl isn't installed.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, Api(Path(folder)) as api:
        env = {"PATH": os.environ["PATH"], "HOME": folder, **api.env}
        api.ask("cordon")
        nodes = json.loads(_get("nodes", WHOLE, env).stdout)
        cases = [_asked(case, env)._asdict() for case in CASES]
        if nodes != json.loads(_get("nodes", WHOLE, env).stdout):
            print("The nodes changed meanwhile; try again.", file=sys.stderr)
            return 1
    record = {"nodes": nodes, "cases": cases}
    ANSWERS.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return 0


def _asked(case: Case, env: dict[str, str]) -> Case:
    done = _get(case.kind, split(case.arguments), env)
    return case._replace(text=done.stdout, succeeds=done.returncode == 0)


def split(arguments: str) -> list[str]:
    """Return the words of arguments that name one output and one path at most."""
    flag, _, value = arguments.partition(" ")
    if value.startswith("name "):
        return [flag, *value.split(" ", 1)]
    return [flag, value]


def _get(kind: str, words: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["kubectl", "get", kind, *words], env=env, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    sys.exit(main())
