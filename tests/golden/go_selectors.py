"""What apimachinery makes of label selectors: `python -m tests.golden.go_selectors MODULE` asks it.

MODULE is a folder whose go.mod requires k8s.io/apimachinery. go_selectors.json holds, for each
selector, the indices of the label sets that it matches; null where `labels.Parse` refuses it.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ANSWERS = Path(__file__).with_suffix(".json")
PROGRAM = """package main

import (
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/labels"
)

func main() {
	var in struct {
		Selectors []string
		Labels    []map[string]string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		panic(err)
	}
	out := map[string][]int{}
	for _, text := range in.Selectors {
		selector, err := labels.Parse(text)
		if err != nil {
			out[text] = nil
			continue
		}
		out[text] = []int{}
		for i, set := range in.Labels {
			if selector.Matches(labels.Set(set)) {
				out[text] = append(out[text], i)
			}
		}
	}
	encoded, _ := json.Marshal(out)
	fmt.Println(string(encoded))
}
"""
LABELS: tuple[dict[str, str], ...] = (
    {},
    {"app": "web"},
    {"app": "web", "tier": "db"},
    {"app": "api", "tier": ""},
    {"App": "web"},
    {"x": "a", "old": "true"},
    {"x": "b"},
    {"x": "in", "in": "x"},
    {"x": "10"},
    {"x": "9"},
    {"x": "ten"},
    {"topology.kubernetes.io/zone": "us-west-2a"},
    {"notin": "", "x": ""},
)
SELECTORS = (
    "", " ", "app", "!app", "! app", "app=web", "app==web", "app = web", "app===web", "app=",
    "app!=", "app!=web", "app !=web", "!app=web", "!!app", "app=web,tier!=db",
    "app=web,tier!=db,x in (a,b),!old", "app=web, tier", "app=web tier=db", "app web", "app,",
    ",app", "app,,tier", "app,!tier", ",", "x in (a)", "x in (a,b)", "x in(a,b)", "x in ( a , b )",
    "x in (a, b", "x in a", "x in", "x in ()", "x in (,)", "x in (a,)", "x in (,a)", "x in (a,,b)",
    "x in (a,,,b)", "x in (,,a)", "x in (a b)", "x in (=)", "x notin (a)", "x notin (a,b)",
    "x notin ()", "x NOTIN (a)", "x IN (a)", "x not in (a)", "in", "in in (x)", "in=x", "notin",
    "!notin", "notin notin (x)", "x in (in)", "x=in", "x=notin", "x>9", "x > 9", "x<10", "x<a",
    "x>", "x>1.5", "x>-1", "x>=9", "x<=9", "x>+5", "x>9,x<11", "=", "!", "!=", "==", "=a", "!=a",
    "(", ")", "x(", "x)", "x=(a)", "x==!a", "x=!a", "topology.kubernetes.io/zone=us-west-2a",
    "topology.kubernetes.io/zone in (us-west-2a,us-west-2b)", "Topology.kubernetes.io/zone",
    "a/b/c", "/a", "a/", "-a", "a-", "a_b", "a.b", "a*", "a|b", "a~b", "app=we*", "app=-web",
    "app=web-", "app=w_e.b-1", "app=é", "é", "a" * 63, "a" * 64, "app=" + "a" * 63,
    "app=" + "a" * 64, "b" * 250 + "/a", "b" * 254 + "/a", "x\tin\t(a)", "app\n=\nweb",
    "x in (a),app", "x in (a)app", "x in (a) app",
)  # fmt: skip


def recorded() -> dict[str, list[int] | None]:
    """Return the recorded answers."""
    answers: dict[str, list[int] | None] = json.loads(ANSWERS.read_text())
    return answers


def asked(module: Path) -> dict[str, list[int] | None]:
    """Return what Go answers now."""
    go = shutil.which("go")
    assert go
    with tempfile.TemporaryDirectory(dir=module) as folder:
        program = Path(folder) / "main.go"
        program.write_text(PROGRAM)
        answer = subprocess.run(
            [go, "run", "-mod=mod", str(program)],
            cwd=module,
            check=True,
            capture_output=True,
            text=True,
            input=json.dumps({"Selectors": SELECTORS, "Labels": LABELS}),
        )
    answers: dict[str, list[int] | None] = json.loads(answer.stdout)
    return answers


if __name__ == "__main__":
    ANSWERS.write_text(json.dumps(asked(Path(sys.argv[1])), indent=0, sort_keys=True) + "\n")
