"""`eksview demo`: an environment that leads to the demo and to nobody's account."""

import os

from eksview.cli.demo import demo_environ


def test_the_environment_of_the_demo_leads_nowhere_else() -> None:
    demo = {"KUBECONFIG": "/tmp/demo", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_REGION": "r"}
    mine = {
        "PATH": "/bin", "KUBECONFIG": "/home/me", "AWS_REGION": "eu-west-1", "AWS_PROFILE": "prod",
        "AWS_SESSION_TOKEN": "t", "AWS_ENDPOINT_URL_EC2": "https://vpce", "COLUMNS": "80",
    }  # fmt: skip
    before, process = dict(mine), dict(os.environ)
    assert demo_environ(demo, mine) == {"PATH": "/bin", **demo}
    assert mine == before
    assert dict(os.environ) == process
