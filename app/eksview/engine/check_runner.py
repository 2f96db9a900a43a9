"""Runs an everyday check here: by kubectl, else by eksview, without a terminal."""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from time import time

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import Clean, clean
from eksview.domain.explain.checks import EverydayCheck
from eksview.domain.live.command_context import context_of
from eksview.domain.rows.check_output import CheckOutput
from eksview.domain.rows.server import DESCRIBED, IN_CLUSTER
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.process.hidden import follow_hidden
from eksview.process.waits import WAITS

LIMIT = 60.0  # seconds
MOST_LINES = 5_000
KUBECTL, EKSVIEW = "kubectl", "eksview"
OWN = ("get", "top")
"""Words of kubectl for which eksview has a command that prints the same."""


async def run_check(
    check: EverydayCheck,
    node: str,
    access: ClusterAccess,
    settings: Settings,
    environ: Mapping[str, str],
) -> CheckOutput:
    """Run a check on the cluster of an access; raises `UserError` where nothing here can."""
    if node.startswith("-"):
        raise UserError("The node's name would be a flag of kubectl.")
    words = check.words_for(node)
    described = access.source.startswith(DESCRIBED)  # by EKS: kubectl knows no context for it
    if not described and shutil.which(KUBECTL, path=environ.get("PATH")):
        context = "" if access.source == IN_CLUSTER else access.context
        commands = context_of(environ, context=context, files=access.files)
        return await _output(KUBECTL, commands.kubectl_words(*words), environ)
    if words[0] in OWN:
        return await _output(EKSVIEW, _own(words, access, settings), environ)
    missing = "kubectl has no context for this cluster" if described else "kubectl isn't installed"
    raise UserError(f"{missing}: copy the command.")


def _own(words: Sequence[str], access: ClusterAccess, settings: Settings) -> tuple[str, ...]:
    """Return the command of eksview with the words of kubectl's, for the same cluster."""
    flags: list[str] = []
    named = (
        {"--cluster": settings.cluster, "--region": settings.region, "--profile": settings.profile}
        if access.source.startswith(DESCRIBED)
        else {"--kubeconfig": os.pathsep.join(access.files), "--context": access.context}
    )
    for flag, value in named.items():
        flags += [flag, value] if value and access.source != IN_CLUSTER else []
    return (sys.executable, "-P", "-m", "eksview", *words, *flags)


async def _output(program: str, command: Sequence[str], environ: Mapping[str, str]) -> CheckOutput:
    """Return what a program prints, of which it is ended after `MOST_LINES` or `LIMIT`."""
    lines: list[Clean] = []
    limit = asyncio.timeout(LIMIT)

    def take(line: Clean) -> None:
        if len(lines) < MOST_LINES:
            lines.append(line)
        elif not limit.expired():
            limit.reschedule(asyncio.get_running_loop().time())

    try:
        async with limit:
            with WAITS.on(program, LIMIT):
                code = await follow_hidden(command, environ, take)
    except TimeoutError:
        cut = len(lines) >= MOST_LINES
        reason = f"only the first {MOST_LINES:,} lines" if cut else f"ended after {LIMIT:.0f} s"
        return CheckOutput(tuple(lines), time(), None, program, clean(reason))
    except OSError as error:
        raise UserError(f"{program} can't be started: {error.strerror}.") from None
    return CheckOutput(tuple(lines), time(), code, program)
