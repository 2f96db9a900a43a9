"""From what was asked for to an access: the kubeconfig, else the pod we run in."""

import os
from collections.abc import Mapping
from pathlib import Path

from eksview.config.settings import Settings
from eksview.domain.base.problem import UserError
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.rows.server import IN_CLUSTER
from eksview.kube.client.access import ClusterAccess
from eksview.kube.client.kubeconfig import candidates, contexts, read, resolve

FOLDER = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def in_cluster(environ: Mapping[str, str], folder: Path = FOLDER) -> ClusterAccess | None:
    """The access of the pod we run in; None outside a pod."""
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT")
    token, authority = folder / "token", folder / "ca.crt"
    if not host or not port or not token.exists():
        return None
    bracketed = f"[{host}]" if ":" in host else host
    namespace = folder / "namespace"
    return ClusterAccess(
        context="in-cluster",
        cluster="in-cluster",
        server=f"https://{bracketed}:{port}",
        user="service account",
        namespace=namespace.read_text().strip() if namespace.exists() else "",
        source=IN_CLUSTER,
        ca=authority.read_bytes() if authority.exists() else b"",
        token_file=token,
    )


def locate(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> ClusterAccess:
    """The access asked for; `UserError` when there is none."""
    paths = candidates(settings.kubeconfig, environ, home or Path.home())
    found = read(paths, explicit=settings.kubeconfig is not None)
    if found is not None:
        return resolve(found, settings.context)
    inside = in_cluster(environ)
    if inside is not None and settings.context is None:
        return inside
    raise UserError(
        f"No kubeconfig found at {', '.join(map(str, paths))}: set KUBECONFIG, or run "
        "`aws eks update-kubeconfig --name CLUSTER`, or try `eksview demo`."
    )


def listed(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> tuple[ContextInfo, ...]:
    """The contexts of the kubeconfig, the chosen one marked; none without a kubeconfig."""
    paths = candidates(settings.kubeconfig, environ, home or Path.home())
    found = read(paths, explicit=settings.kubeconfig is not None)
    return contexts(found, settings.context) if found else ()
