"""The tables of `eksview top`, as `kubectl top` prints them.

Source: kubectl `pkg/metricsutil/metrics_printer.go` and the sorters beside it. Every cell ends with
a tab, so that the last column is padded too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from eksview.domain.base.text import cells

SortBy = Literal["", "cpu", "memory"]
NODE_TITLES = ("NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)")
POD_TITLES = ("NAME", "CPU(cores)", "MEMORY(bytes)")
UNKNOWN = "<unknown>"
_LINE = "________"
_GAP, _LEAST = 3, 6  # cells behind the longest of a column, and of the narrowest column
_MILLI, _MEBI = 10**6, 2**20  # of nano-cores, and of bytes


class Amount(Struct, frozen=True):
    """CPU in nano-cores and memory in bytes."""

    cpu: int
    memory: int

    @property
    def milli(self) -> int:
        """CPU in milli-cores, rounded up."""
        return -(-self.cpu // _MILLI)

    @property
    def texts(self) -> tuple[str, str]:
        """The cells of both."""
        return f"{self.milli}m", f"{self.memory // _MEBI}Mi"


class Measured(Struct, frozen=True):
    """The usage of a node or of a pod, with that of the pod's containers by name."""

    name: str
    amount: Amount
    namespace: str = ""
    containers: tuple[tuple[str, Amount], ...] = ()


class PodOptions(Struct, frozen=True):
    """What `top pods` shows."""

    sort_by: SortBy = ""
    headers: bool = True
    namespaces: bool = False
    containers: bool = False
    total: bool = False


def total_of(amounts: Iterable[Amount]) -> Amount:
    """Return a sum of amounts."""
    listed = list(amounts)
    return Amount(sum(each.cpu for each in listed), sum(each.memory for each in listed))


def node_lines(
    nodes: Sequence[Measured], sizes: Mapping[str, Amount], sort_by: SortBy, *, headers: bool
) -> Iterator[str]:
    """Yield the lines of nodes; `sizes` has what each has, of those without a reading too."""
    rows: list[Sequence[str]] = [NODE_TITLES] if headers else []
    for node in sorted(nodes, key=_order(sort_by, _name)):
        cpu, memory = node.amount.texts
        size = sizes.get(node.name)
        shares = _shares(node.amount, size) if size else ()
        both = (cpu, shares[0], memory, shares[1]) if shares else (cpu, memory)
        rows.append((node.name, *both))
    read = {node.name for node in nodes}
    rows += [(name, *[UNKNOWN] * 4) for name in sorted(sizes) if name not in read]
    yield from padded(rows)


def _shares(used: Amount, size: Amount) -> tuple[str, str]:
    return _percent(used.milli, size.milli), _percent(used.memory, size.memory)


def _percent(part: int, whole: int) -> str:
    return f"{int(part / whole * 100)}%" if whole else "0%"


def pod_lines(pods: Sequence[Measured], options: PodOptions) -> Iterator[str]:
    """Yield the lines of pods, or of their containers."""
    place = ("NAMESPACE",) if options.namespaces else ()
    pod_title = ("POD",) if options.containers else ()
    titles = (*place, *pod_title, *POD_TITLES)
    rows: list[Sequence[str]] = [titles] if options.headers else []
    for pod in sorted(pods, key=_order(options.sort_by, _pod_key(options))):
        where = (pod.namespace,) if options.namespaces else ()
        if options.containers:
            rows += [(*where, pod.name, *cells) for cells in _containers(pod, options.sort_by)]
        else:
            rows.append((*where, pod.name, *pod.amount.texts))
    if options.total:
        width = len(titles) if options.headers else len(POD_TITLES)
        total = total_of(amount for pod in pods for amount in _parts(pod))
        rows.append((*[""] * (width - 2), _LINE, _LINE))
        rows.append((*[""] * (width - 2), *total.texts))
    yield from padded(rows)


def _parts(pod: Measured) -> Iterator[Amount]:
    return (amount for _, amount in pod.containers)


def _containers(pod: Measured, sort_by: SortBy) -> Iterator[tuple[str, ...]]:
    measured = [Measured(name, amount) for name, amount in pod.containers]
    for container in sorted(measured, key=_order(sort_by, _name)):
        yield container.name, *container.amount.texts


def _pod_key(options: PodOptions) -> Callable[[Measured], Any]:
    if options.namespaces:
        return lambda pod: (pod.namespace, pod.name)
    return _name


def _name(row: Measured) -> str:
    return row.name


def _order(sort_by: SortBy, name: Callable[[Measured], Any]) -> Callable[[Measured], Any]:
    """Return the key by name, or by usage from the largest down; equal ones stay as they came."""
    match sort_by:
        case "cpu":
            return lambda row: -row.amount.milli
        case "memory":
            return lambda row: -row.amount.memory
    return name


def padded(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of rows of which some have fewer columns, as Go's tab writer."""
    columns = max(map(len, rows), default=0)
    widths = [
        max(_LEAST, _GAP + max(cells(row[at]) for row in rows if len(row) > at))
        for at in range(columns)
    ]
    for row in rows:
        filled = zip(row, widths, strict=False)
        yield "".join(text + " " * (width - cells(text)) for text, width in filled) + "\n"
