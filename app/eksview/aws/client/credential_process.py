"""An AWS profile's `credential_process`, run as a credential plugin of a kubeconfig is.

Source: AWS SDKs and Tools Reference Guide, process credential provider. By itself botocore gives
such a program the terminal, and waits for it without a limit.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiobotocore.session import AioSession
from botocore.exceptions import UnknownCredentialError
from msgspec import Struct

from eksview.domain.aws import errors
from eksview.domain.base.text import clean
from eksview.process.hidden import ProcessOutput, run_hidden

LIMIT = 45.0  # seconds: less than a call of AWS has, so that the program is named and not AWS


class CredentialProcessFailed(Exception):  # noqa: N818 - its text is a sentence
    """A program that gave no credentials; the text says which and why."""


class HiddenProcess(Struct, frozen=True):
    """A finished program, with the part of asyncio's `Process` that aiobotocore uses."""

    output: ProcessOutput

    @property
    def returncode(self) -> int:
        return self.output.code

    async def communicate(self) -> tuple[bytes, bytes]:
        return self.output.out, self.output.err


class HiddenRunner:
    """Runs the programs of a session's profiles, in place of `asyncio.create_subprocess_exec`."""

    def __init__(self, environ: Mapping[str, str], limit: float = LIMIT) -> None:
        self._environ = environ
        self._limit = limit

    async def __call__(self, *command: str, **_: Any) -> HiddenProcess:
        """Raises `CredentialProcessFailed` for anything but a JSON object with an exit code 0."""
        name = Path(command[0]).name
        try:
            output = await run_hidden(
                f"the credential_process {clean(name)}", command, self._environ, self._limit
            )
        except TimeoutError:
            raise CredentialProcessFailed(errors.process_hangs(name, self._limit)) from None
        except OSError as error:
            reason = error.strerror or "it can't be started"
            raise CredentialProcessFailed(errors.process_unstarted(name, reason)) from None
        if output.code != 0:
            sentence = errors.process_failed(name, output.code, output.complaint)
            raise CredentialProcessFailed(sentence)
        if not _is_object(output.out):
            raise CredentialProcessFailed(errors.process_unreadable(name))
        return HiddenProcess(output)


def hide_processes(session: AioSession, runner: HiddenRunner) -> None:
    """Have every profile's program run by the runner, also those of source profiles."""
    providers = session.get_component("credential_provider")
    with suppress(UnknownCredentialError):
        providers.get_provider("custom-process")._popen = runner
    builder = providers.get_provider("assume-role")._profile_provider_builder
    make: Callable[[str], Any] = builder._create_process_provider

    def make_hidden(profile_name: str) -> Any:
        provider = make(profile_name)
        provider._popen = runner
        return provider

    builder._create_process_provider = make_hidden


def _is_object(out: bytes) -> bool:
    try:
        return isinstance(json.loads(out), dict)
    except ValueError:
        return False
