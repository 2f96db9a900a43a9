"""`python -m tests.screenshots`: make every picture of screenshots/ from the demo cluster.

The real application follows a real demo server of a fixed seed; keys are pressed as a person would.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from rich.color import ColorSystem
from textual.app import App

from eksview.cli.demo import demo_environ
from eksview.config.settings import Settings
from eksview.engine.backend import KubeBackend
from eksview.ui.shell.app import EksviewApp
from eksview.ui.terminal.textual_private import set_color_system
from eksview_demo.launch import DemoProcess
from eksview_demo.options import DemoOptions

FOLDER = Path(__file__).parents[1] / "screenshots"
SEED = 4
PATIENCE = 30.0  # seconds until a picture shows what it is of


class Picture(Struct, frozen=True):
    """A file, the keys that lead there from home, and what must be seen on it."""

    name: str
    keys: tuple[str, ...]
    shows: str
    size: tuple[int, int] = (148, 42)
    nodes: int = 10
    pods: int = 80


PICTURES = (
    Picture("architecture", (), "of allocatable · read"),
    Picture("heatmap", (), "kube-scheduler", nodes=600, pods=9000),
    Picture("nodes", ("2",), "VERSION"),
    Picture("node", ("2", "enter"), "MemoryPressure"),
    Picture("pods", ("3", "S"), "CrashLoopBackOff"),
    Picture("deployments", ("colon", *"deploy", "enter"), "UP-TO-DATE"),
    Picture("drain", ("2", "slash", *"161", "enter", "r"), "DaemonSet)"),
    Picture("logs", ("3", "slash", *"api", "enter", "l", "J"), "path="),
    Picture("instances", ("4",), "failed to join"),
    Picture("joining", ("4", "slash", *"failed", "space", *"join", "enter", "enter"), "Node role"),
    Picture("access", ("5",), "access entry"),
    Picture("network", ("6", "v"), "VPC endpoints"),
    Picture("trace", ("9",), "Describe"),
    Picture("sessions", ("colon", *"sessions", "enter"), "SSM-SessionManagerRunShell"),
    Picture("narrow", (), "Control plane", size=(80, 24)),
)


AppT = TypeVar("AppT", bound=App[Any])


def in_full_color(make: Callable[[], AppT]) -> AppT:
    """Return an application in truecolor, whatever terminal this process runs in."""
    os.environ.pop("NO_COLOR", None)  # Textual reads it when the application is made
    app = make()
    set_color_system(app, ColorSystem.TRUECOLOR)
    return app


async def take(picture: Picture, kubeconfig: Path, environ: Mapping[str, str]) -> None:
    """Run the application without a terminal and keep what it draws."""
    settings = Settings(kubeconfig=str(kubeconfig), animate=False)
    app = in_full_color(
        lambda: EksviewApp(settings, partial(KubeBackend, environ=environ), environ=environ)
    )
    async with app.run_test(size=picture.size) as pilot:
        await _until(lambda: len(app.view.store.pods) >= picture.pods * 0.9)
        await _until(lambda: app.view.store.links.get("access-entries", None) is not None)
        for key in picture.keys:
            await pilot.press(key)
        await _until(lambda: picture.shows in text(app))
        await asyncio.sleep(SETTLING)
        svg = app.export_screenshot(title="eksview")
    (FOLDER / f"{picture.name}.svg").write_text(svg)


SETTLING = 15.0  # seconds for rates and sparklines to have something to show


def text(app: EksviewApp) -> str:
    """What is on the screen, without its styles."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def _until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing to take a picture of within {PATIENCE} s")
        await asyncio.sleep(0.05)


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for picture in PICTURES:
        cluster = DemoProcess(DemoOptions(nodes=picture.nodes, pods=picture.pods, seed=SEED))
        try:
            asyncio.run(
                take(picture, cluster.kubeconfig, demo_environ(cluster.environ, os.environ))
            )
        finally:
            cluster.stop()
        print(FOLDER / f"{picture.name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
