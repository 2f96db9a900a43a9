"""The clipboard of the user's terminal, and tmux or GNU screen between it and eksview.

tmux ignores OSC 52 from a program unless `set-clipboard` is `on` (its default is `external`), but
takes text by `load-buffer`. GNU screen passes on only what is wrapped in DCS, in short pieces.
Sources: tmux(1), `load-buffer` and `set-clipboard`; xterm's "Operating System Commands", 52;
GNU screen's manual, "Control Sequences".
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from textual.app import App
from textual.notifications import SeverityLevel

from eksview.config.settings import in_browser
from eksview.domain.base.text import clean
from eksview.process.hidden import run_hidden
from eksview.ui.terminal.textual_private import driver_of

Way: TypeAlias = Literal["tmux", "screen", "browser", "terminal"]

LIMIT = 5.0  # seconds for tmux
PIECE = 252  # bytes that GNU screen passes on at once: 256 with the four around them
SHOWN = 60  # characters of the text that a message repeats
LOAD = (
    (("tmux", "load-buffer", "-w", "-"), "Copied to tmux's buffer and offered to its terminal"),
    (("tmux", "load-buffer", "-"), "Copied to tmux's buffer"),
)
"""The commands of tmux and what they do. Versions before 3.2 have no `-w`; with it tmux sends the
text to the clipboard of its own terminal, if that has one."""


def way_to(environ: Mapping[str, str], *, served: bool) -> Way:
    """Return the way to the clipboard; a served terminal is another one than the server's."""
    if served:
        return "terminal"
    if in_browser(environ):  # whatever the server was started in
        return "browser"
    if environ.get("TMUX"):
        return "tmux"
    return "screen" if environ.get("STY") else "terminal"


def osc52(text: str) -> str:
    """Return the sequence that puts text on the clipboard."""
    return f"\x1b]52;c;{b64encode(text.encode()).decode()}\a"


def through_screen(sequence: str) -> str:
    """Return a sequence as GNU screen passes it on."""
    pieces = (sequence[start : start + PIECE] for start in range(0, len(sequence), PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


class Clipboard:
    """Copies text and shows what was done: no terminal confirms that it took a copy."""

    def __init__(self, app: App[Any], environ: Mapping[str, str], *, served: bool) -> None:
        self._app = app
        self._environ = environ
        self.way: Way = way_to(environ, served=served)

    def copy(self, text: str) -> None:
        """Copy text in the background; a later copy replaces one that isn't done."""
        self._app.run_worker(self._copy(text), group="clipboard", exclusive=True)

    async def _copy(self, text: str) -> None:
        done, problem = "", ""
        if self.way == "tmux":
            done, problem = await self._load(text)
        done = done or self._send(text)
        severity: SeverityLevel = "warning" if problem else "information"
        self._app.notify(f"{problem}{done}: {_named(text)}", severity=severity, markup=False)

    def _send(self, text: str) -> str:
        """Write OSC 52 to the terminal; return what was done."""
        driver, sequence = driver_of(self._app), osc52(text)
        if driver is not None:
            driver.write(through_screen(sequence) if self.way == "screen" else sequence)
        if self.way == "screen":
            return "Sent through screen to the terminal's clipboard (OSC 52)"
        return (
            f"Sent to the {'browser' if self.way == 'browser' else 'terminal'}'s clipboard (OSC 52)"
        )

    async def _load(self, text: str) -> tuple[str, str]:
        """Give the text to tmux; return what was done, or the sentence why it wasn't taken."""
        reason = ""
        for command, done in LOAD:
            try:
                output = await run_hidden("", command, self._environ, LIMIT, text.encode())
            except TimeoutError:
                return "", f"tmux didn't take the copy within {LIMIT:.0f} s. "
            except OSError as error:
                return "", f"tmux can't be started: {error.strerror}. "
            if not output.code:
                return done, ""
            reason = reason or output.complaint.rstrip(".") or f"exit code {output.code}"
        return "", f"tmux didn't take the copy ({reason}). "


def _named(text: str) -> str:
    """Return the text, or the number of its lines."""
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > 1:
        return f"{lines} lines"
    line = clean(text.strip("\n"))
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
