"""The offer of Explain on the first start."""

from pathlib import Path

from eksview.config.state_file import State, write_state
from tests.ui.harness import TestedApp
from tests.ui.shell.test_app import running, shows, until
from tests.ui.shell.test_live_settings import files as user_files

OFFER = "New here?"


async def test_the_first_start_offers_it_until_it_is_opened(tmp_path: Path):
    app = TestedApp(files=user_files(tmp_path))
    async with running(app) as press:
        await shows(app, OFFER, "F1")
        await press("f1")
        await shows(app, "1/11")
        await press("escape")
        await until(app.pilot, lambda: app.navigation.at_home)
        await until(app.pilot, lambda: OFFER not in app.text())


async def test_esc_hides_it_and_then_is_the_usual_key(tmp_path: Path):
    app = TestedApp(files=user_files(tmp_path))
    async with running(app, (40, 12)) as press:
        await shows(app, OFFER)
        await press("escape")
        await until(app.pilot, lambda: OFFER not in app.text())
        await press("escape")
        await shows(app, "This is home.")


async def test_a_later_start_and_a_served_view_offer_nothing(tmp_path: Path):
    files = user_files(tmp_path)
    write_state(files.state, State(view="home"))
    for app in (TestedApp(files=files), TestedApp()):
        async with running(app):
            await shows(app, "Workers")
            assert OFFER not in app.text()
