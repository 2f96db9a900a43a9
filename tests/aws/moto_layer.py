"""A thin layer before moto: what moto lacks or gets wrong, and what goes wrong with AWS.

moto knows no add-ons, access entries, insights, updates and versions of EKS, no members that came
to DescribeCluster with them, no scaling activities and no scheduled events; of ECS no pages of its
lists, and capacity providers only by their names; CloudWatch Logs come as a web page. The layer's
answers are serialized by botocore's models and parsed again by botocore: what differs is kept in
`drift`.
"""

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from threading import Event
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from eksview_demo.aws import wire
from tests.aws import shapes
from tests.aws.faults import AwsFaults, Fault, HtmlPage, Refuse, Slow

Answer: TypeAlias = dict[str, Any]
AskMoto: TypeAlias = Callable[[], Answer]
Own: TypeAlias = Callable[[Answer, AskMoto], Answer]
"""Answers an operation from its parameters, and from what moto says to the same."""


UNNAMED = "ResourceNotFoundException"
"""What moto answers with 404 and without the name that EKS sends (its API reference)."""


class Refusal(Exception):  # noqa: N818 - AWS's word
    """An error that the layer answers with."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.refuse = Refuse(code, message, status)


class MotoLayer:
    """A WSGI application around moto's."""

    def __init__(self, moto: Callable[..., Iterable[bytes]], own: Mapping[str, Own]) -> None:
        self.faults = AwsFaults()
        self.drift: list[str] = []
        self.closed = Event()  # ends all slowness
        self._moto = moto
        self._own = own

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        asked = _understood(environ, body)
        if asked is None:
            return self._moto(environ, start)
        action = f"{asked.service}:{asked.operation}"
        fault = self.faults.take(action)
        if isinstance(fault, Slow):
            self.closed.wait(fault.seconds)
        elif fault is not None:
            return _struck(asked.service, fault, start)
        if action not in self._own:
            return self._moto(environ, start)
        try:
            said = self._own[action](asked.parameters, lambda: self._ask_moto(action, environ))
        except Refusal as refused:
            return _struck(asked.service, refused.refuse, start)
        return self._answered(action, said, start)

    def _answered(self, action: str, said: Answer, start: Callable[..., Any]) -> Iterable[bytes]:
        kind, body = wire.answer(*action.split(":"), _plain(said))
        self.drift += shapes.faults(action, shapes.parsed(action, body))
        start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _ask_moto(self, action: str, environ: dict[str, Any]) -> Answer:
        status = ""

        def start(given: str, _headers: object, _exc: object = None) -> Callable[[bytes], None]:
            nonlocal status
            status = given
            return lambda _: None

        body = b"".join(self._moto(environ, start))
        code = int(status.split(" ", 1)[0])
        said = shapes.parsed(action, body, code)
        if code >= 400:
            error = said["Error"]
            name = UNNAMED if error["Code"] == "404" else error["Code"]
            raise Refusal(name, error.get("Message", ""), code)
        return said


def _understood(environ: dict[str, Any], body: bytes) -> wire.AwsRequest | None:
    """What is asked for; None for what only moto knows."""
    # PATH_INFO is decoded: the slash of an ARN would look like the path's own.
    uri = urlsplit(str(environ["REQUEST_URI"]))
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split("/")
    headers = {"X-Amz-Target": environ.get("HTTP_X_AMZ_TARGET", "")}
    if len(scope) < 4:
        return None
    try:
        method = environ["REQUEST_METHOD"]
        return wire.understood(scope[3], method, uri.path, uri.query, headers, body)
    except wire.Unknown:
        return None


def _struck(service: str, fault: Fault, start: Callable[..., Any]) -> Iterable[bytes]:
    if isinstance(fault, HtmlPage):
        start(f"{fault.status} Gateway", [("Content-Type", "text/html")])
        return [fault.body]
    assert isinstance(fault, Refuse)
    kind, body = wire.refusal(service, fault.code, fault.message)
    headers = [("Content-Type", kind), ("x-amzn-ErrorType", fault.code)]
    start(f"{fault.status} Refused", headers)
    return [body]


def _plain(value: Any) -> Any:
    """Dates, as botocore parses them, back to seconds."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.timestamp() if hasattr(value, "timestamp") else value
