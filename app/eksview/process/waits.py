"""The waits of this process.

There is one object for the process, because its clients run in one thread: a program that hangs
holds up all of them.
"""

from time import time

from eksview.domain.live.waits import Waits

WAITS = Waits(time)
