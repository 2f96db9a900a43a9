"""How far the terminal lags, seen through Textual's driver."""

import threading

from textual.drivers._writer_thread import WriterThread

from eksview.ui.terminal.backpressure import backlog
from tests.patience import PATIENCE


class Driver:
    def __init__(self, writer=None):
        if writer is not None:
            self._writer_thread = writer


class App:
    def __init__(self, driver=None):
        self._driver = driver


def test_without_a_driver_or_a_writer_nothing_waits():
    assert not backlog(App())
    assert not backlog(App(Driver()))


def test_a_frame_that_the_terminal_doesnt_take_is_a_backlog():
    stalled = threading.Event()

    class Stalled:
        def write(self, text):
            stalled.wait(PATIENCE)

        def flush(self):
            return

    writer = WriterThread(Stalled())
    writer.start()
    app = App(Driver(writer))
    assert not backlog(app)
    writer.write("one, which the thread holds")
    writer.write("two, which waits")
    writer.write("three, so that one is left whatever the thread has taken")
    assert backlog(app)
    stalled.set()
    writer.stop()
    assert not backlog(app)
