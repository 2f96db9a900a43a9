"""What the painter of frames does once."""

import gc

from eksview.ui.shell.frame_painter import freeze_heap


def test_garbage_is_collected_again_once_the_dashboard_is_settled() -> None:
    gc.disable()
    freeze_heap()
    assert gc.isenabled()
