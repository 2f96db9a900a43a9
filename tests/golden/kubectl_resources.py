"""What kubectl prints of several resources: `python -m tests.golden.kubectl_resources` asks it.

kubectl_resources.json holds the answers of a demo's API server by their path, the Date of them, and
kubectl's output for them.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from eksview_demo.options import DemoOptions
from eksview_demo.run import make_server
from tests.demo.thread import DemoThread

ANSWERS = Path(__file__).with_suffix(".json")
SELECTED = "?labelSelector=kubernetes.io%2Farch"
PATHS = (
    "/version",
    "/api/v1/nodes",
    f"/api/v1/nodes{SELECTED}",
    "/api/v1/nodes/NODE",
    "/api/v1/nodes/OTHER",
    "/api/v1/pods",
    f"/api/v1/pods{SELECTED}",
    "/api/v1/namespaces/empty/pods",
    "/api/v1/namespaces/kube-system/pods",
    "/api/v1/namespaces/kube-system/pods/POD",
    "/api/v1/namespaces/kube-system/pods/LAST",
)
ARGUMENTS = (
    "pods,nodes -n kube-system",
    "nodes,pods -n kube-system",
    "nodes,pods -A",
    "pods,nodes -A",
    "pods,nodes,pods -A -o name",
    "nodes,no,node",
    "Nodes,Pod -n kube-system",
    "pods,nodes -n empty",
    "pods,nodes -A -l kubernetes.io/arch",
    "nodes,pods -A -l kubernetes.io/arch",
    "pods,nodes -n kube-system --no-headers",
    "pods,nodes -A --no-headers",
    "pods,nodes -n kube-system -o wide",
    "pods,nodes -n kube-system -L app,topology.kubernetes.io/zone",
    "pods,nodes -n kube-system -o name",
    "pods,nodes -n kube-system -o json",
    "pods,nodes -n kube-system -o jsonpath={.items[*].kind}",
    "pods,nodes -n kube-system -o custom-columns=K:.kind,N:.metadata.name",
    "pods,nodes -n kube-system -o name --sort-by=.metadata.name",
    "pods,nodes -n kube-system --sort-by=.metadata.name",
    "pod/POD node/NODE -n kube-system",
    "pod/POD node/NODE pod/LAST -n kube-system",
    "pod/POD node/NODE node/OTHER pod/LAST -n kube-system --no-headers",
    "node/NODE pod/POD -n kube-system -o yaml",
    "pod/POD node/NODE pod/x pod/LAST -n kube-system -o name",
    "pod/POD node/NODE -n kube-system -o jsonpath={.kind}",
    "pod/x node/NODE -n kube-system",
    "pod/POD node/x pod/LAST -n kube-system",
    "pod/x node/NODE node/y -n kube-system -o json",
    "pod/x node/y -n kube-system -o json",
    "pod/x node/y -n kube-system -o json --ignore-not-found",
    "pod/x node/y -n kube-system --ignore-not-found",
    "pod x -n kube-system -o json --ignore-not-found",
    "pods -n empty -o json --ignore-not-found",
    "pods,nodes NODE -n kube-system",
    "pods,nodes x y -n kube-system",
    "pods,nodes x -A",
    "pod/x node/y -A",
    "pod/x node/y -l app=web",
    "pods,nodes -w",
    "pod/x node/y -w",
    "pods/ node/x",
    "pod/a/b",
    "node/NODE pods,nodes",
    "nodes,",
    "nodes,bogus",
    "NO",
)


class Case(NamedTuple):
    """The arguments of `kubectl get`, its output, its errors from the server, and its success."""

    arguments: str
    text: str = ""
    errors: tuple[str, ...] = ()
    succeeds: bool = True

    def __str__(self) -> str:
        return self.arguments


class Record(NamedTuple):
    """The server's answers by path, the time of them, and what kubectl printed."""

    date: float
    bodies: dict[str, Any]
    cases: tuple[Case, ...]


def recorded() -> Record:
    """Return the server's answers and the cases with kubectl's."""
    record = json.loads(ANSWERS.read_text(encoding="utf-8"))
    cases = (Case(**{**case, "errors": tuple(case["errors"])}) for case in record["cases"])
    return Record(record["date"], record["bodies"], tuple(cases))


def main() -> int:
    """Write the answers of kubectl on this machine; return 1 without one."""
    if not shutil.which("kubectl"):
        print("kubectl isn't installed.", file=sys.stderr)
        return 1
    server = make_server(DemoOptions(nodes=2, pods=4, seed=7))
    with tempfile.TemporaryDirectory() as folder, DemoThread(server) as demo:  # it has no life
        kubeconfig = demo.write_kubeconfig(Path(folder) / "kubeconfig")
        env = {"PATH": os.environ["PATH"], "HOME": folder, "KUBECONFIG": str(kubeconfig)}
        names = _names(env)
        date, bodies = time.time(), _bodies(names, env)
        cases = [_asked(_named(arguments, names), env) for arguments in ARGUMENTS]
        again = [_asked(_named(arguments, names), env) for arguments in ARGUMENTS]
        if cases != again or bodies != _bodies(names, env):
            print("The objects or their ages changed meanwhile; try again.", file=sys.stderr)
            return 1
    record = {"date": date, "bodies": bodies, "cases": [case._asdict() for case in cases]}
    ANSWERS.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return 0


def _names(env: dict[str, str]) -> dict[str, str]:
    """Return names of the demo's objects for the words in capitals."""
    nodes = _kubectl(["get", "nodes", "-o", "name"], env).stdout.split()
    pods = _kubectl(["get", "pods", "-n", "kube-system", "-o", "name"], env).stdout.split()
    words = {"NODE": nodes[0], "OTHER": nodes[1], "POD": pods[0], "LAST": pods[-1]}
    return {word: name.partition("/")[2] for word, name in words.items()}


def _named(text: str, names: dict[str, str]) -> str:
    for word, name in names.items():
        text = text.replace(f"/{word}", f"/{name}").replace(f" {word} ", f" {name} ")
    return text


def _bodies(names: dict[str, str], env: dict[str, str]) -> dict[str, Any]:
    paths = [_named(path, names) for path in PATHS]
    return {path: json.loads(_kubectl(["get", "--raw", path], env).stdout) for path in paths}


def _asked(arguments: str, env: dict[str, str]) -> Case:
    done = _kubectl(["get", *arguments.split(" ")], env)
    lines = done.stderr.splitlines()
    errors = tuple(line.split("): ", 1)[1] for line in lines if "Error from server" in line)
    return Case(arguments, done.stdout, errors, done.returncode == 0)


def _kubectl(words: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["kubectl", *words], env=env, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
