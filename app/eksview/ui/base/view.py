"""The context that every screen and widget is given."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from eksview.config.settings import Settings, in_browser
from eksview.domain.base.clock import Clock
from eksview.domain.base.language import Language
from eksview.domain.base.reading import value_of
from eksview.domain.base.versions import printing_minor
from eksview.domain.live.backend_protocol import Backend
from eksview.process.port_forwards import PortForwards
from eksview.store.rates import Rates
from eksview.store.store import Store
from eksview.ui.base.key_names import keyed
from eksview.ui.terminal.frame_rate import FrameRate
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.palette import Palette


class View(Struct):
    """The context of an application's screens: the store to read, and how to draw.

    `palette` is called for each paint, because the theme may have changed.
    """

    store: Store
    rates: Rates
    backend: Backend
    settings: Settings
    glyphs: Glyphs
    clock: Clock
    palette: Callable[[], Palette]
    pace: FrameRate
    environ: Mapping[str, str] = {}
    forwards: PortForwards = field(default_factory=PortForwards)
    language: Language = Language.EN
    newcomer: bool = False
    """True on the first start, until Explain was opened or its offer was hidden."""
    served: bool = False
    """True for one of many screens of `eksview serve`, whose terminal is another machine's."""
    ecs_cluster: str = ""
    """The ECS cluster that a person has chosen; empty for none."""
    ecs_followed: str | None = None
    """The ECS cluster that is read, empty for the list of clusters alone; None for nothing."""

    def follow_ecs(self, cluster: str | None) -> None:
        """Have ECS read for the visible screen: the clusters, and all of one; None for nothing.

        What the screen before showed too is read on.
        """
        before, self.ecs_followed = self.ecs_followed, cluster
        if cluster == before:
            return
        for name in _followed(cluster):
            self.backend.follow_ecs(name)
        for name in _followed(before):
            self.backend.leave_ecs(name)

    def keyed(self, text: str) -> str:
        """Return a sentence with the keys for the ids in braces: `{app.copy} copies it`."""
        return keyed(text, self.settings.keys)

    @property
    def why_no_files(self) -> str:
        """Return why no file is saved: it would be on another machine than the person's."""
        if self.served:
            return "This view is served: a file would be saved on the server."
        if in_browser(self.environ):
            return "This view is in a browser: a file would be saved where eksview web runs."
        return ""

    @property
    def server_minor(self) -> int:
        """The API server's minor version, as which nodes and pods are printed."""
        version = value_of(self.store.facts.version)
        return printing_minor(version.git if version else "")


def _followed(cluster: str | None) -> tuple[str, ...]:
    """Return what is followed for a cluster: the list of clusters first."""
    if cluster is None:
        return ()
    return ("", cluster) if cluster else ("",)
