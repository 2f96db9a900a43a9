"""The containers of an opened pod: probes as kubectl words them, references, mounts, usage."""

from typing import Any

import pytest

from eksview.domain.base.age import parse_time
from eksview.domain.base.secrets import MASK
from eksview.domain.base.text import clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.polled import USAGE
from eksview.domain.rows.link import Link, Phase
from eksview.ui.pods.container_usage import ContainerFigures
from eksview.ui.pods.pod_details import container_lines, pod_detail_lines
from eksview.ui.pods.pods_screen import PodsScreen
from eksview.ui.text.glyphs import UNICODE
from tests.ui.pods.test_pods_screen import crowd
from tests.ui.table_app import NoBackend, TableApp
from tests.ui.table_rows import NOW, pod

AT = "2025-10-09T08:53:11Z"
PROBE = {
    "initialDelaySeconds": 2, "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1,
    "failureThreshold": 3,
}  # fmt: skip
FIGURES = "delay=2s timeout=1s period=10s #success=1 #failure=3"
ENV = [
    {"name": "LOG_LEVEL", "value": "info"},
    {"name": "DB_PASSWORD", "value": "hunter2\nand more"},
    {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "api", "key": "token"}}},
    {"name": "MODE", "valueFrom": {"configMapKeyRef": {"name": "app", "key": "mode"}}},
    {"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
]
CONTAINER = {
    "name": "app",
    "image": "app:1",
    "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}},
    "startupProbe": {"exec": {"command": ["/bin/ready", "-q"]}} | PROBE,
    "readinessProbe": {"httpGet": {"path": "/ready", "port": 80, "scheme": "HTTPS"}} | PROBE,
    "livenessProbe": {"grpc": {"port": 9090, "service": "live"}} | PROBE,
    "envFrom": [{"secretRef": {"name": "extra"}}],
    "env": ENV,
    "volumeMounts": [{"name": "data", "mountPath": "/data"},
                     {"name": "conf", "mountPath": "/etc/a", "readOnly": True, "subPath": "x"}],
}  # fmt: skip
STATUS = {"name": "app", "ready": True, "state": {"running": {"startedAt": AT}}}


def lines(container: dict[str, Any] = CONTAINER, usage: str = "", **status: Any) -> str:
    body = {
        "spec": {"containers": [container]},
        "status": {"containerStatuses": [STATUS | status]},
    }
    words = container_lines(body, NOW, 110, UNICODE, lambda *_: usage)
    return "\n".join("".join(text for text, _ in line).rstrip() for line in words)


def test_probes_have_their_figures_as_kubectl_describe_has_them() -> None:
    text = lines()
    assert f"startup       exec [/bin/ready -q] {FIGURES}" in text
    assert f"readiness     http-get https://:80/ready {FIGURES}" in text
    assert f"liveness      grpc <pod>:9090 live {FIGURES}" in text


def test_values_of_the_environment_are_references_and_secrets_are_masked() -> None:
    text = lines()
    assert "LOG_LEVEL=info" in text
    assert f"DB_PASSWORD={MASK}" in text
    assert "hunter2" not in text
    references = (
        "TOKEN from secret api key token",
        "MODE from config map app key mode",
        "POD_IP from field status.podIP",
        "all of extra Secret",
    )
    for said in references:
        assert said in text


def test_amounts_read_as_kubectl_describe_prints_them() -> None:
    # apimachinery, Quantity.String: kubectl 1.32 prints `cpu: 30` and `memory: 128Gi` of these
    heavy = {**CONTAINER, "resources": {"requests": {"cpu": "30000m", "memory": "131072Mi"}}}
    assert "cpu 30, memory 128Gi" in lines(heavy)


def test_mounts_and_their_modes_are_listed() -> None:
    text = lines()
    assert "/data from data (rw)" in text
    assert '/etc/a from conf (ro,path="x")' in text


def test_the_details_have_the_spread_over_domains() -> None:
    rule = {"topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule", "maxSkew": 1}
    body = {"spec": {"topologySpreadConstraints": [rule]}}
    words = pod_detail_lines(body, 100, "J")
    assert "zone:DoNotSchedule when max skew 1 is exceeded" in "".join(
        text for line in words for text, _ in line
    )


def test_usage_is_told_of_running_containers_only() -> None:
    assert "usage         cpu 1m" in lines(usage="cpu 1m")
    ended = {"terminated": {"exitCode": 143, "reason": "Error"}}
    text = lines(usage="cpu 1m", state=ended)
    assert "usage" not in text
    assert "exit code 143 (SIGTERM: asked to stop)" in text


class Metrics(NoBackend):
    """Answers with the usage of two containers."""

    async def fetch_object(self, ref: ObjectRef) -> dict[str, Any]:
        assert (ref.api, ref.plural, ref.name) == ("metrics.k8s.io/v1beta1", "pods", "a")
        used = {"cpu": "57000001n", "memory": "174080Ki"}
        return {"timestamp": AT, "containers": [{"name": "app", "usage": used}]}


async def test_usage_is_read_and_shown_beside_requests_and_limits() -> None:
    app = TableApp(PodsScreen, crowd())
    app.view.backend = Metrics()
    at = parse_time(AT)
    assert at is not None
    row = pod("a")
    usage = ContainerFigures(app.view, row)
    assert usage.due(row)
    assert usage.text_of(CONTAINER, at) == ""
    await usage.ask(usage.ref)
    assert not usage.due(row)
    told = "cpu 58m (23% of request), memory 170Mi (66% of request, 33% of limit), 12s old"
    assert usage.text_of(CONTAINER, at + 12) == told
    assert "no figure" in usage.text_of({"name": "other"}, at + 12)
    assert usage.text_of(CONTAINER, at + 120) == ""  # too old


@pytest.mark.parametrize(("phase", "due"), [(Phase.OFF, False), (Phase.LIVE, True)])
def test_nothing_is_asked_for_without_a_metrics_api(phase: Phase, due: bool) -> None:
    app = TableApp(PodsScreen, crowd())
    app.view.store.set_link(Link(USAGE, phase, NOW, clean("")))
    assert ContainerFigures(app.view, pod("a")).due(pod("a")) is due


def shown(pod: dict[str, Any], width: int = 80) -> list[str]:
    words = container_lines(pod, NOW, width, UNICODE)
    return ["".join(text for text, _ in line).rstrip() for line in words]


def many(count: int, **of_last: Any) -> dict[str, Any]:
    names = [f"c{number}" for number in range(count)]
    statuses = [STATUS | {"name": name} for name in names]
    statuses[-1] |= of_last
    containers = [CONTAINER | {"name": name} for name in names]
    return {"spec": {"containers": containers}, "status": {"containerStatuses": statuses}}


BACK_OFF = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting"}}


def test_of_many_containers_those_in_trouble_come_first() -> None:
    first = shown(many(200, ready=False, state=BACK_OFF))[:4]
    assert first == [
        "In trouble: 1 of 200 containers",
        "✖ c199   waiting: CrashLoopBackOff   restarts 0",
        "    back-off 5m0s restarting",
        "",
    ]
    assert shown(many(200))[0].startswith("● c0")
    assert shown(many(1, ready=False, state=BACK_OFF))[0].startswith("✖ c0")


def test_what_merely_starts_is_no_trouble() -> None:
    creating = {"waiting": {"reason": "ContainerCreating"}}
    assert shown(many(2, ready=False, state=creating))[0].startswith("● c0")


def test_thousands_of_variables_leave_room_for_the_next_container() -> None:
    pod = many(2)
    pod["spec"]["containers"][0] |= {"env": [{"name": f"V{n}", "value": "x"} for n in range(5000)]}
    text = shown(pod)
    assert "                and 4,961 more, all of them in the tab YAML" in text
    assert next(at for at, line in enumerate(text) if line.startswith("● c1")) < 70


def test_a_debug_container_that_runs_is_well_though_it_is_never_ready() -> None:
    # The kubelet's status of a container that `kubectl debug` added, which has no probes.
    status = {"name": "dbg", "ready": False, "state": {"running": {"startedAt": AT}}}
    pod = {
        "spec": {"ephemeralContainers": [{"name": "dbg", "image": "busybox"}]},
        "status": {"ephemeralContainerStatuses": [status]},
    }
    assert shown(pod)[0].startswith("● dbg   ephemeral running for")


def test_the_message_that_a_container_wrote_as_it_ended_is_shown() -> None:
    ended = {"exitCode": 1, "reason": "Error", "finishedAt": AT, "message": "no such table"}
    text = lines(ready=False, state={"terminated": ended})
    assert "message       no such table" in text


def test_a_volume_of_any_type_has_the_fields_of_its_source() -> None:
    token = {"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}}
    labels = {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}
    volumes = {
        "emptyDir": ({"medium": "Memory", "sizeLimit": "1Gi"}, "medium=Memory, sizeLimit=1Gi"),
        "configMap": ({"name": "app", "defaultMode": 420}, "app"),
        "persistentVolumeClaim": ({"claimName": "data", "readOnly": True}, "data, readOnly=true"),
        "nfs": ({"server": "10.0.0.1", "path": "/export"}, "/export, server=10.0.0.1"),
        "csi": ({"driver": "efs.csi.aws.com"}, "driver=efs.csi.aws.com"),
        "image": ({"reference": "quay.io/a/b:1"}, "reference=quay.io/a/b:1"),
        "projected": (
            {"sources": [token, {"configMap": {"name": "kube-root-ca.crt"}}]},
            "sources (serviceAccountToken (token, expirationSeconds=3607), "
            "configMap (kube-root-ca.crt))",
        ),
        "downwardAPI": (labels, "items (labels, fieldRef (fieldPath=metadata.labels))"),
        "rbd": ({"monitors": ["a", "b"], "image": "i"}, "monitors (a, b), image=i"),
    }
    rows = [{"name": kind, kind: source} for kind, (source, _) in volumes.items()]
    words = pod_detail_lines({"spec": {"volumes": rows}}, 200, "J")
    text = "\n".join("".join(piece for piece, _ in line) for line in words)
    for kind, (_, about) in volumes.items():
        assert f"{kind} {about}" in text
