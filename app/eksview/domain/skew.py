"""Version skew: the control plane, each kubelet and each add-on.

Source: Kubernetes "Version Skew Policy": a kubelet may be up to three minors older than the API
server (since 1.28; two before), and never newer.
"""

from collections.abc import Iterable

from msgspec import Struct

from eksview.domain.aws_rows import AddonRow
from eksview.domain.health import Health


class Skew(Struct, frozen=True):
    """One sentence, without a full stop: `3 of 40 nodes two minors behind`."""

    health: Health
    sentence: str


def skew(server: str, kubelets: Iterable[str], addons: Iterable[AddonRow] = ()) -> tuple[Skew, ...]:
    """The worst first; one OK line when nothing is behind, none when nothing is known.

    `server` and `kubelets` as they name themselves: `v1.33.4-eks-1a2b3c4`, or EKS's `1.33`.
    """
    raise NotImplementedError
