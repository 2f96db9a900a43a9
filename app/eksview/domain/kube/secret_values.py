"""The values of secrets, which eksview neither requests nor shows."""

from typing import Any

VALUES = ("data", "stringData")
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation of `kubectl apply`, which repeats the object with its values."""


def without_values(secret: dict[str, Any]) -> dict[str, Any]:
    """Return a Secret without what a server may have sent of its values in spite of the request."""
    kept = {key: value for key, value in secret.items() if key not in VALUES}
    metadata = kept.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("annotations"), dict):
        annotations = {k: v for k, v in metadata["annotations"].items() if k != APPLIED}
        kept["metadata"] = {**metadata, "annotations": annotations}
    return {**kept, "apiVersion": "v1", "kind": "Secret"}
