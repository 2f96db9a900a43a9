"""The port-forwards of pods: every port of a container answers HTTP.

Source: KEP-4006, "Transition from SPDY to WebSockets": kubectl since 1.31 sends SPDY in the
messages of a WebSocket. Each connection has a stream of data and one of errors; the texts are
containerd's (`internal/cri/server/sandbox_portforward_linux.go`).
"""

from collections.abc import Iterator

from aiohttp import WSMsgType, web
from msgspec import Struct, field

from eksview_demo.api import access
from eksview_demo.api.access import User
from eksview_demo.api.kubelet.pod_logs import PodName
from eksview_demo.api.kubelet.spdy import (
    PING,
    RST_STREAM,
    SYN_STREAM,
    SpdyFrame,
    SpdyFrames,
    control,
    data_frame,
)
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.cluster.pods.pod_state import PodState
from eksview_demo.storage.status import StatusError, not_found

PROTOCOL = "SPDY/3.1+portforward.k8s.io"
LARGEST = 65_536  # bytes of a request that are kept


def forwarded_pod(path: str) -> PodName | None:
    """Return the pod whose ports a path forwards; None for any other path."""
    match path.strip("/").split("/"):
        case ["api", "v1", "namespaces", namespace, "pods", name, "portforward"]:
            return PodName(namespace, name)
    return None


async def forward(
    request: web.BaseRequest, cluster: DemoCluster, user: User, named: PodName
) -> web.StreamResponse:
    """Serve the connections of a port-forward until its client leaves. Raises StatusError."""
    verb = "create" if request.method == "POST" else "get"
    access.check(user, Attributes(verb, "pods/portforward", "", named.namespace, named.name))
    pod = cluster.pods.get(f"{named.namespace}/{named.name}")
    if pod is None:
        raise not_found("pods", named.name)
    if not pod.node:
        raise StatusError(400, f"pod {named.name} does not have a host assigned")
    socket = web.WebSocketResponse(protocols=(PROTOCOL,), compress=False)
    if not socket.can_prepare(request).ok:
        raise StatusError(400, "unable to upgrade: only a WebSocket is served here")
    await socket.prepare(request)
    tunnel = ForwardTunnel(cluster, pod)
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            for answer in tunnel.feed(message.data):
                await socket.send_bytes(answer)
    return socket


class ForwardedPort(Struct):
    """One connection: the streams of a request, and what has arrived of it."""

    port: int
    data: int = 0
    errors: int = 0
    received: bytes = b""


class ForwardTunnel(Struct):
    """The streams of one client of a pod."""

    cluster: DemoCluster
    pod: PodState
    frames: SpdyFrames = field(default_factory=SpdyFrames)
    connections: dict[str, ForwardedPort] = {}
    streams: dict[int, str] = {}

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the answers to what a client sent."""
        for frame in self.frames.feed(data):
            if frame.kind == PING:
                yield control(PING, frame.data)
            elif frame.kind == SYN_STREAM:
                yield from self._open(frame)
            elif frame.kind == RST_STREAM:
                self.connections.pop(self.streams.pop(frame.stream, ""), None)
            elif frame.kind == 0:
                yield from self._take(frame)

    def _open(self, frame: SpdyFrame) -> Iterator[bytes]:
        number, port = frame.headers.get("requestid", ""), frame.headers.get("port", "")
        connection = self.connections.setdefault(number, ForwardedPort(int(port or 0)))
        self.streams[frame.stream] = number
        yield self.frames.reply(frame.stream)
        if frame.headers.get("streamtype") == "error":
            connection.errors = frame.stream
            return
        connection.data = frame.stream
        if reason := self._refusal(connection.port):
            sandbox = _sandbox(self.pod)
            error = f"error forwarding port {connection.port} to pod {sandbox}, uid : {reason}"
            yield from self._end(number, error=error.encode())

    def _refusal(self, port: int) -> str:
        """Return why a port can't be forwarded; empty if it can."""
        if self.cluster.pods.get(self.pod.key) is not self.pod:
            return f'failed to find sandbox "{_sandbox(self.pod)}" in store: not found'
        return "" if _listens(self.pod, port) else _refused(port, self.pod)

    def _take(self, frame: SpdyFrame) -> Iterator[bytes]:
        number = self.streams.get(frame.stream, "")
        connection = self.connections.get(number)
        if connection is None or frame.stream != connection.data:
            return
        connection.received = (connection.received + frame.data)[-LARGEST:]
        if b"\r\n\r\n" in connection.received or b"\n\n" in connection.received:
            yield from self._end(number, data=_page(self.pod, connection))
        elif frame.fin:
            yield from self._end(number)

    def _end(self, number: str, data: bytes = b"", error: bytes = b"") -> Iterator[bytes]:
        connection = self.connections.pop(number)
        self.streams.pop(connection.data, None)
        self.streams.pop(connection.errors, None)
        yield data_frame(connection.data, data, fin=True)
        yield data_frame(connection.errors, error, fin=True)


def _listens(pod: PodState, port: int) -> bool:
    return any(box.port == port for box in pod.workload.boxes if box.port)


def _page(pod: PodState, connection: ForwardedPort) -> bytes:
    request = connection.received.split(b"\r\n", 1)[0].decode(errors="replace")
    body = f"{pod.key} port {connection.port}: {request}\n".encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def _sandbox(pod: PodState) -> str:
    return pod.uid.replace("-", "")


def _refused(port: int, pod: PodState) -> str:
    sandbox = _sandbox(pod)
    failures = ", ".join(
        f"{family}: dial tcp{number} {address}:{port}: connect: connection refused"
        for family, number, address in (("IPv4", 4, "127.0.0.1"), ("IPv6", 6, "[::1]"))
    )
    return (
        f'failed to execute portforward in network namespace "/var/run/netns/cni-{pod.uid}": '
        f'failed to connect to localhost:{port} inside namespace "{sandbox}", {failures} '
    )
