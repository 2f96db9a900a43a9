"""From what was asked for to an access: the kubeconfig, else the pod we run in."""

import os
from collections.abc import Mapping
from pathlib import Path

from eksview.config.settings import Settings
from eksview.domain.base.problem import Problem
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.kube.client.access import Access
from eksview.kube.client.incluster import in_cluster
from eksview.kube.client.kubeconfig import candidates, contexts, read, resolve


def locate(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> Access:
    """The access asked for; `Problem` when there is none."""
    paths = candidates(settings.kubeconfig, environ, home or Path.home())
    found = read(paths, explicit=settings.kubeconfig is not None)
    if found is not None:
        return resolve(found, settings.context)
    inside = in_cluster(environ)
    if inside is not None and settings.context is None:
        return inside
    raise Problem(
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
