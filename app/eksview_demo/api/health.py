"""/readyz, /livez, /version and /metrics of the API server."""

from collections import Counter
from typing import Any

from eksview_demo.storage.storage import Storage

_LIVE_ONLY = ("loopback-serving-certificate",)
_READY_ONLY = ("etcd-readiness", "informer-sync")

_HOOKS = (
    "start-apiserver-admission-initializer",
    "generic-apiserver-start-informers",
    "priority-and-fairness-config-consumer",
    "priority-and-fairness-filter",
    "storage-object-count-tracker-hook",
    "start-apiextensions-informers",
    "start-apiextensions-controllers",
    "crd-informer-synced",
    "start-system-namespaces-controller",
    "start-cluster-authentication-info-controller",
    "start-kube-apiserver-identity-lease-controller",
    "start-kube-apiserver-identity-lease-garbage-collector",
    "start-legacy-token-tracking-controller",
    "start-service-ip-repair-controllers",
    "rbac/bootstrap-roles",
    "scheduling/bootstrap-system-priority-classes",
    "priority-and-fairness-config-producer",
    "bootstrap-controller",
    "start-kubernetes-service-cidr-controller",
    "aggregator-reload-proxy-client-cert",
    "start-kube-aggregator-informers",
    "apiservice-status-local-available-controller",
    "apiservice-status-remote-available-controller",
    "apiservice-registration-controller",
    "apiservice-discovery-controller",
    "kube-apiserver-autoregistration",
    "autoregister-completion",
    "apiservice-openapi-controller",
    "apiservice-openapiv3-controller",
)

# Buckets of apiserver_request_duration_seconds, shortened as scrapers often do.
_BUCKETS = (0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 5, 10, 30, 60)


def checks(endpoint: str) -> list[str]:
    """Return the names of the checks of `readyz`, `livez` or `healthz`, in printed order."""
    own = _READY_ONLY if endpoint == "readyz" else _LIVE_ONLY
    hooks = [
        name if name == "autoregister-completion" else f"poststarthook/{name}" for name in _HOOKS
    ]
    end = ["shutdown"] if endpoint == "readyz" else []
    return ["ping", "log", "etcd", *own, *hooks, *end]


class Health:
    """The state of the checks; `failing` holds the names of the failing ones."""

    def __init__(self, git_version: str) -> None:
        self.git_version = git_version
        self.failing: set[str] = set()

    @property
    def minor(self) -> int:
        return int(self.git_version.split(".")[1])

    def single(self, endpoint: str, name: str) -> tuple[int, str]:
        """Return the HTTP status and text of one check, as /livez/ping."""
        if name not in checks(endpoint):
            return 404, "404 page not found\n"
        if name in self.failing:
            return 500, "internal server error: reason withheld\n"
        return 200, "ok"

    def report(self, endpoint: str, verbose: bool) -> tuple[int, str]:
        """Return the HTTP status and text of /readyz, /livez or /healthz."""
        names = checks(endpoint)
        failed = [name for name in names if name in self.failing]
        if not failed and not verbose:
            return 200, "ok"
        lines = [
            f"[-]{name} failed: reason withheld" if name in self.failing else f"[+]{name} ok"
            for name in names
        ]
        verdict = f"{endpoint} check {'failed' if failed else 'passed'}"
        return (500 if failed else 200), "\n".join([*lines, verdict]) + "\n"

    def version(self) -> dict[str, Any]:
        """Return the document at /version."""
        minor = str(self.minor)
        return {
            "major": "1",
            "minor": minor,
            "emulationMajor": "1",
            "emulationMinor": minor,
            "minCompatibilityMajor": "1",
            "minCompatibilityMinor": str(self.minor - 1),
            "gitVersion": self.git_version,
            "gitCommit": "9d7a4f1f6f8a3a2d1f6c0a8f7b7a5d9be3f3c1e2",
            "gitTreeState": "clean",
            "buildDate": "2025-09-10T04:51:18Z",
            "goVersion": "go1.24.6",
            "compiler": "gc",
            "platform": "linux/amd64",
        }


class Meters:
    """The server's counters, which /metrics shows."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, str, int]] = Counter()
        self.durations: dict[tuple[str, str, str], list[float]] = {}
        self.watches: Counter[tuple[str, str]] = Counter()
        self.reads: dict[tuple[str, str, str], tuple[int, float]] = {}
        self.checks: dict[tuple[str, str], tuple[int, float]] = {}
        self.inflight = 0

    def check(self, family: str, result: str, seconds: float) -> None:
        """Count a request that was authenticated, or authorized, with its result."""
        count, total = self.checks.get((family, result), (0, 0.0))
        self.checks[family, result] = count + 1, total + seconds

    def read(self, operation: str, group: str, resource: str, seconds: float) -> None:
        """Count a read of the storage, the demo's etcd."""
        count, total = self.reads.get((operation, group, resource), (0, 0.0))
        self.reads[operation, group, resource] = count + 1, total + seconds

    def done(self, verb: str, group: str, resource: str, code: int, seconds: float) -> None:
        """Count an answered request, with its duration unless it is a watch."""
        self.requests[verb, group, resource, code] += 1
        if verb == "WATCH":
            return
        histogram = self.durations.setdefault((verb, group, resource), [0.0] * (len(_BUCKETS) + 2))
        for at, bound in enumerate(_BUCKETS):
            histogram[at] += seconds <= bound
        histogram[-2] += 1
        histogram[-1] += seconds

    def text(self, storage: Storage) -> str:
        """Return the counters in the Prometheus text format, under the API server's names."""
        lines = [f'apiserver_current_inflight_requests{{request_kind="readOnly"}} {self.inflight}']
        lines += self._longrunning()
        lines += self._durations()
        lines += self._reads()
        lines += self._checks()
        lines += [
            f'apiserver_request_total{{code="{code}",component="apiserver",dry_run="",'
            f"{_scope(verb, group, resource)}}} {count}"
            for (verb, group, resource, code), count in sorted(self.requests.items())
        ]
        lines += [
            f'apiserver_storage_objects{{resource="{_dotted(table.resource.name, group)}"}} '
            f"{len(table)}"
            for table in storage.tables.values()
            for group in (table.resource.group,)
        ]
        return "\n".join(lines) + "\n"

    def _longrunning(self) -> list[str]:
        return [
            f'apiserver_longrunning_requests{{component="apiserver",'
            f"{_scope('WATCH', group, resource)}}} {count}"
            for (group, resource), count in sorted(self.watches.items())
        ]

    def _reads(self) -> list[str]:
        lines = []
        for (operation, group, resource), (count, total) in sorted(self.reads.items()):
            scope = f'group="{group}",operation="{operation}",resource="{resource}"'
            lines.append(f"etcd_request_duration_seconds_sum{{{scope}}} {total:.9g}")
            lines.append(f"etcd_request_duration_seconds_count{{{scope}}} {count}")
        return lines

    def _checks(self) -> list[str]:
        lines = []
        for (family, result), (count, total) in sorted(self.checks.items()):
            name = f"{family}_duration_seconds"
            lines.append(f'{name}_sum{{result="{result}"}} {total:.9g}')
            lines.append(f'{name}_count{{result="{result}"}} {count}')
        return lines

    def _durations(self) -> list[str]:
        name = "apiserver_request_duration_seconds"
        lines = []
        for (verb, group, resource), histogram in sorted(self.durations.items()):
            scope = f'component="apiserver",dry_run="",{_scope(verb, group, resource)}'
            lines += [
                f'{name}_bucket{{{scope},le="{bound:g}"}} {histogram[at]:g}'
                for at, bound in enumerate(_BUCKETS)
            ]
            lines.append(f'{name}_bucket{{{scope},le="+Inf"}} {histogram[-2]:g}')
            lines.append(f"{name}_sum{{{scope}}} {histogram[-1]:.9g}")
            lines.append(f"{name}_count{{{scope}}} {histogram[-2]:g}")
        return lines


def _scope(verb: str, group: str, resource: str) -> str:
    return (
        f'group="{group}",resource="{resource}",scope="cluster",subresource="",'
        f'verb="{verb}",version="v1"'
    )


def _dotted(name: str, group: str) -> str:
    return f"{name}.{group}" if group else name
