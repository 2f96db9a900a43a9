"""What this process waits for.

One for the process: its clients run in one thread, and a program that hangs holds up all of them.
"""

from time import time

from eksview.domain.live.waits import Waits

WAITS = Waits(time)
