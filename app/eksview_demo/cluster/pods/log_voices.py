"""What the demo's containers write: a voice per container name.

An entry follows from its number and the seed of its run alone, so nothing is kept of what was
written, and every reader sees the same. An entry has several lines where a program writes so.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

Dice = random.Random
Write = Callable[[Dice, float], str | bytes]
"""Returns the text of an entry at a time in seconds, without its last newline."""

_PATHS = ("/", "/products/4711", "/cart", "/login", "/static/app.js", "/search?q=lamp", "/healthz")
_AGENTS = ("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.10.1", "ELB-HealthChecker/2.0")
_METHODS = ("GET", "GET", "GET", "POST")
_CODES = (200,) * 24 + (304, 304, 302, 404, 404, 499, 500, 503)


class Voice(Struct, frozen=True):
    """The entries of a container: how many a second, its first ones, and its last on a failure."""

    write: Write
    rate: float = 1.0
    first: tuple[str, ...] = ()
    failing: str = ""


def _at(seconds: float, form: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(form)


def _millis(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _ip(dice: Dice) -> str:
    return f"100.64.{dice.randrange(4)}.{dice.randrange(1, 250)}"


def _json(*pairs: tuple[str, object]) -> str:
    return msgspec.json.encode(dict(pairs)).decode()


def _access_log(dice: Dice, at: float) -> str:
    code = dice.choice(_CODES)
    size = 0 if code == 304 else dice.randrange(120, 48_000)
    line = f"{dice.choice(_METHODS)} {dice.choice(_PATHS)} HTTP/1.1"
    when = _at(at, "%d/%b/%Y:%H:%M:%S +0000")
    return f'{_ip(dice)} - - [{when}] "{line}" {code} {size} "-" "{dice.choice(_AGENTS)}"'


def _envoy(dice: Dice, at: float) -> str:
    code = dice.choice(_CODES)
    flags = "UH" if code == 503 else "-"
    request = f"{dice.choice(_METHODS)} {dice.choice(_PATHS)} HTTP/1.1"
    took = round(dice.lognormvariate(2, 1))
    return (
        f'[{_millis(at)}] "{request}" {code} {flags} 0 {dice.randrange(9000)} {took} "{_ip(dice)}"'
    )


def _api(dice: Dice, at: float) -> str:
    chance = dice.random()
    head = (("ts", _millis(at)),)
    trace = ("trace_id", f"{dice.getrandbits(64):016x}")
    if chance < 0.03:
        return _json(
            *head, ("level", "error"), ("msg", "query failed"),
            ("error", "context deadline exceeded"), ("db", "ledger-db-0.ledger-db.payments"),
            ("attempt", dice.randrange(1, 4)), trace,
        )  # fmt: skip
    if chance < 0.1:
        took = round(dice.uniform(500, 2400), 1)
        return _json(
            *head, ("level", "warn"), ("msg", "slow request"), ("duration_ms", took), trace
        )
    return _json(
        *head, ("level", "info"), ("msg", "request"), ("method", dice.choice(_METHODS)),
        ("path", dice.choice(_PATHS)), ("status", dice.choice(_CODES)),
        ("duration_ms", round(dice.lognormvariate(2.5, 0.8), 1)),
        ("user", {"id": dice.randrange(9999), "plan": dice.choice(("free", "pro"))}), trace,
    )  # fmt: skip


_HOSTILE: tuple[str | bytes, ...] = (
    b"received bad payload: \xff\xfe\x00\x80 (4 bytes)",
    "progress 10%\rprogress 55%\rprogress 100%",
    "\x1b]0;title from a log\x07title was set, \x1b[2Jscreen was cleared, \x1b[31;1mred\x1b[0m",
    "right-to-left \u202eevil.exe\u202c and zero\u200bwidth",
    "[b]markup[/b] [link=file:///etc/passwd]no link[/link]",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJlLW9mLWRlbW8",
    "dump of a session: " + "0123456789abcdef " * 2_500,
)


def _cart(dice: Dice, at: float) -> str | bytes:
    """Return logfmt, and in two of a hundred entries what no viewer may stumble over."""
    if dice.random() < 0.02:
        return dice.choice(_HOSTILE)
    level = dice.choices(("INFO", "DEBUG", "WARN", "ERROR"), (70, 20, 7, 3))[0]
    message = {"WARN": "cart is large", "ERROR": "inventory unavailable"}.get(level, "item added")
    sku, count = dice.randrange(10_000, 99_999), dice.randrange(1, 90)
    return f'time={_millis(at)} level={level} msg="{message}" sku={sku} items={count}'


_JAVA_TRACE = """java.util.concurrent.TimeoutException: payment gateway did not answer in 2000 ms
\tat com.shop.checkout.gateway.GatewayClient.charge(GatewayClient.java:118)
\tat com.shop.checkout.PaymentService.pay(PaymentService.java:64)
\tat com.shop.checkout.CheckoutController.submit(CheckoutController.java:41)
\tat java.base/java.lang.Thread.run(Thread.java:1583)
Caused by: java.net.SocketTimeoutException: Read timed out
\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)
\t... 22 more"""


def _checkout(dice: Dice, at: float) -> str:
    when = _at(at, "%Y-%m-%d %H:%M:%S") + f",{int(at * 1000) % 1000:03d}"
    thread = f"[http-nio-8082-exec-{dice.randrange(1, 9)}]"
    order = dice.randrange(100_000, 999_999)
    chance = dice.random()
    if chance < 0.04:
        return f"{when} ERROR {thread} c.s.c.PaymentService - order {order} failed\n{_JAVA_TRACE}"
    if chance < 0.12:
        return f"{when} WARN  {thread} c.s.c.GatewayClient - retrying the charge of order {order}"
    return f"{when} INFO  {thread} c.s.c.CheckoutController - order {order} placed"


def _search(dice: Dice, at: float) -> str:
    """Return a line in the colours of a program that takes its output for a terminal."""
    color, level = dice.choices(
        (("32", "INFO "), ("36", "DEBUG"), ("33", "WARN "), ("1;31", "ERROR")), (70, 20, 7, 3)
    )[0]
    took = f"\x1b[2m{dice.randrange(1, 900)}ms\x1b[0m"
    shard = f"\x1b[38;5;{dice.randrange(70, 220)}mshard-{dice.randrange(6)}\x1b[0m"
    when = f"\x1b[90m{_at(at, '%H:%M:%S')}\x1b[0m"
    return f"{when} \x1b[{color}m{level}\x1b[0m {shard} query \x1b[1mlamp\x1b[22m {took}"


def _klog(dice: Dice, at: float) -> str:
    level = dice.choices("IWE", (90, 8, 2))[0]
    when = _at(at, "%m%d %H:%M:%S") + f".{int(at * 1e6) % 1_000_000:06d}"
    what = dice.choice(
        ('"Syncing iptables rules"', '"Iptables sync complete"', '"Adding new service port"',
         '"Unhandled Error" err="connection refused"')
    )  # fmt: skip
    return f"{level}{when}       1 proxier.go:{dice.randrange(200, 1600)}] {what}"


def _zap(dice: Dice, at: float) -> str:
    level = dice.choices(("INFO", "DEBUG", "ERROR"), (80, 15, 5))[0]
    text = {"ERROR": "failed to launch nodeclaim"}.get(level, "reconciled")
    return _json(
        ("level", level), ("time", _millis(at)), ("logger", "controller"), ("message", text),
        ("controller", dice.choice(("provisioner", "disruption", "nodeclaim.lifecycle"))),
        ("reconcileID", f"{dice.getrandbits(64):016x}"),
    )  # fmt: skip


def _logfmt(dice: Dice, at: float) -> str:
    level = dice.choices(("info", "warn", "error"), (90, 8, 2))[0]
    text = dice.choice(("write block started", "Head GC completed", "compact blocks"))
    component = dice.choice(("tsdb", "web", "scrape manager"))
    return f'ts={_millis(at)} level={level} component="{component}" msg="{text}"'


def _postgres(dice: Dice, at: float) -> str:
    when = _at(at, "%Y-%m-%d %H:%M:%S") + f".{int(at * 1000) % 1000:03d} UTC"
    chance = dice.random()
    if chance < 0.03:
        return (
            f"{when} [{dice.randrange(40, 90)}] ERROR:  deadlock detected\n"
            f"{when} [41] DETAIL:  Process 61 waits for ShareLock on transaction 7713.\n"
            f"{when} [41] HINT:  See server log for query details."
        )
    text = f"checkpoint complete: wrote {dice.randrange(900)} buffers"
    return f"{when} [{dice.randrange(20, 40)}] LOG:  {text}"


def _valkey(dice: Dice, at: float) -> str:
    when = _at(at, "%d %b %Y %H:%M:%S") + f".{int(at * 1000) % 1000:03d}"
    text = dice.choice(("* 100 changes in 300 seconds. Saving...", "* DB saved on disk",
                        "# WARNING Memory overcommit must be enabled!"))  # fmt: skip
    return f"1:M {when} {text}"


def _coredns(dice: Dice, _: float) -> str:
    name = dice.choice(
        ("ledger-db.payments.svc.cluster.local.", "api.shop.svc.cluster.local.",
         "sts.us-west-2.amazonaws.com.", "no-such.shop.svc.cluster.local.")
    )  # fmt: skip
    answer = "NXDOMAIN" if name.startswith("no-such") else "NOERROR"
    query = f'{dice.randrange(65_535)} "A IN {name} udp 54 false 1232" {answer} qr,aa,rd 106'
    asker = f"{_ip(dice)}:{dice.randrange(30_000, 60_000)}"
    return f"[INFO] {asker} - {query} 0.000{dice.randrange(999):03d}s"


def _report(dice: Dice, at: float) -> str:
    done, used = dice.randrange(1, 5000), dice.randrange(40, 400)
    return f"{_at(at, '%H:%M:%S')} report: {done} rows aggregated, {used} MiB in use"


def _plain(dice: Dice, at: float) -> str:
    return f"{_millis(at)} INFO reconcile finished in {dice.randrange(1, 400)} ms"


def _recommender(dice: Dice, at: float) -> str:
    when = _at(at, "%Y-%m-%d %H:%M:%S")
    return f"{when} INFO recommender.loader: loaded {dice.randrange(1, 64)} shards of the model"


_PYTHON_TRACE = """Traceback (most recent call last):
  File "/app/recommender/main.py", line 87, in <module>
    serve(load(settings.model))
  File "/app/recommender/loader.py", line 41, in load
    return torch.load(path, map_location="cpu")
RuntimeError: PytorchStreamReader failed reading zip archive: not a ZIP archive"""

_DEFAULT = Voice(_plain, 0.2)
_VOICES = {
    "web": Voice(_access_log, 4.0, ("nginx/1.29.2", "start worker processes")),
    "envoy": Voice(_envoy, 3.0, ("[info] all dependencies initialized. starting workers",)),
    "api": Voice(_api, 5.0, ('{"level":"info","msg":"listening","addr":":8080"}',)),
    "cart": Voice(_cart, 3.0),
    "checkout": Voice(_checkout, 2.0, ("Started CheckoutApplication in 4.182 seconds",)),
    "search": Voice(_search, 3.0),
    "webhook": Voice(_api, 1.0),
    "ledger": Voice(_api, 2.0),
    "postgres": Voice(
        _postgres, 0.5, ("PostgreSQL init process complete; ready for start up.",)
    ),
    "valkey": Voice(_valkey, 0.3, ("oO0OoO0OoO0Oo Valkey is starting oO0OoO0OoO0Oo",)),
    "prometheus": Voice(_logfmt, 0.5),
    "grafana": Voice(_logfmt, 0.5),
    "coredns": Voice(_coredns, 2.0, (".:53", "CoreDNS-1.12.2")),
    "kube-proxy": Voice(_klog, 0.3),
    "metrics-server": Voice(_klog, 0.3),
    "controller": Voice(_zap, 1.0),
    "aws-node": Voice(_zap, 0.3),
    "report": Voice(_report, 2.0, failing=""),
    "recommender": Voice(_recommender, 2.0, failing=_PYTHON_TRACE),
    "migrate": Voice(_plain, 4.0, ("applying 3 migrations",)),
}  # fmt: skip


def voice(container: str) -> Voice:
    """Return the voice of a container."""
    return _VOICES.get(container, _DEFAULT)
