"""A dashboard of a hostile cluster on a terminal that keeps its bytes."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from rich.color import ColorSystem
from textual.pilot import Pilot

from eksview.domain.base.reading import Read
from eksview.domain.base.text import clean
from eksview.domain.drain.objects import DrainNode, DrainPod
from eksview.domain.drain.plan import DrainFacts
from eksview.domain.kube.go_json import fitting
from eksview.domain.kube.server_table import ObjectTableKey
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.live.facts import Fact, Facts, FactSet
from eksview.domain.live.messages import LinkState, Message, Sink, Swap, Trace
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.line import stamped
from eksview.domain.logs.request import AnyLogRequest
from eksview.domain.rows.link import Link, Phase
from eksview.sshserver.driver import ENTER, LEAVE, ChannelDriver
from eksview.store.store import Store
from eksview.ui.terminal.textual_private import set_color_system
from tests.hostile import POISONS, hostile, made, poisoned
from tests.patience import until
from tests.ui.aws_account import detail
from tests.ui.harness import NOW, FakeBackend, TestedApp, tell
from tests.ui.resources.cluster import ALL, DEPLOYMENTS, WEB, WEB_BODY, WEB_ROW
from tests.ui.snapshots.screens import ecs_store, requests


class HostileBackend(FakeBackend):
    """A backend whose answers are hostile, and so are its sentences."""

    async def contexts(self) -> tuple[ContextInfo, ...]:
        unpaired = "\udc9b666m\ud83d"  # YAML and the environment may hold what UTF-8 can't carry
        more = ContextInfo(*[unpaired] * 5)
        return *hostile(await super().contexts(), words=True), more

    def read_logs(self, request: AnyLogRequest) -> LogInbox:
        inbox = super().read_logs(request)
        source = LogSource(0, *map(clean, POISONS[:3]), SourcePhase.RETRYING, clean(POISONS[3]))
        inbox.report(source)
        inbox.state(clean(POISONS[4]))
        texts = [poisoned(text).encode() for text in ("plain", '{"level":"info","msg":"x"}')]
        values = [json.dumps({"level": text, text: text}).encode() for text in POISONS]
        raw = [*texts, *map(str.encode, POISONS), *values, b"\xff\x00\x9b666m"]
        inbox.put((0, stamped(NOW + number, text)) for number, text in enumerate(raw))
        return inbox


class Recorded:
    """A channel that keeps what is written."""

    behind = False

    def __init__(self) -> None:
        self.written = bytearray()

    def write(self, data: bytes) -> None:
        self.written += data


class HostileApp(TestedApp):
    """The application on a hostile cluster; `terminal` has the bytes of its driver.

    `words` is for `hostile`: without it nodes are still Ready, and their tables in order.
    """

    def __init__(self, *, words: bool, size: tuple[int, int] = (200, 60)) -> None:
        store = ecs_store()
        super().__init__(store)
        objects = self.fake.objects
        self.fake = HostileBackend()
        self._told = partial(_tell, store, words=words)
        for (kind, *place), whole in objects.items():
            named = kind, *hostile(place, words=words)
            self.fake.objects[named] = hostile(whole, words=words)
        for name in store.instances:
            self.fake.details[hostile(name, words=words)] = hostile(detail(), words=words)
        self.fake.discovered = hostile(ALL, words=words)
        self.fake.bodies[hostile(WEB, words=words)] = hostile(WEB_BODY, words=words)
        pods = [fitting(whole, DrainPod) for whole in objects.values() if whole["kind"] == "Pod"]
        self.fake.draining = hostile(
            DrainFacts(DrainNode(), tuple(pods), unread=(clean("budgets unknown"),)), words=words
        )
        self.fake.configuration = hostile({"a": {"b": ["c", {"d": "e"}]}}, words=True)
        self.terminal = Recorded()
        self._served = True  # it ends with its test, not by a signal
        self.driver_class = lambda app, **options: ChannelDriver(  # type: ignore[assignment]
            app, self.terminal, **{**options, "size": size}
        )
        set_color_system(self, ColorSystem.TRUECOLOR)


def _tell(store: Store, sink: Sink, *, words: bool) -> None:
    for fact in vars(Facts).values():
        if isinstance(fact, Fact):
            sink.send(FactSet(fact.key, Read(made(fact.key.value), NOW)))
    tell(store)(_Poisoning(sink, words=words))
    key = ObjectTableKey(hostile(DEPLOYMENTS, words=words).qualified)
    sink.send(Swap(key, [hostile(WEB_ROW, words=words)]))
    sink.send(LinkState(Link(key.link, Phase.LIVE, NOW, heard=NOW)))
    for request in requests():
        sink.send(Trace(hostile(request, words=words)))


class _Poisoning:
    """A sink that poisons what passes."""

    def __init__(self, sink: Sink, *, words: bool) -> None:
        self._sink, self._words = sink, words

    def send(self, message: Message) -> None:
        self._sink.send(hostile(message, words=self._words))


_OWN = re.compile(
    r"\x1b\[(?:\d{1,2}(?:;\d{1,3})?)?H"  # the cursor, on this screen
    r"|\x1b\[\d{0,3}[ABCDG]|\r|\x08"
    r"|\x1b\[K"  # the rest of a line
    r"|\x1b\[\d{1,2};\d{1,2}r\x1b\[\d{1,2}H\x1b\[\d{1,2}[LM]\x1b\[r"  # rows that move
    r"|\x1b\[(?:[01234579]|2[2-9]|[34]9|[34]8;2;\d{1,3};\d{1,3};\d{1,3}|;)*m"  # styles and colours
    r"|\x1b\[\?2026[hl]"  # synchronized output
    r"|\x1b\]22;\w*\x07"  # the pointer's shape
    r"|\x1b\]52;c;(?P<copied>[\w+/=]*)\a"
    r"|\n"
)


def foreign(written: bytes) -> set[str]:
    """What is neither printed nor a sequence of the driver, each with what stands around it."""
    text = written.decode().replace(ENTER, "").replace(LEAVE, "")
    copied = {base64.b64decode(match["copied"] or "") for match in _OWN.finditer(text)}
    return _acting(_OWN.sub("", text)).union(*(_acting(each.decode(), "\n\t") for each in copied))


def _acting(text: str, but: str = "") -> set[str]:
    marks = {each for each in text if not each.isprintable() and each not in but}
    return {ascii(text[max(0, (at := text.index(mark)) - 30) : at + 30]) for mark in marks}


@asynccontextmanager
async def shown(app: HostileApp) -> AsyncIterator[Pilot[None]]:
    """The application running on its recorded terminal, with everything told."""
    running = asyncio.create_task(app.run_async(mouse=False))
    pilot: Pilot[None] = Pilot(app)
    try:
        await until(lambda: running.done() or "start" in app.fake.calls)
        await until(lambda: running.done() or app.view.store.links)
        app.pilot = pilot
        with app._context():
            yield pilot
    finally:
        app.exit()
        await running
    if app._exception is not None:
        raise app._exception
