"""Programs that give credentials, and the configurations that name them."""

import sys
from collections.abc import Mapping
from pathlib import Path

import yaml


def program(folder: Path, body: str) -> Path:
    path = folder / "give-credentials"
    path.write_text(f"#!{sys.executable}\n{body}")
    path.chmod(0o755)
    return path


def kubeconfig(folder: Path, user: Mapping[str, object], **cluster: object) -> dict[str, str]:
    """A kubeconfig with this user, and a server that nobody reaches."""
    path = folder / "kubeconfig"
    document = {
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:9", **cluster}}],
        "users": [{"name": "ops", "user": user}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "ops"}}],
        "current-context": "c",
    }
    path.write_text(yaml.safe_dump(document))
    return {"HOME": str(folder), "KUBECONFIG": str(path)}


def plugin(command: Path, *args: str) -> dict[str, object]:
    version = "client.authentication.k8s.io/v1"
    return {"exec": {"apiVersion": version, "command": str(command), "args": args,
                     "interactiveMode": "IfAvailable"}}  # fmt: skip


def profile(folder: Path, text: str) -> dict[str, str]:
    """An AWS configuration with this text."""
    (folder / "aws").write_text(text)
    (folder / "aws-keys").touch()
    return {"HOME": str(folder), "AWS_CONFIG_FILE": str(folder / "aws"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "aws-keys"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}  # fmt: skip
