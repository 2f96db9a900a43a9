"""The service account of a pod: how eksview runs inside the cluster that it watches.

Source: Kubernetes "Accessing the Kubernetes API from a Pod".
"""

from collections.abc import Mapping
from pathlib import Path

from eksview.domain.rows.server import IN_CLUSTER
from eksview.kube.client.access import Access

FOLDER = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def in_cluster(environ: Mapping[str, str], folder: Path = FOLDER) -> Access | None:
    """The access of the pod we run in; None outside a pod."""
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT")
    token, authority = folder / "token", folder / "ca.crt"
    if not host or not port or not token.exists():
        return None
    bracketed = f"[{host}]" if ":" in host else host
    namespace = folder / "namespace"
    return Access(
        context="in-cluster",
        cluster="in-cluster",
        server=f"https://{bracketed}:{port}",
        user="service account",
        namespace=namespace.read_text().strip() if namespace.exists() else "",
        source=IN_CLUSTER,
        ca=authority.read_bytes() if authority.exists() else b"",
        token_file=token,
    )
