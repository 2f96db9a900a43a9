"""The proxies that Go chooses: `python -m tests.golden.go_proxies` asks it anew.

go_proxies.json holds each case's environment, URL and answer; `ERROR` where Go refuses.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ANSWERS = Path(__file__).with_suffix(".json")
PROXY = "http://proxy.corp:3128"
PROGRAM = """package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
)

func main() {
	target, err := url.Parse(os.Args[1])
	if err != nil {
		panic(err)
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target})
	if err != nil {
		fmt.Print("ERROR")
	} else if proxy != nil {
		fmt.Print(proxy.String())
	}
}
"""


class Case(NamedTuple):
    url: str
    environment: dict[str, str]

    def __str__(self) -> str:
        return " ".join(
            [*(f"{name}={value}" for name, value in self.environment.items()), self.url]
        )


EKS = "https://abc.gr7.us-west-2.eks.amazonaws.com"
HOSTS_AND_NO_PROXY = (
    (EKS, ""),
    (EKS, "*"),
    (EKS, "example.com,*"),
    (EKS, "amazonaws.com"),
    (EKS, ".amazonaws.com"),
    (EKS, "*.amazonaws.com"),
    (EKS, "*.eks.amazonaws.com"),
    (EKS, "*amazonaws.com"),
    (EKS, "*.com"),
    (EKS, ".com"),
    (EKS, "com"),
    (EKS, "zonaws.com"),
    (EKS, "amazonaws.com:443"),
    (EKS, "amazonaws.com:6443"),
    (EKS, " amazonaws.com "),
    (EKS, "AmazonAWS.Com"),
    (EKS, "example.com amazonaws.com"),
    (EKS, "example.com, amazonaws.com"),
    (EKS, "example.com;amazonaws.com"),
    (EKS, "https://abc.gr7.us-west-2.eks.amazonaws.com"),
    (EKS, "abc.gr7.us-west-2.eks.amazonaws.com"),
    (EKS, "abc.gr7.us-west-2.eks.amazonaws.com."),
    (EKS, ".abc.gr7.us-west-2.eks.amazonaws.com"),
    (EKS, "*.abc.gr7.us-west-2.eks.amazonaws.com"),
    (EKS, "abc.*.amazonaws.com"),
    (EKS, ",,,"),
    (EKS, ":443"),
    (EKS, "10.0.0.0/8"),
    ("https://API.Corp", "api.corp"),
    ("https://api.corp", "corp"),
    ("https://corp", ".corp"),
    ("https://corp", "*.corp"),
    ("https://corp", "corp"),
    ("https://api.corp:6443", "api.corp:6443"),
    ("https://api.corp:6443", "api.corp:443"),
    ("https://api.corp:6443", "*.corp:6443"),
    ("https://api.corp:6443", "api.corp:"),
    ("https://api", "api"),
    ("https://api", "*"),
    ("https://10.0.3.7", "10.0.0.0/8"),
    ("https://10.0.3.7", "10.0.3.9/24"),
    ("https://10.0.3.7", "10.0.4.0/24"),
    ("https://10.0.3.7", "10.0.3.7"),
    ("https://10.0.3.7", "10.0.3.7:443"),
    ("https://10.0.3.7:6443", "10.0.3.7:443"),
    ("https://10.0.3.7:6443", "10.0.3.7:6443"),
    ("https://10.0.3.7", "10.0.3"),
    ("https://10.0.3.7", "10.0.3."),
    ("https://10.0.3.7", "10.0.3.*"),
    ("https://10.0.3.7", "10.*"),
    ("https://10.0.3.7", ".7"),
    ("https://10.0.3.7", "7"),
    ("https://10.0.3.7", "10.0.3.0/255.255.255.0"),
    ("https://10.0.3.7", "10.0.3.0/33"),
    ("https://10.0.3.7", "010.0.3.7"),
    ("https://10.0.3.7", "0.0.0.0/0"),
    ("https://10.0.3.7", "::ffff:10.0.3.7"),
    ("https://[::ffff:10.0.3.7]", "10.0.0.0/8"),
    ("https://[2001:db8::7]", "2001:db8::/32"),
    ("https://[2001:db8::7]", "2001:db8::7"),
    ("https://[2001:db8::7]", "2001:DB8:0::7"),
    ("https://[2001:db8::7]", "[2001:db8::7]"),
    ("https://[2001:db8::7]", "[2001:db8::7]:443"),
    ("https://[2001:db8::7]:6443", "[2001:db8::7]:443"),
    ("https://[2001:db8::7]", "2001:db9::/32"),
    ("https://[fe80::1%25eth0]", "fe80::1"),
    ("https://127.0.0.1:6443", ""),
    ("https://127.9.9.9:6443", ""),
    ("https://[::1]:6443", ""),
    ("https://[::ffff:127.0.0.1]", ""),
    ("https://localhost:6443", ""),
    ("https://LOCALHOST:6443", ""),
    ("https://localhost.corp", ""),
    ("https://api.localhost", ""),
    ("https://0.0.0.0:6443", ""),
    ("https://169.254.169.254", "169.254.169.254"),
    ("https://kubernetes.default.svc", ".svc,.cluster.local"),
    ("https://kubernetes.default.svc.cluster.local", ".svc,.cluster.local"),
    ("https://bücher.example", "bücher.example"),
    ("https://xn--bcher-kva.example", "bücher.example"),
    ("http://api.corp", "api.corp:80"),
)
PROXIES = (
    {"HTTPS_PROXY": "proxy.corp:3128"},
    {"HTTPS_PROXY": "proxy.corp"},
    {"HTTPS_PROXY": "10.0.0.1:3128"},
    {"HTTPS_PROXY": "https://proxy.corp:3129"},
    {"HTTPS_PROXY": "http://me:secret@proxy.corp:3128"},
    {"HTTPS_PROXY": "me:secret@proxy.corp:3128"},
    {"https_proxy": PROXY},
    {"HTTPS_PROXY": PROXY, "https_proxy": "http://lower.corp:1"},
    {"HTTPS_PROXY": "", "https_proxy": PROXY},
    {"HTTPS_PROXY": PROXY, "NO_PROXY": "", "no_proxy": "amazonaws.com"},
    {"HTTPS_PROXY": PROXY, "NO_PROXY": "example.com", "no_proxy": "amazonaws.com"},
    {"HTTP_PROXY": PROXY},
    {"ALL_PROXY": PROXY},
    {"all_proxy": PROXY},
    {"HTTPS_PROXY": PROXY, "REQUEST_METHOD": "GET"},
)
PLAIN = (
    {"HTTP_PROXY": PROXY},
    {"http_proxy": PROXY},
    {"HTTPS_PROXY": PROXY},
    {"HTTP_PROXY": PROXY, "REQUEST_METHOD": "GET"},
)
CASES = (
    *(
        Case(url, {"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY, "NO_PROXY": excluded})
        for url, excluded in HOSTS_AND_NO_PROXY
    ),
    *(Case(EKS, environment) for environment in PROXIES),
    *(Case("http://api.corp", environment) for environment in PLAIN),
)


def recorded() -> list[tuple[Case, str]]:
    """Return the cases with Go's answers."""
    entries = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return [(Case(entry["url"], entry["environment"]), entry["proxy"]) for entry in entries]


def main() -> int:
    """Write the answers of Go on this machine; return 1 without one."""
    if not shutil.which("go"):
        print("Go isn't installed.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "main"
        program.with_suffix(".go").write_text(PROGRAM, encoding="utf-8")
        subprocess.run(["go", "build", "-o", program, f"{program}.go"], check=True)
        entries = [{**case._asdict(), "proxy": _answer(program, case)} for case in CASES]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    ANSWERS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return 0


def _answer(program: Path, case: Case) -> str:
    environment = {"PATH": os.environ["PATH"], **case.environment}
    run = subprocess.run(
        [program, case.url], env=environment, check=True, capture_output=True, text=True
    )
    return run.stdout


if __name__ == "__main__":
    sys.exit(main())
