"""Version skew: the control plane, each kubelet and each add-on.

Source: Kubernetes "Version Skew Policy": a kubelet may be up to three minors older than the API
server (two before 1.28), and never newer; kube-proxy the same.
"""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from eksview.domain.base.health import WORST_FIRST, Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.base.versions import minor_of
from eksview.domain.rows.aws import AddonRow

_MOST = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Skew(Struct, frozen=True):
    """A sentence without a full stop: `3 of 40 nodes two minor versions behind`."""

    health: Health
    sentence: Clean


def _skew(health: Health, sentence: str) -> Skew:
    return Skew(health, clean(sentence))


def skew(server: str, kubelets: Iterable[str], addons: Iterable[AddonRow] = ()) -> tuple[Skew, ...]:
    """Return the skews, the worst first; one OK line without skew, none without versions.

    `server` and `kubelets` are versions as reported: `v1.33.4-eks-1a2b3c4`, or EKS's `1.33`.
    """
    own = minor_of(server)
    if own is None:
        return ()
    gaps = Counter(_gap(own, kubelet) for kubelet in kubelets)
    total = sum(gaps.values())
    skews = [_nodes(gap, count, total) for gap, count in gaps.items() if gap != 0]
    if total and not skews:
        skews.append(_skew(Health.OK, f"{_all(total)} on {own[0]}.{own[1]}"))
    skews += [line for addon in addons for line in _addon(addon, own)]
    return tuple(sorted(skews, key=lambda line: (WORST_FIRST[line.health], line.sentence)))


def _all(total: int) -> str:
    return "the only node" if total == 1 else f"all {total} nodes"


def _gap(own: tuple[int, int], kubelet: str) -> int | None:
    """Return the minors behind, negative for ahead; None for no version or another major."""
    its = minor_of(kubelet)
    return None if its is None or its[0] != own[0] else own[1] - its[1]


def _nodes(gap: int | None, count: int, total: int) -> Skew:
    nodes = f"{count} of {total} nodes"
    if gap is None:
        return _skew(Health.UNKNOWN, f"{nodes} of unknown version")
    if gap < 0:
        sentence = f"{nodes} {_minors(-gap)} ahead of the control plane, which isn't supported"
        return _skew(Health.BAD, sentence)
    if gap > _MOST:
        return _skew(Health.BAD, f"{nodes} {_minors(gap)} behind: more than the three supported")
    return _skew(Health.WARN if gap > 1 else Health.OK, f"{nodes} {_minors(gap)} behind")


def _minors(gap: int) -> str:
    number = _NUMBERS[gap] if gap < len(_NUMBERS) else str(gap)
    return f"{number} minor version{'' if gap == 1 else 's'}"


def _addon(addon: AddonRow, own: tuple[int, int]) -> list[Skew]:
    """Return an add-on's skew; only kube-proxy follows Kubernetes' versions."""
    name, version = addon.name, addon.version
    if addon.name == "kube-proxy":
        gap = _gap(own, addon.version)
        if gap is not None and (gap < 0 or gap > _MOST):
            side = "ahead" if gap < 0 else "behind"
            sentence = f"add-on {name} {version} {_minors(abs(gap))} {side}, not supported"
            return [_skew(Health.BAD, sentence)]
        if gap:
            health = Health.WARN if gap > 1 else Health.OK
            return [_skew(health, f"add-on {name} {version} {_minors(gap)} behind")]
    if addon.latest and addon.latest != addon.version:
        sentence = f"add-on {name} {version}, newest for this cluster is {addon.latest}"
        return [_skew(Health.OK, sentence)]
    return []
